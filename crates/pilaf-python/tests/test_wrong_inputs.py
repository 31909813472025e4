"""Each wrong input has its own clear error, none a traceback from inside."""

from __future__ import annotations

import io
import os
import pathlib
import stat

import pytest
import synthetic

import pilaf
from pilaf import Image


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    return synthetic.image(160, 120).encode("JPEG")


def refused(source: object, error: type[Exception] = pilaf.UnidentifiedImageError) -> str:
    with pytest.raises(error) as caught:
        Image.open(source).load()  # type: ignore[arg-type]
    return str(caught.value)


def test_empty() -> None:
    assert "empty" in refused(b"")
    assert "empty" in refused(io.BytesIO())


def test_text() -> None:
    assert "hello" in refused(b"hello, world")


def test_an_html_page() -> None:
    refused(b"<!DOCTYPE html><title>404 Not Found</title>")


def test_text_mode_file() -> None:
    assert "binary mode" in refused(io.StringIO("text"), TypeError)


def test_no_source_at_all() -> None:
    assert "int" in refused(5, TypeError)


def test_truncated_jpeg_at_every_tenth(jpeg: bytes) -> None:
    for tenth in range(10):
        cut = jpeg[: len(jpeg) * tenth // 10]
        with pytest.raises(OSError) as caught:
            Image.open(cut).load()
        assert caught.value.kind in ("truncated", "unrecognized"), (tenth, caught.value)
        assert str(caught.value)


def test_png_with_a_bad_crc() -> None:
    good = synthetic.image().encode("PNG")
    at = good.index(b"IDAT") + 20
    bad = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
    assert "PNG" in refused(bad, OSError)


def test_a_bomb() -> None:
    text = refused(synthetic.png(60_000, 60_000), Image.DecompressionBombError)
    assert "60000x60000" in text


def test_a_large_image_warns_and_limits_are_per_call(monkeypatch: pytest.MonkeyPatch) -> None:
    body = synthetic.image(100, 100).encode("PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 6000)
    with pytest.warns(Image.DecompressionBombWarning):
        Image.open(body)
    assert Image.open(body, limits=pilaf.Limits(max_pixels=10_000)).size == (100, 100)
    with pytest.raises(Image.DecompressionBombError):
        Image.open(body, limits=pilaf.Limits(max_pixels=9_999))


def test_a_png_without_pixels_in_its_header() -> None:
    refused(synthetic.png(0, 10))


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-1, 5)])
def test_impossible_sizes(size: tuple[int, int]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        synthetic.image().resize(size)


@pytest.mark.parametrize(
    "box",
    [
        (-1, 0, 10, 10),
        (0, 0, 65, 10),
        (10, 10, 5, 20),
        (0, 0, float("nan"), 5),
        (float("nan"), 0, 5, 5),
        (0, float("-inf"), 5, 5),
    ],
)
def test_impossible_boxes(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError):
        synthetic.image(64, 48).resize((8, 8), Image.Resampling.BOX, box)


def test_unknown_filter() -> None:
    with pytest.raises(ValueError, match=r"Unknown resampling filter \(9\)"):
        synthetic.image().resize((8, 8), 9)


def test_negative_new() -> None:
    with pytest.raises(ValueError, match="Width and height must be >= 0"):
        Image.new("RGB", (-1, 1))


def test_missing_file() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-file"):
        Image.open("no-such-file.jpg")


def test_a_folder(tmp_path: pathlib.Path) -> None:
    with pytest.raises(IsADirectoryError):
        Image.open(tmp_path)


def test_unwritable_output(tmp_path: pathlib.Path) -> None:
    with pytest.raises(OSError, match="no/such"):
        synthetic.image().save(tmp_path / "no/such/out.jpg")
    with pytest.raises(ValueError, match="unknown file extension"):
        synthetic.image().save(tmp_path / "out.what")
    with pytest.raises(OSError, match="cannot write mode RGBA as JPEG"):
        Image.new("RGBA", (1, 1)).save(tmp_path / "out.jpg")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_leaves_the_old_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "out.jpg"
    synthetic.image().save(path)
    path.chmod(0o640)
    before = path.read_bytes()
    with pytest.raises(OSError):
        Image.new("RGBA", (1, 1)).save(path)
    assert path.read_bytes() == before
    synthetic.image(seed=3).save(path)
    assert path.read_bytes() != before
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jpg"]
