"""Which formats there are: what :mod:`pilaf.Image` and the modules of formats share."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from . import _pilaf
from ._source import Encoded, in_memory, name_of

if TYPE_CHECKING:
    from .Image import Image
    from .ImageFile import ImageFile

ID: list[str] = []
"""The formats that can be opened."""
OPEN: dict[str, tuple[Callable[..., Any], Callable[[bytes], bool | str] | None]] = {}
"""For each format what opens it, and what tells from 16 bytes whether it is one."""
SAVE: dict[str, Callable[[Image, IO[bytes], str | bytes], None]] = {}
"""For each format what writes it."""
SAVE_ALL: dict[str, Callable[[Image, IO[bytes], str | bytes], None]] = {}
"""For each format that has frames what writes several."""
EXTENSION: dict[str, str] = {}
"""The format of each extension, such as `".jpg"`."""
MIME: dict[str, str] = {}
"""The media type of each format."""

files: dict[str, type[ImageFile]] = {}
"""The classes of images of pilaf's own formats."""


def preinit() -> None:
    """Makes the formats of pilaf known, as opening and saving do by themselves."""
    if len(files) < len(_pilaf.MEDIA_TYPES):
        from . import JpegImagePlugin, PngImagePlugin  # noqa: F401  (they register themselves)


def init() -> bool:
    """As :func:`preinit`: there are no other formats than those of pilaf and those that were
    registered.

    :returns: whether it was the first call.
    """
    first = not _initialized
    _initialized.add(True)
    preinit()
    return first


_initialized: set[bool] = set()


def register_own(factory: type[ImageFile]) -> None:
    """Makes one of pilaf's own formats known."""
    id = factory.format or ""
    files[id] = factory
    register_open(id, factory, lambda prefix: _pilaf.sniff(prefix) == id)
    register_save(id, lambda im, fp, _: _write(im, fp, id))
    register_mime(id, _pilaf.MEDIA_TYPES[id])
    register_extensions(id, [ext for ext, format in _pilaf.EXTENSIONS.items() if format == id])


def _write(image: Image, fp: IO[bytes], id: str) -> None:
    fp.write(image.encode(id, **image.encoderinfo))


def register_open(
    id: str,
    factory: Callable[..., Any],
    accept: Callable[[bytes], bool | str] | None = None,
) -> None:
    """Makes a format known to :func:`open`, which asks those of pilaf first.

    :param id: the name of the format.
    :param factory: called with a file object and a file name; a class derived from
        :class:`pilaf.ImageFile.ImageFile`. It raises SyntaxError if it is another format.
    :param accept: whether the first 16 bytes are of the format.
    """
    id = id.upper()
    if id not in ID:
        ID.append(id)
    OPEN[id] = factory, accept


def register_mime(id: str, mimetype: str) -> None:
    """Sets the media type of a format."""
    MIME[id.upper()] = mimetype


def register_save(id: str, driver: Callable[[Image, IO[bytes], str | bytes], None]) -> None:
    """Makes a format known to `Image.save`.

    :param driver: called with the image, a file object and a file name; the keyword arguments of
        `save` are in `image.encoderinfo`.
    """
    SAVE[id.upper()] = driver


def register_save_all(id: str, driver: Callable[[Image, IO[bytes], str | bytes], None]) -> None:
    """Makes a format with frames known to `Image.save`, for `save_all=True`."""
    SAVE_ALL[id.upper()] = driver


def register_extension(id: str, extension: str) -> None:
    """Makes an extension stand for a format.

    :param extension: with its dot.
    """
    EXTENSION[extension.lower()] = id.upper()


def register_extensions(id: str, extensions: list[str]) -> None:
    """As :func:`register_extension`, for several."""
    for extension in extensions:
        register_extension(id, extension)


def registered_extensions() -> dict[str, str]:
    """The format of each extension."""
    init()
    return EXTENSION


def open_registered(
    source: Encoded, skip: int, fp: Any, formats: list[str] | tuple[str, ...] | None
) -> Image | None:
    """The image of a format that somebody registered, if it is of one."""
    others = [
        OPEN[id]
        for id in ID
        if id not in _pilaf.MEDIA_TYPES and (formats is None or id in map(str.upper, formats))
    ]
    if not others:
        return None
    data = in_memory(source)[skip:]
    for factory, accept in others:
        if accept is not None and accept(data[:16]) is not True:
            continue
        try:
            image: Image = factory(io.BytesIO(data), name_of(fp))
        except (SyntaxError, IndexError, TypeError, struct.error):
            continue
        return image
    return None
