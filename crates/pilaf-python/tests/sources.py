"""The picture as real libraries hold it, and what is done with it: no imitations, servers on
loopback."""

from __future__ import annotations

import array
import asyncio
import contextlib
import gzip
import http.client
import http.server
import importlib
import io
import mmap
import os
import socket
import tarfile
import tempfile
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import synthetic

import pilaf
import pilaf.io
from pilaf import Image

PICTURE = synthetic.image(160, 120)
JPEG = PICTURE.encode("JPEG")
PIXELS = Image.open(JPEG).tobytes()
SMALL = pilaf.thumbnail(JPEG, (40, 40))

Source = Callable[[Path], "contextlib.AbstractContextManager[Any]"]
SOURCES: dict[str, Source] = {}


def source(function: Callable[..., Iterator[Any]]) -> Any:
    """A way to hold the picture, made anew for each use in a folder of its own."""
    SOURCES[function.__name__.replace("_", " ")] = contextlib.contextmanager(function)
    return function


def simple(name: str, make: Callable[[], Any]) -> None:
    SOURCES[name] = lambda folder: contextlib.nullcontext(make())


def library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed")


simple("bytes", lambda: JPEG)
simple("bytearray", lambda: bytearray(JPEG))
simple("memoryview", lambda: memoryview(JPEG))
simple("memoryview of a bytearray", lambda: memoryview(bytearray(JPEG)))
simple("part of a memoryview", lambda: memoryview(b"ab" + JPEG)[2:])
simple("array", lambda: array.array("B", JPEG))
simple("BytesIO", lambda: io.BytesIO(JPEG))
simple("buffered BytesIO", lambda: io.BufferedReader(io.BytesIO(JPEG)))
simple("BytesIO.getbuffer", lambda: io.BytesIO(JPEG).getbuffer())
simple("pilaf BytesIO", lambda: pilaf.io.BytesIO(JPEG))
simple("pilaf BytesIO.getbuffer", lambda: pilaf.io.BytesIO(JPEG).getbuffer())
simple("numpy", lambda: library("numpy").frombuffer(JPEG, "uint8"))
simple("numpy copy", lambda: library("numpy").frombuffer(JPEG, "uint8").copy())
simple("numpy column", lambda: library("numpy").frombuffer(JPEG, "uint8").reshape(-1, 1))
simple("pyarrow buffer", lambda: library("pyarrow").py_buffer(JPEG))
simple("pyarrow scalar", lambda: library("pyarrow").scalar(JPEG))
simple("pyarrow reader", lambda: library("pyarrow").BufferReader(JPEG))


@source
def a_path(folder: Path) -> Iterator[str]:
    (folder / "photo.jpg").write_bytes(JPEG)
    yield str(folder / "photo.jpg")


@source
def a_path_object(folder: Path) -> Iterator[Path]:
    (folder / "photo.jpg").write_bytes(JPEG)
    yield folder / "photo.jpg"


@source
def a_path_object_of_bytes(folder: Path) -> Iterator[Any]:
    class BytesPath:
        def __fspath__(self) -> bytes:
            return os.fsencode(folder / "photo.jpg")

    (folder / "photo.jpg").write_bytes(JPEG)
    yield BytesPath()


@source
def a_file(folder: Path) -> Iterator[Any]:
    (folder / "photo.jpg").write_bytes(JPEG)
    with (folder / "photo.jpg").open("rb") as file:
        yield file


@source
def a_raw_file(folder: Path) -> Iterator[Any]:
    (folder / "photo.jpg").write_bytes(JPEG)
    with (folder / "photo.jpg").open("rb", buffering=0) as file:
        yield file


