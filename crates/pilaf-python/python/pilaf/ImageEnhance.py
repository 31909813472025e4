"""Enhancements by a factor: 1.0 leaves the image as it is, less goes towards a version without the
property, more goes away from it.

>>> from pilaf import Image, ImageEnhance
>>> bright = ImageEnhance.Brightness(Image.new("L", (4, 4), 100)).enhance(1.5)
>>> bright.getpixel((0, 0))
150
"""

from __future__ import annotations

from . import Image, ImageFilter, ImageStat


class _Enhance:
    image: Image.Image
    """What is enhanced."""
    degenerate: Image.Image
    """The version without the property: what factor 0.0 gives."""

    def enhance(self, factor: float) -> Image.Image:
        """The enhanced image.

        :param factor: any number. 1.0 gives a copy.
        """
        return Image.blend(self.degenerate, self.image, factor)

    def _keep_alpha(self) -> None:
        if "A" in self.image.getbands():
            self.degenerate.putalpha(self.image.getchannel("A"))


class Color(_Enhance):
    """Colour: 0.0 is grey."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.intermediate_mode = "LA" if "A" in image.getbands() else "L"
        if self.intermediate_mode != image.mode:
            image = image.convert(self.intermediate_mode).convert(image.mode)
        self.degenerate = image


class Contrast(_Enhance):
    """Contrast: 0.0 is the mean grey of the image."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        grey = image if image.mode == "L" else image.convert("L")
        mean = int(ImageStat.Stat(grey).mean[0] + 0.5)
        self.degenerate = Image.new("L", image.size, mean)
        if image.mode != "L":
            self.degenerate = self.degenerate.convert(image.mode)
        self._keep_alpha()


class Brightness(_Enhance):
    """Brightness: 0.0 is black."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.degenerate = Image.new(image.mode, image.size, 0)
        self._keep_alpha()


class Sharpness(_Enhance):
    """Sharpness: 0.0 is a little blurred."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.degenerate = image.filter(ImageFilter.SMOOTH)
        self._keep_alpha()
