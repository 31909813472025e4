"""The frames of an animation, one after the other.

>>> from pilaf import Image, ImageSequence
>>> [frame.size for frame in ImageSequence.Iterator(Image.new("L", (4, 3)))]
[(4, 3)]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import Image

if TYPE_CHECKING:
    from typing_extensions import Self


class Iterator:
    """Goes through the frames of an image, which is the same object each time, at another frame.

    `iterator[n]` goes to one frame; there being none raises IndexError.

    :param im: an image.
    :raises AttributeError: it has no frames.
    """

    def __init__(self, im: Image.Image) -> None:
        if not hasattr(im, "seek"):
            raise AttributeError("im must have seek method")
        self.im = im
        self.position: int = getattr(im, "_min_frame", 0)

    def __getitem__(self, ix: int) -> Image.Image:
        try:
            self.im.seek(ix)
        except EOFError as error:
            raise IndexError("end of sequence") from error
        return self.im

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Image.Image:
        try:
            self.im.seek(self.position)
        except EOFError as error:
            raise StopIteration("end of sequence") from error
        self.position += 1
        return self.im


def all_frames(
    im: Image.Image | list[Image.Image],
    func: Callable[[Image.Image], Image.Image] | None = None,
) -> list[Image.Image]:
    """A copy of every frame, through `func` if there is one.

    :param im: an image, or several.
    """
    frames = []
    for image in im if isinstance(im, list) else [im]:
        current = image.tell()
        try:
            frames += [frame.copy() for frame in Iterator(image)]
        finally:
            image.seek(current)
    return [func(frame) for frame in frames] if func else frames
