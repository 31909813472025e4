"""Images of another size or shape."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .. import _pilaf
from .base import BaseImage
from .constants import Resampling, Transpose

if TYPE_CHECKING:
    from ..Image import Image


_T = TypeVar("_T")

#: Libraries whose pixels :meth:`Image.resize` can give.
Profile = Literal["pillow", "opencv-area", "opencv-linear", "torch-antialias"]


class Geometry(BaseImage):
    """`resize`, `reduce`, `thumbnail`, `draft`, `crop`, `transpose`."""

    def resize(
        self,
        size: tuple[int, int] | list[int],
        resample: int | None = None,
        box: tuple[float, float, float, float] | None = None,
        reducing_gap: float | None = None,
        *,
        threads: int = 1,
        linear_light: bool = False,
        profile: Profile = "pillow",
    ) -> Image:
        """The image at another size, with Pillow 13's pixels.

        `threads`, `linear_light` and `profile` are not in Pillow.

        :param size: width and height in pixels, whole numbers.
        :param resample: one of :class:`Resampling`. Default: BICUBIC. Modes 1 and P always use
            NEAREST.
        :param box: the part of the image to show: left, top, right, bottom in pixels, which need
            not be whole. Default: all of it.
        :param reducing_gap: at least 1.0: first reduce by whole factors, as far as leaves the
            image this many times larger than wanted. Faster, less exact; from 3.0 on the
            difference is hard to see.
        :param threads: how many threads may work on a large image. Default: 1. Pixels do not
            depend on it.
        :param linear_light: average light instead of samples: sRGB is decoded (IEC 61966-2-1),
            colour multiplied by alpha, and encoded again. For modes L, LA, RGB and RGBA.
        :param profile: the library whose pixels to give, to the bit: ``"pillow"``,
            ``"opencv-area"`` or ``"opencv-linear"`` (``cv2.resize`` with INTER_AREA or
            INTER_LINEAR; they have no `resample`), or ``"torch-antialias"``
            (``torch.nn.functional.interpolate(..., antialias=True)`` of uint8 tensors; BILINEAR or
            BICUBIC). All but Pillow's are for images of 8-bit samples, and take a `box` of whole
            pixels.
        :raises ValueError: an argument makes no sense: a side or `threads` below 1, a `box` that is
            empty, not finite or beyond the image, a `reducing_gap` below 1.0, options that the mode
            or `profile` has not.
        :raises TypeError: `size` is not two whole numbers, or `box` not four numbers.
        :raises MemoryError: there is not as much memory.

        >>> from pilaf import Image
        >>> Image.new("L", (640, 480)).resize((64, 48), Image.Resampling.LANCZOS).size
        (64, 48)
        >>> lines = Image.frombytes("L", (2, 2), bytes([0, 255, 0, 255]))
        >>> for light in (False, True):
        ...     lines.resize((1, 1), Image.Resampling.BOX, linear_light=light).getpixel((0, 0))
        128
        188
        """
        if resample is not None and str(profile).startswith("opencv"):
            raise ValueError(f"profile {profile} has a filter of its own: leave resample out")
        resampling = _resampling(Resampling.BICUBIC if resample is None else resample)
        sides = tuple(size)
        if sides != self.size:
            sides = tuple(map(operator.index, _sequence(sides, 2, argument=1)))
        if box is not None:
            left, top, right, bottom = _sequence(box, 4, argument=3)
            box = (left, top, right, bottom)
        target = (max(int(sides[0]), 0), max(int(sides[1]), 0))
        if threads < 1:
            raise ValueError("threads must be 1 or greater")
        core = self.core.resize(
            target,
            resampling.name,
            box,
            reducing_gap,
            threads=threads,
            linear_light=linear_light,
            profile=profile,
        )
        return self._new(core)

    def reduce(
        self,
        factor: int | tuple[int, int] | list[int],
        box: tuple[int, int, int, int] | None = None,
    ) -> Image:
        """The image shrunk by whole factors: each pixel is the mean of a block of them.

        :param factor: one for both sides, or one for width and one for height.
        :param box: the part of the image to shrink: left, top, right, bottom. Default: all of it.
        :raises ValueError: a factor is below 1, the box is empty or reaches beyond the image, or
            the pixels have no mean: modes 1, P and those of 16 bits.

        >>> from pilaf import Image
        >>> Image.new("RGB", (10, 9)).reduce(2).size
        (5, 5)
        """
        if not isinstance(factor, (list, tuple)):
            factor = (factor, factor)
        if factor == (1, 1):
            return self.crop(box)
        across, down = _sequence(factor, 2, argument=1)
        whole = (0, 0, *self.size)
        left, top, right, bottom = whole if box is None else _sequence(box, 4, argument=2)
        return self._new(_pilaf.reduce(self.core, (across, down), (left, top, right, bottom)))

    def crop(self, box: tuple[float, float, float, float] | None = None) -> Image:
        """A part of the image. What lies beyond the image is zeros.

        :param box: left, top, right, bottom in pixels, rounded to whole ones. Default: all of it.
        :raises ValueError: right is less than left, or lower is less than upper.

        >>> from pilaf import Image
        >>> Image.new("L", (40, 30)).crop((30, 20, 50, 30)).size
        (20, 10)
        """
        from .. import Image

        if box is None or box == (0, 0, *self.size):
            return self.copy()
        if box[2] < box[0]:
            raise ValueError("Coordinate 'right' is less than 'left'")
        if box[3] < box[1]:
            raise ValueError("Coordinate 'lower' is less than 'upper'")
        core = self.core
        left, top, right, bottom = (int(round(edge)) for edge in box)
        Image._decompression_bomb_check((abs(right - left), abs(bottom - top)))
        return self._new(_pilaf.crop(core, (left, top, right, bottom)))

    def draft(
        self, mode: str | None, size: tuple[int, int] | None
    ) -> tuple[str, tuple[int, int, float, float]] | None:
        """Asks for a cheaper decoding near to `mode` and `size`. Only files that can be decoded
        at a part of their size can give it; otherwise, and once pixels are decoded, nothing
        changes.

        :returns: the mode, and the box of the original within what will be decoded; or None.
        """
        if self._file is None or self._drafted:
            return None
        width, height = self.size
        wanted = None if size is None else (int(size[0]), int(size[1]))
        drafted = self._file.draft(mode, wanted)
        if drafted is None:
            return None
        self._drafted = True
        self._mode, self._size, shrink = drafted
        return self._mode, (0, 0, width / shrink, height / shrink)

    def thumbnail(
        self,
        size: tuple[float, float],
        resample: int = Resampling.BICUBIC,
        reducing_gap: float | None = 2.0,
    ) -> None:
        """Makes this image a thumbnail of itself, in place: inside of `size`, proportions kept,
        never enlarged. A JPEG that was not decoded yet is decoded at a part of its size.

        :param size: the largest width and height.
        :param resample: one of :class:`Resampling`.
        :param reducing_gap: see :meth:`resize`. Default: 2.0. None resamples every pixel.
        """
        width, height = map(math.floor, size)
        final_size = _thumbnail_size(self.size, (width, height))
        if final_size is None:
            return
        box = None
        if reducing_gap is not None:
            enough = (int(size[0] * reducing_gap), int(size[1] * reducing_gap))
            if (drafted := self.draft(None, enough)) is not None:
                box = drafted[1]
        if self.size != final_size:
            self._set_core(self.resize(final_size, resample, box, reducing_gap).core)

    def transpose(self, method: int) -> Image:
        """The image mirrored or turned by quarters.

        :param method: one of :class:`Transpose`.
        """
        core = self.core
        if method not in tuple(Transpose):
            raise ValueError("No such transpose operation")
        return self._new(core.transpose(Transpose(method).name))


def _sequence(values: Iterable[_T], length: int, argument: int) -> tuple[_T, ...]:
    """`values`, if C would take them for a tuple of `length`: sequences but for `bytes`."""
    is_sequence = hasattr(type(values), "__getitem__") and not isinstance(values, (bytes, dict))
    if not is_sequence:
        text = f"argument {argument} must be {length}-item sequence, not {type(values).__name__}"
        raise TypeError(text)
    values = tuple(values)
    if len(values) != length:
        text = f"argument {argument} must be sequence of length {length}, not {len(values)}"
        raise TypeError(text)
    return values


def _resampling(resample: Any) -> Resampling:
    try:
        known = Resampling(resample)
        operator.index(resample)  # 1.0 equals LANCZOS, and is no number of a filter
        return known
    except ValueError:
        order = (
            "NEAREST",
            "LANCZOS",
            "BILINEAR",
            "BICUBIC",
            "BOX",
            "HAMMING",
            "MKS2013",
            "MKS2021",
        )
        names = [f"Image.Resampling.{name} ({Resampling[name].value})" for name in order]
        raise ValueError(
            f"Unknown resampling filter ({resample}). Use {', '.join(names[:-1])} or {names[-1]}"
        ) from None


def _thumbnail_size(size: tuple[int, int], within: tuple[int, int]) -> tuple[int, int] | None:
    """The size of a thumbnail, or None when the image is small enough. Pillow's rounding: of the
    two integers around the exact side, the one whose proportions are nearer."""
    x, y = within
    if x >= size[0] and y >= size[1]:
        return None
    aspect = size[0] / size[1]
    if x / y >= aspect:
        return _nearest(y * aspect, lambda n: abs(aspect - n / y)), y
    return x, _nearest(x / aspect, lambda n: 0 if n == 0 else abs(aspect - x / n))


def _nearest(side: float, off: Callable[[int], float]) -> int:
    return max(min(math.floor(side), math.ceil(side), key=off), 1)
