"""Transforms as objects, for `Image.transform`.

>>> from pilaf import Image, ImageTransform
>>> part = ImageTransform.ExtentTransform((10, 10, 30, 20))
>>> Image.new("L", (64, 64)).transform((40, 20), part).size
(40, 20)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import Image

__all__ = [
    "AffineTransform",
    "ExtentTransform",
    "MeshTransform",
    "PerspectiveTransform",
    "QuadTransform",
    "Transform",
]


class Transform(Image.ImageTransformHandler):
    """A method of `Image.transform` with its data."""

    method: Image.Transform

    def __init__(self, data: Sequence[Any]) -> None:
        self.data = data

    def getdata(self) -> tuple[Image.Transform, Sequence[Any]]:
        """The method and its data."""
        return self.method, self.data

    def transform(self, size: tuple[int, int], image: Image.Image, **options: Any) -> Image.Image:
        """The image of `size` made of `image`. `Image.transform` calls it."""
        method, data = self.getdata()
        return image.transform(size, method, data, **options)


class AffineTransform(Transform):
    """(x, y) comes from (a x + b y + c, d x + e y + f).

    :param data: (a, b, c, d, e, f).
    """

    method = Image.Transform.AFFINE


class PerspectiveTransform(Transform):
    """(x, y) comes from (a x + b y + c, d x + e y + f), both divided by g x + h y + 1.

    :param data: (a, b, c, d, e, f, g, h).
    """

    method = Image.Transform.PERSPECTIVE


class ExtentTransform(Transform):
    """A rectangle of the image fills the result.

    :param data: left, top, right, bottom of the rectangle, which may be turned round.
    """

    method = Image.Transform.EXTENT


class QuadTransform(Transform):
    """Four corners of the image fill the result.

    :param data: x and y of the upper left, lower left, lower right and upper right corner.
    """

    method = Image.Transform.QUAD


class MeshTransform(Transform):
    """Many quadrilaterals of the image fill boxes of the result.

    :param data: a list of (box, quad): left, top, right, bottom of the result, and the corners as
        for :class:`QuadTransform`.
    """

    method = Image.Transform.MESH
