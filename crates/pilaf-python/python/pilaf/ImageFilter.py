"""Filters, for `Image.filter`.

>>> from pilaf import Image, ImageFilter
>>> image = Image.new("RGB", (64, 64))
>>> image.filter(ImageFilter.GaussianBlur(2)).size
(64, 64)
"""

from __future__ import annotations

import abc
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from . import _pilaf
from ._pilaf import Core


class Filter(abc.ABC):
    """What makes pixels of pixels. Images of several bands are filtered band by band."""

    @abc.abstractmethod
    def filter(self, image: Core) -> Core:
        """The filtered pixels."""


class MultibandFilter(Filter):
    """A filter that takes all bands at once."""


class BuiltinFilter(MultibandFilter):
    """Convolution with the weights of `filterargs`: size, scale, offset, weights."""

    name: str
    filterargs: tuple[Any, ...]

    def filter(self, image: Core) -> Core:
        _refuse_palettes(image)
        size, scale, offset, weights = self.filterargs
        return _pilaf.convolve(image, size, scale, offset, weights)


class Kernel(BuiltinFilter):
    """Convolution with 3x3 or 5x5 weights.

    :param size: (3, 3) or (5, 5).
    :param kernel: the weights from left to right, the row below the pixel first.
    :param scale: what sums are divided by. Default: the sum of the weights.
    :param offset: what is added then.
    """

    name = "Kernel"

    def __init__(
        self,
        size: tuple[int, int],
        kernel: Sequence[float],
        scale: float | None = None,
        offset: float = 0,
    ) -> None:
        if scale is None:
            scale = sum(kernel)
        if size[0] * size[1] != len(kernel):
            raise ValueError("not enough coefficients in kernel")
        self.filterargs = size, scale, offset, kernel


class RankFilter(Filter):
    """The pixel of a rank among those of a square window.

    :param size: side of the window, odd.
    :param rank: 0 is the least pixel, `size * size // 2` the median, `size * size - 1` the
        greatest.
    """

    name = "Rank"

    def __init__(self, size: int, rank: int) -> None:
        if size % 2 == 0:
            raise ValueError("bad filter size")
        if size * size * 4 > 2**31 - 1:
            raise ValueError("filter size too large")
        if rank < 0 or rank >= size * size:
            raise ValueError("bad rank value")
        self.size = size
        self.rank = rank

    def filter(self, image: Core) -> Core:
        _refuse_palettes(image)
        return _pilaf.rank_filter(image, self.size, self.rank)


class MedianFilter(RankFilter):
    """The median of a square window.

    :param size: side of the window, odd.
    """

    name = "Median"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, size * size // 2)


class MinFilter(RankFilter):
    """The least pixel of a square window.

    :param size: side of the window, odd.
    """

    name = "Min"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, 0)


class MaxFilter(RankFilter):
    """The greatest pixel of a square window.

    :param size: side of the window, odd.
    """

    name = "Max"

    def __init__(self, size: int = 3) -> None:
        super().__init__(size, size * size - 1)


class ModeFilter(Filter):
    """The most frequent pixel of a square window, if there are three of it at least.

    :param size: side of the window.
    """

    name = "Mode"

    def __init__(self, size: int = 3) -> None:
        self.size = size

    def filter(self, image: Core) -> Core:
        return _pilaf.most_frequent(image, self.size)


class GaussianBlur(MultibandFilter):
    """Nearly a Gaussian filter: three box filters of fractional size, one after the other.

    :param radius: standard deviation in pixels, or one along rows and one along columns.
    """

    name = "GaussianBlur"

    def __init__(self, radius: float | Sequence[float] = 2) -> None:
        self.radius = radius

    def filter(self, image: Core) -> Core:
        if self.radius == (0, 0) or self.radius == 0:
            return image.copy()
        return _pilaf.gaussian_blur(image, _both_axes(self.radius))


class BoxBlur(MultibandFilter):
    """The mean of a square box, in a time that does not grow with its size.

    :param radius: pixels to each side, which need not be whole, or one number along rows and one
        along columns. 1 takes 9 pixels in all.
    """

    name = "BoxBlur"

    def __init__(self, radius: float | Sequence[float]) -> None:
        both = radius if isinstance(radius, (tuple, list)) else (radius, radius)
        if not all(value >= 0 for value in both):
            raise ValueError("radius must be >= 0")
        if any(value >= 2**31 for value in both):
            raise ValueError("radius too large")
        self.radius = radius

    def filter(self, image: Core) -> Core:
        if self.radius == (0, 0) or self.radius == 0:
            return image.copy()
        return _pilaf.box_blur(image, _both_axes(self.radius))


