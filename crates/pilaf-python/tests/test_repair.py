"""pilaf.repair and from_base64. The table of damages is in the engine's tests."""

from __future__ import annotations

import base64
import gzip
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import synthetic

import pilaf
from pilaf import Code, Image, Repair, _pilaf

JPEG = synthetic.image(160, 120).encode("JPEG")
PNG = synthetic.image(160, 120).encode("PNG")


def test_the_names_are_the_engines() -> None:
    assert [repair.value for repair in Repair] == _pilaf.REPAIRS
    assert f"{Repair.FROM_BASE64}" == "from_base64"


CASES: list[tuple[Callable[[bytes], Any], list[str]]] = [
    (lambda body: base64.b64encode(body), ["from_base64"]),
    (lambda body: base64.encodebytes(body).decode(), ["from_base64"]),
    (lambda body: "data:image/x;base64," + base64.b64encode(body).decode(), ["from_base64"]),
    (lambda body: body.hex(), ["from_hex"]),
    (lambda body: str(body), ["from_literal"]),
    (lambda body: repr(bytearray(body)), ["from_literal"]),
    (lambda body: str(list(body)).encode(), ["from_literal"]),
    (lambda body: str(base64.b64encode(body)), ["from_literal", "from_base64"]),
    (lambda body: gzip.compress(body), ["gunzip"]),
    (lambda body: io.BytesIO(gzip.compress(base64.b64encode(body))), ["gunzip", "from_base64"]),
    (lambda body: b"junk" + body + b"junk", ["strip_junk"]),
    (lambda body: body + b"junk", ["strip_junk"]),
    (lambda body: b"Content-Type: image/x\n\n" + body, ["from_multipart"]),
    (lambda body: body.decode("latin-1"), ["from_latin1"]),
    (lambda body: body.decode("latin-1").encode("utf-16"), ["from_latin1"]),
    (lambda body: body, []),
]


@pytest.mark.parametrize("body", [JPEG, PNG], ids=["jpeg", "png"])
@pytest.mark.parametrize(("wrap", "steps"), CASES)
def test_what_was_wrapped_is_unwrapped(
    wrap: Callable[[bytes], Any], steps: list[str], body: bytes
) -> None:
    repaired = pilaf.repair(wrap(body))
    assert [step.repair for step in repaired.steps] == steps
    assert repaired.data == body
    for step in repaired.steps:
        assert str(step).startswith(f"{step.repair}: ") and str(step.bytes_after) in str(step)


def test_line_ends_come_back_only_with_proof() -> None:
    damaged = PNG.replace(b"\n", b"\r\n")
    repaired = pilaf.repair(damaged)
    assert (repaired.data, repaired.steps[0].repair) == (PNG, Repair.RESTORE_NEWLINES)
    worse = bytearray(damaged)
    worse[-20] ^= 1
    with pytest.raises(pilaf.UnidentifiedImageError) as caught:
        pilaf.repair(worse)
    assert caught.value.code == "newline_damage"
    with pytest.raises(OSError):  # a JPEG has no checksums
        Image.open(pilaf.repair(JPEG.replace(b"\n", b"\r\n")).data, truncated=False).load()
        raise OSError("it decodes, but nothing was repaired")


def test_nothing_is_repaired_that_was_not_asked_for() -> None:
    text = base64.b64encode(PNG)
    for open_it in (Image.open, lambda data: pilaf.thumbnail(data, (9, 9)), pilaf.probe):
        with pytest.raises(pilaf.UnidentifiedImageError, match="from_base64"):
            open_it(text)
    with pytest.raises(pilaf.UnidentifiedImageError, match="not among those allowed") as caught:
        pilaf.repair(text, [Repair.GUNZIP, "strip_junk"])
    assert caught.value.code == Code.BASE64
    assert pilaf.repair(text, {"from_base64"}).data == PNG
    with pytest.raises(ValueError, match='unknown repair "magic".*gunzip'):
        pilaf.repair(text, ["magic"])


def test_explain_names_the_repair() -> None:
    diagnosis = pilaf.explain(gzip.compress(JPEG))
    assert (diagnosis.code, diagnosis.repair) == (Code.COMPRESSED, Repair.GUNZIP)
    assert "160x120 JPEG" in str(diagnosis)
    assert pilaf.explain(JPEG).repair is None
    (warning,) = pilaf.explain(JPEG + b"x").warnings
    assert (warning.code, warning.repair) == (Code.TRAILING_JUNK, Repair.STRIP_JUNK)


def test_a_str_is_text_and_a_path_a_path(tmp_path: Path) -> None:
    path = tmp_path / "upload.txt"
    path.write_bytes(base64.b64encode(PNG))
    assert pilaf.repair(path).data == PNG
    with pytest.raises(pilaf.UnidentifiedImageError, match="text"):
        pilaf.repair(str(path))


def test_limits_hold_for_every_step() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    limits = pilaf.Limits(max_input_bytes=1_000_000)
    with pytest.raises(Image.DecompressionBombError, match="1000000"):
        pilaf.repair(bomb, limits=limits)
    with pytest.raises(Image.DecompressionBombError):
        pilaf.from_base64(b"A" * 2_000_000, limits=limits)


def test_from_base64() -> None:
    text = base64.b64encode(JPEG).decode()
    for form in (text, text.encode(), bytearray(text.encode()), text.rstrip("="), f"  {text}\n"):
        assert pilaf.from_base64(form) == JPEG
    assert pilaf.from_base64(base64.urlsafe_b64encode(JPEG)) == JPEG
    assert Image.open(pilaf.from_base64(f"data:image/jpeg;base64,{text}")).size == (160, 120)
    with pytest.raises(ValueError, match=r"not base64 \(at byte 3\)") as caught:
        pilaf.from_base64("abc*")
    assert caught.value.offset == 3  # type: ignore[attr-defined]


def test_what_came_of_it_travels() -> None:
    repaired = pilaf.repair(gzip.compress(PNG))
    assert pickle.loads(pickle.dumps(repaired)) == repaired
