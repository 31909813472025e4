"""Images for the eye: in notebooks and on the screen."""

from __future__ import annotations

import math
from typing import Any

from .base import BaseImage
from .exchange import Exchange

MAX_NOTEBOOK_PIXELS = 1 << 20
"""More pixels than this are shown smaller in notebooks, which keep what they show."""


class Display(Exchange, BaseImage):
    """`show`, and what notebooks ask for."""

    def show(self, title: str | None = None) -> None:
        """Shows the image in a window of another program, from a temporary PNG file; see
        :mod:`pilaf.ImageShow`.

        :param title: for the window, where the program takes one.
        """
        from .. import Image, ImageShow

        assert isinstance(self, Image.Image)
        ImageShow.show(self, title)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None, **kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """For notebooks: the image as PNG, and the size to show it at if it was shrunk to
        `MAX_NOTEBOOK_PIXELS`. None for a mode that PNG cannot hold."""
        png = self._repr_png_()
        if png is None:
            return None
        size = {"width": self.width, "height": self.height}
        return {"image/png": png}, {"image/png": size} if self._excess() > 1 else {}

    def _repr_png_(self) -> bytes | None:
        """For notebooks: the image as PNG, shrunk to at most `MAX_NOTEBOOK_PIXELS`, or None for a
        mode that PNG cannot hold."""
        return self._notebook("PNG", compress_level=1)

    def _repr_jpeg_(self) -> bytes | None:
        """For notebooks: the image as JPEG, shrunk to at most `MAX_NOTEBOOK_PIXELS`, or None for a
        mode that JPEG cannot hold."""
        return self._notebook("JPEG")

    def _excess(self) -> int:
        """By how much both sides are to be divided."""
        return math.ceil(math.sqrt(self.width * self.height / MAX_NOTEBOOK_PIXELS))

    def _notebook(self, format: str, **params: Any) -> bytes | None:
        from .. import Image

        assert isinstance(self, Image.Image)
        shown: Image.Image = self
        try:
            if (factor := self._excess()) > 1:
                small = (max(1, self.width // factor), max(1, self.height // factor))
                # Where colours have no mean, as in a palette, resizing takes the nearest.
                shown = self.resize(small, Image.Resampling.BOX)
            return shown.encode(format, **params)
        except (OSError, ValueError):
            return None
