"""Streams and file objects are read no further than is needed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sources import JPEG, SMALL, OnlyRead, library, opened, server

import pilaf
import pilaf.io
from pilaf import Image, _source


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
            with requests.get(f"{url}.gz", stream=True, timeout=60) as response:
                if action is pilaf.repair:
                    assert pilaf.repair(response.raw, ["gunzip"]).data == JPEG
                    continue
                with pytest.raises(
                    pilaf.UnidentifiedImageError, match="160x120 JPEG.*response.content"
                ):
                    Image.open(response.raw)
