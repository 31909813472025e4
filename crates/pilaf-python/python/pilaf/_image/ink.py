"""From a colour as the caller writes it to the bytes of one pixel."""

from __future__ import annotations

import struct
import sys
from typing import Any

_FORMATS = {"I": "=i", "F": "=f", "I;16": "<H", "I;16L": "<H", "I;16B": ">H"}
_FORMATS["I;16N"] = "<H" if sys.byteorder == "little" else ">H"
_BANDS = {"1": 1, "L": 1, "P": 1, "LA": 2, "La": 2, "PA": 2, "RGB": 3, "YCbCr": 3, "LAB": 3}
_BANDS |= {"HSV": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4}


def ink(mode: str, color: Any) -> bytes:
    """The bytes of one pixel of `color` in `mode`. A single number for a mode of several bands
    is its first band, with the last band full where it is alpha: as in Pillow."""
    if color is None:
        color = 0
    if mode in _FORMATS:
        number = color[0] if isinstance(color, (tuple, list)) else color
        return struct.pack(_FORMATS[mode], number if mode == "F" else int(number))
    if mode not in _BANDS:
        raise ValueError("unrecognized image mode")
    bands = _BANDS[mode]
    if isinstance(color, (tuple, list)):
        samples = [int(sample) for sample in color]
    else:
        samples = [int(color) >> 8 * band & 0xFF for band in range(bands)] if bands > 1 else [int(color)]
    if len(samples) == bands - 1 and mode in ("RGBA", "LA"):
        samples.append(255)
    if len(samples) != bands:
        raise TypeError(f"color must be int, or tuple of {bands} elements for mode {mode}")
    pixel = bytes(min(max(sample, 0), 255) for sample in samples)
    return (b"\xff" if pixel != b"\0" else b"\0") if mode == "1" else pixel
