"""Where reading begins in a file object, and where it stands afterwards."""

from __future__ import annotations

import contextlib
import io
import mmap
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sources import FUNCTIONS, JPEG, PICTURE, PIXELS

import pilaf
import pilaf.io
from pilaf import Image


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
    for source in (
        ARCHIVE,
        bytearray(ARCHIVE),
        path,
        str(path),
        io.BytesIO(ARCHIVE),
        OnlyBytes(ARCHIVE),
    ):
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
