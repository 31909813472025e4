"""From a colour as the caller writes it to the bytes of one pixel."""

from __future__ import annotations

from typing import Any

from .. import _pilaf


def ink(mode: str, color: Any) -> bytes:
    """The bytes of one pixel of `color` in `mode`: a number, a tuple of one number a band, or a
    name of :mod:`pilaf.ImageColor`. None is 0."""
    if color is None:
        color = 0
    elif isinstance(color, str):
        from ..ImageColor import getcolor

        color = getcolor(color, mode)
    return _pilaf.ink(mode, color)
