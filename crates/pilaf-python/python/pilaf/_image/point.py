"""Pixels through tables and functions."""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .. import _pilaf
from ..ImageMode import getmode
from .base import BaseImage

if TYPE_CHECKING:
    from ..Image import Image


class ImagePointTransform:
    """What a function for more than 8 bits is called with by `Image.point`: a line, of which it
    returns another one by adding, subtracting, multiplying and dividing."""

    def __init__(self, scale: float, offset: float) -> None:
        self.scale = scale
        self.offset = offset

    def __neg__(self) -> ImagePointTransform:
        return ImagePointTransform(-self.scale, -self.offset)

    def __add__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return ImagePointTransform(self.scale + other.scale, self.offset + other.offset)
        return ImagePointTransform(self.scale, self.offset + other)

    __radd__ = __add__

    def __sub__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        return self + -other

    def __rsub__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        return other + -self

    def __mul__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return NotImplemented
        return ImagePointTransform(self.scale * other, self.offset * other)

    __rmul__ = __mul__

    def __truediv__(self, other: ImagePointTransform | float) -> ImagePointTransform:
        if isinstance(other, ImagePointTransform):
            return NotImplemented
        return ImagePointTransform(self.scale / other, self.offset / other)


class ImagePointHandler(abc.ABC):
    """What `Image.point` takes in place of a table: an object that does all of it."""

    @abc.abstractmethod
    def point(self, im: Any) -> Any:
        """The image that is to be made of `im`."""


class Point(BaseImage):
    """`point`."""

    def point(
        self,
        lut: Sequence[float] | Callable[[Any], Any] | ImagePointHandler,
        mode: str | None = None,
    ) -> Image:
        """Every sample through a table.

        :param lut: 256 values for each band, or a function that is called with 0 to 255. For
            modes I, I;16 and F a function such as ``lambda x: x * 2 + 1`` is called once, with an
            object for x, and must return a line. From mode I to L, a table has 65536 values.
        :param mode: the mode of the result, for an image of one band of 8 bits: any, with as many
            tables as it has bands; and L for mode I. Default: the same.
        :raises ValueError: the table is too short or too long, or the modes do not suit.

        >>> from pilaf import Image
        >>> Image.new("L", (1, 1), 10).point(lambda v: v * 3).getpixel((0, 0))
        30
        """
        core = self.core
        if isinstance(lut, ImagePointHandler):
            made: Image = lut.point(self)
            return made
        if callable(lut):
            if self.mode in ("I", "I;16", "F"):
                line = lut(ImagePointTransform(1, 0))
                if isinstance(line, ImagePointTransform):
                    return self._new(_pilaf.point_transform(core, line.scale, line.offset))
                return self._new(_pilaf.point_transform(core, 0, line))
            table = [lut(value) for value in range(256)] * len(getmode(self.mode).bands)
        else:
            table = lut  # type: ignore[assignment]
        if self.mode == "F":
            raise ValueError("point operation not supported for this mode")
        if mode != "F":
            table = [round(value) for value in table]
        return self._new(_pilaf.point(core, table, mode))
