"""`paste`, `composite`, bands, `point` and statistics beside Pillow."""

from __future__ import annotations

import itertools
import random
import struct

import PIL.Image
import pytest
from twins import MODES, assert_same, outcome, twins

import pilaf.Image

pytestmark = pytest.mark.oracle

ALL_MODES = [*MODES, "LAB"]
MASKS = [None, "1", "L", "LA", "RGBA", "RGBa", "P", "RGB", "I"]
BOXES = [None, (0, 0), (2, 1), (-3, -2), (9, 9), (-20, 0), (0, 0, 6, 4), (1, 1, 5, 5), (3, 2, 1, 1)]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_paste_images(mode: str) -> None:
    for source, mask, box in itertools.product((mode, "RGBA", "L"), MASKS, BOXES):
        a = twins(mode, (9, 7)), twins(source, (6, 4), seed=1)
        masks = twins(mask, (6, 4), seed=2) if mask else (None, None)

        def pasted(i):  # type: ignore[no-untyped-def]
            image = a[0][i]
            image.paste(a[1][i], box, masks[i])
            return image

        assert_same(lambda: pasted(0), lambda: pasted(1), (mode, source, mask, box))


FILLS = [0, 200, (5,), (1, 2), (1, 2, 3), (9, 8, 7, 6), "red", 1.5, 70000]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_paste_colors(mode: str) -> None:
    for color, mask, box in itertools.product(FILLS, MASKS, BOXES):
        if mode == "I;16B" and mask == "L":
            continue  # Pillow mixes its low byte into the high one: COMPAT.md.
        images = twins(mode, (9, 7))
        if mode in ("RGBA", "LA", "PA"):
            for image in images:  # Some pixels are clear, which matters.
                image.putalpha(pattern(image))
        masks = twins(mask, (6, 4), seed=2) if mask else (None, None)

        def pasted(i):  # type: ignore[no-untyped-def]
            images[i].paste(color, box, masks[i])
            return images[i]

        expected = outcome(lambda: pasted(1))
        if isinstance(expected, (TypeError, SystemError)):
            with pytest.raises(TypeError):
                pasted(0)
        else:
            assert_same(
                lambda: pasted(0),
                lambda: pasted(1) if isinstance(expected, Exception) else images[1],
                (mode, color, mask, box),
            )


