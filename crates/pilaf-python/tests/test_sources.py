"""Every function takes what real libraries hand over; what is no source says so."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sources import FUNCTIONS, JPEG, PICTURE, PIXELS, SOURCES, library, starlette_upload

import pilaf
import pilaf.io
from pilaf import Image


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", SOURCES)
def test_every_function_takes_it(
    name: str, function: Callable[[Any], None], tmp_path: Path
) -> None:
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
    with pytest.raises(
        pilaf.UnidentifiedImageError, match="pass the path as str or Path"
    ) as caught:
        Image.open(os.fsencode(tmp_path / "photo.jpg"))
    assert caught.value.code == "text"


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


@pytest.mark.parametrize(
    "function", [Image.open, lambda it: pilaf.thumbnail(it, (9, 9)), pilaf.probe]
)
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
