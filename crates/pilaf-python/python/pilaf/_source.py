"""From whatever holds encoded bytes to what the engine takes: `bytes`, the path of a file, or a
spooled file.

Position rules, in one place:

- A file object that can seek is read from its beginning, wherever it stands, and stands there again
  afterwards. With `start=` it is read from there, and afterwards stands behind the image.
- One that cannot seek is read once, from where it is to its end, into a file that stays in memory
  up to `SPOOL` bytes and then goes to an unnamed temporary file.
- `thumbnail` reads both while it works, no further than it needs, and spools nothing.
- Neither is read past `Limits.max_input_bytes`, and neither is needed any more once it was read.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import stat
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, NoReturn, Protocol, TypeAlias

from . import _pilaf
from .io import BytesIO, SpooledTemporaryFile


class Readable(Protocol):
    """An object with a method `read()` that returns bytes: seekable or not."""

    def read(self, size: int = ..., /) -> bytes: ...


ImageSource: TypeAlias = (
    "bytes | bytearray | memoryview | str | os.PathLike[str] | os.PathLike[bytes] | Readable"
)
"""Raw bytes, anything with the buffer protocol, a path, or an object with `read()`."""

Start: TypeAlias = int | Literal["current"]
"""Where in a source the image begins: a byte offset, or where the file object stands."""

Encoded: TypeAlias = bytes | str | SpooledTemporaryFile
"""What the engine takes."""

#: Bytes of a stream that stay in memory; more go to the disk.
SPOOL = 16 << 20
_PIECE = 64 * 1024
_LARGEST_PIECE = 8 << 20
_STREAMED_PIECE = 1 << 20


class Input(NamedTuple):
    """Encoded bytes, and where in them and in the file they came from the image begins."""

    data: Encoded
    skip: int
    file_start: int


def encoded(source: Any, limits: _pilaf.Limits | None = None) -> Encoded:
    """The bytes of `source`, or its path if it is one. `bytes` are passed on, not copied."""
    return located(source, None, limits).data


@contextlib.contextmanager
def streamed(
    source: Any, limits: _pilaf.Limits | None = None
) -> Iterator[Encoded | Iterator[bytes]]:
    """What :func:`encoded` gives, but of a file object its pieces, to be read one by one."""
    found = _at_hand(source, None, limits)
    if found is not None:
        yield found.data
        return
    _check_readable(source)
    limit = (limits or _pilaf.Limits()).max_input_bytes
    before = position_of(source)
    seeks = before is not None and moved(source, 0)
    parts = pieces(source, limit, largest=_STREAMED_PIECE)
    if not seeks:
        first = next(parts, None)
        if first is None:
            raise _nothing_more()
        parts = itertools.chain([first], parts)
    try:
        yield parts
    finally:
        if before is not None and seeks:
            moved(source, before)


def located(source: Any, start: Start | None, limits: _pilaf.Limits | None = None) -> Input:
    """The bytes of `source`, of which those from `start` on are wanted."""
    found = _at_hand(source, start, limits)
    limit = (limits or _pilaf.Limits()).max_input_bytes
    return found if found is not None else _read(source, start, limit)


def _at_hand(source: Any, start: Start | None, limits: _pilaf.Limits | None) -> Input | None:
    """The same, unless `source` is a file object that has to be read."""
    if not (start is None or start == "current" or (isinstance(start, int) and start >= 0)):
        raise ValueError(f'start is a byte offset or "current", not {start!r}')
    if isinstance(source, bytes):
        return _whole(source, start, 0)
    if isinstance(source, (str, os.PathLike)):
        if isinstance(source, str):
            check_path(source)
        return _whole(os.fsdecode(source), start, 0)
    if getattr(source, "closed", False) is True:
        raise ValueError(
            f"the {type(source).__name__} is closed: open the image before that, or keep its bytes"
        )
    limit = (limits or _pilaf.Limits()).max_input_bytes
    if type(source) is SpooledTemporaryFile and "b" in source.mode:
        return _whole(source, start, source.tell())
    if type(source) in (io.BytesIO, BytesIO):
        # Its contents, without a copy, and it need not be moved.
        data = source.getvalue()
        _check(len(data), limit)
        return _whole(data, start, source.tell())
    refuse_images(source)
    # Before read(): an mmap has both, and its buffer is all of it at any position.
    if not hasattr(source, "read") or hasattr(source, "resize"):
        try:
            view = memoryview(source)
        except TypeError:
            pass
        else:
            check_shape(view)
            _check(view.nbytes, limit)
            position = source.tell() if hasattr(source, "tell") else 0
            return _whole(bytes(view), start, position)
    if hasattr(source, "read") and not hasattr(source, "namelist"):
        return None
    refuse(source)


def name_of(source: Any) -> str:
    """The name of the file behind `source`, if it has one."""
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "")
    return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else ""


def in_memory(data: Encoded) -> bytes:
    """The encoded bytes themselves, wherever they are."""
    if isinstance(data, str):
        with open(data, "rb") as file:
            return file.read()
    return data if isinstance(data, bytes) else data.getvalue()


def check_path(path: str) -> None:
    """Refuses what is a URL or an image written as text, where a path is expected.

    :raises UnidentifiedImageError: it is base64, a `data:` URI, ...; the message says of what.
    :raises FileNotFoundError: it is a URL, or empty.
    """
    if not path:
        raise FileNotFoundError(2, "the path is empty: check where it comes from", path)
    scheme = path[:8].partition("://")
    if scheme[1] and scheme[0].isalpha() and not os.path.exists(path):
        advice = "a URL, not a path: download it first, and pass what comes"
        raise FileNotFoundError(2, advice, path)
    if len(path) > 64 and (path[:5] == "data:" or not os.path.exists(path)):
        code, message, offset, help, *_ = _pilaf.explain(path.encode("utf-8", "surrogateescape"))
        if code in ("base64", "data_uri", "hex", "bytes_literal"):
            error = _pilaf.UnidentifiedImageError(
                f"{message}, and no path; a str is taken for a path; {help}"
            )
            error.kind, error.code, error.offset, error.help = "unrecognized", code, offset, help
            raise error


def _whole(data: Encoded, start: Start | None, position: int) -> Input:
    skip = position if start == "current" else start or 0
    return Input(data, skip, skip)


def _read(file: Any, start: Start | None, limit: int) -> Input:
    """What `file` has from `start` on."""
    _check_readable(file)
    before = position_of(file)
    begin = before if start == "current" else start or 0
    if before is None or begin is None or not moved(file, begin):
        # What was read before is gone: an offset counts from here.
        spool = SpooledTemporaryFile(SPOOL)
        for piece in pieces(file, limit):
            spool.write(piece)
        if spool.tell() == 0:
            raise _nothing_more()
        return Input(spool, start if isinstance(start, int) else 0, 0)
    try:
        data = b"".join(pieces(file, limit, _expected_size(file, begin)))
    finally:
        moved(file, before)
    if not data and begin > 0:
        raise exhausted(
            f"the file object has nothing from byte {begin} on: it stands at its end",
            "seek to where the image begins, or open it without start= to read from the beginning",
        )
    return Input(data, 0, begin)


def _check_readable(file: Any) -> None:
    if getattr(file, "readable", _yes)() is False:
        raise io.UnsupportedOperation(
            f"the {type(file).__name__} is open for writing only: open the file with 'rb'"
        )


def _nothing_more() -> _pilaf.UnidentifiedImageError:
    return exhausted(
        "the input is a stream that gives no more bytes: it was empty, or it was read before",
        "read it once, keep the bytes, and open those as often as you like",
    )


def _yes() -> bool:
    return True


def position_of(file: Any) -> int | None:
    """Where a file object stands; None if it cannot seek."""
    try:
        position = file.tell()
        file.seek(position)
    # What cannot seek raises UnsupportedOperation, AttributeError, or an error of its own.
    except Exception:
        return None
    return position if isinstance(position, int) else None


def moved(file: Any, position: int) -> bool:
    """Whether `file` could be moved to `position`: a tar stream, say, only goes forward."""
    try:
        file.seek(position)
    except Exception:
        return False
    return True


def _expected_size(file: Any, position: int) -> int:
    """How much a regular file is about to give, as a hint."""
    try:
        status = os.fstat(file.fileno())
    except (AttributeError, OSError, TypeError, ValueError):
        return 0
    return max(status.st_size - position, 0) if stat.S_ISREG(status.st_mode) else 0


def pieces(
    file: Any, limit: int, expected: int = 0, largest: int = _LARGEST_PIECE
) -> Iterator[bytes]:
    """What `file` gives until its end. Raw files and sockets may give less than was asked for."""
    total = 0
    # One byte more than is expected tells that nothing follows.
    size = min(expected + 1, limit + 1) if expected else _PIECE
    while piece := file.read(max(min(size, limit + 1 - total), 1)):
        if not isinstance(piece, bytes):
            piece = _to_bytes(file, piece)
        total += len(piece)
        _check(total, limit)
        yield piece
        size = min(max(2 * size, _PIECE), largest)


def _to_bytes(file: Any, piece: Any) -> bytes:
    kind = type(file).__name__
    if isinstance(piece, str):
        raise text_mode(
            f"{kind}.read() returned str: open the file in binary mode (open(path, 'rb')), and use "
            "io.BytesIO, not io.StringIO"
        )
    if hasattr(piece, "__await__"):
        if hasattr(piece, "close"):
            piece.close()
        raise TypeError(
            f"{kind}.read() is async: use await pilaf.aopen(...), or its file "
            "(an UploadFile's .file)"
        )
    try:
        return bytes(memoryview(piece))
    except TypeError:
        raise TypeError(f"{kind}.read() returned {type(piece).__name__}, not bytes") from None


def text_mode(message: str) -> TypeError:
    """The error for text in place of bytes, with the code of the diagnosis."""
    error = TypeError(message)
    error.code = "text_mode"  # type: ignore[attr-defined]
    return error


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise over_limit(limit)


def over_limit(limit: int) -> _pilaf.DecompressionBombError:
    """The error for a source with more bytes than `Limits.max_input_bytes`."""
    help = (
        "pass limits=pilaf.Limits(max_input_bytes=...) with a larger one if you trust where it "
        "came from"
    )
    error = _pilaf.DecompressionBombError(
        f"the input has more than {limit} bytes, the limit max_input_bytes; {help}"
    )
    error.kind = error.code = "limit"
    error.offset, error.help = None, help
    return error


def exhausted(message: str, help: str) -> _pilaf.UnidentifiedImageError:
    """The error for a file object that has nothing more to give."""
    error = _pilaf.UnidentifiedImageError(f"{message}; {help}")
    error.kind, error.code, error.offset, error.help = "unrecognized", "exhausted", None, help
    return error


def refuse_images(source: Any) -> None:
    """Refuses an image, which is a buffer, too: of pixels."""
    from ._image.base import BaseImage

    if isinstance(source, BaseImage):
        refuse(source)


def check_shape(view: memoryview) -> None:
    """Encoded images are one row of bytes, if in an array of two dimensions."""
    start = view[:8] if view.ndim else view
    if view.itemsize > 1 and _pilaf.sniff(start.tobytes()) is None:
        raise TypeError(
            f"an array of items of {view.itemsize} bytes is not the bytes of a file: make it one "
            "of uint8 if each item is a byte, such as array.astype('uint8')"
        )
    if view.ndim > 1 and view.shape is not None and sum(side > 1 for side in view.shape) > 1:
        raise TypeError(
            f"an array of shape {tuple(view.shape)} holds pixels, not the bytes of a file: "
            "use Image.fromarray"
        )


def refuse(source: Any) -> NoReturn:
    """Says why `source` is nothing to open, and what to open instead."""
    kind = type(source).__name__
    message = f"an image is opened from bytes, a path or an object with read(), not from {kind}"
    advice = _advice(source)
    raise TypeError(f"{message}: {advice}" if advice else message)


def _advice(source: Any) -> str | None:
    if source is None:
        return "check what returned None: a query without a row, a form without the field"
    if isinstance(source, dict):
        usual = ("bytes", "Body", "body", "data", "image", "content", "file")
        key = next((key for key in usual if source.get(key) is not None), "bytes")
        return f"pass the value that holds the bytes, such as source[{key!r}]"
    if hasattr(source, "namelist") or hasattr(source, "extractfile"):
        return (
            "open one of its members: archive.open(name), of a tar file archive.extractfile(name)"
        )
    if isinstance(source, (list, tuple)):
        return "open them one by one; a list of numbers becomes bytes with bytes(numbers)"
    if hasattr(source, "content") and hasattr(source, "status_code"):
        return "pass response.content"
    if hasattr(source, "tobytes") and hasattr(source, "size") and hasattr(source, "mode"):
        return "it is an image already"
    if hasattr(source, "file") and hasattr(source.file, "read"):
        return "pass its .file"
    if hasattr(source, "data") and isinstance(source.data, bytes):
        return "pass its .data"
    return None
