"""Images combined pixel by pixel. The results are as large as both images are; sums and products
are clamped to what a pixel can hold, where nothing else is said.

>>> from pilaf import Image, ImageChops
>>> a, b = Image.new("L", (4, 4), 30), Image.new("L", (4, 4), 50)
>>> ImageChops.difference(a, b).getpixel((0, 0))
20
"""

from __future__ import annotations

from . import Image, _pilaf


def constant(image: Image.Image, value: int) -> Image.Image:
    """A grey image of the size of `image`."""
    return Image.new("L", image.size, value)


def duplicate(image: Image.Image) -> Image.Image:
    """A copy."""
    return image.copy()


def invert(image: Image.Image) -> Image.Image:
    """255 less every sample."""
    return image._new(_pilaf.invert_bits(image.core))


def lighter(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The greater of two samples."""
    return _combine("lighter", image1, image2)


def darker(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The lesser of two samples."""
    return _combine("darker", image1, image2)


def difference(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """How far two samples are apart."""
    return _combine("difference", image1, image2)


def multiply(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The product, white counting as one: black stays black, white changes nothing."""
    return _combine("multiply", image1, image2)


def screen(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The negative of the product of the negatives."""
    return _combine("screen", image1, image2)


def soft_light(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """`image1` in the soft light of `image2`."""
    return _combine("soft_light", image1, image2)


def hard_light(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """Multiplied where `image2` is dark, screened where it is light."""
    return _combine("hard_light", image1, image2)


def overlay(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """Multiplied where `image1` is dark, screened where it is light."""
    return _combine("overlay", image1, image2)


def add(
    image1: Image.Image, image2: Image.Image, scale: float = 1.0, offset: int = 0
) -> Image.Image:
    """The sum divided by `scale`, plus `offset`."""
    return image1._new(_pilaf.combine(image1.core, image2.core, "add", scale, offset))


def subtract(
    image1: Image.Image, image2: Image.Image, scale: float = 1.0, offset: int = 0
) -> Image.Image:
    """The difference divided by `scale`, plus `offset`."""
    return image1._new(_pilaf.combine(image1.core, image2.core, "subtract", scale, offset))


def add_modulo(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The sum modulo 256."""
    return _combine("add_modulo", image1, image2)


def subtract_modulo(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """The difference modulo 256."""
    return _combine("subtract_modulo", image1, image2)


def logical_and(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where both are. Mode 1 only."""
    return _combine("logical_and", image1, image2)


def logical_or(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where one is. Mode 1 only."""
    return _combine("logical_or", image1, image2)


def logical_xor(image1: Image.Image, image2: Image.Image) -> Image.Image:
    """White where exactly one is. Mode 1 only."""
    return _combine("logical_xor", image1, image2)


def blend(image1: Image.Image, image2: Image.Image, alpha: float) -> Image.Image:
    """`Image.blend`."""
    return Image.blend(image1, image2, alpha)


def composite(image1: Image.Image, image2: Image.Image, mask: Image.Image) -> Image.Image:
    """`Image.composite`."""
    return Image.composite(image1, image2, mask)


def offset(image: Image.Image, xoffset: int, yoffset: int | None = None) -> Image.Image:
    """The image moved right and down; what leaves at one edge comes in at the opposite one.

    :param yoffset: Default: as `xoffset`.
    """
    return image._new(_pilaf.roll(image.core, xoffset, xoffset if yoffset is None else yoffset))


def _combine(name: str, image1: Image.Image, image2: Image.Image) -> Image.Image:
    return image1._new(_pilaf.combine(image1.core, image2.core, name))
