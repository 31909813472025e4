"""Images made of neighbouring pixels."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from .. import _pilaf
from .base import BaseImage

if TYPE_CHECKING:
    from ..Image import Image


class Neighbours(BaseImage):
    """`filter`, `effect_spread`."""

    def filter(self, filter: Any) -> Image:
        """The image filtered.

        :param filter: a filter of :mod:`pilaf.ImageFilter`, or its class.
        :raises TypeError: it is no filter.
        :raises ValueError: it does not take this mode.

        >>> from pilaf import Image, ImageFilter
        >>> Image.new("L", (9, 9)).filter(ImageFilter.MedianFilter(3)).size
        (9, 9)
        """
        from .. import Image, ImageFilter

        image: Any = self
        core = self.core
        if callable(filter):
            filter = filter()
        if not hasattr(filter, "filter"):
            raise TypeError("filter argument should be ImageFilter.Filter instance or class")
        if isinstance(filter, ImageFilter.MultibandFilter) or len(image.getbands()) == 1:
            return self._new(filter.filter(core))
        bands: list[Any] = [self._new(filter.filter(band.core)) for band in image.split()]
        merged = Image.merge(self.mode, bands)
        return self._new(merged.core)

    def effect_spread(self, distance: int) -> Image:
        """The image with its pixels scattered by chance, at most about half of `distance` away.

        Chance is that of :mod:`random`, whose `seed` makes it the same again; Pillow has another.
        """
        return self._new(_pilaf.spread(self.core, distance, random.getrandbits(64)))
