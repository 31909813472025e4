"""JPEG files are written byte for byte as Pillow writes them."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
import pytest

from pilaf import Image

pytestmark = pytest.mark.oracle

BANDS = {"1": 1, "L": 1, "RGB": 3, "RGBX": 4, "YCbCr": 3, "CMYK": 4}


def pixels(mode: str, size: tuple[int, int], seed: int) -> np.ndarray:
    """Noise, flat colour, slopes with noise, or black and white."""
    rng = np.random.default_rng(seed)
    width, height = size
    shape = (height, width, BANDS[mode])
    y, x = np.mgrid[0:height, 0:width]
    slope = (x * 3 + y * 2)[..., None] % 256 + rng.normal(0, seed % 30, shape)
    data = {
        0: rng.integers(0, 256, shape),
        1: np.broadcast_to(rng.integers(0, 256, BANDS[mode]), shape),
        2: rng.integers(0, 2, shape) * 255,
    }.get(seed % 7, slope)
    if mode == "1":
        data = (np.asarray(data) > 100) * 255
    return np.ascontiguousarray(np.clip(data, 0, 255).astype(np.uint8))


def theirs(mode: str, size: tuple[int, int], data: np.ndarray) -> Any:
    import PIL.Image

    if mode == "1":
        return PIL.Image.frombytes("L", size, data.tobytes()).convert("1", dither=0)
    return PIL.Image.frombytes(mode, size, data.tobytes())


def ours(mode: str, size: tuple[int, int], data: np.ndarray) -> Image.Image:
    packed = np.packbits(data[..., 0] > 0, axis=1) if mode == "1" else data
    return Image.frombytes(mode, size, packed.tobytes())


def check(mode: str, size: tuple[int, int], seed: int = 3, **options: Any) -> None:
    data = pixels(mode, size, seed)
    out = io.BytesIO()
    theirs(mode, size, data).save(out, "JPEG", **options)
    written = ours(mode, size, data).encode("JPEG", **options)
    assert written == out.getvalue(), (mode, size, seed, options)


@pytest.mark.parametrize("mode", BANDS)
@pytest.mark.parametrize("coding", [{}, {"optimize": True}, {"progressive": True}])
@pytest.mark.parametrize("subsampling", [-1, "4:4:4", "4:2:2", "4:2:0"])
def test_every_small_size(mode: str, coding: dict[str, Any], subsampling: object) -> None:
    for width, height in [(w, h) for w in range(1, 19) for h in (1, 2, 7, 8, 9, 15, 16, 17)]:
        check(mode, (width, height), width + height, subsampling=subsampling, **coding)


@pytest.mark.parametrize("mode", BANDS)
@pytest.mark.parametrize("round", range(40))
def test_random_options(mode: str, round: int) -> None:
    rnd = random.Random(f"{mode} {round}")
    for _ in range(6):
        options: dict[str, Any] = {"quality": rnd.randint(-1, 101)}
        if rnd.random() < 0.6:
            options["subsampling"] = rnd.choice([-1, 0, 1, 2, "4:1:1"])
        options |= rnd.choice([{}, {}, {"optimize": True}, {"progressive": True}])
        if rnd.random() < 0.4:
            options["restart_marker_blocks"] = rnd.choice([1, 2, 7, 100])
        if rnd.random() < 0.3:
            options["restart_marker_rows"] = rnd.randint(1, 3)
        size = (rnd.randint(1, 150), rnd.randint(1, 90))
        check(mode, size, rnd.randint(0, 1000), **options)


def test_every_quality() -> None:
    for quality in range(-1, 101):
        check("RGB", (45, 37), 4, quality=quality)
        check("RGB", (24, 16), 0, quality=quality, subsampling=0)


def test_large_pictures() -> None:
    """Runs of more than 32767 empty blocks, long runs of correction bits, many chunks."""
    check("L", (2000, 1400), 1, progressive=True)
    check("RGB", (1500, 700), 5, progressive=True, quality=95)
    check("RGB", (1501, 333), 5, optimize=True)
    check("CMYK", (700, 300), 6, subsampling=2)


@pytest.mark.parametrize("mode", BANDS)
@pytest.mark.parametrize("coding", [{}, {"progressive": True}])
def test_quantization_tables(mode: str, coding: dict[str, Any]) -> None:
    rng = np.random.default_rng(9)
    for count in range(1, 5):
        for most in (2, 256, 1000, 8191):
            tables = [rng.integers(1, most, 64).tolist() for _ in range(count)]
            check(mode, (40, 33), 4, qtables=tables, **coding)
            check(mode, (40, 33), 4, qtables=tables, quality=30, **coding)
    check(mode, (40, 33), 4, qtables={0: [1] * 64, 1: [2] * 64}, **coding)
    check(mode, (40, 33), 4, qtables="# rows\n" + "16 " * 63 + "17 # last", **coding)
    check(mode, (40, 33), 4, qtables=[[0] * 64], **coding)


def test_presets() -> None:
    from PIL.JpegPresets import presets

    for name in presets:
        check("RGB", (50, 50), 4, quality=name)
        check("RGB", (50, 50), 4, qtables=name, subsampling=name)


@pytest.mark.parametrize("mode", ["RGB", "RGBX", "L", "CMYK", "YCbCr"])
def test_keep_rgb(mode: str) -> None:
    for coding in ({}, {"optimize": True}, {"progressive": True}):
        check(mode, (33, 21), 4, keep_rgb=True, **coding)
        check(mode, (33, 21), 4, keep_rgb=True, subsampling=0, dpi=(300, 300), **coding)
    if mode.startswith("RGB"):
        with pytest.raises((OSError, ValueError)):
            Image.new(mode, (9, 9)).encode("JPEG", keep_rgb=True, subsampling=2)


@pytest.mark.parametrize("mode", BANDS)
@pytest.mark.parametrize("coding", [{}, {"progressive": True}])
def test_metadata(mode: str, coding: dict[str, Any]) -> None:
    for dpi in [(72, 72), (0, 72), (72.5, 73.5), (0.4, 90), (300, 65535)]:
        check(mode, (9, 9), 4, dpi=dpi, **coding)
    profile = bytes(range(256)) * 600
    everything = {
        "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0",
        "xmp": b"<x:xmpmeta/>",
        "icc_profile": profile,
        "comment": "a comment",
        "dpi": (96, 96),
    }
    for key, value in everything.items():
        check(mode, (9, 9), 4, **{key: value}, **coding)
    check(mode, (9, 9), 4, **everything, **coding)
    check(mode, (9, 9), 4, comment=b"x" * 65533, xmp=b"y" * 65504, **coding)


@pytest.mark.parametrize(
    "options",
    [
        {"comment": b"x" * 65534},
        {"xmp": b"x" * 65505},
        {"exif": b"Exif\0\0" + b"x" * 65528},
        {"qtables": [[1] * 63]},
        {"qtables": [[1] * 64] * 5},
        {"qtables": "one two"},
        {"quality": "keep"},
        {"qtables": "keep"},
        {"subsampling": "keep"},
        {"quality": "excellent"},
    ],
)
def test_what_pillow_refuses_is_refused(options: dict[str, Any]) -> None:
    import PIL.Image

    with pytest.raises(ValueError):
        PIL.Image.new("RGB", (9, 9)).save(io.BytesIO(), "JPEG", **options)
    with pytest.raises(ValueError):
        Image.new("RGB", (9, 9)).encode("JPEG", **options)


def test_steps_too_large_for_libjpeg_leave_nothing() -> None:
    """libjpeg's 16-bit divisors wrap around at steps of 8192: COMPAT.md."""
    black = Image.new("L", (16, 16))
    grey = Image.open(black.encode("JPEG", qtables=[[8192] * 64]))
    assert set(grey.tobytes()) == {128}


