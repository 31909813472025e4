"""The same image in pilaf and in Pillow, and the same call on both: equal pixels, equal errors."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import Any

import PIL.Image

import pilaf.Image

MODES = "1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr HSV I F I;16 I;16L I;16B I;16N".split()
#: LAB too, which Pillow leaves to LittleCMS.
ALL_MODES = [*MODES, "LAB"]
#: Bytes of a pixel in memory. Mode 1 is packed in bits outside.
PIXEL_BYTES = {"1": 1, "L": 1, "LA": 2, "La": 2, "P": 1, "PA": 2, "RGB": 3, "RGBA": 4, "RGBa": 4}
PIXEL_BYTES |= {"RGBX": 4, "CMYK": 4, "YCbCr": 3, "LAB": 3, "HSV": 3, "I": 4, "F": 4}
PIXEL_BYTES |= {"I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}

Twin = tuple[pilaf.Image.Image, PIL.Image.Image]


def twins(mode: str, size: tuple[int, int], seed: int = 0, smooth: bool = False) -> Twin:
    """Random pixels, or a picture of few, near colours (`smooth`)."""
    rng = random.Random(f"{mode} {size} {seed}")
    pixels = size[0] * size[1]
    if mode == "F":
        data = struct.pack(f"={pixels}f", *(rng.uniform(-300, 600) for _ in range(pixels)))
    elif mode == "I" and seed % 2:
        data = struct.pack(f"={pixels}i", *(rng.randrange(-1000, 1000) for _ in range(pixels)))
    elif mode == "1":
        data = rng.randbytes((size[0] + 7) // 8 * size[1])
    else:
        data = rng.randbytes(pixels * PIXEL_BYTES[mode])
    if smooth:
        data = bytes(byte & 3 | 0x40 for byte in data)
    ours = pilaf.Image.frombytes(mode, size, data)
    theirs = PIL.Image.frombytes(mode, size, data)
    if mode in ("P", "PA"):
        palette = rng.randbytes(768)
        ours.putpalette(palette)
        theirs.putpalette(palette)
    return ours, theirs


def content(value: Any) -> Any:
    """What two results are compared by."""
    if isinstance(value, (pilaf.Image.Image, PIL.Image.Image)):
        value.load()
        palette = None
        if value.palette is not None:
            # Where modes are resampled, Pillow keeps the palette in Python only.
            palette = value.getpalette(None) or list(bytes(value.palette.palette))
        return value.mode, value.size, value.tobytes(), palette
    if isinstance(value, (list, tuple)):
        return [content(item) for item in value]
    return value


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return content(call())
    except Exception as error:  # noqa: BLE001  (errors are results here)
        return error


def assert_same(ours: Callable[[], Any], theirs: Callable[[], Any], what: Any = "") -> None:
    """Both calls give the same, or fail alike: the same exception, and the same text where it
    is Pillow's own and not Python's or the C compiler's."""
    a, b = outcome(ours), outcome(theirs)
    if isinstance(a, Exception) or isinstance(b, Exception):
        assert type(a).__name__ == type(b).__name__, f"{what}: {a!r} is not {b!r}"
        if isinstance(b, (ValueError, OSError)):
            assert str(a) == str(b), f"{what}: {a!r} is not {b!r}"
        return
    assert a == b, f"{what}: {_difference(a, b)}"


def _difference(a: Any, b: Any) -> str:
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == 4 and a[:2] == b[:2]:
        if a[2] == b[2]:
            return f"{a[:2]}: palettes differ"
        wrong = [i for i, (x, y) in enumerate(zip(a[2], b[2], strict=False)) if x != y]
        pairs = [(a[2][i], b[2][i]) for i in wrong[:5]]
        return f"{a[:2]}: {len(wrong)} of {len(b[2])} bytes differ, first at {wrong[:5]}: {pairs}"
    return f"{str(a)[:200]} is not {str(b)[:200]}"
