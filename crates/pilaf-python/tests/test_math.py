"""ImageMath, and pictures made by a formula or by chance."""

from __future__ import annotations

import operator
import random

import PIL.Image
import PIL.ImageMath
import pytest
from twins import assert_same, content, twins

import pilaf.Image
from pilaf import ImageMath

ARITHMETIC = "add sub mul truediv mod eq ne lt le gt ge".split()
BITS = "and_ or_ xor lshift rshift".split()
SIZES = [(7, 5), (0, 3), (5, 7)]


def both(expression, images, what):
    def ours():
        return ImageMath.lambda_eval(expression, **{k: v[0] for k, v in images.items()})

    def theirs():
        return PIL.ImageMath.lambda_eval(expression, **{k: v[1] for k, v in images.items()})

    assert_same(ours, theirs, what)


def numbers(mode, size, seed):
    """Small numbers, and zeros among them."""
    rng = random.Random(f"{mode} {size} {seed}")
    values = [rng.choice([0, 1, -1, 3, 7, 30, -12, 1000]) for _ in range(size[0] * size[1])]
    pair = pilaf.Image.new(mode, size), PIL.Image.new(mode, size)
    for image in pair:
        image.putdata([value * 0.5 for value in values] if mode == "F" else values)
    return pair


@pytest.mark.parametrize("modes", ["1L", "LI", "II", "IF", "FF", "FL", "LRGB"])
@pytest.mark.parametrize("name", [*ARITHMETIC, *BITS, "pow"])
def test_two_images(name, modes):
    function = getattr(operator, name)
    first, second = modes[0], modes[1:]
    for sizes in zip(SIZES, SIZES[::-1], strict=True):
        pairs = [
            numbers(mode, size, seed) if mode in "IF" else twins(mode, size, seed)
            for seed, (mode, size) in enumerate(zip((first, second), sizes, strict=True))
        ]
        images = dict(zip("ab", pairs, strict=True))
        if name in ("lshift", "rshift"):
            # Shifts by less than 0 or more than 31 are left to the C compiler.
            images["b"] = tuple(image.point(lambda v: v & 7) for image in twins("L", sizes[1]))
        both(lambda args: function(args["a"], args["b"]), images, (name, modes, sizes))


@pytest.mark.parametrize("mode", ["1", "L", "I", "F", "RGB"])
@pytest.mark.parametrize("constant", [0, 3, -2, 2.5])
def test_constants(mode, constant):
    pair = numbers(mode, (6, 4), 0) if mode in "IF" else twins(mode, (6, 4))
    for name in [*ARITHMETIC, "and_", "xor", "pow"]:
        function = getattr(operator, name)
        both(lambda args: function(args["a"], constant), {"a": pair}, (name, constant))
        both(lambda args: function(constant, args["a"]), {"a": pair}, (name, constant))


@pytest.mark.parametrize("mode", ["1", "L", "I", "F", "P", "I;16"])
def test_functions(mode):
    pair = {"a": numbers(mode, (6, 4), 1) if mode in "IF" else twins(mode, (6, 4))}
    pair["b"] = numbers("F", (5, 5), 2)
    for expression in [
        lambda args: abs(args["a"]),
        lambda args: -args["a"],
        lambda args: +args["a"],
        lambda args: ~args["a"],
        lambda args: bool(args["a"]),
        lambda args: args["int"](args["a"]),
        lambda args: args["float"](args["a"]),
        lambda args: args["convert"](args["a"], "L"),
        lambda args: args["equal"](args["a"], args["b"]),
        lambda args: args["equal"](args["a"], 3),
        lambda args: args["notequal"](args["a"], args["a"]),
        lambda args: args["min"](args["a"], args["b"]),
        lambda args: args["max"](args["a"], 7),
    ]:
        both(expression, pair, mode)


@pytest.mark.parametrize(
    "text",
    [
        "a + b * 2",
        "convert(max(a, b), 'L')",
        "abs(a - 128)",
        "open('x')",
        "(lambda: exec)()",
        "a.im",
        "1 + 2",
    ],
)
def test_unsafe_eval(text):
    a, b = twins("L", (3, 2)), twins("L", (3, 2), 1)
    assert_same(
        lambda: ImageMath.unsafe_eval(text, a=a[0], b=b[0]),
        lambda: PIL.ImageMath.unsafe_eval(text, a=a[1], b=b[1]),
        text,
    )
    assert_same(
        lambda: ImageMath.unsafe_eval("1", abs=1), lambda: PIL.ImageMath.unsafe_eval("1", abs=1)
    )


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (1, 9), (37, 21), (-1, 3)])
def test_mandelbrot(size):
    for extent in [(-2, -1.5, 1, 1.5), (-0.75, 0.1, -0.74, 0.11), (0, 0, 0, 0), (1, 0, 0, 1)]:
        for quality in (1, 2, 100, 300):
            call = (size, extent, quality)
            assert_same(
                lambda: pilaf.Image.effect_mandelbrot(*call),
                lambda: PIL.Image.effect_mandelbrot(*call),
                call,
            )


def test_chance_can_be_repeated():
    image = twins("RGB", (40, 30))[0]

    def made():
        random.seed(5)
        return pilaf.Image.effect_noise((64, 64), 20), image.effect_spread(5)

    assert content(made()) == content(made())
    noise, spread = made()
    assert noise.mode == "L" and noise.size == (64, 64)
    assert spread.getcolors(1200) != image.getcolors(1200) and spread.size == image.size
    assert_same(
        lambda: pilaf.Image.effect_noise((-1, 1), 1), lambda: PIL.Image.effect_noise((-1, 1), 1)
    )
