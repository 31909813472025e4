"""`convert` and `quantize` beside Pillow: equal pixels, palettes, info and errors."""

from __future__ import annotations

import itertools
import random
import warnings

import PIL.Image
import pytest
from twins import MODES, assert_same, twins

import pilaf.Image

pytestmark = pytest.mark.oracle

SIZES = [(37, 13), (1, 1), (8, 3), (0, 4)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dither", [None, 0, 3])
def test_all_pairs(mode: str, dither: int | None) -> None:
    for size, target, smooth in itertools.product(SIZES, MODES, (False, True)):
        ours, theirs = twins(mode, size, seed=2, smooth=smooth)
        assert_same(
            lambda: ours.convert(target, dither=dither),
            lambda: theirs.convert(target, dither=dither),
            (mode, target, size, dither),
        )


@pytest.mark.parametrize("source", ["RGB", "HSV", "YCbCr", "CMYK"])
def test_every_color_in_steps(source: str) -> None:
    """A grid through all of the space: every combination of 17 or 9 levels of each band."""
    levels = range(0, 256, 15) if source != "CMYK" else (*range(0, 256, 32), 255)
    bands = 3 if source != "CMYK" else 4
    data = b"".join(bytes(color) for color in itertools.product(levels, repeat=bands))
    size = (len(data) // bands, 1)
    ours = pilaf.Image.frombytes(source, size, data)
    theirs = PIL.Image.frombytes(source, size, data)
    for target in ("L", "RGB", "RGBA", "HSV", "YCbCr", "CMYK", "F", "I", "P", "1"):
        assert_same(lambda: ours.convert(target), lambda: theirs.convert(target), (source, target))


def test_numbers_at_their_limits() -> None:
    values = [0.0, -0.0, 0.5, 254.9, 255.0, 255.5, -1.5, 1e9, 3e9, -3e9, 1e30]
    values += [float("inf"), -float("inf"), float("nan")]
    ours = pilaf.Image.new("F", (len(values), 1))
    theirs = PIL.Image.new("F", (len(values), 1))
    ours.putdata(values)
    theirs.putdata(values)
    for target in ("L", "I"):
        assert_same(lambda: ours.convert(target), lambda: theirs.convert(target), target)


@pytest.mark.parametrize("mode", ["RGB", "YCbCr", "HSV", "L", "RGBA", "P"])
def test_matrix(mode: str) -> None:
    rng = random.Random(mode)
    for target, length in itertools.product(("L", "RGB", "CMYK"), (4, 12, 5)):
        matrix = tuple(rng.uniform(-1, 1.5) for _ in range(length - 1)) + (rng.uniform(-50, 50),)
        if (target, length) == ("RGB", 4):
            continue  # Pillow reads numbers that are not there.
        ours, theirs = twins(mode, (19, 7))
        for image in (ours, theirs):
            image.info["transparency"] = (10, 20, 30)

        def converted(image):  # type: ignore[no-untyped-def]
            made = image.convert(target, matrix)
            return made.tobytes(), made.mode, made.info

        assert_same(lambda: converted(ours), lambda: converted(theirs), (mode, target, length))


TRANSPARENCIES = [0, 3, 255, 300, (10, 20, 30), (1, 2, 3, 255), b"\0\x80\xff", b"", "blue", None]


@pytest.mark.parametrize("mode", ["1", "L", "I", "I;16", "RGB", "P", "PA", "LA"])
@pytest.mark.parametrize("transparency", TRANSPARENCIES, ids=str)
def test_transparency(mode: str, transparency: object) -> None:
    targets = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "CMYK", None)
    for target, palette, smooth in itertools.product(targets, (0, 1), (False, True)):
        ours, theirs = twins(mode, (17, 5), seed=4, smooth=smooth)
        for image in (ours, theirs):
            image.info["transparency"] = transparency

        def converted(image):  # type: ignore[no-untyped-def]
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                made = image.convert(target, palette=palette)
            texts = [str(warning.message) for warning in caught]
            return made, made.info, texts, image.getpalette("RGBA") if mode == "P" else None

        what = (mode, transparency, target, palette)
        assert_same_or_refused(lambda: converted(ours), lambda: converted(theirs), what)


def assert_same_or_refused(ours, theirs, what) -> None:  # type: ignore[no-untyped-def]
    """As `assert_same`; where Pillow fails for want of a check, any of Python's errors will do."""
    try:
        theirs()
    except (TypeError, SystemError, OverflowError, IndexError):
        with pytest.raises((TypeError, ValueError, OverflowError, IndexError)):
            ours()
    except Exception:  # noqa: BLE001
        assert_same(ours, theirs, what)
    else:
        assert_same(ours, theirs, what)


def test_no_mode_means_without_a_palette() -> None:
    for mode in MODES:
        ours, theirs = twins(mode, (5, 4))
        assert_same(lambda: ours.convert(), lambda: theirs.convert(), mode)
        assert_same(lambda: ours.convert(""), lambda: theirs.convert(""), mode)


QUANTIZED = [(size, colors) for size in [(61, 47), (1, 1), (3, 2)] for colors in (1, 2, 7, 64, 256)]


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("method", [None, 0, 1, 2])
def test_quantize(mode: str, method: int | None) -> None:
    for (size, colors), kmeans, smooth in itertools.product(QUANTIZED, (0, 1, 5), (False, True)):
        if kmeans == 1 and size[0] > 3 and colors > 7:
            continue
        ours, theirs = twins(mode, size, smooth=smooth)
        assert_same(
            lambda: ours.quantize(colors, method, kmeans),
            lambda: theirs.quantize(colors, method, kmeans),
            (mode, size, colors, method, kmeans, smooth),
        )


@pytest.mark.parametrize("method", [0, 1, 2])
def test_quantize_pictures(method: int) -> None:
    """More colours than median cut tells apart, and the usual case: a photograph."""
    from synthetic import photograph

    for width, height in [(420, 310), (90, 60)]:
        data = photograph(width, height).tobytes()
        if width > 100:
            data = random.Random(5).randbytes(len(data))
        ours = pilaf.Image.frombytes("RGB", (width, height), data)
        theirs = PIL.Image.frombytes("RGB", (width, height), data)
        assert_same(
            lambda: ours.quantize(40, method), lambda: theirs.quantize(40, method), (width, method)
        )


def test_quantize_to_the_palette_of_another() -> None:
    palette_ours, palette_theirs = twins("P", (4, 4))
    few_ours, few_theirs = palette_ours.copy(), palette_theirs.copy()
    few_ours.putpalette(bytes(range(30)))
    few_theirs.putpalette(bytes(range(30)))
    for mode, dither in itertools.product(["RGB", "L", "RGBA", "P"], (0, 3)):
        ours, theirs = twins(mode, (33, 21), smooth=True)
        for a, b in ((palette_ours, palette_theirs), (few_ours, few_theirs)):
            assert_same(
                lambda: ours.quantize(palette=a, dither=dither),
                lambda: theirs.quantize(palette=b, dither=dither),
                (mode, dither),
            )


def test_wrong_arguments_of_quantize() -> None:
    for mode in MODES:
        ours, theirs = twins(mode, (4, 3))
        for arguments in [(0,), (257,), (8, 0, -1), (8, 9), (8, 0)]:
            assert_same(
                lambda: ours.quantize(*arguments),
                lambda: theirs.quantize(*arguments),
                (mode, arguments),
            )


def test_an_empty_image_stays_empty() -> None:
    for size in [(0, 0), (0, 3), (3, 0)]:
        ours, theirs = twins("RGB", size)
        assert_same(lambda: ours.quantize(4), lambda: theirs.quantize(4), size)
