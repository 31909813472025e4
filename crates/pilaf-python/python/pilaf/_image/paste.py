"""Images laid into each other, and their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _pilaf
from ..ImageMode import getmode
from .base import BaseImage

if TYPE_CHECKING:
    from ..Image import Image


class Paste(BaseImage):
    """`paste`, `alpha_composite`, `putalpha`, `split`, `getchannel`."""

    def paste(
        self,
        im: BaseImage | str | float | tuple[float, ...],
        box: BaseImage | Sequence[int] | None = None,
        mask: BaseImage | None = None,
    ) -> None:
        """Lays an image or a colour into this one.

        :param im: an image, which is converted to the mode of this one, or a colour: a number, a
            tuple, or a name.
        :param box: the upper left corner (x, y), or the region (left, top, right, bottom), which
            must be as large as the image. What reaches out is cut off. Default: (0, 0). An image
            here is the mask.
        :param mask: how much of `im` is taken: all where it is 255, nothing where it is 0. Of
            mode 1 or L; of LA, RGBA and RGBa the alpha counts.
        :raises ValueError: sizes do not match, or the mask has another mode.
        """
        if isinstance(box, BaseImage):
            if mask is not None:
                raise ValueError("If using second argument as mask, third argument must be None")
            mask, box = box, None
        region = _region((0, 0) if box is None else box, im, mask)
        if isinstance(im, BaseImage):
            source: Any = im
            if im.mode != self.mode and not (
                self.mode == "RGB" and im.mode in ("LA", "RGBA", "RGBa")
            ):
                source = source.convert(self.mode)
            _pilaf.paste_image(self.core, source.core, region, mask.core if mask else None)
            return
        if isinstance(im, str):
            from ..ImageColor import getcolor

            im = getcolor(im, self.mode)
        _pilaf.paste_color(self.core, im, region, mask.core if mask else None)

    def alpha_composite(
        self, im: BaseImage, dest: Sequence[int] = (0, 0), source: Sequence[int] = (0, 0)
    ) -> None:
        """Lays an image over this one, in place, each with its alpha. Both are RGBA, or both LA.

        :param dest: where its upper left corner goes.
        :param source: the upper left corner of the part of `im` to use, or the part (left, top,
            right, bottom).
        :raises ValueError: an argument makes no sense.
        """
        if not isinstance(source, (list, tuple)):
            raise ValueError("Source must be a list or tuple")
        if not isinstance(dest, (list, tuple)):
            raise ValueError("Destination must be a list or tuple")
        if len(source) not in (2, 4):
            raise ValueError("Source must be a sequence of length 2 or 4")
        part = (*source, *im.size) if len(source) == 2 else tuple(source)
        if len(dest) != 2:
            raise ValueError("Destination must be a sequence of length 2")
        if min(source) < 0:
            raise ValueError("Source must be non-negative")
        over: Any = im if part == (0, 0, *im.size) else im.crop(part)  # type: ignore[attr-defined]
        box = (*dest, dest[0] + over.width, dest[1] + over.height)
        below: Any = self if box == (0, 0, *self.size) else self.crop(box)  # type: ignore[attr-defined]
        self.paste(self._new(_pilaf.alpha_composite(below.core, over.core)), box)

    def putalpha(self, alpha: BaseImage | int) -> None:
        """Sets the alpha of the image, which becomes LA, PA or RGBA if it has none.

        :param alpha: an image of mode L or 1 and of the same size, or a number for all pixels.
        :raises ValueError: `alpha` is another image, or the mode has no relative with alpha.
        """
        core = self.core
        if self.mode == "RGB" and isinstance(alpha, BaseImage) and _is_alpha(self, alpha):
            _pilaf.put_alpha(core, alpha.core)
            self._set_core(core)
            return
        if self.mode in ("RGB", "RGBX"):
            _pilaf.set_opaque(core)
            self._set_core(core)
        elif self.mode == "LAB":
            raise ValueError("conversion from LAB to RGBA not supported")
        elif self.mode not in ("LA", "PA", "RGBA"):
            try:
                core = _pilaf.convert(core, getmode(self.mode).basemode + "A")
            except KeyError as error:
                raise ValueError("illegal image mode") from error
            self._set_core(core)
        band = 1 if self.mode in ("LA", "PA") else 3
        if not isinstance(alpha, BaseImage):
            _pilaf.fillband(core, band, alpha)
            return
        if alpha.mode not in ("1", "L"):
            raise ValueError("illegal image mode")
        values = alpha.core
        _pilaf.putband(core, _pilaf.convert(values, "L") if alpha.mode == "1" else values, band)

    def split(self) -> tuple[Image, ...]:
        """Each band as an image of mode L; the image itself, copied, if it has one band.

        >>> from pilaf import Image
        >>> [band.getpixel((0, 0)) for band in Image.new("RGB", (1, 1), (1, 2, 3)).split()]
        [1, 2, 3]
        """
        if len(getmode(self.mode).bands) == 1:
            return (self.copy(),)
        return tuple(self._new(band) for band in _pilaf.split(self.core))

    def getchannel(self, channel: int | str) -> Image:
        """One band as an image of mode L.

        :param channel: its number, or its name such as `"A"`.
        :raises ValueError: there is no such band.
        """
        core = self.core
        if isinstance(channel, str):
            try:
                channel = self.getbands().index(channel)
            except ValueError as error:
                raise ValueError(f'The image has no channel "{channel}"') from error
        return self._new(_pilaf.getband(core, channel))

    def getbands(self) -> tuple[str, ...]:
        """The names of the bands.

        >>> from pilaf import Image
        >>> Image.new("CMYK", (1, 1)).getbands()
        ('C', 'M', 'Y', 'K')
        """
        return getmode(self.mode).bands


def _is_alpha(image: BaseImage, alpha: BaseImage) -> bool:
    return alpha.mode == "L" and alpha.size == image.size


def _region(box: Sequence[int], im: Any, mask: BaseImage | None) -> tuple[int, int, int, int]:
    if len(box) == 2:
        sized = im if isinstance(im, BaseImage) else mask
        if sized is None:
            raise ValueError("cannot determine region size; use 4-item box")
        return box[0], box[1], box[0] + sized.width, box[1] + sized.height
    left, top, right, bottom = box
    return left, top, right, bottom
