from __future__ import annotations

from typing import Any


class Peer:
    """What a peer does. What it does not offer stays as it is here; what fails raises.

    A picture is whatever the library works on: an ``Image``, an array. Encoded images are bytes.
    """

    def versions(self) -> list[str]:
        """The libraries that the report names, with their versions."""
        raise NotImplementedError

    def picture(self, width: int, height: int, rgb: bytes) -> Any:
        """The library's own form of packed RGB rows; not timed."""
        raise NotImplementedError

    def pixels(self, picture: Any) -> tuple[int, int, bytes]:
        """Width, height and packed RGB rows of a picture; not timed."""
        raise NotImplementedError

    def thumbnail(self, jpeg: bytes, width: int, quality: int) -> bytes:
        """A JPEG `width` wide (Lanczos, 4:2:0), proportions kept."""
        raise NotImplementedError

    def decode(self, jpeg: bytes) -> Any:
        """A picture of all pixels, all of them decoded."""
        raise NotImplementedError

    def probe(self, jpeg: bytes) -> tuple[int, int]:
        """Width and height from the header."""
        raise NotImplementedError

    def resize(self, picture: Any, width: int, height: int, filter: str) -> Any:
        """A smaller picture, all of its pixels computed."""
        raise NotImplementedError

    def encode(self, picture: Any, quality: int) -> bytes:
        """A baseline JPEG, 4:2:0, standard Huffman tables."""
        raise NotImplementedError


def height_for(width: int, size: tuple[int, int]) -> int:
    """The height that keeps the proportions of `size`."""
    return max(1, round(size[1] * width / size[0]))