class UnsharpMask(MultibandFilter):
    """Sharpens: makes the difference from a blurred copy larger.

    :param radius: standard deviation of the blur, in pixels.
    :param percent: how much of the difference to add.
    :param threshold: the difference up to which a pixel stays as it is.
    """

    name = "UnsharpMask"

    def __init__(self, radius: float = 2, percent: int = 150, threshold: int = 3) -> None:
        self.radius = radius
        self.percent = percent
        self.threshold = threshold

    def filter(self, image: Core) -> Core:
        return _pilaf.unsharp_mask(image, self.radius, self.percent, self.threshold)


def _refuse_palettes(image: Core) -> None:
    if image.mode == "P":
        raise ValueError("cannot filter palette images")


def _both_axes(radius: Any) -> tuple[float, float]:
    if isinstance(radius, (int, float)):
        return radius, radius
    if len(radius) != 2:
        raise TypeError(f"radius must be one number or two, not {len(radius)}")
    return radius[0], radius[1]


# Named kernels, with Pillow's weights: size, scale, offset, weights.
# fmt: off


class BLUR(BuiltinFilter):
    """The mean of the 16 pixels two steps away."""

    name = "Blur"
    filterargs = (5, 5), 16, 0, (
        1, 1, 1, 1, 1,
        1, 0, 0, 0, 1,
        1, 0, 0, 0, 1,
        1, 0, 0, 0, 1,
        1, 1, 1, 1, 1,
    )


class CONTOUR(BuiltinFilter):
    """Dark lines at edges, on white."""

    name = "Contour"
    filterargs = (3, 3), 1, 255, (
        -1, -1, -1,
        -1,  8, -1,
        -1, -1, -1,
    )


class DETAIL(BuiltinFilter):
    """A little sharper."""

    name = "Detail"
    filterargs = (3, 3), 6, 0, (
        0,  -1,  0,
        -1, 10, -1,
        0,  -1,  0,
    )


class EDGE_ENHANCE(BuiltinFilter):
    """Stronger edges."""

    name = "Edge-enhance"
    filterargs = (3, 3), 2, 0, (
        -1, -1, -1,
        -1, 10, -1,
        -1, -1, -1,
    )


class EDGE_ENHANCE_MORE(BuiltinFilter):
    """Much stronger edges."""

    name = "Edge-enhance More"
    filterargs = (3, 3), 1, 0, (
        -1, -1, -1,
        -1,  9, -1,
        -1, -1, -1,
    )


class EMBOSS(BuiltinFilter):
    """A relief in grey."""

    name = "Emboss"
    filterargs = (3, 3), 1, 128, (
        -1, 0, 0,
        0,  1, 0,
        0,  0, 0,
    )


class FIND_EDGES(BuiltinFilter):
    """Light lines at edges, on black."""

    name = "Find Edges"
    filterargs = (3, 3), 1, 0, (
        -1, -1, -1,
        -1,  8, -1,
        -1, -1, -1,
    )


class SHARPEN(BuiltinFilter):
    """Sharper."""

    name = "Sharpen"
    filterargs = (3, 3), 16, 0, (
        -2, -2, -2,
        -2, 32, -2,
        -2, -2, -2,
    )


class SMOOTH(BuiltinFilter):
    """A little blurred."""

    name = "Smooth"
    filterargs = (3, 3), 13, 0, (
        1, 1, 1,
        1, 5, 1,
        1, 1, 1,
    )


class SMOOTH_MORE(BuiltinFilter):
    """More blurred."""

    name = "Smooth More"
    filterargs = (5, 5), 100, 0, (
        1, 1,  1, 1, 1,
        1, 5,  5, 5, 1,
        1, 5, 44, 5, 1,
        1, 5,  5, 5, 1,
        1, 1,  1, 1, 1,
    )


# fmt: on


