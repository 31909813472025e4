"""aopen and athumbnail: async sources, and an event loop that goes on meanwhile."""

from __future__ import annotations

import asyncio
import io
import tempfile
import threading

import pytest
import synthetic

import pilaf
from pilaf import Image, _async

PICTURE = synthetic.image(1200, 900)
JPEG = PICTURE.encode("JPEG")
PIXELS = Image.open(JPEG).tobytes()


def test_an_upload_is_read_from_its_beginning() -> None:
    datastructures = pytest.importorskip("starlette.datastructures")

    async def main() -> None:
        upload = datastructures.UploadFile(tempfile.SpooledTemporaryFile(1000))
        await upload.write(JPEG)
        image = await pilaf.aopen(upload)
        small = await pilaf.athumbnail(upload, (120, 120))
        await upload.close()
        assert image.tobytes() == PIXELS
        assert small == pilaf.thumbnail(JPEG, (120, 120))

    asyncio.run(main())


def test_ordinary_sources_work_too() -> None:
    for source in (JPEG, io.BytesIO(JPEG)):
        assert asyncio.run(pilaf.aopen(source, formats=["JPEG"])).tobytes() == PIXELS


def test_the_loop_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pixels are waited for off the loop: here they come only once the loop has had a turn."""
    turned = threading.Event()
    load = Image.Image.load

    def load_after_a_turn(image: Image.Image) -> object:
        assert turned.wait(timeout=60), "the loop stood still while pixels were decoded"
        return load(image)

    monkeypatch.setattr(Image.Image, "load", load_after_a_turn)

    async def main() -> list[Image.Image]:
        work = asyncio.gather(*(pilaf.aopen(JPEG) for _ in range(8)))
        asyncio.get_running_loop().call_later(0.01, turned.set)
        return await work

    assert all(image.tobytes() == PIXELS for image in asyncio.run(main()))


def test_async_streams_are_limited() -> None:
    class Endless:
        async def read(self, size: int) -> bytes:
            return b"\xff" * size

    with pytest.raises(Image.DecompressionBombError):
        asyncio.run(pilaf.aopen(Endless(), limits=pilaf.Limits(max_input_bytes=1 << 22)))


def test_errors_come_through() -> None:
    with pytest.raises(pilaf.UnidentifiedImageError, match="HTML"):
        asyncio.run(pilaf.aopen(b"<html><title>no</title>"))


def test_a_stream_of_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio's own reader, over loopback; what it gives goes to the disk past SPOOL."""
    monkeypatch.setattr(_async, "SPOOL", 1000)

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(JPEG)
        await writer.drain()
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            host, port = server.sockets[0].getsockname()[:2]
            for open_it in (pilaf.aopen, lambda stream: pilaf.athumbnail(stream, (120, 120))):
                reader, writer = await asyncio.open_connection(host, port)
                result = await open_it(reader)
                writer.close()
                if isinstance(result, bytes):
                    assert result == pilaf.thumbnail(JPEG, (120, 120))
                else:
                    assert result.tobytes() == PIXELS

    asyncio.run(main())
