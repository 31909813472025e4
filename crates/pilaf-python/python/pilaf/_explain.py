"""Why bytes are not an image."""

from __future__ import annotations

import enum
import io
import os
from dataclasses import dataclass, replace
from typing import Any

from . import _pilaf
from ._repair import Repair
from ._source import encoded

__all__ = ["Code", "Diagnosis", "explain"]


class Code(str, enum.Enum):
    """What an input turned out to be. The names are stable, and the same in Rust, on the command
    line and in `exception.code`."""

    OK = "ok"
    EMPTY = "empty"
    EXHAUSTED = "exhausted"
    TEXT_MODE = "text_mode"
    ZEROS = "zeros"
    HTML = "html"
    JSON = "json"
    XML = "xml"
    TEXT = "text"
    BASE64 = "base64"
    DATA_URI = "data_uri"
    HEX = "hex"
    BYTES_LITERAL = "bytes_literal"
    OBJECT_TEXT = "object_text"
    NEWLINE_DAMAGE = "newline_damage"
    REPLACED_BYTES = "replaced_bytes"
    REENCODED = "reencoded"
    SEVEN_BIT = "seven_bit"
    COMPRESSED = "compressed"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    SVG = "svg"
    OTHER_IMAGE = "other_image"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER_FILE = "other_file"
    GIT_LFS_POINTER = "git_lfs_pointer"
    MULTIPART = "multipart"
    MISSING_START = "missing_start"
    LEADING_JUNK = "leading_junk"
    TRAILING_JUNK = "trailing_junk"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Diagnosis:
    """What an input is, and if it is no readable image, why and what to do.

    `str()` of it is a sentence or two for people.
    """

    code: Code
    """What it is."""
    message: str
    """What it is, in words, with the evidence."""
    offset: int | None = None
    """The byte where it shows; where the image begins, for one with something in front."""
    help: str | None = None
    """What to do about it."""
    format: str | None = None
    """The format of the image that is in there, readable or not."""
    size: tuple[int, int] | None = None
    """Its width and height in pixels, where the header is there."""
    salvage: float | None = None
    """The share of the picture that can be saved from a broken file, 0.0 to 1.0."""
    repair: Repair | None = None
    """The repair that takes the image out, when asked to: see `pilaf.repair`."""
    warnings: tuple[Diagnosis, ...] = ()
    """What else is odd; never a reason to refuse a readable image."""

    @property
    def ok(self) -> bool:
        """Whether the input is a readable image."""
        return self.code is Code.OK

    def __str__(self) -> str:
        text = self.message
        if self.offset is not None:
            text += f" (at byte {self.offset})"
        return f"{text}; {self.help}" if self.help else text


def explain(
    source: Any,
    *,
    name: str | None = None,
    media_type: str | None = None,
    limits: _pilaf.Limits | None = None,
) -> Diagnosis:
    """Finds out what `source` is: a readable image, or why not.

    All of it is read, and an image is decoded to its end. Nothing is repaired, and what the
    bytes are is never an exception.

    :param source: whatever `Image.open` takes, and text.
    :param name: the name that the file goes by. Default: the path, or the `name` of a file object.
    :param media_type: what a server or form stated, such as `"image/png"`.
    :param limits: what decoding may cost, in place of the safe defaults.
    :raises OSError: a file cannot be read.
    :raises TypeError: `source` is nothing that holds bytes.

    >>> import pilaf
    >>> diagnosis = pilaf.explain(b"<html><title>404 Not Found</title>")
    >>> diagnosis.code
    <Code.HTML: 'html'>
    >>> diagnosis.message
    'the input is an HTML page titled "404 Not Found"'
    """
    if isinstance(source, str) and not os.path.exists(source):
        return _explain_text(source, limits)
    if isinstance(source, io.TextIOBase) or _gives_text(source):
        return Diagnosis(
            Code.TEXT_MODE,
            f"the input is a {type(source).__name__}, which gives text and no bytes",
            help="open the file in binary mode (open(path, 'rb')), and use io.BytesIO, not "
            "io.StringIO",
        )
    if name is None:
        name = _name_of(source)
    position, size = _place(source)
    try:
        data = encoded(source, limits)
    except (_pilaf.UnidentifiedImageError, _pilaf.DecompressionBombError) as error:
        # A stream that gives nothing, or too much.
        message = str(error).removesuffix(f"; {error.help}")
        return Diagnosis(Code(error.code), message, error.offset, error.help)
    diagnosis = _from_tuple(_pilaf.explain(data, limits, name, media_type))
    if position is not None and size and position >= size:
        warning = Diagnosis(
            Code.EXHAUSTED,
            f"the file object is at its end, byte {position} of {size}: it was read or written "
            "and not rewound",
            help="pilaf reads from the beginning; for others, call file.seek(0)",
        )
        diagnosis = _with_warning(diagnosis, warning)
    return diagnosis


def _from_tuple(fields: tuple[Any, ...]) -> Diagnosis:
    code, message, offset, help, format, size, salvage, repair, warnings = fields
    repair = None if repair is None else Repair(repair)
    others = tuple(map(_from_tuple, warnings))
    return Diagnosis(Code(code), message, offset, help, format, size, salvage, repair, others)


def _with_warning(diagnosis: Diagnosis, warning: Diagnosis) -> Diagnosis:
    return replace(diagnosis, warnings=(*diagnosis.warnings, warning))


def _explain_text(text: str, limits: _pilaf.Limits | None) -> Diagnosis:
    """Of a `str` that names no file: an image written as text, or the name of a missing file."""
    diagnosis = _from_tuple(_pilaf.explain(text.encode("utf-8", "surrogateescape"), limits))
    if diagnosis.code is not Code.TEXT:
        return diagnosis
    if len(text) < 1024 and "\n" not in text:
        raise FileNotFoundError(2, "No such file", text)
    return Diagnosis(Code.TEXT_MODE, "the input is text and no bytes", help=diagnosis.help)


def _gives_text(source: Any) -> bool:
    """Whether a wrapper around a text file was given, as `tempfile` makes them."""
    return hasattr(source, "read") and isinstance(getattr(source, "encoding", None), str)


def _name_of(source: Any) -> str | None:
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", None)
    return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else None


def _place(source: Any) -> tuple[int | None, int | None]:
    """Position and size of a file object that can seek."""
    try:
        position = source.tell()
        size = source.seek(0, os.SEEK_END)
        source.seek(position)
        return position, size if size is not None else None
    except (AttributeError, OSError, TypeError, ValueError):
        return None, None
