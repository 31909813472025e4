"""crop, reduce, rotate, transform beside Pillow."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import PIL.Image
import PIL.ImageTransform
import pytest
from twins import ALL_MODES, assert_same, twins

from pilaf import Image, ImageTransform

pytestmark = pytest.mark.oracle

SIZES = [(1, 1), (7, 5), (16, 16), (1, 9), (33, 20)]
EMPTY = [(0, 0), (0, 5), (5, 0)]
FILTERS = [0, 2, 3]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_crop(mode: str) -> None:
    rng = random.Random(mode)
    for size in SIZES + EMPTY:
        ours, theirs = twins(mode, size)
        boxes: list[Any] = [None, (0, 0, *size), (-3, -2, 4, 3), (2, 1, 2, 1), (3, 0, 1, 5)]
        boxes += [(0.5, 1.5, 2.5, 3.5), (1, 3, 2, 1), (0, 0, 1), (50, 50, 60, 60)]
        for _ in range(10):
            left, top = rng.randint(-9, 40), rng.randint(-9, 25)
            boxes.append((left, top, left + rng.randint(0, 30), top + rng.randint(0, 30)))
        for box in boxes:
            assert_same(lambda: ours.crop(box), lambda: theirs.crop(box), (mode, size, box))


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "I;16", "F"])
def test_large_parts_are_what_they_were_when_cut_out(mode: str) -> None:
    """They share the pixels of the whole until somebody looks at theirs."""
    ours, theirs = twins(mode, (600, 500))
    box = (50, 40, 590, 490)
    changes = {
        "part": lambda whole, part: part,
        "whole written": lambda whole, part: whole.paste(1, (0, 0, 300, 300)) or part,
        "part written": lambda whole, part: part.putpixel((3, 4), 5) or part,
        "part written, whole": lambda whole, part: part.putpixel((3, 4), 5) or whole,
        "part of part": lambda whole, part: part.crop((10, 10, 500, 400)),
        "part copied": lambda whole, part: part.copy(),
        "whole gone": lambda whole, part: whole.close() or part,
        "pasted back": lambda whole, part: whole.paste(part, (7, 9)) or whole,
        "palette": lambda whole, part: mode == "P" and part.putpalette(bytes(768)) or part,
    }
    for name, change in changes.items():
        pair = [whole.copy() for whole in (ours, theirs)]
        parts = [whole.crop(box) for whole in pair]
        assert_same(
            lambda: change(pair[0], parts[0]), lambda: change(pair[1], parts[1]), (mode, name)
        )


def test_threads_that_look_at_a_part_see_the_same() -> None:
    """Whoever comes first copies; nobody sees it half done."""
    whole, _ = twins("RGB", (900, 700))
    for _ in range(20):
        part = whole.crop((10, 10, 890, 690))
        with ThreadPoolExecutor(4) as pool:
            seen = set(pool.map(lambda look: look(part), (_bytes, _bytes, _flipped, _bytes)))
        assert seen == {whole.crop((10, 10, 890, 690)).tobytes()}


def _bytes(image: Any) -> bytes:
    return image.tobytes()


def _flipped(image: Any) -> bytes:
    return image.transpose(0).transpose(0).tobytes()


def test_crop_of_too_many_pixels_is_refused_or_warned_of() -> None:
    ours, theirs = twins("L", (3, 3))
    huge = (0, 0, 20000, 20000)
    assert_same(lambda: ours.crop(huge), lambda: theirs.crop(huge))
    with pytest.warns(Image.DecompressionBombWarning):
        ours.crop((0, 0, 10000, 10000))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_reduce(mode: str) -> None:
    for size in SIZES + EMPTY:
        ours, theirs = twins(mode, size)
        for factor in [1, 2, 3, (2, 5), (1, 2), (4, 1), (7, 7), 0, -1, (1, 1)]:
            for box in [None, (0, 0, 3, 3), (1, 2, 6, 5), (2, 2, 2, 4), (-1, 0, 3, 3)]:
                assert_same(
                    lambda: ours.reduce(factor, box),
                    lambda: theirs.reduce(factor, box),
                    (mode, size, factor, box),
                )


@pytest.mark.parametrize("resample", FILTERS)
@pytest.mark.parametrize("mode", ALL_MODES)
def test_rotate(mode: str, resample: int) -> None:
    rng = random.Random(mode)
    for size in SIZES + EMPTY:
        ours, theirs = twins(mode, size)
        for angle in [0, 90, 180, 270, 360, -90, 45, 30, rng.uniform(-400, 400)]:
            options: dict[str, Any] = {"resample": resample}
            if rng.random() < 0.5:
                options["expand"] = rng.choice([0, 1, True])
            if rng.random() < 0.3:
                options["center"] = (rng.uniform(-5, 30), rng.randint(-5, 30))
            if rng.random() < 0.3:
                options["translate"] = (rng.randint(-9, 9), rng.uniform(-9, 9))
            assert_same(
                lambda: ours.rotate(angle, **options),
                lambda: theirs.rotate(angle, **options),
                (mode, size, angle, options),
            )


FILLS: dict[str, Any] = {"1": 1, "L": 77, "LA": (200, 90), "RGB": (1, 200, 30)}
FILLS |= {"RGBA": (250, 100, 3, 128), "CMYK": (9, 8, 7, 6), "I": -5, "F": 2.5, "I;16": 4660}


@pytest.mark.parametrize("mode", FILLS)
def test_rotate_with_a_fillcolor(mode: str) -> None:
    ours, theirs = twins(mode, (20, 13))
    for resample in FILTERS:
        for fill in (FILLS[mode], 0, None):
            assert_same(
                lambda: ours.rotate(33, resample, True, fillcolor=fill),
                lambda: theirs.rotate(33, resample, True, fillcolor=fill),
                (mode, resample, fill),
            )


def _random_transform(rng: random.Random) -> tuple[int, Any]:
    near = lambda value, by=0.3: value + rng.uniform(-by, by)  # noqa: E731
    method = rng.randrange(5)
    if method == 0:
        shear = rng.choice([0, 1])
        a = [near(1), shear * near(0), near(0, 9), shear * near(0), near(1, 2), near(0, 9)]
        return 0, a
    if method == 1:
        return 1, tuple(rng.choice([rng.uniform(-9, 40), rng.randint(-9, 40)]) for _ in range(4))
    if method == 2:
        a = [
            near(1),
            near(0),
            near(0, 9),
            near(0),
            near(1),
            near(0, 9),
            near(0, 0.02),
            near(0, 0.02),
        ]
        return 2, a
    quad = lambda: [rng.choice([rng.uniform(-5, 40), rng.randint(-5, 40)]) for _ in range(8)]  # noqa: E731
    if method == 3:
        return 3, quad()
    boxes = [(0, 0, 9, 7), (9, 0, 40, 40), (-4, 7, 12, 30), (3, 3, 15, 12)]
    return 4, [(box, quad()) for box in rng.sample(boxes, 3)]


@pytest.mark.parametrize("resample", FILTERS)
@pytest.mark.parametrize("mode", ALL_MODES)
def test_transform(mode: str, resample: int) -> None:
    rng = random.Random(f"{mode} {resample}")
    for size in SIZES + EMPTY:
        ours, theirs = twins(mode, size, seed=rng.randrange(2))
        for _ in range(8):
            method, data = _random_transform(rng)
            target = (rng.randint(1, 40), rng.randint(1, 30))
            options = {"fillcolor": FILLS[mode]} if mode in FILLS and rng.random() < 0.4 else {}
            assert_same(
                lambda: ours.transform(target, method, data, resample, **options),
                lambda: theirs.transform(target, method, data, resample, **options),
                (mode, size, target, method, data, options),
            )


def test_positions_beyond_fixed_point() -> None:
    ours, theirs = twins("L", (40000, 2))
    for matrix in [(1, 0.001, 0, 0, 1, 0), (-1, 0.25, 39999, 0.00001, 1, 0), (4e6, 1, 0, 1, 1, 0)]:
        assert_same(
            lambda: ours.transform((40000, 3), 0, matrix),
            lambda: theirs.transform((40000, 3), 0, matrix),
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ((5, 5), 0, (1, 0, 0, 0, 1)),
        ((5, 5), 0, None),
        ((5, 5), 0, 7),
        ((5, 5), 0, (1, 0, 0, 0, "1", 0)),
        ((5, 5), 1, (1, 0, 0)),
        ((5, 0), 1, (0, 0, 3, 3)),
        ((0, 5), 3, (0, 0, 0, 3, 3, 3, 3, 0)),
        ((5, 5), 3, (0, 0, 0, 3, 3, 3, 3)),
        ((5, 5), 3, ()),
        ((5, 5), 2, (1, 0, 0, 0, 1, 0, 0)),
        ((5, 5), 9, (1, 0, 0, 0, 1, 0, 0)),
        ((5,), 0, (1, 0, 0, 0, 1, 0)),
        ((5, -1), 0, (1, 0, 0, 0, 1, 0)),
        (5, 0, (1, 0, 0, 0, 1, 0)),
        ((5, 2.5), 0, (1, 0, 0, 0, 1, 0)),
        ((5, 5), 0, (1, 0, 0, 0, 1, 0), 1),
        ((5, 5), 0, (1, 0, 0, 0, 1, 0), 4),
        ((5, 5), 0, (1, 0, 0, 0, 1, 0), 99),
        ((5, 5), 0, (float("nan"), float("inf"), 0, 0, 1, 0), 2),
        ((5, 5), 0, (float("nan"), float("inf"), 0, 0, 1, 0), 0),
        ((5, 5), 4, [((0, 0, 3, 3.5), (0, 0, 0, 3, 3, 3, 3, 0))]),
        ((5, 5), 4, []),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGBA", "I", "F"])
def test_senseless_transforms_fail_alike(mode: str, arguments: tuple[Any, ...]) -> None:
    ours, theirs = twins(mode, (4, 4))
    assert_same(lambda: ours.transform(*arguments), lambda: theirs.transform(*arguments))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
def test_transform_objects(mode: str) -> None:
    ours, theirs = twins(mode, (14, 11))
    quad = (1, 2, 3, 9, 12, 10, 13, 1)
    for name, data in [
        ("AffineTransform", (0.9, 0.1, 1, -0.1, 0.9, 2)),
        ("ExtentTransform", (1, 1, 9, 9)),
        ("PerspectiveTransform", (1, 0.1, 0, 0.1, 1, 0, 0.001, 0.002)),
        ("QuadTransform", quad),
        ("MeshTransform", [((0, 0, 5, 5), quad), ((5, 5, 14, 11), quad)]),
    ]:
        for resample in FILTERS:
            assert_same(
                lambda: ours.transform(
                    (14, 11), getattr(ImageTransform, name)(data), resample=resample
                ),
                lambda: theirs.transform(
                    (14, 11), getattr(PIL.ImageTransform, name)(data), resample=resample
                ),
                (mode, name, resample),
            )


def test_objects_with_getdata() -> None:
    class Data:
        def getdata(self) -> tuple[int, tuple[int, ...]]:
            return 1, (0, 0, 3, 3)

    ours, theirs = twins("RGB", (4, 4))
    assert_same(lambda: ours.transform((6, 6), Data()), lambda: theirs.transform((6, 6), Data()))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_transpose(mode: str) -> None:
    for size in SIZES + EMPTY + [(70, 41)]:
        ours, theirs = twins(mode, size)
        for method in range(7):
            assert_same(
                lambda: ours.transpose(method),
                lambda: theirs.transpose(method),
                (mode, size, method),
            )


def test_info_is_kept() -> None:
    image = Image.new("RGB", (4, 4))
    image.info["dpi"] = (72, 72)
    for made in (image.crop((0, 0, 2, 2)), image.rotate(30), image.reduce(2)):
        assert made.info == {"dpi": (72, 72)}
