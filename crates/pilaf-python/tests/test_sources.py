"""Every function takes what real libraries hand over: no imitations, servers on loopback."""

from __future__ import annotations

import array
import asyncio
import base64
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
from pilaf import Image, _source

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
    with server() as url, urllib.request.urlopen(url, timeout=10) as response:
        yield response


@source
def an_http_client_response(folder: Path) -> Iterator[Any]:
    with server() as url:
        connection = http.client.HTTPConnection(url.split("/")[2], timeout=10)
        connection.request("GET", "/photo.jpg")
        yield connection.getresponse()
        connection.close()


@source
def requests_raw(folder: Path) -> Iterator[Any]:
    requests = library("requests")
    with server() as url, requests.get(url, stream=True, timeout=10) as response:
        yield response.raw


@source
def requests_content(folder: Path) -> Iterator[Any]:
    requests = library("requests")
    with server() as url:
        yield requests.get(url, timeout=10).content


@source
def a_botocore_streaming_body(folder: Path) -> Iterator[Any]:
    response = library("botocore.response")
    with server() as url, urllib.request.urlopen(url, timeout=10) as raw:
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
    b"--boundary\r\nContent-Disposition: form-data; name=\"f\"; filename=\"photo.jpg\"\r\n"
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
    formparsers, datastructures = library("starlette.formparsers"), library("starlette.datastructures")
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
    builder = test.EnvironBuilder(method="POST", input_stream=io.BytesIO(FORM), content_type=FORM_TYPE)
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


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", SOURCES)
def test_every_function_takes_it(name: str, function: Callable[[Any], None], tmp_path: Path) -> None:
    with SOURCES[name](tmp_path) as source:
        function(source)


@pytest.mark.parametrize("name", SOURCES)
def test_an_image_outlives_it(name: str, tmp_path: Path) -> None:
    with SOURCES[name](tmp_path) as source:
        image = Image.open(source)
        if hasattr(source, "close"):
            source.close()
    if not isinstance(source, (str, os.PathLike)):
        for path in sorted(tmp_path.rglob("*"), reverse=True):
            path.unlink()
    assert image.tobytes() == PIXELS


def test_a_path_as_bytes_is_told_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(pilaf.UnidentifiedImageError, match="pass the path as str or Path") as caught:
        Image.open(os.fsencode(tmp_path / "photo.jpg"))
    assert caught.value.code == "text"


# --- Streams


def test_a_thumbnail_reads_no_further_than_the_image() -> None:
    endless = Endless(JPEG)
    assert pilaf.thumbnail(endless, (40, 40)) == SMALL
    assert endless.given < 1 << 20
    with pytest.raises(pilaf.UnidentifiedImageError, match="no more bytes") as caught:
        pilaf.thumbnail(OnlyNothing(), (9, 9))
    assert caught.value.code == "exhausted"


class OnlyNothing:
    def read(self, size: int = -1) -> bytes:
        return b""


def test_a_thumbnail_leaves_a_file_object_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    with (tmp_path / "a.jpg").open("rb") as file:
        file.seek(100)
        assert pilaf.thumbnail(file, (40, 40)) == SMALL
        assert file.tell() == 100
    (tmp_path / "b.jpg").write_bytes(JPEG[:-100])
    with (tmp_path / "b.jpg").open("rb") as file:
        with pytest.raises(pilaf.UnidentifiedImageError, match="ends before"):
            pilaf.thumbnail(file, (40, 40))
        assert file.tell() == 0


class Failing:
    """Gives some bytes, then an exception of its own."""

    class Lost(Exception):
        pass

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        piece = self.data.read(min(size, 500))
        if not piece:
            raise self.Lost("the line went dead")
        return piece


@pytest.mark.parametrize("length", [0, 10, 700, len(JPEG) - 2])
def test_what_read_raises_is_raised(length: int) -> None:
    with pytest.raises(Failing.Lost, match="^the line went dead$"):
        pilaf.thumbnail(Failing(JPEG[:length]), (9, 9))


class Endless:
    """Cannot seek, and counts what was taken of it."""

    def __init__(self, start: bytes = JPEG) -> None:
        self.start, self.given = start, 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "asked for all of it"
        self.given += size
        piece, self.start = self.start[:size], self.start[size:]
        return piece.ljust(size, b"\0")


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (Image.open, JPEG),
        # Reads no further than to the end of the image, which this one has not.
        (lambda s, limits: pilaf.thumbnail(s, (9, 9), limits=limits), JPEG[:-2]),
        (pilaf.repair, JPEG),
    ],
)
def test_no_more_than_the_limit_is_read_of_a_stream(function: Any, start: bytes) -> None:
    stream = Endless(start)
    with pytest.raises(Image.DecompressionBombError) as caught:
        function(stream, limits=pilaf.Limits(max_input_bytes=100_000))
    assert 100_000 <= stream.given <= 100_001
    text = str(caught.value)
    assert "more than 100000 bytes" in text and "pilaf.Limits(max_input_bytes=...)" in text
    assert (caught.value.kind, caught.value.code) == ("limit", "limit")


