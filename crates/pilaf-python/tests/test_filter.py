"""ImageFilter and ImageChops beside Pillow."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import PIL.ImageChops
import PIL.ImageFilter
import pytest
from twins import ALL_MODES, assert_same, twins

from pilaf import Image, ImageChops, ImageFilter

pytestmark = pytest.mark.oracle

SIZES = [(0, 0), (0, 5), (5, 0), (1, 1), (2, 9), (3, 3), (7, 5), (40, 21)]
NAMED = ["BLUR", "CONTOUR", "DETAIL", "EDGE_ENHANCE", "EDGE_ENHANCE_MORE", "EMBOSS", "FIND_EDGES"]
NAMED += ["SHARPEN", "SMOOTH", "SMOOTH_MORE"]

Make = Callable[[Any], Any]


def assert_filters_alike(
    mode: str, make: Make, sizes: list[tuple[int, int]], what: Any = ""
) -> None:
    for seed, size in enumerate(sizes):
        ours, theirs = twins(mode, size, seed, smooth=seed % 3 == 2)
        assert_same(
            lambda: ours.filter(make(ImageFilter)),
            lambda: theirs.filter(make(PIL.ImageFilter)),
            (mode, size, seed, what),
        )


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("mode", ALL_MODES)
def test_named_kernels(mode: str, name: str) -> None:
    assert_filters_alike(mode, lambda module: getattr(module, name), SIZES, name)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_random_kernels(mode: str) -> None:
    rng = random.Random(mode)
    for side in (3, 5, 3, 5):
        weights = [rng.choice([rng.uniform(-2, 3), rng.randint(-5, 9)]) for _ in range(side * side)]
        scale = rng.choice([None, rng.uniform(0.5, 9), -3])
        offset = rng.choice([0, 17, rng.uniform(-99, 99)])
        make: Make = lambda module: module.Kernel((side, side), weights, scale, offset)  # noqa: E731
        assert_filters_alike(mode, make, SIZES, (weights, scale, offset))


@pytest.mark.parametrize("radius", [0, 0.3, 1, 1.5, 2, 7, 100, (0, 2), (3.7, 0), (1, 4), -2])
@pytest.mark.parametrize("name", ["BoxBlur", "GaussianBlur"])
def test_blurs(name: str, radius: Any) -> None:
    for mode in ALL_MODES:
        assert_filters_alike(mode, lambda module: getattr(module, name)(radius), SIZES, radius)


@pytest.mark.parametrize(
    ("radius", "percent", "threshold"), [(2, 150, 3), (0, 9, 0), (5.5, -80, 9), (1, 999, -1)]
)
def test_unsharp_mask(radius: float, percent: int, threshold: int) -> None:
    for mode in ALL_MODES:
        make: Make = lambda module: module.UnsharpMask(radius, percent, threshold)  # noqa: E731
        assert_filters_alike(mode, make, SIZES)


RANKS: list[Make] = [
    lambda module: module.MedianFilter(),
    lambda module: module.MedianFilter,
    lambda module: module.MinFilter(5),
    lambda module: module.MaxFilter(3),
    lambda module: module.RankFilter(3, 2),
    lambda module: module.RankFilter(7, 40),
    lambda module: module.RankFilter(1, 0),
    lambda module: module.ModeFilter(),
    lambda module: module.ModeFilter(5),
    lambda module: module.ModeFilter(8),
    lambda module: module.ModeFilter(-3),
]


@pytest.mark.parametrize("make", RANKS)
@pytest.mark.parametrize("mode", ALL_MODES)
def test_ranks(mode: str, make: Make) -> None:
    assert_filters_alike(mode, make, SIZES)


@pytest.mark.parametrize(
    "make",
    [
        lambda module: module.RankFilter(2, 0),
        lambda module: module.RankFilter(3, 9),
        lambda module: module.RankFilter(3, -1),
        lambda module: module.RankFilter(23171, 0),
        lambda module: module.Kernel((3, 3), [1] * 8),
        lambda module: module.Kernel((3, 3), [1] * 9, 0),
        lambda module: module.Kernel((3, 3), ["x"] * 9, 1),
        lambda module: module.Kernel((2, 2), [1] * 4),
        lambda module: module.Kernel((3, 5), [1] * 15),
        lambda module: module.Kernel((7, 7), [1] * 49),
        lambda module: module.BoxBlur(-1),
        lambda module: module.BoxBlur(float("nan")),
        lambda module: module.BoxBlur(2**31),
        lambda module: module.BoxBlur("x"),
        lambda module: module.GaussianBlur(float("nan")),
        lambda module: module.GaussianBlur(1e10),
        lambda module: module.GaussianBlur("x"),
        lambda module: module.UnsharpMask(2, 1.5),
        lambda module: module.ModeFilter(2.5),
        lambda module: 3,
        lambda module: module.Filter,
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_senseless_filters_fail_alike(mode: str, make: Make) -> None:
    assert_filters_alike(mode, make, [(5, 5)])


TABLES: list[Make] = [
    lambda module: module.Color3DLUT.generate(5, lambda r, g, b: (b, r * r, 1.2 * g - 0.1)),
    lambda module: module.Color3DLUT.generate((3, 65, 2), lambda r, g, b: (r, g, b)),
    lambda module: module.Color3DLUT.generate(4, lambda r, g, b: (g, b, r, r * b), 4),
    lambda module: module.Color3DLUT.generate(4, lambda r, g, b: (g, b, r), target_mode="YCbCr"),
    lambda module: module.Color3DLUT.generate(4, lambda r, g, b: (g, b, r), target_mode="RGBA"),
    lambda module: module.Color3DLUT.generate(2, lambda r, g, b: (g, b, r, 1), 4, "CMYK"),
    lambda module: module.Color3DLUT.generate(2, lambda r, g, b: (g, b, r), 3, "L"),
    lambda module: module.Color3DLUT.generate(3, lambda r, g, b: (g, b, r)).transform(
        lambda nr, ng, nb, r, g, b: (nr - r, ng * g, b, nb), with_normals=True, channels=4
    ),
    lambda module: module.Color3DLUT(2, np.linspace(-1, 2, 24, dtype=np.float32)),
    lambda module: module.Color3DLUT(2, np.linspace(-1, 2, 24).reshape(2, 2, 2, 3)),
    lambda module: module.Color3DLUT(2, [(0.5, 9, -9)] * 8),
    lambda module: module.Color3DLUT(2, [(0.5, 9)] * 8),
    lambda module: module.Color3DLUT(2, [0.5] * 23),
    lambda module: module.Color3DLUT(2, np.zeros((3, 8))),
    lambda module: module.Color3DLUT(1, [0.5] * 3),
    lambda module: module.Color3DLUT((2, 2), [0.5] * 24),
    lambda module: module.Color3DLUT(2, [0.5] * 16, 2),
    lambda module: module.Color3DLUT(2, ["0.5"] * 24),
]


@pytest.mark.parametrize("make", TABLES)
def test_color_tables(make: Make) -> None:
    for mode in ["RGB", "RGBA", "CMYK", "HSV", "L", "LA", "I", "P"]:
        assert_filters_alike(mode, make, [(0, 3), (30, 20)])


def test_color_tables_describe_themselves() -> None:
    for make in TABLES[:6]:
        assert_same(lambda: repr(make(ImageFilter)), lambda: repr(make(PIL.ImageFilter)))


def test_a_filter_of_the_caller_s_own() -> None:
    class Twice(ImageFilter.Filter):
        def filter(self, image: Any) -> Any:
            return ImageFilter.MaxFilter(3).filter(ImageFilter.MinFilter(3).filter(image))

    image = twins("RGB", (9, 9))[0]
    expected = image.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    assert image.filter(Twice).tobytes() == expected.tobytes()


CHOPS = ["lighter", "darker", "difference", "multiply", "screen", "soft_light", "hard_light"]
CHOPS += ["overlay", "add", "subtract", "add_modulo", "subtract_modulo"]
CHOPS += ["logical_and", "logical_or", "logical_xor"]


@pytest.mark.parametrize("name", CHOPS)
def test_chops(name: str) -> None:
    for mode in ALL_MODES:
        for sizes in [((31, 17), (31, 17)), ((31, 17), (20, 30)), ((0, 4), (3, 3))]:
            a, b = twins(mode, sizes[0]), twins(mode, sizes[1], seed=1)
            assert_same(
                lambda: getattr(ImageChops, name)(a[0], b[0]),
                lambda: getattr(PIL.ImageChops, name)(a[1], b[1]),
                (mode, sizes),
            )
        other = twins("RGB", (9, 9))
        assert_same(
            lambda: getattr(ImageChops, name)(a[0], other[0]),
            lambda: getattr(PIL.ImageChops, name)(a[1], other[1]),
            (mode, "RGB"),
        )


@pytest.mark.parametrize("name", ["add", "subtract"])
def test_chops_with_scale_and_offset(name: str) -> None:
    a, b = twins("RGB", (30, 20)), twins("RGB", (30, 20), seed=1)
    for arguments in [(2.0,), (1.7, 5), (-0.5, 300), (3, -9), (0.0,), (0.0, 5), (1, 2.5), ("x",)]:
        assert_same(
            lambda: getattr(ImageChops, name)(a[0], b[0], *arguments),
            lambda: getattr(PIL.ImageChops, name)(a[1], b[1], *arguments),
            arguments,
        )


@pytest.mark.parametrize("mode", ALL_MODES)
def test_chops_of_one_image(mode: str) -> None:
    for size in SIZES:
        ours, theirs = twins(mode, size)
        for call in ("invert", "duplicate"):
            assert_same(
                lambda: getattr(ImageChops, call)(ours),
                lambda: getattr(PIL.ImageChops, call)(theirs),
                (mode, size, call),
            )
        for offset in [(3,), (0, 1), (-2, 70), (10**6, -(10**6)), (2.5,)]:
            assert_same(
                lambda: ImageChops.offset(ours, *offset),
                lambda: PIL.ImageChops.offset(theirs, *offset),
                (mode, size, offset),
            )
        assert_same(
            lambda: ImageChops.constant(ours, 77), lambda: PIL.ImageChops.constant(theirs, 77)
        )


def test_filters_keep_info() -> None:
    image = Image.new("RGB", (4, 4))
    image.info["dpi"] = (72, 72)
    assert image.filter(ImageFilter.BLUR).info == {"dpi": (72, 72)}
    assert image.filter(ImageFilter.ModeFilter).info == {"dpi": (72, 72)}
