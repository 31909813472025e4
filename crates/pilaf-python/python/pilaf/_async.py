"""Opening and shrinking without blocking an event loop."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from . import Image, _pilaf
from ._source import SPOOL, encoded, over_limit
from ._thumbnail import thumbnail
from .io import SpooledTemporaryFile

__all__ = ["aopen", "athumbnail"]

_PIECE = 1 << 20


async def aopen(source: Any, *, limits: _pilaf.Limits | None = None, **options: Any) -> Image.Image:
    """`Image.open`, then the pixels decoded, in a worker thread.

    :param source: whatever `Image.open` takes, or an object with an async `read()`, such as
        Starlette's `UploadFile` or a response of aiohttp; such a one is read on the loop, up to
        `limits.max_input_bytes`.
    :param limits: what the image may cost, in place of the safe defaults.
    :param options: those of `Image.open`.
    :raises: what `Image.open` and `Image.load` raise.

    >>> import asyncio, pilaf
    >>> body = pilaf.Image.new("RGB", (20, 10)).encode("PNG")
    >>> asyncio.run(pilaf.aopen(body)).size
    (20, 10)
    """
    data = await _settled(source, limits)

    def work() -> Image.Image:
        image = Image.open(data, limits=limits, **options)
        image.load()
        return image

    return await asyncio.to_thread(work)


async def athumbnail(
    source: Any, size: tuple[int, int], *, limits: _pilaf.Limits | None = None, **options: Any
) -> bytes:
    """`pilaf.thumbnail` in a worker thread. `source` is as for `aopen`.

    >>> import asyncio, pilaf
    >>> body = pilaf.Image.new("RGB", (400, 300)).encode("JPEG")
    >>> pilaf.Image.open(asyncio.run(pilaf.athumbnail(body, (100, 100)))).size
    (100, 75)
    """
    data = await _settled(source, limits)
    return await asyncio.to_thread(thumbnail, data, size, limits=limits, **options)


async def _settled(source: Any, limits: _pilaf.Limits | None) -> Any:
    """`source`, or the bytes that it gives when its `read()` is async."""
    read = getattr(source, "read", None)
    if not inspect.iscoroutinefunction(read):
        # Reading a file may block as well.
        return await asyncio.to_thread(encoded, source, limits)
    seek = getattr(source, "seek", None)
    if inspect.iscoroutinefunction(seek):
        await seek(0)
    return await _read(read, (limits or _pilaf.Limits()).max_input_bytes)


async def _read(read: Any, limit: int) -> SpooledTemporaryFile:
    """What an async `read` gives; what does not stay in memory is written by a thread."""
    spool, total = SpooledTemporaryFile(SPOOL), 0
    while piece := await read(_PIECE):
        total += len(piece)
        if total > limit:
            raise over_limit(limit)
        if total > SPOOL:
            await asyncio.to_thread(spool.write, piece)
        else:
            spool.write(piece)
    return spool