def test_explaining_a_stream_over_the_limit() -> None:
    diagnosis = pilaf.explain(Endless(), limits=pilaf.Limits(max_input_bytes=100_000))
    assert diagnosis.code is pilaf.Code.LIMIT and "max_input_bytes" in str(diagnosis)


def test_probing_a_stream_reads_the_header_only() -> None:
    stream = Endless()
    assert pilaf.probe(stream).size == (160, 120)
    assert stream.given == 65536


def test_a_large_stream_goes_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    spools = []

    class Watched(pilaf.io.SpooledTemporaryFile):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            spools.append(self)

    monkeypatch.setattr(_source, "SPOOL", 1000)
    monkeypatch.setattr(_source, "SpooledTemporaryFile", Watched)
    opened(OnlyRead())
    (spool,) = spools
    assert spool._rolled and spool._max_size == 1000


@pytest.mark.parametrize("make", [lambda: io.BytesIO(bytes(3000)), Endless])
def test_limits_of_what_can_seek(make: Any) -> None:
    with pytest.raises(Image.DecompressionBombError, match="max_input_bytes"):
        Image.open(make(), limits=pilaf.Limits(max_input_bytes=2999))
    with pytest.raises(Image.DecompressionBombError, match="max_input_bytes"):
        Image.open(bytes(3000), limits=pilaf.Limits(max_input_bytes=2999))


def test_a_stream_is_read_once() -> None:
    stream = OnlyRead()
    opened(stream)
    with pytest.raises(pilaf.UnidentifiedImageError, match="read before") as caught:
        Image.open(stream)
    assert caught.value.code == "exhausted"


def test_a_compressed_body_is_told_and_unpacked_on_request() -> None:
    requests = library("requests")
    with server() as url:
        for action in (Image.open, pilaf.repair):
            with requests.get(f"{url}.gz", stream=True, timeout=10) as response:
                if action is pilaf.repair:
                    assert pilaf.repair(response.raw, ["gunzip"]).data == JPEG
                    continue
                with pytest.raises(pilaf.UnidentifiedImageError, match="160x120 JPEG.*response.content"):
                    Image.open(response.raw)


# --- What is no source, and says so


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: None, "returned None"),
        (lambda: {"bytes": JPEG, "path": None}, r"source\['bytes'\]"),
        (lambda: list(JPEG), r"bytes\(numbers\)"),
        (lambda: PICTURE, "an image already"),
        (lambda: 5, "not from int"),
        (lambda: {"Body": io.BytesIO(JPEG)}, r"source\['Body'\]"),
        (lambda: zipfile.ZipFile(io.BytesIO(), "w"), r"archive\.open\(name\)"),
        (lambda: library("numpy").array(list(JPEG)), r"astype\('uint8'\)"),
        (lambda: library("numpy").int64(5), r"astype\('uint8'\)"),
        (lambda: library("numpy").asarray(PICTURE), "Image.fromarray"),
        (lambda: io.StringIO("text"), "binary mode"),
        (lambda: library("requests").Response(), r"response\.content"),
        (lambda: asyncio.run(starlette_upload()), r"await pilaf\.aopen"),
    ],
)
def test_what_is_no_source(make: Callable[[], Any], advice: str) -> None:
    for function in (Image.open, lambda it: pilaf.thumbnail(it, (9, 9)), pilaf.probe):
        with pytest.raises(TypeError, match=advice):
            function(make())


@pytest.mark.parametrize("function", [Image.open, lambda it: pilaf.thumbnail(it, (9, 9)), pilaf.probe])
def test_text_where_a_path_is_expected(function: Any) -> None:
    text = base64.b64encode(JPEG).decode()
    for source, code in [
        (text, "base64"),
        (f"data:image/jpeg;base64,{text}", "data_uri"),
        (JPEG.hex(), "hex"),
        (str(JPEG), "bytes_literal"),
    ]:
        with pytest.raises(pilaf.UnidentifiedImageError, match="160x120 JPEG.*from_") as caught:
            function(source)
        assert caught.value.code == code and len(str(caught.value)) < 500
    for source, words in [("https://example.org/a.jpg", "a URL.*download"), ("", "path is empty")]:
        with pytest.raises(FileNotFoundError, match=words):
            function(source)
    with pytest.raises(FileNotFoundError) as missing:
        function("no/such/photo.jpg")
    assert missing.value.filename == "no/such/photo.jpg"
    assert str(missing.value) == "[Errno 2] No such file or directory: 'no/such/photo.jpg'"


