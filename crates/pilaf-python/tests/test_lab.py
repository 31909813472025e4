"""`convert` from and to LAB beside Pillow, which leaves it to LittleCMS: equal samples."""

from __future__ import annotations

import itertools
import random
from typing import Any

import PIL.Image
import pytest
from twins import ALL_MODES, assert_same, twins

import pilaf.Image

pytestmark = pytest.mark.oracle

DIRECTIONS = [("RGB", "LAB"), ("LAB", "RGB")]
#: Where a profile has the time at which it was made: the one difference.
MADE = slice(24, 36)


def converted(source: str, target: str, colors: bytes) -> tuple[bytes, bytes]:
    """By pilaf and by Pillow. Colours are as in memory, where a and b of LAB are plus 128."""
    if source == "LAB":
        colors = signed(colors)
    size = (4096, -(-len(colors) // (3 * 4096)))
    colors = colors.ljust(3 * size[0] * size[1], b"\0")
    sides = (library.Image.frombytes(source, size, colors) for library in (pilaf, PIL))
    ours, theirs = (side.convert(target).tobytes() for side in sides)
    return ours, theirs


def signed(colors: bytes) -> bytes:
    """LAB as files have it: a and b are signed bytes."""
    plain = bytearray(colors)
    flip = bytes(byte ^ 128 for byte in range(256))
    plain[1::3] = colors[1::3].translate(flip)
    plain[2::3] = colors[2::3].translate(flip)
    return bytes(plain)


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_a_grid_of_colors(source: str, target: str) -> None:
    """All combinations of every fifth level: on the nodes of LittleCMS' grid and between them."""
    levels = range(0, 256, 5)
    colors = b"".join(map(bytes, itertools.product(levels, repeat=3)))
    ours, theirs = converted(source, target, colors)
    assert ours == theirs


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_random_colors(source: str, target: str) -> None:
    ours, theirs = converted(source, target, random.Random(source).randbytes(600_000))
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_every_color(source: str, target: str) -> None:
    """All 2^24, a level of the first band at a time."""
    plane = bytes(range(256)) * 256
    for level in range(256):
        colors = bytearray(3 * 65536)
        colors[0::3] = bytes([level]) * 65536
        colors[1::3] = bytes(byte for byte in range(256) for _ in range(256))
        colors[2::3] = plane
        ours, theirs = converted(source, target, bytes(colors))
        assert ours == theirs, level


@pytest.mark.parametrize("mode", ALL_MODES)
def test_all_modes(mode: str) -> None:
    for size, smooth in itertools.product([(19, 7), (1, 1), (0, 3)], (False, True)):
        ours, theirs = twins(mode, size, seed=3, smooth=smooth)
        lab_ours, lab_theirs = twins("LAB", size, seed=3, smooth=smooth)
        for dither in (None, 0, 3):
            assert_same(
                lambda: ours.convert("LAB", dither=dither),
                lambda: theirs.convert("LAB", dither=dither),
                (mode, size, dither),
            )
            assert_same(
                lambda: lab_ours.convert(mode, dither=dither),
                lambda: lab_theirs.convert(mode, dither=dither),
                (mode, size, dither),
            )


@pytest.mark.parametrize("palette", [0, 1])
@pytest.mark.parametrize("mode", ["L", "P", "PA", "RGB", "1", "I"])
@pytest.mark.parametrize("transparency", [3, (10, 20, 30), b"\0\x80\xff"], ids=str)
def test_transparency_and_palettes(mode: str, palette: int, transparency: Any) -> None:
    """Colours that are transparent by `info` become alpha on the way, and are lost at its end."""
    ours, theirs = twins(mode, (9, 5), smooth=True)
    for image in (ours, theirs):
        image.info["transparency"] = transparency

    def result(image: Any) -> Any:
        made = image.convert("LAB", palette=palette)
        return made, sorted(made.info)

    assert_same(lambda: result(ours), lambda: result(theirs), (mode, transparency))


@pytest.mark.parametrize("target", ["P", "L", "RGB"])
def test_ways_that_do_not_lead_through_littlecms(target: str) -> None:
    """An adaptive palette, and a matrix."""
    ours, theirs = twins("LAB", (9, 5))
    assert_same(
        lambda: ours.convert(target, palette=1), lambda: theirs.convert(target, palette=1), target
    )
    for matrix in [(0.2, 0.3, 0.4, 5.0), (0.2, 0.3, 0.4, 5.0) * 3]:
        if (target, len(matrix)) != ("RGB", 4):  # Pillow reads numbers that are not there.
            assert_same(
                lambda: ours.convert(target, matrix),
                lambda: theirs.convert(target, matrix),
                (target, matrix),
            )


@pytest.mark.parametrize(("source", "target"), [*DIRECTIONS, ("LAB", "RGBX"), ("P", "LAB")])
def test_profiles(source: str, target: str) -> None:
    """What is left of `info` is the profile of the new pixels, byte for byte but for its date."""
    sides = twins(source, (3, 2))
    infos = []
    for image in sides:
        image.info.update(dpi=(72, 72), icc_profile=b"another")
        infos.append(image.convert(target).info)
        assert image.info["icc_profile"] == b"another"
    ours, theirs = (bytearray(info.pop("icc_profile")) for info in infos)
    assert infos == [{}, {}]
    ours[MADE] = theirs[MADE] = bytes(12)
    assert ours == theirs


def test_the_same_pixels_give_the_same_profile() -> None:
    """LittleCMS writes the time of the conversion; pilaf a fixed one."""
    profile = pilaf.Image.new("RGB", (1, 1)).convert("LAB").info["icc_profile"]
    year, month, day = (int.from_bytes(profile[at : at + 2], "big") for at in (24, 26, 28))
    assert (year, month, day) == (1999, 10, 18)
