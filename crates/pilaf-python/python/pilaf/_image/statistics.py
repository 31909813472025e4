"""Numbers about an image."""

from __future__ import annotations

from typing import Any

from .. import _pilaf
from .base import BaseImage


class Statistics(BaseImage):
    """`histogram`, `entropy`, `getbbox`, `getcolors`, `getextrema`, `getprojection`."""

    def histogram(
        self, mask: BaseImage | None = None, extrema: tuple[float, float] | None = None
    ) -> list[int]:
        """How often each of 256 values occurs, for the first band, then the second, ...

        :param mask: of mode 1 or L and of the same size: pixels where it is 0 do not count.
        :param extrema: for modes I and F, the values of the first and of the last bin. Default:
            those of :meth:`getextrema`.
        :raises ValueError: the mask has another mode or size.
        """
        return _pilaf.histogram(*self._counted(mask, extrema))

    def entropy(
        self, mask: BaseImage | None = None, extrema: tuple[float, float] | None = None
    ) -> float:
        """The entropy of the :meth:`histogram` in bits; the parameters are its.

        >>> from pilaf import Image
        >>> Image.frombytes("L", (2, 1), b"ab").entropy()
        1.0
        """
        return _pilaf.entropy(*self._counted(mask, extrema))

    def _counted(
        self, mask: BaseImage | None, extrema: tuple[float, float] | None
    ) -> tuple[_pilaf.Core, _pilaf.Core | None, tuple[float, float] | None]:
        if mask is not None:
            return self.core, mask.core, None
        if self.mode in ("I", "F"):
            if extrema is None:
                extrema = self.getextrema()
            if extrema is not None and self.mode == "I":
                extrema = extrema[0].__index__(), extrema[1].__index__()  # type: ignore[union-attr]
            return self.core, None, extrema
        return self.core, None, None

    def getbbox(self, *, alpha_only: bool = True) -> tuple[int, int, int, int] | None:
        """The region (left, top, right, bottom) outside of which all pixels are 0; None if all
        are.

        :param alpha_only: where there is alpha, only it counts.

        >>> from pilaf import Image
        >>> image = Image.new("L", (9, 9))
        >>> image.putpixel((3, 4), 1)
        >>> image.getbbox()
        (3, 4, 4, 5)
        """
        return _pilaf.getbbox(self.core, bool(alpha_only))

    def getcolors(self, maxcolors: int = 256) -> list[tuple[int, Any]] | None:
        """How often each colour occurs, and the colour, in no order; None if there are more than
        `maxcolors`."""
        core = self.core
        if self.mode not in ("1", "L", "P"):
            return _pilaf.getcolors(core, maxcolors)
        counts = enumerate(_pilaf.histogram(core))
        found: list[tuple[int, Any]] = [(count, value) for value, count in counts if count]
        return None if len(found) > maxcolors else found

    def getextrema(self) -> Any:
        """The smallest and the largest value; of several bands a tuple of one such pair each."""
        core = self.core
        if len(self.getbands()) == 1:  # type: ignore[attr-defined]
            return _pilaf.getextrema(core)
        return tuple(_pilaf.getextrema(band) for band in _pilaf.split(core))

    def getprojection(self) -> tuple[list[int], list[int]]:
        """For each column and for each row, 1 if it has a pixel that is not 0, else 0."""
        columns, rows = _pilaf.getprojection(self.core)
        return list(columns), list(rows)