def pattern(image):  # type: ignore[no-untyped-def]
    module = pilaf.Image if isinstance(image, pilaf.Image.Image) else PIL.Image
    data = bytes(255 * (i % 3) // 2 for i in range(image.width * image.height))
    return module.frombytes("L", image.size, data)


def test_paste_onto_itself() -> None:
    for box in [(2, 3), (-2, 1), (0, 2), (1, -3)]:
        ours, theirs = twins("RGB", (9, 8))
        for image in (ours, theirs):
            image.paste(image, box)
        assert_same(lambda: ours, lambda: theirs, box)


def test_paste_by_abbreviation() -> None:
    for arguments in [("m",), ("m", "m"), (None, "m"), ((0, 0), "m")]:
        images, masks = twins("RGB", (5, 5)), twins("L", (5, 5))

        def pasted(i):  # type: ignore[no-untyped-def]
            given = [masks[i] if a == "m" else a for a in arguments]
            images[i].paste("blue", *given)
            return images[i]

        assert_same(lambda: pasted(0), lambda: pasted(1), arguments)


def test_pixels_shared_by_copies_are_not_written_to() -> None:
    image = pilaf.Image.new("L", (4, 4), 7)
    copy, cut = image.copy(), image.crop((0, 0, 2, 2))
    image.paste(9, (0, 0, 4, 4))
    image.putpixel((0, 0), 1)
    assert (copy.getextrema(), cut.getextrema()) == ((7, 7), (7, 7))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_composites(mode: str) -> None:
    for other, size in itertools.product(ALL_MODES, [(7, 5), (6, 5)]):
        a, b = twins(mode, (7, 5), seed=3), twins(other, size, seed=4)
        modules = (pilaf.Image, PIL.Image)
        assert_same(
            *[lambda i=i: modules[i].alpha_composite(a[i], b[i]) for i in (0, 1)], (mode, other)
        )
        for alpha in (0, 0.3, 0.5, 1, 1.7, -0.6):
            assert_same(
                *[lambda i=i: modules[i].blend(a[i], b[i], alpha) for i in (0, 1)],
                (mode, other, alpha),
            )
    masks = twins("L", (7, 5), seed=5)
    a, b = twins(mode, (7, 5)), twins(mode, (7, 5), seed=9)
    assert_same(*[lambda i=i: modules[i].composite(a[i], b[i], masks[i]) for i in (0, 1)], mode)


def test_alpha_composite_of_every_alpha() -> None:
    data = b"".join(bytes([a, b, 255 - a, b]) for a in range(256) for b in range(256))
    over = b"".join(bytes([b, a, 7, a]) for a in range(256) for b in range(256))
    for mode, size in (("RGBA", (256, 256)), ("LA", (512, 256))):
        below = [m.frombytes(mode, size, data) for m in (pilaf.Image, PIL.Image)]
        above = [m.frombytes(mode, size, over) for m in (pilaf.Image, PIL.Image)]
        assert_same(
            lambda: pilaf.Image.alpha_composite(below[0], above[0]),
            lambda: PIL.Image.alpha_composite(below[1], above[1]),
        )


def test_alpha_composite_in_place() -> None:
    places = [
        (0, 0),
        (2, 1),
        (-1, -2),
        (7, 7),
        (1, 1, 4, 3),
        [0, 0],
        5,
        (1,),
        (-1, 0),
        (0, 0, 99, 99),
    ]
    for dest, source in itertools.product(places, places):
        a, b = twins("RGBA", (8, 6)), twins("RGBA", (5, 4), seed=1)

        def composed(i):  # type: ignore[no-untyped-def]
            a[i].alpha_composite(b[i], dest, source)
            return a[i]

        assert_same(lambda: composed(0), lambda: composed(1), (dest, source))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_bands(mode: str) -> None:
    ours, theirs = twins(mode, (7, 4))
    assert_same(lambda: ours.split(), lambda: theirs.split(), mode)
    for band in (0, 1, 2, 3, 4, -1, "R", "A", "L", "Cb", "nothing"):
        assert_same(lambda: ours.getchannel(band), lambda: theirs.getchannel(band), (mode, band))
    for alpha in (0, 77, 300, -1, "L", "1", "RGB", "wrong size"):

        def with_alpha(i):  # type: ignore[no-untyped-def]
            image = twins(mode, (7, 4), seed=6)[i]
            size = (3, 3) if alpha == "wrong size" else (7, 4)
            value = alpha
            if isinstance(alpha, str):
                value = twins("L" if alpha == "wrong size" else alpha, size)[i]
            image.putalpha(value)
            return image

        assert_same(lambda: with_alpha(0), lambda: with_alpha(1), (mode, alpha))


@pytest.mark.parametrize("mode", [*ALL_MODES, "nothing"])
def test_merge(mode: str) -> None:
    for bands in itertools.chain(
        itertools.product(("L", "P", "1", "I", "RGB"), repeat=1),
        [("L",) * n for n in range(6)],
        [("P", "L"), ("L", "P"), ("1", "L", "L"), ("I", "L", "L"), ("L", "1"), ("I;16", "L", "L")],
    ):
        sets = [[twins(band, (6, 3), seed=n)[i] for n, band in enumerate(bands)] for i in (0, 1)]
        assert_same(
            lambda: pilaf.Image.merge(mode, sets[0]),
            lambda: PIL.Image.merge(mode, sets[1]),
            (mode, bands),
        )
    odd = [twins("L", (6, 3)), twins("L", (5, 3))]
    assert_same(
        lambda: pilaf.Image.merge("LA", [pair[0] for pair in odd]),
        lambda: PIL.Image.merge("LA", [pair[1] for pair in odd]),
    )


FUNCTIONS = [lambda x: x, lambda x: x * 2 + 1, lambda x: 300 - x, lambda x: x / 2 - 40.5]
FUNCTIONS += [lambda x: 7, lambda x: -x, lambda x: 3 * (x + 1) - x, lambda x: 1.5 - x]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_point(mode: str) -> None:
    ours, theirs = twins(mode, (11, 4), seed=1)
    for number, function in enumerate(FUNCTIONS):
        assert_same(lambda: ours.point(function), lambda: theirs.point(function), (mode, number))
        assert_same(
            lambda: pilaf.Image.eval(ours, function), lambda: PIL.Image.eval(theirs, function), mode
        )
    rng = random.Random(mode)
    for target, length in itertools.product(
        (None, "1", "L", "RGB", "RGBA", "I", "F", "P", "CMYK"), (256, 512, 768, 1024, 3)
    ):
        if target == mode and len(ours.getbands()) > 1:
            continue  # Pillow reads the tables of the bands interleaved: COMPAT.md.
        table = [rng.randrange(-50, 300) for _ in range(length)]
        if target == "F":
            table = [value + 0.25 for value in table]
        assert_same(
            lambda: ours.point(table, target),
            lambda: theirs.point(table, target),
            (mode, target, length),
        )
    wide = [value % 251 for value in range(65536)]
    assert_same(lambda: ours.point(wide, "L"), lambda: theirs.point(wide, "L"), mode)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_statistics(mode: str) -> None:
    for size, smooth in itertools.product([(9, 7), (1, 1), (0, 0), (64, 3)], (False, True)):
        ours, theirs = twins(mode, size, seed=3, smooth=smooth)
        for method in ("histogram", "entropy", "getextrema", "getbbox", "getprojection"):
            if mode == "F" and method == "entropy" and not smooth and size == (1, 1):
                continue
            assert_alike(ours, theirs, method, (), (mode, size))
        for limit in (1, 2, 256, 300, 0):
            assert_alike(ours, theirs, "getcolors", (limit,), (mode, size))
        for mask_mode, mask_size in [("1", size), ("L", size), ("RGB", size), ("L", (3, 3))]:
            masks = twins(mask_mode, mask_size, seed=8)
            for method in ("histogram", "entropy"):
                a = outcome(lambda: getattr(ours, method)(masks[0]))
                b = outcome(lambda: getattr(theirs, method)(masks[1]))
                assert str(a) == str(b), (mode, size, method, mask_mode)
        for extrema in [(0, 10), (-500, 500), (5, 5), (9, 3)]:
            assert_same(
                lambda: ours.histogram(None, extrema), lambda: theirs.histogram(None, extrema), mode
            )


def assert_alike(ours, theirs, method, arguments, what) -> None:  # type: ignore[no-untyped-def]
    a = outcome(lambda: getattr(ours, method)(*arguments))
    b = outcome(lambda: getattr(theirs, method)(*arguments))
    if method == "getcolors" and isinstance(b, list) and ours.mode in ("LA", "La", "PA"):
        a, b = sorted(a), sorted(b)
    assert str(a) == str(b) if isinstance(b, (float, Exception)) else a == b, (what, method, a, b)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "La", "PA", "I;16", "I", "F", "1"])
