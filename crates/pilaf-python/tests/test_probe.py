"""pilaf.probe: the header from the first bytes. The engine's tests have every prefix of every
format."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest
import synthetic

import pilaf
from pilaf import Image, Probe

# TIFF: little-endian, one entry: 0x0112 (orientation), SHORT, one value: 6.
EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
PICTURE = synthetic.image(160, 120)
BODIES = {
    "jpeg": PICTURE.encode("JPEG"),
    "progressive": PICTURE.encode("JPEG", progressive=True, exif=EXIF, icc_profile=bytes(3000)),
    "png": PICTURE.encode("PNG"),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_prefix(name: str) -> None:
    body = BODIES[name]
    image = Image.open(body)
    whole = pilaf.probe(body)
    assert whole[:4] == (0, image.format, image.size, image.mode)
    assert whole.icc_profile == ("icc_profile" in image.info)
    assert whole.exif == ("exif" in image.info)
    enough = next(n for n in range(len(body)) if pilaf.probe(body[:n]).need == 0)
    for length in range(enough + 20):
        header = pilaf.probe(body[:length])
        if length >= enough:
            assert header == whole
        else:
            assert 0 < header.need <= enough - length
            assert header.mode is None and header.size in (None, whole.size)


def test_what_a_header_tells() -> None:
    assert pilaf.probe(BODIES["progressive"]) == Probe(
        0, "JPEG", (160, 120), "RGB", 8, 6, 1, True, True, True
    )
    assert pilaf.probe(BODIES["png"]) == Probe(
        0, "PNG", (160, 120), "RGB", 8, 1, 1, False, False, False
    )


def test_a_remote_object_is_read_in_ranges() -> None:
    body, ranges, data = BODIES["progressive"], [], b""
    while (header := pilaf.probe(data)).need:
        ranges.append((len(data), len(data) + header.need))
        data += body[slice(*ranges[-1])]  # what a server gives for this range
    assert header.size == (160, 120)
    assert len(ranges) < 15 and len(data) < 5000


def test_files_are_left_where_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(BODIES["png"])
    with path.open("rb") as file:
        file.seek(9)
        assert pilaf.probe(file).need == 0 and file.tell() == 9
    assert pilaf.probe(path) == pilaf.probe(str(path)) == pilaf.probe(BODIES["png"])


def test_a_file_that_ends_in_its_header_says_what_it_lacks() -> None:
    body = BODIES["jpeg"]
    assert pilaf.probe(io.BytesIO(body[:100])) == pilaf.probe(body[:100])
    assert pilaf.probe(io.BytesIO(body[:100])).need > 0
    assert pilaf.probe(b"").need == pilaf.probe(io.BytesIO()).need == 32


def test_large_headers_and_odd_buffers() -> None:
    body = PICTURE.encode("JPEG", icc_profile=bytes(300_000))
    expected = pilaf.probe(body)
    assert expected.icc_profile
    for source in (
        bytearray(body),
        memoryview(body),
        io.BytesIO(body),
        memoryview(bytes(x for b in body[:9000] for x in (b, 0)))[::2],
    ):
        header = pilaf.probe(source)
        assert header == expected or header.need > 0 and len(source) == 9000


def test_what_is_no_image_and_limits() -> None:
    with pytest.raises(pilaf.UnidentifiedImageError, match="HTML") as caught:
        pilaf.probe(b"<html><title>no</title>")
    assert caught.value.code == "html"
    with pytest.raises(pilaf.UnidentifiedImageError, match="does not allow"):
        pilaf.probe(BODIES["png"], formats=["JPEG"])
    with pytest.raises(Image.DecompressionBombError):
        pilaf.probe(BODIES["png"], limits=pilaf.Limits(max_pixels=100))
    assert pilaf.probe(BODIES["png"][:40], formats=("PNG",)).need == 1


def test_a_probe_travels() -> None:
    header = pilaf.probe(BODIES["jpeg"])
    assert pickle.loads(pickle.dumps(header)) == header
