"""What is written reads back: by pilaf and, where it is there, by the oracle."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import synthetic

from pilaf import Image

PNG_MODES = ["1", "L", "LA", "RGB", "RGBA", "P", "I;16"]


def noise(mode: str, size: tuple[int, int], seed: int = 1) -> Image.Image:
    """Random pixels of a mode."""
    rng = np.random.default_rng(seed)
    bands = {"LA": 2, "RGB": 3, "RGBA": 4, "I;16": 2, "CMYK": 4}.get(mode, 1)
    length = (size[0] + 7) // 8 * size[1] if mode == "1" else size[0] * size[1] * bands
    data = rng.integers(0, 256, length, dtype=np.uint8)
    if mode == "1" and size[0] % 8:
        rows = data.reshape(size[1], -1)
        rows[:, -1] &= (0xFF00 >> size[0] % 8) & 0xFF
    return Image.frombytes(mode, size, data.tobytes())


@pytest.mark.parametrize("mode", PNG_MODES)
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (33, 17), (256, 5)])
def test_png_round_trip(mode: str, size: tuple[int, int]) -> None:
    image = noise(mode, size)
    again = Image.open(image.encode("PNG"))
    assert (again.mode, again.size) == (mode, size)
    assert again.tobytes() == image.tobytes()


@pytest.mark.oracle
@pytest.mark.parametrize("mode", PNG_MODES)
def test_pillow_reads_our_png(mode: str) -> None:
    import PIL.Image

    image = noise(mode, (37, 19))
    theirs = PIL.Image.open(io.BytesIO(image.encode("PNG")))
    assert (theirs.mode, theirs.size) == (mode, (37, 19))
    assert theirs.tobytes() == image.tobytes()


@pytest.mark.oracle
@pytest.mark.parametrize("mode", [*PNG_MODES, "L;2", "L;4"])
def test_we_read_pillows_png(mode: str) -> None:
    import PIL.Image

    mode, _, bits = mode.partition(";") if mode.startswith("L;") else (mode, "", "8")
    theirs = PIL.Image.frombytes(mode, (37, 19), noise(mode, (37, 19)).tobytes())
    out = io.BytesIO()
    theirs.save(out, "PNG", bits=int(bits))
    expected = PIL.Image.open(io.BytesIO(out.getvalue()))
    ours = Image.open(out.getvalue())
    assert (ours.mode, ours.tobytes()) == (expected.mode, expected.tobytes())


@pytest.mark.oracle
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize(
    "options", [{}, {"quality": 95}, {"progressive": True}, {"subsampling": 0}]
)
def test_pillow_reads_our_jpeg(mode: str, options: dict[str, object]) -> None:
    import PIL.Image

    photo = synthetic.photograph(160, 120)
    pixels = {"L": photo[..., 1], "RGB": photo, "CMYK": np.dstack([photo, 255 - photo[..., 0]])}
    image = Image.frombytes(mode, (160, 120), np.ascontiguousarray(pixels[mode]).tobytes())
    theirs = PIL.Image.open(io.BytesIO(image.encode("JPEG", **options)))
    assert (theirs.mode, theirs.size, theirs.format) == (mode, (160, 120), "JPEG")
    off = np.asarray(theirs).astype(int) - pixels[mode].astype(int)
    assert np.abs(off).mean() < 6, "the picture is another one"


@pytest.mark.oracle
def test_quality_means_what_it_means_in_pillow() -> None:
    import PIL.Image

    image = synthetic.image(160, 120)
    theirs = PIL.Image.frombytes("RGB", image.size, image.tobytes())
    for quality in (1, 10, 50, 75, 90, 100):
        out = io.BytesIO()
        theirs.save(out, "JPEG", quality=quality)
        ours = PIL.Image.open(io.BytesIO(image.encode("JPEG", quality=quality)))
        expected = PIL.Image.open(io.BytesIO(out.getvalue()))
        assert ours.quantization == expected.quantization, quality


def test_metadata_goes_through() -> None:
    image = synthetic.image()
    profile = bytes(range(256)) * 300
    jpeg = image.encode("JPEG", icc_profile=profile, dpi=(72, 96), comment="a comment")
    info = Image.open(jpeg).info
    assert info["icc_profile"] == profile
    png = Image.open(image.encode("PNG", icc_profile=profile, dpi=(72, 72)))
    assert png.info["icc_profile"] == profile
    assert png.info["dpi"] == pytest.approx((72, 72), abs=0.01)


def test_format_by_name_and_by_file_object(tmp_path: Path) -> None:
    image = synthetic.image()
    for name, format in (("a.jpg", "JPEG"), ("b.PNG", "PNG"), ("c.jpeg", "JPEG")):
        image.save(tmp_path / name)
        assert Image.open(tmp_path / name).format == format
    with (tmp_path / "d.png").open("wb") as file:
        image.save(file)
    assert Image.open(tmp_path / "d.png").tobytes() == image.tobytes()
    with pytest.raises(ValueError):
        image.save(io.BytesIO())


@pytest.mark.parametrize("options", [{"quality": "best"}, {"quality": 75, "subsampling": "5:5:5"}])
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        synthetic.image().encode("JPEG", **options)
    with pytest.raises(ValueError, match="unknown image format"):
        synthetic.image().encode("TIFF")


def test_frames_are_not_dropped_in_silence() -> None:
    image = synthetic.image()
    out = io.BytesIO()
    image.save(out, "PNG", save_all=True, append_images=[])
    assert Image.open(out.getvalue()).tobytes() == image.tobytes()
    with pytest.raises(ValueError, match="no animations"):
        image.save(out, "PNG", save_all=True, append_images=[image])
