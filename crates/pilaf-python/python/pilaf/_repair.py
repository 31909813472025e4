"""Taking an image out of what it was wrapped in: on request only, step by step, each step told."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import _pilaf
from ._source import encoded, in_memory

__all__ = ["Repair", "Repaired", "Step", "from_base64", "repair"]


class Repair(str, enum.Enum):
    """A way of taking an image out of what it was wrapped in. The names are stable, and the same in
    Rust and on the command line."""

    FROM_BASE64 = "from_base64"
    """Decodes base64 text (both alphabets) or a `data:` URI."""
    FROM_HEX = "from_hex"
    """Decodes hexadecimal text, such as a `bytea` of PostgreSQL."""
    FROM_LITERAL = "from_literal"
    """Decodes the source text of bytes: `b'\\xff\\xd8...'`, a list of numbers."""
    FROM_MULTIPART = "from_multipart"
    """Takes the image out of a multipart or HTTP message."""
    GUNZIP = "gunzip"
    """Decompresses gzip and zlib data; checksums must be right."""
    STRIP_JUNK = "strip_junk"
    """Cuts off what is in front of and behind an image."""
    RESTORE_NEWLINES = "restore_newlines"
    """Turns CR LF back into LF in a PNG; the checksums of all chunks must be right then."""
    FROM_LATIN1 = "from_latin1"
    """Turns characters back into bytes that were taken for text; none may be lost."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Step:
    """One repair that was made. `str()` of it is a sentence for people."""

    repair: Repair
    """Which one."""
    bytes_before: int
    """How many bytes there were before."""
    bytes_after: int
    """How many bytes there are now."""
    message: str
    """What was done, in words."""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Repaired:
    """An image, and what was done to get at it."""

    data: bytes
    """The encoded image."""
    steps: tuple[Step, ...]
    """What was done, in order; nothing for data that are an image as they are."""


def repair(
    source: Any,
    allow: Iterable[Repair | str] | None = None,
    *,
    limits: _pilaf.Limits | None = None,
) -> Repaired:
    """Takes an image out of what it was wrapped in.

    Each step is the one that `pilaf.explain` names for what is there. The result begins as an
    image; whether it decodes, opening it will tell.

    :param source: whatever `Image.open` takes, but a `str` is text here, never a path.
    :param allow: the repairs that may be made, such as `["from_base64", "gunzip"]`. Default: all.
    :param limits: bounds on what is read and on the result of each step (`max_input_bytes`).
    :raises UnidentifiedImageError: no repair is known for what is there, or it is not among those
        allowed; the message says what it is.
    :raises DecompressionBombError: a step gives more than the limits allow.
    :raises ValueError: a name is no repair.

    >>> import base64, pilaf
    >>> body = pilaf.Image.new("RGB", (20, 10)).encode("PNG")
    >>> repaired = pilaf.repair("data:image/png;base64," + base64.b64encode(body).decode())
    >>> repaired.data == body
    True
    >>> [step.repair.value for step in repaired.steps]
    ['from_base64']
    """
    allowed = None if allow is None else [str(one) for one in allow]
    data, steps = _pilaf.repair(_bytes(source, limits), allowed, limits)
    return Repaired(
        data,
        tuple(Step(Repair(name), before, after, text) for name, before, after, text in steps),
    )


def from_base64(text: str | bytes, *, limits: _pilaf.Limits | None = None) -> bytes:
    """Decodes base64 text (either alphabet, with or without padding and line breaks) or a data URI.

    :param text: as `str` or as ASCII bytes.
    :param limits: the bound on the result (`max_input_bytes`).
    :raises ValueError: the text is no base64; the message says where.
    :raises DecompressionBombError: the result is larger than the limits allow.

    >>> import pilaf
    >>> pilaf.from_base64("data:image/jpeg;base64,/9j/4AAQ")
    b'\\xff\\xd8\\xff\\xe0\\x00\\x10'
    """
    return _pilaf.from_base64(_text_bytes(text) if isinstance(text, str) else bytes(text), limits)


def _text_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _bytes(source: Any, limits: _pilaf.Limits | None) -> bytes:
    if isinstance(source, str):
        return _text_bytes(source)
    if isinstance(source, os.PathLike):
        with open(source, "rb") as file:
            return _bytes(file, limits)
    return in_memory(encoded(source, limits))