def test_a_file_open_for_writing(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg").open("wb") as file:
        with pytest.raises(io.UnsupportedOperation, match="open for writing only.*'rb'"):
            Image.open(file)


def test_a_closed_file() -> None:
    file = io.BytesIO(JPEG)
    file.close()
    with pytest.raises(ValueError, match="the BytesIO is closed: open the image before that"):
        Image.open(file)


def test_text_in_place_of_bytes_has_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    with (tmp_path / "a.jpg").open(encoding="latin-1") as file:
        with pytest.raises(TypeError, match=r"open\(path, 'rb'\)") as caught:
            Image.open(file)
    assert caught.value.code == "text_mode"  # type: ignore[attr-defined]


# --- Position


def test_a_file_that_can_seek_is_left_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    makers: list[Callable[[], Any]] = [
        lambda: io.BytesIO(JPEG),
        lambda: pilaf.io.BytesIO(JPEG),
        lambda: path.open("rb"),
        lambda: path.open("rb", buffering=0),
        lambda: a_filled(tempfile.SpooledTemporaryFile()),
        lambda: a_filled(pilaf.io.SpooledTemporaryFile(10)),
    ]
    for make in makers:
        for function in FUNCTIONS:
            with make() as file:
                file.seek(77)
                function(file)
                assert file.tell() == 77, (file, function)


def a_filled(file: Any) -> Any:
    file.write(JPEG)
    return file


ARCHIVE = b"header" + JPEG + JPEG + b"trailer"


@pytest.mark.parametrize("kind", ["io", "pilaf", "file", "raw", "spooled", "pilaf spooled", "mmap"])
def test_images_one_after_the_other(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(ARCHIVE)
    with contextlib.ExitStack() as stack:
        if kind == "mmap":
            disk = stack.enter_context(path.open("rb"))
            file: Any = mmap.mmap(disk.fileno(), 0, access=mmap.ACCESS_READ)
        else:
            file = {
                "io": lambda: io.BytesIO(ARCHIVE),
                "pilaf": lambda: pilaf.io.BytesIO(ARCHIVE),
                "file": lambda: path.open("rb"),
                "raw": lambda: path.open("rb", buffering=0),
                "spooled": tempfile.SpooledTemporaryFile,
                "pilaf spooled": lambda: pilaf.io.SpooledTemporaryFile(100),
            }[kind]()
        stack.enter_context(file)
        if "spooled" in kind:
            file.write(ARCHIVE)
        file.seek(6)
        for number in (1, 2):
            image = Image.open(file, start="current")
            assert image.encoded_size == len(JPEG)
            assert file.tell() == 6 + number * len(JPEG)
            assert image.tobytes() == PIXELS
        assert file.read() == b"trailer"
        with pytest.raises(pilaf.UnidentifiedImageError) as caught:
            Image.open(file, start="current")
        assert caught.value.code in ("exhausted", "empty")


def test_an_offset_works_for_everything(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(ARCHIVE)
    for source in (ARCHIVE, bytearray(ARCHIVE), path, str(path), io.BytesIO(ARCHIVE), OnlyBytes(ARCHIVE)):
        image = Image.open(source, start=6)
        assert (image.encoded_size, image.tobytes()) == (len(JPEG), PIXELS), source
    assert Image.open(JPEG, start=0).encoded_size == len(JPEG)
    assert Image.open(JPEG).encoded_size is None
    assert Image.open(JPEG[:-9], start=0).encoded_size is None
    assert Image.open(JPEG + b"more", start="current").encoded_size == len(JPEG)


class OnlyBytes:
    def __init__(self, data: bytes) -> None:
        self.read = io.BytesIO(data).read


def test_png_has_an_end_too() -> None:
    png = PICTURE.encode("PNG")
    file = io.BytesIO(png + png)
    assert [Image.open(file, start="current").encoded_size for _ in range(2)] == [len(png)] * 2


@pytest.mark.parametrize("start", [-1, 1.5, "here", True and "end"])
def test_what_is_no_start(start: Any) -> None:
    with pytest.raises(ValueError, match="start is a byte offset"):
        Image.open(JPEG, start=start)