def test_exif_without_its_name_gets_it() -> None:
    exif = b"MM\0*\0\0\0\x08\0\0"
    named = Image.new("L", (9, 9)).encode("JPEG", exif=b"Exif\0\0" + exif)
    assert Image.new("L", (9, 9)).encode("JPEG", exif=exif) == named


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("keep", [{"quality": "keep"}, {"qtables": "keep", "subsampling": "keep"}])
def test_keep(subsampling: int, keep: dict[str, Any]) -> None:
    """An opened image is written with the tables and the subsampling that it came with."""
    import PIL.Image

    tables = np.random.default_rng(subsampling).integers(1, 99, (2, 64)).tolist()
    first = Image.frombytes("RGB", (50, 33), pixels("RGB", (50, 33), 4).tobytes())
    data = first.encode("JPEG", qtables=tables, subsampling=subsampling)
    out = io.BytesIO()
    PIL.Image.open(io.BytesIO(data)).save(out, "JPEG", **keep)
    opened = Image.open(data)
    assert opened.quantization == dict(enumerate(tables))
    assert opened.encode("JPEG", **keep) == out.getvalue()


def test_keep_of_grey_and_inks() -> None:
    import PIL.Image

    for mode in ("L", "CMYK"):
        data = Image.frombytes(mode, (50, 33), pixels(mode, (50, 33), 4).tobytes()).encode("JPEG")
        out = io.BytesIO()
        PIL.Image.open(io.BytesIO(data)).save(out, "JPEG", quality="keep")
        assert Image.open(data).encode("JPEG", quality="keep") == out.getvalue()
