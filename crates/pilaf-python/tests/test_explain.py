"""What pilaf says of inputs that are no image. The table of damages is in the engine's tests."""

from __future__ import annotations

import base64
import io
import pickle
import tempfile
from pathlib import Path

import pytest
import synthetic

import pilaf
from pilaf import Code, Image, _pilaf


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    return synthetic.image(160, 120).encode("JPEG")


def test_the_codes_are_the_engines() -> None:
    assert [code.value for code in Code] == _pilaf.CODES
    assert f"{Code.GIT_LFS_POINTER}" == "git_lfs_pointer"


def test_a_readable_image(jpeg: bytes) -> None:
    diagnosis = pilaf.explain(jpeg)
    assert diagnosis.ok and diagnosis.warnings == ()
    assert (diagnosis.format, diagnosis.size) == ("JPEG", (160, 120))
    assert str(diagnosis) == "a 160x120 JPEG image"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda jpeg: b"", Code.EMPTY),
        (base64.b64encode, Code.BASE64),
        (lambda jpeg: repr(jpeg).encode(), Code.BYTES_LITERAL),
        (lambda jpeg: str(bytearray(jpeg)).encode(), Code.BYTES_LITERAL),
        (lambda jpeg: str(list(jpeg)).encode(), Code.BYTES_LITERAL),
        (lambda jpeg: jpeg.hex().encode(), Code.HEX),
        (lambda jpeg: str(Image.open(jpeg)).encode(), Code.OBJECT_TEXT),
        (lambda jpeg: str(io.BytesIO(jpeg)).encode(), Code.OBJECT_TEXT),
        (lambda jpeg: jpeg.decode("utf-8", "replace").encode(), Code.REPLACED_BYTES),
        (lambda jpeg: jpeg.decode("latin-1").encode(), Code.REENCODED),
        (lambda jpeg: jpeg[: len(jpeg) // 2], Code.TRUNCATED),
    ],
)
def test_the_exception_says_the_same(make, code: Code, jpeg: bytes) -> None:
    data = make(jpeg)
    diagnosis = pilaf.explain(data)
    assert diagnosis.code is code, diagnosis
    assert diagnosis.help
    with pytest.raises(OSError) as caught:
        Image.open(data).load()
    assert caught.value.code == code
    if code is not Code.TRUNCATED:
        assert str(caught.value) == str(diagnosis)


def test_text_objects_are_told_to_be_binary(jpeg: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg)
    with path.open(encoding="latin-1") as text_file:
        assert pilaf.explain(text_file).code is Code.TEXT_MODE
    assert pilaf.explain(io.StringIO("text")).code is Code.TEXT_MODE
    with tempfile.NamedTemporaryFile("w+") as wrapped:
        diagnosis = pilaf.explain(wrapped)
    assert diagnosis.code is Code.TEXT_MODE and "rb" in str(diagnosis)


def test_strings_are_paths_or_images_written_as_text(jpeg: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(jpeg)
    diagnosis = pilaf.explain(str(path))
    assert diagnosis.ok and [warning.code for warning in diagnosis.warnings] == [Code.MISMATCH]
    assert pilaf.explain(base64.b64encode(jpeg).decode()).code is Code.BASE64
    uri = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    assert pilaf.explain(uri).code is Code.DATA_URI
    with pytest.raises(FileNotFoundError):
        pilaf.explain("no/such/file.jpg")


def test_a_cursor_at_the_end_is_noticed(jpeg: bytes) -> None:
    file = io.BytesIO()
    file.write(jpeg)
    diagnosis = pilaf.explain(file)
    assert diagnosis.ok and diagnosis.warnings[0].code is Code.EXHAUSTED
    assert f"byte {len(jpeg)} of {len(jpeg)}" in str(diagnosis.warnings[0])


def test_a_stream_read_before_is_noticed(jpeg: bytes) -> None:
    class Stream:
        def __init__(self) -> None:
            self.file = io.BytesIO(jpeg)

        def read(self, size: int = -1) -> bytes:
            return self.file.read(size)

    stream = Stream()
    assert pilaf.explain(stream).ok
    assert pilaf.explain(stream).code is Code.EXHAUSTED


def test_names_and_types_that_contradict(jpeg: bytes) -> None:
    diagnosis = pilaf.explain(jpeg, name="a.webp", media_type="image/gif")
    assert diagnosis.ok
    assert [warning.code for warning in diagnosis.warnings] == [Code.MISMATCH] * 2
    assert pilaf.explain(jpeg, name="a.jpg", media_type="image/jpeg").warnings == ()


def test_how_much_can_be_saved() -> None:
    png = synthetic.image(100, 400).encode("PNG")
    diagnosis = pilaf.explain(png[: len(png) // 2])
    assert diagnosis.code is Code.TRUNCATED and 0.2 < (diagnosis.salvage or 0) < 0.8
    assert "can be saved" in diagnosis.message


def test_limits(jpeg: bytes) -> None:
    assert pilaf.explain(jpeg, limits=pilaf.Limits(max_pixels=10)).code is Code.LIMIT


def test_diagnoses_travel(jpeg: bytes) -> None:
    diagnosis = pilaf.explain(jpeg, name="a.gif")
    assert pickle.loads(pickle.dumps(diagnosis)) == diagnosis