class Color3DLUT(MultibandFilter):
    """Colours looked up in a cube, and interpolated between its points.

    :param size: points along each axis, 2 to 65: one number, or one for each of three bands.
    :param table: the colours at the points, of `channels` numbers from 0.0 (least) to 1.0
        (greatest): flat or as tuples, the first band running fastest. A numpy array will do.
    :param channels: 3 or 4.
    :param target_mode: mode of the result. Default: that of the image.
    """

    name = "Color 3D LUT"

    def __init__(
        self,
        size: int | tuple[int, int, int],
        table: Any,
        channels: int = 3,
        target_mode: str | None = None,
        **kwargs: bool,
    ) -> None:
        if channels not in (3, 4):
            raise ValueError("Only 3 or 4 output channels are supported")
        self.size = size = self._check_size(size)
        self.channels = channels
        self.mode = target_mode
        copy = kwargs.get("_copy_table", True)
        if hasattr(table, "reshape"):
            self.table = _flat_array(table.copy() if copy else table, size, channels)
        else:
            self.table = _flat_list(list(table) if copy else table, size, channels)

    @staticmethod
    def _check_size(size: Any) -> tuple[int, int, int]:
        try:
            red, green, blue = size
        except ValueError as error:
            text = "Size should be either an integer or a tuple of three integers."
            raise ValueError(text) from error
        except TypeError:
            red = green = blue = size
        sizes = (int(red), int(green), int(blue))
        if not all(2 <= side <= 65 for side in sizes):
            raise ValueError("Size should be in [2, 65] range.")
        return sizes

    @classmethod
    def generate(
        cls,
        size: int | tuple[int, int, int],
        callback: Callable[[float, float, float], tuple[float, ...]],
        channels: int = 3,
        target_mode: str | None = None,
    ) -> Color3DLUT:
        """A table of what `callback` gives for every point.

        :param callback: takes the three coordinates, 0.0 to 1.0, and returns the channels.
        :raises ValueError: `channels` is not 3 or 4, or the size is none.
        """
        sizes = cls._check_size(size)
        if channels not in (3, 4):
            raise ValueError("Only 3 or 4 output channels are supported")
        table: list[float] = []
        for point in _points(sizes):
            table.extend(callback(*point))
        return cls(sizes, table, channels=channels, target_mode=target_mode, _copy_table=False)

    def transform(
        self,
        callback: Callable[..., tuple[float, ...]],
        with_normals: bool = False,
        channels: int | None = None,
        target_mode: str | None = None,
    ) -> Color3DLUT:
        """Another table, of what `callback` makes of every colour.

        :param callback: takes the channels of a colour, and returns those of the new one.
        :param with_normals: gives `callback` the three coordinates of the point first.
        :param channels: of the new table. Default: as many as this one has.
        :param target_mode: of the new table. Default: that of this one.
        """
        if channels not in (None, 3, 4):
            raise ValueError("Only 3 or 4 output channels are supported")
        table: list[float] = []
        for index, point in enumerate(_points(self.size)):
            color = self.table[index * self.channels : (index + 1) * self.channels]
            table.extend(callback(*point, *color) if with_normals else callback(*color))
        return type(self)(
            self.size,
            table,
            channels=channels or self.channels,
            target_mode=target_mode or self.mode,
            _copy_table=False,
        )

    def __repr__(self) -> str:
        red, green, blue = self.size
        mode = f" target_mode={self.mode}" if self.mode else ""
        return (
            f"<{type(self).__name__} from {type(self.table).__name__} "
            f"size={red}x{green}x{blue} channels={self.channels}{mode}>"
        )

    def filter(self, image: Core) -> Core:
        if hasattr(self.table, "astype"):
            values = self.table.astype("=f4").tobytes()
        else:
            values = array("f", self.table).tobytes()
        return _pilaf.look_up(image, self.mode or image.mode, self.channels, self.size, values)


def _points(size: tuple[int, int, int]) -> list[tuple[float, float, float]]:
    """The coordinates of all points, the first axis running fastest."""
    red, green, blue = ([i / (side - 1) for i in range(side)] for side in size)
    return [(r, g, b) for b in blue for g in green for r in red]


def _flat_array(table: Any, size: tuple[int, int, int], channels: int) -> Any:
    items = size[0] * size[1] * size[2]
    shapes = [(items * channels,), (items, channels), (size[2], size[1], size[0], channels)]
    if table.shape not in shapes:
        raise _wrong_length(table, size, channels)
    return table.reshape(items * channels)


def _flat_list(table: Any, size: tuple[int, int, int], channels: int) -> Any:
    if table and isinstance(table[0], (list, tuple)):
        for color in table:
            if len(color) != channels:
                raise ValueError(f"The elements of the table should have a length of {channels}.")
        table = [value for color in table for value in color]
    if len(table) != size[0] * size[1] * size[2] * channels:
        raise _wrong_length(table, size, channels)
    return table


def _wrong_length(table: Any, size: tuple[int, int, int], channels: int) -> ValueError:
    return ValueError(
        "The table should have either channels * size**3 float items "
        "or size**3 items of channels-sized tuples with floats. "
        f"Table should be: {channels}x{size[0]}x{size[1]}x{size[2]}. "
        f"Actual length: {len(table)}"
    )
