"""The question that started the project, in all its forms."""

from __future__ import annotations

import io
import mmap
import pathlib
import threading

import numpy as np
import pytest
import synthetic

import pilaf
from pilaf import Image


@pytest.fixture(scope="module")
def body() -> bytes:
    return synthetic.image(1440, 1080).encode("JPEG", quality=90)


class OnlyRead:
    """Has nothing but `read()`, and gives less than it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(min(size, 1000) if size >= 0 else 1000)


def test_the_question_as_it_was_asked(body: bytes) -> None:
    img = Image.open(io.BytesIO(body))
    assert (img.size, img.mode, img.format) == ((1440, 1080), "RGB", "JPEG")
    small = img.resize((720, 588), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    assert Image.open(out.getvalue()).size == (720, 588)


def ways(body: bytes, folder: pathlib.Path) -> dict[str, object]:
    path = folder / "photo.jpg"
    path.write_bytes(body)
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    at_end = io.BytesIO(body)
    at_end.seek(0, io.SEEK_END)
    return {
        "bytes": body,
        "bytearray": bytearray(body),
        "memoryview": memoryview(body),
        "strided memoryview": memoryview(np.repeat(np.frombuffer(body, np.uint8), 2))[::2],
        "numpy": np.frombuffer(body, np.uint8),
        "mmap": mapped,
        "str path": str(path),
        "Path": path,
        "BytesIO": io.BytesIO(body),
        "BytesIO at its end": at_end,
        "only read()": OnlyRead(body),
        "raw file": path.open("rb", buffering=0),
        "buffered file": path.open("rb"),
    }


def test_every_way_gives_the_same_pixels(body: bytes, tmp_path: pathlib.Path) -> None:
    expected = Image.open(body).tobytes()
    for name, source in ways(body, tmp_path).items():
        assert Image.open(source).tobytes() == expected, name


def test_bytes_are_an_image_never_the_name_of_a_file(tmp_path: pathlib.Path) -> None:
    with pytest.raises(pilaf.UnidentifiedImageError):
        Image.open(str(tmp_path / "photo.jpg").encode())


def test_an_image_outlives_the_file_it_came_from(body: bytes) -> None:
    with io.BytesIO(body) as file:
        img = Image.open(file)
    assert img.resize((10, 10)).size == (10, 10)


def test_opening_decodes_nothing(body: bytes) -> None:
    cut = body[: len(body) // 2]
    img = Image.open(cut)
    assert img.size == (1440, 1080)
    with pytest.raises(OSError):
        img.load()


def test_close_and_context_manager(body: bytes) -> None:
    with Image.open(body) as img:
        img.load()
    assert img.resize((10, 10)).size == (10, 10)  # the block closes the file, not the image
    img.close()
    with pytest.raises(ValueError, match="Operation on closed image"):
        img.load()


def test_one_shot(body: bytes) -> None:
    jpeg = pilaf.thumbnail(body, (720, 720), format="JPEG", quality=80)
    assert Image.open(jpeg).size == (720, 540)
    png = pilaf.thumbnail(io.BytesIO(body), (100, 100), format="PNG", geometry="cover")
    opened = Image.open(png)
    assert (opened.size, opened.format) == ((100, 100), "PNG")


def test_threads_share_one_image(body: bytes) -> None:
    img = Image.open(body)
    results: list[bytes] = []

    def work() -> None:
        results.append(img.resize((50, 40)).tobytes())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8 and len(set(results)) == 1


def test_arrays_see_the_pixels_without_a_copy_and_keep_them() -> None:
    img = synthetic.image(31, 17)
    array = np.asarray(img)
    assert array.shape == (17, 31, 3) and not array.flags.writeable
    assert array.tobytes() == img.tobytes()
    before = array.copy()
    img.thumbnail((5, 5))
    img.close()
    assert (array == before).all()


def test_equality_and_copy() -> None:
    img = synthetic.image()
    same = img.copy()
    assert img == same and img is not same
    assert img != synthetic.image(seed=2)
    assert img != "not an image"


def test_notebooks_get_png() -> None:
    data = synthetic.image()._repr_png_()
    assert data is not None and data.startswith(b"\x89PNG")
    assert Image.new("CMYK", (2, 2))._repr_png_() is None
