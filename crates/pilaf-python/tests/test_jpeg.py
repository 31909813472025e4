"""The JPEG decoder beside Pillow's: equal pixels, sound files and broken ones."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import NamedTuple

import jpeg_files
import pytest

from pilaf import Image, _pilaf

#: Files for each test of a tier; a test is a range of seeds, so that workers share them.
FILES = 25


class Pixels(NamedTuple):
    mode: str
    size: tuple[int, int]
    data: bytes


class Case(NamedTuple):
    """How to decode: eighths of the size, None or the mode of a draft, tolerant or not."""

    scale: int
    mode: str | None
    tolerant: bool


def ours(data: bytes, case: Case, scalar: bool) -> Pixels | None:
    """The decoded file, or None if it is refused."""
    try:
        core, _ = _pilaf.decode_jpeg(
            data, scale=case.scale, mode=case.mode, tolerant=case.tolerant, scalar=scalar
        )
    except (OSError, ValueError):
        return None
    return Pixels(core.mode, core.size, Image.Image._from_core(core).tobytes())


def theirs(data: bytes, case: Case) -> Pixels | None:
    """What Pillow makes of it, or None if it raises."""
    import PIL.Image
    import PIL.ImageFile

    PIL.ImageFile.LOAD_TRUNCATED_IMAGES = case.tolerant
    try:
        image = PIL.Image.open(io.BytesIO(data))
        if case.mode is not None:
            image.draft(case.mode, None)
        if case.scale < 8:
            scale_down(image, 8 // case.scale)
        image.load()
    except (OSError, SyntaxError, ValueError):
        return None
    finally:
        PIL.ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Pixels(image.mode, image.size, image.tobytes())


def scale_down(image: object, divisor: int) -> None:
    """What `draft` does when it chooses `divisor`, for sizes too where it would not."""
    if not image.tile:  # type: ignore[attr-defined]
        raise OSError("Pillow found no scan")
    image.decoderconfig = (divisor, 0)  # type: ignore[attr-defined]
    width, height = ((side + divisor - 1) // divisor for side in image.size)  # type: ignore[attr-defined]
    tile = image.tile[0]  # type: ignore[attr-defined]
    image.tile = [tile._replace(extents=(0, 0, width, height))]  # type: ignore[attr-defined]
    image._size = (width, height)  # type: ignore[attr-defined]


def colour_modes(data: bytes) -> list[str | None]:
    """The modes in which Pillow's `draft` can have the file."""
    return [None, "L", "YCbCr"] if colour_components(data) == 3 else [None]


def colour_components(data: bytes) -> int:
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA):
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data[at + 9]


def assert_equal(data: bytes, case: Case, how: str, scalar: bool = False) -> None:
    mine, oracle = ours(data, case, scalar), theirs(data, case)
    if mine is None and oracle is not None and case.tolerant and not any(oracle.data):
        # COMPAT.md: a broken header is an error, where Pillow gives a black picture.
        return
    if mine is None and b"\xff\xc3" in data[:2000]:
        return  # COMPAT.md: lossless JPEG; a flipped bit makes SOF3 of SOF1 or SOF2.
    if oracle is None and not data.startswith(b"\xff\xd8\xff"):
        return  # Pillow looks at three bytes of a signature that has two.
    if mine == oracle:
        return
    if (mine is None or oracle is None) and lacks_only_its_end(data, case, scalar):
        return
    kept = Path(os.environ.get("PILAF_TEST_KEEP", "."), "differs.jpg")
    if "PILAF_TEST_KEEP" in os.environ:
        kept.write_bytes(data)
    pytest.fail(f"{how}, {case}: {describe(mine)} is not Pillow's {describe(oracle)}")


def lacks_only_its_end(data: bytes, case: Case, scalar: bool) -> bool:
    """COMPAT.md: whether a strict decoder misses bytes that it reads ahead but does not need."""
    if case.tolerant or data.endswith(b"\xff\xd9"):
        return False
    core, damage = _pilaf.decode_jpeg(
        data, scale=case.scale, mode=case.mode, tolerant=True, scalar=scalar
    )
    tolerant = theirs(data, case._replace(tolerant=True))
    mine = Pixels(core.mode, core.size, Image.Image._from_core(core).tobytes())
    same = mine == tolerant
    return same and damage["sound_share"] == 1.0


def describe(pixels: Pixels | None) -> str:
    return "an error" if pixels is None else f"{pixels.mode} {pixels.size}"


def cases_of_sound_file(data: bytes, seed: int) -> list[Case]:
    rng = random.Random(seed)
    draft = Case(rng.choice([8, 4, 2, 1]), rng.choice(colour_modes(data)), False)
    return [
        Case(8, None, False),
        Case(4, None, False),
        Case(2, None, False),
        Case(1, None, False),
        draft,
    ]


def check_sound(seed: int) -> None:
    data, how = jpeg_files.sound(seed)
    for case in cases_of_sound_file(data, seed):
        assert_equal(data, case, f"seed {seed}: {how}", scalar=seed % 3 == 0)


