"""Fonts, as names only: pilaf draws no text.

The module is there so that libraries can be imported that draw text now and then. What would load a
font raises ImportError, as in a Pillow that was built without FreeType, and so does making one.
"""

from __future__ import annotations

import enum
from os import PathLike
from typing import IO, Any, NoReturn

MAX_STRING_LENGTH = 1_000_000


class Layout(enum.IntEnum):
    """Who lays text out."""

    BASIC = 0
    RAQM = 1


def _no_text() -> NoReturn:
    raise ImportError(
        "pilaf draws no text and loads no fonts (COMPAT.md): where text is needed, draw it with "
        "Pillow itself, and hand the image over with Image.from_pil and to_pil",
        name="pilaf._fonts",
    )


class BaseImageFont:
    """What all fonts have in common: nothing here."""


class ImageFont(BaseImageFont):
    """A bitmap font: not offered."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        _no_text()


class FreeTypeFont(BaseImageFont):
    """An outline font: not offered."""

    def __init__(
        self,
        font: str | bytes | PathLike[str] | IO[bytes],
        size: float = 10,
        index: int = 0,
        encoding: str = "",
        layout_engine: Layout | None = None,
    ) -> None:
        _no_text()


class TransposedFont(BaseImageFont):
    """A font whose text is turned: not offered."""

    def __init__(self, font: ImageFont | FreeTypeFont, orientation: int | None = None) -> None:
        _no_text()


def load(filename: str) -> NoReturn:
    """A bitmap font from a file: not offered.

    :raises ImportError: always.
    """
    _no_text()


def load_path(filename: str | bytes) -> NoReturn:
    """A bitmap font from the folders of Python's modules: not offered.

    :raises ImportError: always.
    """
    _no_text()


def truetype(
    font: str | bytes | PathLike[str] | IO[bytes],
    size: float = 10,
    index: int = 0,
    encoding: str = "",
    layout_engine: Layout | None = None,
) -> NoReturn:
    """An outline font: not offered.

    :raises ImportError: always.
    """
    _no_text()


def load_default_imagefont() -> NoReturn:
    """The bitmap font that Pillow has within: not offered.

    :raises ImportError: always.
    """
    _no_text()


def load_default(size: float | None = None) -> NoReturn:
    """The font that Pillow has within: not offered.

    :raises ImportError: always.
    """
    _no_text()