@source
def a_mapped_file(folder: Path) -> Iterator[Any]:
    (folder / "photo.jpg").write_bytes(JPEG)
    with (folder / "photo.jpg").open("rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            mapped.seek(7)
            yield mapped


def spooled(make: Any, max_size: int) -> Source:
    @contextlib.contextmanager
    def hold(folder: Path) -> Iterator[Any]:
        with make(max_size) as file:
            file.write(JPEG)  # and is at its end
            yield file

    return hold


SOURCES["SpooledTemporaryFile in memory"] = spooled(tempfile.SpooledTemporaryFile, 0)
SOURCES["SpooledTemporaryFile on disk"] = spooled(tempfile.SpooledTemporaryFile, 100)
SOURCES["pilaf SpooledTemporaryFile in memory"] = spooled(pilaf.io.SpooledTemporaryFile, 0)
SOURCES["pilaf SpooledTemporaryFile on disk"] = spooled(pilaf.io.SpooledTemporaryFile, 100)


@source
def a_named_temporary_file(folder: Path) -> Iterator[Any]:
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(JPEG)
        yield file


@source
def a_member_of_a_zip_file(folder: Path) -> Iterator[Any]:
    with zipfile.ZipFile(folder / "archive", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", JPEG)
    with zipfile.ZipFile(folder / "archive") as archive, archive.open("photo.jpg") as member:
        yield member


def tar_file(folder: Path) -> Path:
    with tarfile.open(folder / "archive", "w:gz") as archive:
        info = tarfile.TarInfo("photo.jpg")
        info.size = len(JPEG)
        archive.addfile(info, io.BytesIO(JPEG))
    return folder / "archive"


@source
def a_member_of_a_tar_file(folder: Path) -> Iterator[Any]:
    with tarfile.open(tar_file(folder)) as archive:
        yield archive.extractfile("photo.jpg")


@source
def a_member_of_a_tar_stream(folder: Path) -> Iterator[Any]:
    with tarfile.open(tar_file(folder), "r|gz") as archive:  # goes forward only
        member = archive.next()
        assert member is not None
        yield archive.extractfile(member)


@source
def a_gzip_file(folder: Path) -> Iterator[Any]:
    (folder / "photo.jpg.gz").write_bytes(gzip.compress(JPEG))
    with gzip.open(folder / "photo.jpg.gz") as file:
        yield file


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        zipped = self.path.endswith(".gz")
        body = gzip.compress(JPEG) if zipped else JPEG
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}/photo.jpg"
        httpd.shutdown()


@source
def a_urllib_response(folder: Path) -> Iterator[Any]:
    with server() as url, urllib.request.urlopen(url, timeout=60) as response:
        yield response


@source
def an_http_client_response(folder: Path) -> Iterator[Any]:
    with server() as url:
        connection = http.client.HTTPConnection(url.split("/")[2], timeout=60)
        connection.request("GET", "/photo.jpg")
        yield connection.getresponse()
        connection.close()


@source
def requests_raw(folder: Path) -> Iterator[Any]:
    requests = library("requests")
    with server() as url, requests.get(url, stream=True, timeout=60) as response:
        yield response.raw


@source
def requests_content(folder: Path) -> Iterator[Any]:
    requests = library("requests")
    with server() as url:
        yield requests.get(url, timeout=60).content


@source
def a_botocore_streaming_body(folder: Path) -> Iterator[Any]:
    response = library("botocore.response")
    with server() as url, urllib.request.urlopen(url, timeout=60) as raw:
        yield response.StreamingBody(raw, len(JPEG))


@source
def socket_makefile(folder: Path) -> Iterator[Any]:
    near, far = socket.socketpair()
    with near, far:
        sender = threading.Thread(target=lambda: (far.sendall(JPEG), far.shutdown(socket.SHUT_WR)))
        sender.start()
        with near.makefile("rb") as file:
            yield file
        sender.join()


@source
def the_end_of_a_pipe(folder: Path) -> Iterator[Any]:
    near, far = os.pipe()
    with open(near, "rb", buffering=0) as reader:
        writer = threading.Thread(target=lambda: write_and_close(far))
        writer.start()
        yield reader
        writer.join()


def write_and_close(descriptor: int) -> None:
    with open(descriptor, "wb") as file, contextlib.suppress(BrokenPipeError):
        file.write(JPEG)


@source
def an_fsspec_file(folder: Path) -> Iterator[Any]:
    fsspec = library("fsspec")
    with fsspec.open("memory://photo.jpg", "wb") as file:
        file.write(JPEG)
    with fsspec.open("memory://photo.jpg", "rb") as file:
        yield file


@source
def an_fsspec_file_of_a_zip(folder: Path) -> Iterator[Any]:
    fsspec = library("fsspec")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("photo.jpg", JPEG)
    with fsspec.open(f"zip://photo.jpg::file://{folder}/archive.zip", "rb") as file:
        yield file


BOUNDARY = b"boundary"
FORM = (
    b'--boundary\r\nContent-Disposition: form-data; name="f"; filename="photo.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n" + JPEG + b"\r\n--boundary--\r\n"
)
FORM_TYPE = "multipart/form-data; boundary=boundary"


@source
def a_starlette_upload(folder: Path) -> Iterator[Any]:
    upload = asyncio.run(starlette_upload())
    yield upload.file
    upload.file.close()


async def starlette_upload(max_spool: int = 1 << 20) -> Any:
    """A file of a form, parsed by Starlette."""
    formparsers, datastructures = (
        library("starlette.formparsers"),
        library("starlette.datastructures"),
    )
    library("python_multipart")

    async def body() -> Any:
        for at in range(0, len(FORM), 1000):
            yield FORM[at : at + 1000]

    headers = datastructures.Headers({"content-type": FORM_TYPE})
    parser = formparsers.MultiPartParser(headers, body())
    parser.spool_max_size = parser.max_file_size = max_spool
    return (await parser.parse())["f"]


@source
def a_spooled_starlette_upload(folder: Path) -> Iterator[Any]:
    upload = asyncio.run(starlette_upload(1000))
    yield upload.file
    upload.file.close()


@source
def a_fastapi_upload(folder: Path) -> Iterator[Any]:
    fastapi = library("fastapi")
    upload = fastapi.UploadFile(file=tempfile.SpooledTemporaryFile(100), filename="photo.jpg")
    asyncio.run(upload.write(JPEG))
    yield upload.file
    upload.file.close()


@source
def a_django_upload(folder: Path) -> Iterator[Any]:
    yield from django_upload(2_500_000)


@source
def a_django_upload_in_a_file(folder: Path) -> Iterator[Any]:
    yield from django_upload(0)


def django_upload(max_memory: int) -> Iterator[Any]:
    """A file of a form, parsed by Django."""
    library("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = max_memory
    from django.test import RequestFactory

    request = RequestFactory().generic("POST", "/", FORM, FORM_TYPE)
    with request.FILES["f"] as upload:
        yield upload


@source
def a_werkzeug_upload(folder: Path) -> Iterator[Any]:
    """A file of a form, parsed by Werkzeug."""
    test = library("werkzeug.test")
    builder = test.EnvironBuilder(
        method="POST", input_stream=io.BytesIO(FORM), content_type=FORM_TYPE
    )
    with builder.get_request() as request:
        yield request.files["f"]


class Trickle(io.RawIOBase):
    """A raw stream that gives little at a time, and None when it has nothing yet."""

    def __init__(self) -> None:
        self.file = io.BytesIO(JPEG)

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        piece = self.file.read(min(len(target), 700))
        target[: len(piece)] = piece
        return len(piece)


class OnlyRead:
    def __init__(self) -> None:
        self.read = Trickle().read


simple("raw stream with short reads", Trickle)
simple("object with nothing but read()", OnlyRead)


def opened(source: Any) -> None:
    image = Image.open(source)
    assert (image.format, image.size) == ("JPEG", (160, 120))
    assert image.tobytes() == PIXELS


def shrunk(source: Any) -> None:
    assert pilaf.thumbnail(source, (40, 40)) == SMALL


def probed(source: Any) -> None:
    header = pilaf.probe(source)
    assert (header.need, header.format, header.size) == (0, "JPEG", (160, 120))


def explained(source: Any) -> None:
    diagnosis = pilaf.explain(source)
    assert (diagnosis.code, diagnosis.size) == (pilaf.Code.OK, (160, 120)), diagnosis


def left_as_it_is(source: Any) -> None:
    if isinstance(source, str):
        source = Path(source)  # a str is text there
    assert pilaf.repair(source) == pilaf.Repaired(JPEG, ())


def opened_async(source: Any) -> None:
    assert asyncio.run(pilaf.aopen(source)).tobytes() == PIXELS


def shrunk_async(source: Any) -> None:
    assert asyncio.run(pilaf.athumbnail(source, (40, 40))) == SMALL


FUNCTIONS = [opened, shrunk, probed, explained, left_as_it_is, opened_async, shrunk_async]