def check_damaged(seed: int) -> None:
    data, how = jpeg_files.damaged(seed)
    scaled = Case(random.Random(seed).choice([4, 2, 1]), None, True)
    for case in [Case(8, None, False), Case(8, None, True), scaled]:
        assert_equal(data, case, f"seed {seed}: {how}", scalar=seed % 3 == 0)


@pytest.mark.oracle
@pytest.mark.parametrize("first", range(0, 300, FILES))
def test_generated_files(first: int) -> None:
    for seed in range(first, first + FILES):
        check_sound(seed)


@pytest.mark.oracle
@pytest.mark.parametrize("first", range(0, 300, FILES))
def test_damaged_files(first: int) -> None:
    for seed in range(first, first + FILES):
        check_damaged(seed)


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.parametrize("first", range(1000, 6000, 10 * FILES))
def test_many_generated_files(first: int) -> None:
    for seed in range(first, first + 10 * FILES):
        check_sound(seed)


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.parametrize("first", range(1000, 9000, 10 * FILES))
def test_many_damaged_files(first: int) -> None:
    for seed in range(first, first + 10 * FILES):
        check_damaged(seed)


def corpus_files(corpus: Path) -> list[Path]:
    files = (path for path in sorted(corpus.rglob("*")) if path.is_file())
    return [path for path in files if path.read_bytes()[:3] == b"\xff\xd8\xff"]


@pytest.mark.oracle
@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize("scale", [8, 4, 2, 1])
def test_corpus(corpus: Path, scale: int, tolerant: bool) -> None:
    files = corpus_files(corpus)
    assert len(files) >= 13
    for path in files:
        data = path.read_bytes()
        for mode in colour_modes(data):
            assert_equal(data, Case(scale, mode, tolerant), path.name)


@pytest.mark.oracle
def test_every_cut_of_a_file() -> None:
    """Each length of three small files: sequential, progressive, with restart markers."""
    for seed, options in [(1, {}), (2, {"progressive": True}), (3, {"restart_marker_blocks": 1})]:
        import PIL.Image

        buffer = io.BytesIO()
        pixels = jpeg_files.picture(random.Random(seed), "RGB", 21, 19)
        PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=60, **options)
        data = buffer.getvalue()
        for length in range(data.find(b"\xff\xda"), len(data)):
            for tolerant in (False, True):
                case = Case(8, None, tolerant)
                assert_equal(data[:length], case, f"{options} cut to {length}")


@pytest.mark.oracle
@pytest.mark.skipif(jpeg_files.CJPEG is None, reason="cjpeg is not installed")
def test_a_large_arithmetic_coded_file() -> None:
    """Pillow hands libjpeg 64 KiB at a time, for which its arithmetic decoder cannot wait."""
    pixels = jpeg_files.noise(300, 300)
    arithmetic = jpeg_files.run_cjpeg(["-quality", "95", "-arithmetic"], pixels)
    huffman = jpeg_files.run_cjpeg(["-quality", "95"], pixels)
    assert len(arithmetic) > 65536
    case = Case(8, None, False)
    assert theirs(arithmetic, case) is None, "Pillow can: the entry in COMPAT.md is out of date"
    assert ours(arithmetic, case, False) == theirs(huffman, case)


def baseline() -> bytes:
    """A small baseline file of 3x3 MCUs."""
    image = Image.frombytes("RGB", (40, 40), bytes(range(240)) * 20)
    return image.encode("JPEG", quality=90)


def test_a_sound_file_has_no_damage() -> None:
    _, damage = _pilaf.decode_jpeg(baseline())
    assert damage == {
        "mcus": damage["mcus"],
        "unsound": [],
        "sound_share": 1.0,
        "first_fault": None,
        "error": None,
    }


def test_damage_says_what_is_missing() -> None:
    data = baseline()
    cut = data[: data.find(b"\xff\xda") + 12 + (len(data) - data.find(b"\xff\xda")) // 2]
    with pytest.raises(OSError, match="ends before the image does") as caught:
        _pilaf.decode_jpeg(cut)
    assert (caught.value.kind, caught.value.offset) == ("truncated", len(cut))  # type: ignore[attr-defined]
    _, damage = _pilaf.decode_jpeg(cut, tolerant=True)
    total = damage["mcus"][0] * damage["mcus"][1]
    assert 0.1 < damage["sound_share"] < 0.9
    (start, end) = damage["unsound"][0]
    assert end == total and 0 < start < end
    offset, text = damage["first_fault"]
    assert len(cut) - 8 <= offset <= len(cut)
    assert text == "a segment of the scan ends too early"


def test_scans_are_limited() -> None:
    image = Image.frombytes("RGB", (16, 16), bytes(range(256)) * 3)
    data = image.encode("JPEG", quality=90, progressive=True)
    _pilaf.decode_jpeg(data)
    with pytest.raises(_pilaf.DecompressionBombError, match="more scans than the limit of 2"):
        _pilaf.decode_jpeg(data, limits=_pilaf.Limits(max_scans=2))
