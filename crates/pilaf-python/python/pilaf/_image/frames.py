"""Frames: an image that was made has one."""

from __future__ import annotations

from .base import BaseImage


class Frames(BaseImage):
    """`seek`, `tell`."""

    def seek(self, frame: int) -> None:
        """Goes to a frame, counted from 0.

        :raises EOFError: there is no such frame.
        """
        if frame != 0:
            raise EOFError("no more images in file")

    def tell(self) -> int:
        """The number of the frame that is shown."""
        return 0
