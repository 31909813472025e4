"""What the first bytes of an image tell."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from . import _pilaf
from ._source import (
    check_path,
    check_shape,
    moved,
    pieces,
    position_of,
    refuse,
    refuse_images,
)

__all__ = ["Probe", "probe"]


class Probe(NamedTuple):
    """What is known of an image from its first bytes. Fields that are not known yet are None."""

    need: int
    """0 when the header is complete, else how many more bytes it takes at least."""
    format: str | None = None
    """`"JPEG"` or `"PNG"`."""
    size: tuple[int, int] | None = None
    """Width and height in pixels, as stored."""
    mode: str | None = None
    """The mode that decoding gives, such as `"RGB"`."""
    bits: int | None = None
    """Bits of one sample in the file: 1 to 16."""
    orientation: int | None = None
    """How the picture is to be turned for display: the EXIF value, 1 to 8; 1 is as stored."""
    frames: int | None = None
    """Frames of the animation; 1 for a still picture."""
    progressive: bool | None = None
    """Whether it is a progressive JPEG or an interlaced PNG."""
    icc_profile: bool | None = None
    """Whether there is a colour profile."""
    exif: bool | None = None
    """Whether there is EXIF data."""


def probe(
    source: Any,
    *,
    formats: list[str] | tuple[str, ...] | None = None,
    limits: _pilaf.Limits | None = None,
) -> Probe:
    """Reads the header of an image from its first bytes, and decodes nothing.

    :param source: the first bytes, as many as there are so far: `bytes` or anything with the buffer
        protocol. Also a path or an object with `read()`, of which no more is read than the header
        takes (in pieces of 64 KiB at least); one that can seek is read from its beginning and left
        where it was.
    :param formats: the only formats that are of interest, such as `["JPEG"]`. Default: all.
    :param limits: what the image may cost. Default: safe for hostile input.
    :returns: the header; when it goes on behind the bytes given, how many more are needed.
    :raises UnidentifiedImageError: the bytes are the beginning of no image; the message says why.
        Too few bytes are no error.
    :raises DecompressionBombError: the header states more than the limits allow.

    >>> import io, pilaf
    >>> body = pilaf.Image.new("RGB", (640, 480)).encode("PNG")
    >>> pilaf.probe(body[:36])
    Probe(need=5, format='PNG', size=(640, 480), mode=None, bits=None, orientation=None, \
frames=None, progressive=None, icc_profile=None, exif=None)
    >>> stream, data = io.BytesIO(body), b""
    >>> while (header := pilaf.probe(data)).need:
    ...     data += stream.read(header.need)      # or the next range of a remote object
    >>> header.size, header.orientation, len(data)
    ((640, 480), 1, 41)
    """
    allowed = None if formats is None else list(formats)
    if isinstance(source, bytes):
        return Probe(*_pilaf.probe(source, allowed, limits))
    if isinstance(source, (str, os.PathLike)):
        if isinstance(source, str):
            check_path(source)
        with open(source, "rb", buffering=0) as file:
            return _probe_file(file, allowed, limits)
    if not hasattr(source, "read") or hasattr(source, "resize"):
        refuse_images(source)
        try:
            view = memoryview(source)
        except TypeError:
            pass
        else:
            return _probe_view(view, allowed, limits)
    if hasattr(source, "read") and not hasattr(source, "namelist"):
        return _probe_file(source, allowed, limits)
    refuse(source)


def _probe_view(view: memoryview, formats: list[str] | None, limits: _pilaf.Limits | None) -> Probe:
    """Of a large buffer only the beginning is copied."""
    check_shape(view)
    if not view.c_contiguous:
        return Probe(*_pilaf.probe(bytes(view), formats, limits))
    flat = view.cast("B") if view.nbytes else memoryview(b"")
    have = 1 << 16
    while True:
        header = Probe(*_pilaf.probe(bytes(flat[:have]), formats, limits))
        if not header.need or have >= len(flat):
            return header
        have = max(4 * have, have + header.need)


def _probe_file(file: Any, formats: list[str] | None, limits: _pilaf.Limits | None) -> Probe:
    """Reads no further than the header goes."""
    before = position_of(file)
    if before is not None:
        moved(file, 0)
    limit = (limits or _pilaf.Limits()).max_input_bytes
    data, header = b"", Probe(*_pilaf.probe(b"", formats, limits))
    wanted = header.need
    try:
        for piece in pieces(file, limit):
            data += piece
            if len(data) >= wanted:
                header = Probe(*_pilaf.probe(data, formats, limits))
                wanted = len(data) + header.need
            if not header.need:
                return header
        return Probe(*_pilaf.probe(data, formats, limits))
    finally:
        if before is not None:
            moved(file, before)
