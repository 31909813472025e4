"""From whatever holds encoded bytes to what the engine takes: `bytes`, or the path of a file."""

from __future__ import annotations

import os
from typing import Any, Protocol, TypeAlias


class Readable(Protocol):
    """An object with a method `read()` that returns bytes: seekable or not."""

    def read(self, size: int = ..., /) -> bytes: ...


ImageSource: TypeAlias = (
    "bytes | bytearray | memoryview | str | os.PathLike[str] | os.PathLike[bytes] | Readable"
)
"""Raw bytes, anything with the buffer protocol, a path, or an object with `read()`."""


def encoded(source: Any) -> bytes | str:
    """The bytes of `source`, or its path if it is one. `bytes` are passed on, not copied."""
    if isinstance(source, bytes):
        return source
    if isinstance(source, (str, os.PathLike)):
        return os.fsdecode(source)
    # Before the buffer protocol: an mmap has both, and its buffer is all of it at any position.
    if not hasattr(source, "read") or hasattr(source, "resize"):
        try:
            return bytes(memoryview(source))
        except TypeError:
            pass
    if hasattr(source, "read"):
        return _read(source)
    raise TypeError(
        f"an image is opened from bytes, a path or an object with read(), "
        f"not from {type(source).__name__}"
    )


def name_of(source: Any) -> str:
    """The name of the file behind `source`, if it has one."""
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "")
    return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else ""


def _read(file: Any) -> bytes:
    """All of `file` from its beginning, or from where it is when it cannot seek."""
    try:
        file.seek(0)
    except (AttributeError, OSError):  # io.UnsupportedOperation is an OSError
        pass
    pieces = []
    while piece := file.read():
        if isinstance(piece, str):
            raise TypeError(
                f"{type(file).__name__}.read() returned str: open the file in binary mode "
                "(open(path, 'rb')), and use io.BytesIO, not io.StringIO"
            )
        pieces.append(piece)
    return b"".join(pieces)
