"""Statistics of an image, or of its histogram.

>>> from pilaf import Image, ImageStat
>>> ImageStat.Stat(Image.new("RGB", (4, 4), (10, 20, 30))).mean
[10.0, 20.0, 30.0]
"""

from __future__ import annotations

import math
from functools import cached_property

from . import Image


class Stat:
    """One number for each band of an image, worked out of 256 counts a band when it is asked for.

    :param image_or_list: an image, or a histogram of 256 counts a band. Modes I and F are counted
        in 256 bins from their least to their greatest value.
    :param mask: the pixels to count. Default: all.
    :raises TypeError: it is neither.
    """

    def __init__(
        self, image_or_list: Image.Image | list[int], mask: Image.Image | None = None
    ) -> None:
        if isinstance(image_or_list, Image.Image):
            self.h = image_or_list.histogram(mask)
        elif isinstance(image_or_list, list):
            self.h = image_or_list
        else:
            raise TypeError("first argument must be image or list")
        self.bands = list(range(len(self.h) // 256))

    @cached_property
    def _counts(self) -> list[list[int]]:
        return [self.h[start : start + 256] for start in range(0, len(self.h), 256)]

    @cached_property
    def extrema(self) -> list[tuple[int, int]]:
        """Least and greatest value; (255, 0) if there are no pixels."""
        used = ([value for value in range(256) if counts[value]] for counts in self._counts)
        return [(values[0], values[-1]) if values else (255, 0) for values in used]

    @cached_property
    def count(self) -> list[int]:
        """Pixels."""
        return [sum(counts) for counts in self._counts]

    @cached_property
    def sum(self) -> list[int]:
        """Sum of all pixels."""
        return [sum(value * counts[value] for value in range(256)) for counts in self._counts]

    @cached_property
    def sum2(self) -> list[int]:
        """Sum of the squares of all pixels."""
        return [sum(value**2 * counts[value] for value in range(256)) for counts in self._counts]

    @cached_property
    def mean(self) -> list[float]:
        """Mean."""
        return [self.sum[i] / self.count[i] if self.count[i] else 0 for i in self.bands]

    @cached_property
    def median(self) -> list[int]:
        """Median; 255 if there are no pixels."""
        return [_median(self._counts[i], self.count[i] // 2) for i in self.bands]

    @cached_property
    def rms(self) -> list[float]:
        """Root of the mean square."""
        return [math.sqrt(self.sum2[i] / self.count[i]) if self.count[i] else 0 for i in self.bands]

    @cached_property
    def var(self) -> list[float]:
        """Variance."""
        return [self._variance(i) if self.count[i] else 0 for i in self.bands]

    def _variance(self, i: int) -> float:
        count = self.count[i]
        return (self.sum2[i] - (self.sum[i] ** 2) / count) / count

    @cached_property
    def stddev(self) -> list[float]:
        """Standard deviation."""
        return [math.sqrt(self.var[i]) for i in self.bands]


def _median(counts: list[int], half: int) -> int:
    seen = 0
    for value, count in enumerate(counts):
        seen += count
        if seen > half:
            return value
    return 255


Global = Stat