def test_bounding_boxes(mode: str) -> None:
    rng = random.Random(mode)
    for _ in range(30):
        size = (rng.randrange(1, 12), rng.randrange(1, 9))
        ours, theirs = pilaf.Image.new(mode, size), PIL.Image.new(mode, size)
        for _ in range(rng.randrange(3)):
            xy = rng.randrange(size[0]), rng.randrange(size[1])
            bands = len(ours.getbands())
            color = tuple(rng.choice([0, 0, 9]) for _ in range(bands)) if bands > 1 else 256
            if bands == 2:
                color = (color[0], color[1])
            if bands == 1 and mode not in ("I;16", "I", "F"):
                color = 1
            for image in (ours, theirs):
                image.putpixel(xy, color)
        for alpha_only in (True, False):
            assert_same(
                lambda: ours.getbbox(alpha_only=alpha_only),
                lambda: theirs.getbbox(alpha_only=alpha_only),
                (mode, size),
            )


def test_floats_that_are_no_numbers() -> None:
    values = [1.0, float("nan"), -5.0, float("inf"), 2.0]
    for order in itertools.permutations(values, 3):
        data = struct.pack("=3f", *order)
        ours = pilaf.Image.frombytes("F", (3, 1), data)
        theirs = PIL.Image.frombytes("F", (3, 1), data)
        assert str(ours.getextrema()) == str(theirs.getextrema()), order
        assert_same(lambda: ours.histogram(None, (0, 5)), lambda: theirs.histogram(None, (0, 5)))
