"""Images turned by any angle, and warped."""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _pilaf
from ..ImageColor import getcolor
from .base import BaseImage
from .constants import Resampling, Transform, Transpose
from .ink import ink

if TYPE_CHECKING:
    from ..Image import Image

Patch = tuple[tuple[int, int, int, int], str, Sequence[float]]

_PREMULTIPLIED = {"LA": "La", "RGBA": "RGBa"}


class ImageTransformHandler(abc.ABC):
    """What `Image.transform` takes in place of a method: an object that does all of it."""

    @abc.abstractmethod
    def transform(self, size: tuple[int, int], image: Image, **options: Any) -> Image:
        """The image of `size` that is to be made of `image`; `options` are `resample` and
        `fill`."""


class Warp(BaseImage):
    """`rotate`, `transform`."""

    def rotate(
        self,
        angle: float,
        resample: int = Resampling.NEAREST,
        expand: int | bool = False,
        center: tuple[float, float] | None = None,
        translate: tuple[float, float] | None = None,
        fillcolor: float | tuple[float, ...] | str | None = None,
    ) -> Image:
        """The image turned counter-clockwise.

        :param angle: degrees.
        :param resample: NEAREST, BILINEAR or BICUBIC of :class:`Resampling`. Modes 1 and P always
            use NEAREST. Turning by quarters moves pixels, whatever the filter.
        :param expand: makes the result large enough to hold all of the turned image. Expects the
            default center and no translation. Default: the size stays, corners are cut off.
        :param center: what it turns about, from the upper left corner. Default: the middle.
        :param translate: how far to move it afterwards.
        :param fillcolor: what corners without a source become. Default: zeros.
        :raises ValueError: the filter is none of the three.

        >>> from pilaf import Image
        >>> Image.new("L", (40, 20)).rotate(90, expand=True).size
        (20, 40)
        """
        angle = angle % 360.0
        if not (center or translate):
            if angle == 0:
                return self.copy()
            if angle == 180:
                return self._new(self.core.transpose("ROTATE_180"))
            if angle in (90, 270) and (expand or self.width == self.height):
                method = Transpose.ROTATE_90 if angle == 90 else Transpose.ROTATE_270
                return self._new(self.core.transpose(method.name))
        size, matrix = _rotation(self.size, angle, bool(expand), center, translate or (0, 0))
        return self.transform(size, Transform.AFFINE, matrix, resample, fillcolor=fillcolor)

    def transform(
        self,
        size: tuple[int, int],
        method: Any,
        data: Sequence[Any] | None = None,
        resample: int = Resampling.NEAREST,
        fill: int = 1,
        fillcolor: float | tuple[float, ...] | str | None = None,
    ) -> Image:
        """An image of another size, each of whose pixels comes from a place in this one.

        :param size: width and height of the result.
        :param method: one of :class:`Transform`, an :class:`ImageTransformHandler`, or an object
            whose `getdata()` returns a method and its data.
        :param data: what the method needs. AFFINE: (a, b, c, d, e, f), where (x, y) comes from
            (a x + b y + c, d x + e y + f). EXTENT: the part (left, top, right, bottom) to show.
            PERSPECTIVE: (a, b, c, d, e, f, g, h), as AFFINE but divided by g x + h y + 1.
            QUAD: the corners to show, x and y of upper left, lower left, lower right, upper
            right. MESH: a list of (box of the result, quad).
        :param resample: NEAREST, BILINEAR or BICUBIC of :class:`Resampling`.
        :param fill: passed on to an :class:`ImageTransformHandler`.
        :param fillcolor: what pixels without a source become. Default: zeros.
        :raises ValueError: the data do not suit the method, or the filter is none of the three.
        """
        mode = (
            self.mode
            if resample == Resampling.NEAREST
            else _PREMULTIPLIED.get(self.mode, self.mode)
        )
        if isinstance(method, ImageTransformHandler):
            made: Image = self._transform_by(method, mode, size, resample, fill)
            return made
        if hasattr(method, "getdata"):
            method, data = method.getdata()
        if data is None:
            raise ValueError("missing method data")
        background = _background(mode, size, fillcolor)
        patches: list[Patch] = (
            [(box, "QUAD", _corners(box, quad)) for box, quad in data]
            if method == Transform.MESH
            else [_patch(size, method, data)]
        )
        name = _interpolation(resample) if patches else "NEAREST"
        return self._new(_pilaf.transform(self.core, (size[0], size[1]), patches, name, background))

    def _transform_by(
        self, method: ImageTransformHandler, mode: str, size: Any, resample: int, fill: int
    ) -> Any:
        """With a handler, which is given multiplied alpha where it would interpolate."""
        image: Any = self
        if mode == self.mode:
            return method.transform(size, image, resample=resample, fill=fill)
        made: Any = method.transform(size, image.convert(mode), resample=resample, fill=fill)
        return made.convert(self.mode)


