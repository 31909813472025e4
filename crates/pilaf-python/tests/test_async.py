"""aopen and athumbnail: async sources, and an event loop that goes on meanwhile."""

from __future__ import annotations

import asyncio
import io
import tempfile

import pytest
import synthetic

import pilaf
from pilaf import Image

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


def test_the_loop_goes_on() -> None:
    async def main() -> int:
        work = asyncio.gather(*(pilaf.aopen(JPEG) for _ in range(8)))
        turns = 0
        while not work.done():
            await asyncio.sleep(0)
            turns += 1
        assert all(image.tobytes() == PIXELS for image in work.result())
        return turns

    assert asyncio.run(main()) > 10


def test_async_streams_are_limited() -> None:
    class Endless:
        async def read(self, size: int) -> bytes:
            return b"\xff" * size

    with pytest.raises(Image.DecompressionBombError):
        asyncio.run(pilaf.aopen(Endless(), limits=pilaf.Limits(max_input_bytes=1 << 22)))


def test_errors_come_through() -> None:
    with pytest.raises(pilaf.UnidentifiedImageError, match="HTML"):
        asyncio.run(pilaf.aopen(b"<html><title>no</title>"))
