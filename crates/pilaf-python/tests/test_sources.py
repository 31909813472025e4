"""Image.open takes what real libraries hand over: no imitations, servers on loopback."""

from __future__ import annotations

import array
import asyncio
import gzip
import http.client
import http.server
import io
import mmap
import socket
import tarfile
import tempfile
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import synthetic

import pilaf.io
from pilaf import Image

PICTURE = synthetic.image(160, 120)
JPEG = PICTURE.encode("JPEG")
PIXELS = Image.open(JPEG).tobytes()


def opens(source: Any) -> None:
    """Opens, then loads, as the picture that was handed over."""
    image = Image.open(source)
    assert (image.format, image.size) == ("JPEG", (160, 120))
    assert image.tobytes() == PIXELS


@pytest.mark.parametrize(
    "wrap",
    [
        bytes,
        bytearray,
        memoryview,
        lambda body: memoryview(bytearray(body)),
        lambda body: memoryview(b"ab" + body)[2:],
        lambda body: array.array("B", body),
        io.BytesIO,
        lambda body: io.BufferedReader(io.BytesIO(body)),
        pilaf.io.BytesIO,
        lambda body: pilaf.io.BytesIO(body).getbuffer(),
    ],
)
def test_bytes_and_buffers(wrap: Any) -> None:
    opens(wrap(JPEG))


@pytest.mark.parametrize("make", [tempfile.SpooledTemporaryFile, pilaf.io.SpooledTemporaryFile])
@pytest.mark.parametrize("max_size", [0, 100])
def test_spooled_files_wherever_the_cursor_is(make: Any, max_size: int) -> None:
    with make(max_size) as file:
        file.write(JPEG)
        image = Image.open(file)
    assert image.tobytes() == PIXELS


def test_files_by_name_and_as_objects(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    opens(str(path))
    opens(path)
    with path.open("rb") as file, path.open("rb", buffering=0) as raw:
        opens(file)
        opens(raw)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            opens(mapped)


def test_members_of_archives(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", JPEG)
    with zipfile.ZipFile(path) as archive, archive.open("photo.jpg") as member:
        opens(member)
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("photo.jpg")
        info.size = len(JPEG)
        archive.addfile(info, io.BytesIO(JPEG))
    with tarfile.open(path) as archive:
        opens(archive.extractfile("photo.jpg"))
    with tarfile.open(path, "r|gz") as stream:  # cannot seek
        opens(stream.extractfile(stream.next()))  # type: ignore[arg-type]
    path.write_bytes(gzip.compress(JPEG))
    with gzip.open(path) as unzipped:
        opens(unzipped)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(JPEG)))
            self.end_headers()
            self.wfile.write(JPEG)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}/photo.jpg"
        httpd.shutdown()


def test_urllib_and_http_client(server: str) -> None:
    with urllib.request.urlopen(server, timeout=10) as response:
        opens(response)
    connection = http.client.HTTPConnection(server.split("/")[2], timeout=10)
    connection.request("GET", "/photo.jpg")
    opens(connection.getresponse())
    connection.close()


def test_requests_raw(server: str) -> None:
    requests = pytest.importorskip("requests")
    with requests.get(server, stream=True, timeout=10) as response:
        opens(response.raw)
    opens(requests.get(server, timeout=10).content)


def test_botocore_streaming_body(server: str) -> None:
    response = pytest.importorskip("botocore.response")
    with urllib.request.urlopen(server, timeout=10) as raw:
        opens(response.StreamingBody(raw, len(JPEG)))


def test_socket_makefile() -> None:
    near, far = socket.socketpair()
    with near, far:
        sender = threading.Thread(target=lambda: (far.sendall(JPEG), far.shutdown(socket.SHUT_WR)))
        sender.start()
        with near.makefile("rb") as file:
            opens(file)
        sender.join()


def test_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://photo.jpg", "wb") as file:
        file.write(JPEG)
    with fsspec.open("memory://photo.jpg", "rb") as file:
        opens(file)


def test_starlette_upload() -> None:
    datastructures = pytest.importorskip("starlette.datastructures")
    for max_size in (1, 1 << 20):
        file = tempfile.SpooledTemporaryFile(max_size)
        upload = datastructures.UploadFile(file, filename="photo.jpg")
        asyncio.run(upload.write(JPEG))
        image = Image.open(upload.file)
        asyncio.run(upload.close())
        assert image.tobytes() == PIXELS


def test_django_uploads() -> None:
    pytest.importorskip("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    from django.core.files.uploadedfile import (
        InMemoryUploadedFile,
        SimpleUploadedFile,
        TemporaryUploadedFile,
    )

    opens(SimpleUploadedFile("photo.jpg", JPEG, "image/jpeg"))
    opens(InMemoryUploadedFile(io.BytesIO(JPEG), "f", "p.jpg", "image/jpeg", len(JPEG), None))
    with TemporaryUploadedFile("photo.jpg", "image/jpeg", len(JPEG), None) as upload:
        upload.write(JPEG)
        upload.flush()
        opens(upload)


def test_werkzeug_upload() -> None:
    datastructures = pytest.importorskip("werkzeug.datastructures")
    opens(datastructures.FileStorage(io.BytesIO(JPEG), "photo.jpg"))


def test_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    data = numpy.frombuffer(JPEG, numpy.uint8)
    opens(data)
    opens(data.copy())


def test_pyarrow() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    buffer = pyarrow.py_buffer(JPEG)
    opens(buffer)
    opens(pyarrow.scalar(JPEG, pyarrow.binary()))
    opens(pyarrow.scalar(JPEG, pyarrow.large_binary()))
    opens(pyarrow.BufferReader(buffer))


def test_short_reads_and_no_seek() -> None:
    class Trickle(io.RawIOBase):
        def __init__(self) -> None:
            self.file = io.BytesIO(JPEG)

        def readable(self) -> bool:
            return True

        def readinto(self, target: Any) -> int:
            piece = self.file.read(min(len(target), 7))
            target[: len(piece)] = piece
            return len(piece)

    class Bare:
        def __init__(self) -> None:
            self.read = Trickle().read

    opens(Trickle())
    opens(Bare())