def _rotation(
    size: tuple[int, int],
    angle: float,
    expand: bool,
    center: tuple[float, float] | None,
    translate: tuple[float, float],
) -> tuple[tuple[int, int], list[float]]:
    """The size of the turned image, and the matrix from its pixels to those of the image of
    `size`: moved back, about the center, turned, and from the center again."""
    width, height = size
    center_x, center_y = (width / 2, height / 2) if center is None else center
    radians = -math.radians(angle)
    cos, sin = round(math.cos(radians), 15), round(math.sin(radians), 15)
    minus_sin = round(-math.sin(radians), 15)

    def turned(x: float, y: float, right: float, down: float) -> tuple[float, float]:
        return cos * x + sin * y + right, minus_sin * x + cos * y + down

    right, down = turned(-center_x - translate[0], -center_y - translate[1], 0.0, 0.0)
    right, down = right + center_x, down + center_y
    if expand:
        corners = ((0, 0), (width, 0), (width, height), (0, height))
        xs, ys = zip(*(turned(x, y, right, down) for x, y in corners), strict=True)
        new_width = math.ceil(max(xs)) - math.floor(min(xs))
        new_height = math.ceil(max(ys)) - math.floor(min(ys))
        shift = (-(new_width - width) / 2.0, -(new_height - height) / 2.0)
        right, down = turned(*shift, right, down)
        width, height = new_width, new_height
    return (width, height), [cos, sin, right, minus_sin, cos, down]


def _background(mode: str, size: Any, color: Any) -> bytes | None:
    """The pixel of `color`, once `size` is known to be one."""
    if not isinstance(size, (list, tuple)):
        raise ValueError("Size must be a list or tuple")
    if len(size) != 2:
        raise ValueError("Size must be a sequence of length 2")
    if size[0] < 0 or size[1] < 0:
        raise ValueError("Width and height must be >= 0")
    if isinstance(color, str):
        color = getcolor(color, mode)
    if mode == "P" and isinstance(color, (list, tuple)) and len(color) in (3, 4):
        if all(isinstance(band, int) for band in color):
            # The index it would have in a palette of its own, which Pillow then throws away.
            from ..ImagePalette import ImagePalette

            color = ImagePalette().getcolor(tuple(color))
    return None if color is None else ink(mode, color)


def _patch(size: Any, method: Any, data: Sequence[Any]) -> Patch:
    box = (0, 0, size[0], size[1])
    if method == Transform.AFFINE:
        return box, "AFFINE", data[:6]
    if method == Transform.PERSPECTIVE:
        return box, "PERSPECTIVE", data[:8]
    if method == Transform.QUAD:
        return box, "QUAD", _corners(box, data)
    if method != Transform.EXTENT:
        raise ValueError("unknown transformation method")
    left, top, right, bottom = data
    _check_divisors(box)
    return box, "EXTENT", (left, top, right, bottom)


def _corners(box: Any, quad: Any) -> Sequence[float]:
    _check_divisors(box)
    if len(quad) < 2:
        raise ValueError(f"not enough values to unpack (expected 2, got {len(quad)})")
    return [quad[i] for i in range(8)]


def _check_divisors(box: tuple[int, int, int, int]) -> None:
    if box[2] == box[0] or box[3] == box[1]:
        raise ZeroDivisionError("division by zero")


def _interpolation(resample: Any) -> str:
    """The name of a filter that can be used between single pixels."""
    usable = (Resampling.NEAREST, Resampling.BILINEAR, Resampling.BICUBIC)
    if resample in usable:
        return Resampling(resample).name
    if resample in tuple(Resampling):
        text = f"Image.Resampling.{Resampling(resample).name} ({resample}) cannot be used."
    else:
        text = f"Unknown resampling filter ({resample})."
    names = [f"Image.Resampling.{filter.name} ({filter.value})" for filter in usable]
    raise ValueError(f"{text} Use {', '.join(names[:-1])} or {names[-1]}")
