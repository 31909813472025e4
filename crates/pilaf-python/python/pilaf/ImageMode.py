"""What each mode is made of, as `PIL.ImageMode`."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import NamedTuple

__all__ = ["ModeDescriptor", "getmode"]

_NATIVE = "<" if sys.byteorder == "little" else ">"

# Bands, base mode, mode of a single band, type of a sample for numpy.
_MODES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "1": (("1",), "L", "L", "|b1"),
    "L": (("L",), "L", "L", "|u1"),
    "LA": (("L", "A"), "L", "L", "|u1"),
    "La": (("L", "a"), "L", "L", "|u1"),
    "I": (("I",), "L", "I", f"{_NATIVE}i4"),
    "F": (("F",), "L", "F", f"{_NATIVE}f4"),
    "P": (("P",), "P", "L", "|u1"),
    "PA": (("P", "A"), "RGB", "L", "|u1"),
    "RGB": (("R", "G", "B"), "RGB", "L", "|u1"),
    "RGBX": (("R", "G", "B", "X"), "RGB", "L", "|u1"),
    "RGBA": (("R", "G", "B", "A"), "RGB", "L", "|u1"),
    "RGBa": (("R", "G", "B", "a"), "RGB", "L", "|u1"),
    "CMYK": (("C", "M", "Y", "K"), "RGB", "L", "|u1"),
    "YCbCr": (("Y", "Cb", "Cr"), "RGB", "L", "|u1"),
    "LAB": (("L", "A", "B"), "RGB", "L", "|u1"),
    "HSV": (("H", "S", "V"), "RGB", "L", "|u1"),
}

# Integers of other sizes: raw modes that have a descriptor too.
_INTEGERS = {"I;16": "<u2", "I;16S": "<i2", "I;16L": "<u2", "I;16LS": "<i2", "I;16B": ">u2"}
_INTEGERS |= {"I;16BS": ">i2", "I;16N": f"{_NATIVE}u2", "I;16NS": f"{_NATIVE}i2", "I;32": "<u4"}
_INTEGERS |= {"I;32B": ">u4", "I;32L": "<u4", "I;32S": "<i4", "I;32BS": ">i4", "I;32LS": "<i4"}


class ModeDescriptor(NamedTuple):
    """A mode: its name, the names of its bands, the mode it can be reduced to (`"L"`, `"RGB"` or
    `"P"`), the mode of one of its bands (`"L"`, `"I"` or `"F"`), and numpy's type of a sample."""

    mode: str
    bands: tuple[str, ...]
    basemode: str
    basetype: str
    typestr: str

    def __str__(self) -> str:
        return self.mode


@lru_cache
def getmode(mode: str) -> ModeDescriptor:
    """The descriptor of a mode.

    :raises KeyError: there is no such mode.

    >>> getmode("RGBA").bands
    ('R', 'G', 'B', 'A')
    """
    if mode in _MODES:
        return ModeDescriptor(mode, *_MODES[mode])
    return ModeDescriptor(mode, ("I",), "L", "L", _INTEGERS[mode])
