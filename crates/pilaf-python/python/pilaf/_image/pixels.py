"""Single pixels, and all of them as a sequence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from .. import _pilaf
from .base import BaseImage


class Pixels(BaseImage):
    """`getpixel`, `putpixel`, `getdata`, `putdata`."""

    def getpixel(self, xy: tuple[int, int] | list[int]) -> Any:
        """The pixel at (x, y): a number, or a tuple of one number a band.

        :param xy: negative coordinates count from the right and from below.
        :raises IndexError: the place is outside of the image.

        >>> from pilaf import Image
        >>> Image.new("RGB", (2, 2), "navy").getpixel((1, -1))
        (0, 0, 128)
        """
        return _pilaf.getpixel(self.core, tuple(xy))

    def putpixel(self, xy: tuple[int, int] | list[int], value: Any) -> None:
        """Sets the pixel at (x, y).

        :param xy: negative coordinates count from the right and from below.
        :param value: a number, or a tuple of one number a band. For modes P and PA also a colour
            (red, green, blue, and alpha), which is added to the palette if it is not there.
        :raises IndexError: the place is outside of the image.
        """
        if self.mode in ("P", "PA") and isinstance(value, (list, tuple)) and len(value) in (3, 4):
            palette = self.palette
            assert palette is not None
            self.core  # noqa: B018  (the palette must not be raw)
            if self.mode == "PA":
                alpha = value[3] if len(value) == 4 else 255
                value = palette.getcolor(tuple(value[:3]), self), alpha
            else:
                value = palette.getcolor(tuple(value), self)
        _pilaf.putpixel(self.core, (xy[0], xy[1]), value)

    def getdata(self, band: int | None = None) -> _pilaf.PixelSequence:
        """All pixels, or those of one band, as a sequence. Deprecated as in Pillow: use
        :meth:`get_flattened_data`."""
        warnings.warn(
            "Image.Image.getdata is deprecated and will be removed in Pillow 14 (2027-10-15). "
            "Use get_flattened_data instead.",
            DeprecationWarning,
            stacklevel=2,
        )
        core = self.core
        return _pilaf.PixelSequence(core if band is None else _pilaf.getband(core, band))

    def get_flattened_data(self, band: int | None = None) -> tuple[Any, ...]:
        """All pixels row by row: numbers, or tuples of one number a band.

        :param band: the number of one band; None for all.

        >>> from pilaf import Image
        >>> Image.frombytes("LA", (2, 1), b"abcd").get_flattened_data()
        ((97, 98), (99, 100))
        """
        core = self.core
        return _pilaf.flattened(core if band is None else _pilaf.getband(core, band))

    def putdata(self, data: Sequence[Any], scale: float = 1.0, offset: float = 0.0) -> None:
        """Sets pixels row by row from the upper left on.

        :param data: numbers, or tuples of one number a band; not more than there are pixels.
        :param scale: what numbers are multiplied by,
        :param offset: and what is added to them then.
        :raises TypeError: there are more values than pixels, or they are of another kind.
        """
        _pilaf.putdata(self.core, data, scale, offset)
