"""`ImageDraw`: the same shapes in pilaf and in Pillow."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import PIL.ImageDraw
import pytest
from twins import MODES, assert_same, twins

from pilaf import Image, ImageDraw

pytestmark = pytest.mark.oracle

#: Pillow mixes up the bytes of the last one.
DRAWN = [mode for mode in MODES if mode not in ("I;16B",)]


def both(
    mode: str, draw: Callable[[Any], Any], size: tuple[int, int] = (31, 23), blend: bool = False
) -> None:
    def drawn(image: Any, module: Any) -> Any:
        draw(module.Draw(image, "RGBA" if blend else None))
        return image

    ours, theirs = twins(mode, size)
    assert_same(lambda: drawn(ours, ImageDraw), lambda: drawn(theirs, PIL.ImageDraw), (mode, size))


def color(rng: random.Random, mode: str, blend: bool = False) -> Any:
    if rng.random() < 0.2:
        return None
    if mode in ("I", "F") or mode.startswith("I;16"):
        return rng.randrange(0, 60000)
    bands = {"LA": 2, "La": 2, "PA": 2, "RGB": 3, "YCbCr": 3, "HSV": 3}.get(mode, 4)
    bands = 1 if mode in ("1", "L", "P") else 4 if blend else bands
    values = tuple(rng.randrange(256) for _ in range(bands))
    return values[0] if bands == 1 else values


def coordinates(rng: random.Random, count: int, beyond: int = 12) -> list[tuple[float, float]]:
    def at(side: int) -> float:
        number = rng.uniform(-beyond, side + beyond)
        return round(number) if rng.random() < 0.7 else number

    return [(at(31), at(23)) for _ in range(count)]


SHAPES = ["point", "line", "rectangle", "ellipse", "polygon", "circle", "regular_polygon"]
SHAPES += ["arc", "chord", "pieslice", "rounded_rectangle", "joints"]

ANGLES = [0, 0, 30, 45, 90, 135, 180, 180, 270, 300, 359, 360, 400, 720, -1, -90, -400, 0.1, 89.9]


def shape(rng: random.Random, name: str, mode: str, blend: bool) -> Callable[[Any], None]:
    fill, outline = color(rng, mode, blend), color(rng, mode, blend)
    width = rng.choice([0, 1, 1, 1, 2, 3, 4, 7, 30])
    if name == "point":
        points = coordinates(rng, rng.randrange(6))
        return lambda draw: draw.point(points, fill)
    if name == "line":
        points = coordinates(rng, rng.randrange(6))
        return lambda draw: draw.line(points, fill, width)
    if name == "joints":
        points, broad = coordinates(rng, rng.randrange(2, 6)), rng.choice([3, 5, 8, 9, 14])
        return lambda draw: draw.line(points, fill, broad, "curve")
    if mode == "F" and "polygon" in name:
        width = 1  # wider outlines: COMPAT.md
    if name == "polygon":
        points = coordinates(rng, rng.randrange(2, 8), rng.choice([0, 12]))
        if rng.random() < 0.3:  # level and upright edges
            points = [(rng.choice([2, 9, 20]), rng.choice([3, 8, 15])) for _ in points]
        return lambda draw: draw.polygon(points, fill, outline, width)
    if name == "circle":
        (center,), radius = coordinates(rng, 1), rng.uniform(0, 15)
        return lambda draw: draw.circle(center, radius, fill, outline, width)
    if name == "regular_polygon":
        (center,), radius, turn = (
            coordinates(rng, 1),
            rng.uniform(1, 15),
            rng.choice([0, 10, 45.5, 400]),
        )
        circle = (center, radius) if turn == 400 else (*center, radius)
        return lambda draw: draw.regular_polygon(circle, 5, turn, fill, outline, width)
    first, second = coordinates(rng, 2)
    box = [
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[0], second[0]),
        max(first[1], second[1]),
    ]
    if name not in ("rectangle", "rounded_rectangle") and rng.random() < 0.4:
        box[2:] = [box[0] + rng.randrange(8), box[1] + rng.randrange(8)]
    if name in ("arc", "chord", "pieslice"):
        angles = [
            rng.choice(ANGLES) if rng.random() < 0.6 else rng.uniform(-400, 800) for _ in "ab"
        ]
        if name == "arc":
            return lambda draw: draw.arc(box, *angles, fill, width)
        return lambda draw: getattr(draw, name)(box, *angles, fill, outline, width)
    if name == "rounded_rectangle":
        radius = rng.choice([0, 1, 2, 3.5, 5, 8, 30])
        corners = rng.choice([None, tuple(rng.random() < 0.6 for _ in range(4))])
        return lambda draw: draw.rounded_rectangle(
            box, radius, fill, outline, width, corners=corners
        )
    return lambda draw: getattr(draw, name)(box, fill, outline, width)


@pytest.mark.parametrize("mode", DRAWN)
@pytest.mark.parametrize("name", SHAPES)
def test_any_shape_in_any_mode(mode: str, name: str) -> None:
    rng = random.Random(f"{mode} {name}")
    for _ in range(25 if mode in ("L", "RGB") else 6):
        both(mode, shape(rng, name, mode, False))


@pytest.mark.parametrize("name", SHAPES)
def test_colors_with_alpha_are_laid_over_rgb(name: str) -> None:
    rng = random.Random(name)
    for _ in range(40):
        both("RGB", shape(rng, name, "RGB", True), blend=True)


@pytest.mark.parametrize("side", range(0, 24))
def test_small_ellipses_of_every_size(side: int) -> None:
    for other in range(0, 24, 3):
        for width in (1, 2, 5):
            both("L", lambda draw: draw.ellipse((1, 2, 1 + side, 2 + other), 9, 200, width))
            both("L", lambda draw: draw.ellipse((1, 2, 1 + side, 2 + other), None, 200, width))


@pytest.mark.parametrize("mode", [mode for mode in DRAWN if mode not in ("I;16L", "I;16N")])
def test_floodfill(mode: str) -> None:
    rng = random.Random(mode)
    for _ in range(20):
        ours, theirs = twins(mode, (19, 13), rng.randrange(9), smooth=rng.random() < 0.7)
        place = rng.randrange(-3, 21), rng.randrange(-2, 14)
        bands = len(ours.getbands())
        few = [1, 64, 65, 67, 255 if mode == "1" else 200]
        colors = [tuple(rng.choice(few) for _ in range(bands)) for _ in "ab"]
        value, border = (
            color if bands > 1 else color[0] * (256 if "I" in mode else 1) for color in colors
        )
        if mode == "1":
            value, border = rng.choice([0, 255]), 255
        options = rng.choice([{}, {"border": border}, {"thresh": rng.choice([1, 2, 5, 300, 0.5])}])

        def filled(image: Any, module: Any) -> Any:
            module.floodfill(image, place, value, **options)
            return image

        assert_same(
            lambda: filled(ours, ImageDraw),
            lambda: filled(theirs, PIL.ImageDraw),
            (mode, place, options),
        )


def test_floodfill_with_a_color_that_pixels_cannot_hold_ends() -> None:
    """Pillow's does not."""
    image = Image.new("RGB", (9, 9))
    ImageDraw.floodfill(image, (3, 3), (1, 2, 3, 255), border=(9, 9, 9))
    assert image.getcolors() == [(81, (1, 2, 3))]


@pytest.mark.parametrize("side", [0, 1, 2, 3, 9, 16])
def test_parts_of_small_ellipses(side: int) -> None:
    """Every quarter and what begins or ends in it."""
    for other, width in itertools.product((0, 1, 2, 8, 21), (1, 2, 6)):
        box = (1, 2, 1 + side, 2 + other)
        for start, end in itertools.product(range(0, 360, 45), range(15, 420, 75)):
            both("L", lambda draw: draw.arc(box, start, end, 200, width))
            both("L", lambda draw: draw.chord(box, start, end, 9, 200, width))
            both("L", lambda draw: draw.pieslice(box, start, end, 9, 200, width))


WRONG: list[tuple[str, tuple[Any, ...]]] = [
    ("rectangle", ([1, 2, 3],)),
    ("rectangle", ([1, 2, 3, 4, 5, 6],)),
    ("rectangle", ([5, 2, 3, 4],)),
    ("ellipse", ([1, 5, 3, 4],)),
    ("rectangle", ("ab",)),
    ("rectangle", ([1, 2, 3, 4], (1, 2))),
    ("rectangle", ([1, 2, 3, 4], "no colour")),
    ("arc", ([5, 2, 3, 4], 0, 90)),
    ("arc", ([1, 2, 3, 4], "0", 90)),
    ("chord", ([1, 2, 3], 0, 90)),
    ("pieslice", ([1, 5, 3, 4], 0, 90)),
    ("rounded_rectangle", ([5, 2, 3, 4], 2)),
    ("rounded_rectangle", ([1, 5, 3, 4], 2)),
    ("line", ([1],)),
    ("line", ([],)),
    ("line", ([1, 2, 3, 4], 1, 3.5)),
    ("line", ([(1, 2, 3), (4, 5, 6)],)),
    ("line", ([[1, 2], [3, 4]],)),
    ("polygon", ([1, 2],)),
    ("polygon", ([],)),
    ("point", (iter([1, 2]),)),
    ("regular_polygon", ((1, 2, 3), 2)),
    ("regular_polygon", ((1, 2, 3), 3.5)),
    ("regular_polygon", ((1, 2, -3), 3)),
    ("regular_polygon", (5, 3)),
    ("regular_polygon", ((1, 2), 3)),
    ("regular_polygon", (((1, 2, 3), 4), 3)),
    ("regular_polygon", ((1, "2", 3), 3)),
    ("regular_polygon", ((1, 2, 3), 3, "x")),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_what_makes_no_sense(number: int, mode: str) -> None:
    name, args = WRONG[number]
    both(mode, lambda draw: getattr(draw, name)(*args))


def test_defaults_and_colors_by_name() -> None:
    for mode in ("1", "L", "RGB", "RGBA", "P", "I", "F", "CMYK"):
        both(mode, lambda draw: draw.rectangle((1, 2, 9, 9)))
        both(mode, lambda draw: draw.line((1, 2, 9, 9)))
    for mode in ("1", "L", "RGB", "RGBA", "P"):
        both(
            mode,
            lambda draw: draw.rectangle(
                (1, 2, 9, 9), "red", "#12345678" if mode == "RGBA" else "blue"
            ),
        )
        both(
            mode,
            lambda draw: draw.ellipse((1, 2, 9, 9), (1, 2, 3) if mode in ("RGB", "P") else None),
        )

    def filled(draw: Any) -> None:
        draw.fill = True
        draw.polygon([(1, 1), (20, 4), (7, 18)])

    both("L", filled)
    for mode in ("RGBA", "L"):
        with pytest.raises(ValueError, match="mode mismatch"):
            ImageDraw.Draw(Image.new("CMYK", (1, 1)), mode)


def test_wide_outlines_of_floats() -> None:
    grey, floats = Image.new("L", (20, 20)), Image.new("F", (20, 20))
    for image in (grey, floats):
        ImageDraw.Draw(image).polygon([(2, 2), (17, 4), (9, 16)], None, 7, 4)
    assert floats.convert("L").tobytes() == grey.tobytes()


def test_shared_pixels_are_not_drawn_into() -> None:
    image = Image.new("L", (9, 9))
    copy = image.copy()
    ImageDraw.Draw(image).rectangle((0, 0, 8, 8), 255)
    assert copy.getbbox() is None and image.getbbox() == (0, 0, 9, 9)


def test_far_coordinates_take_no_time() -> None:
    far = 2.0**31
    image = Image.new("L", (9, 9))
    draw = ImageDraw.Draw(image)
    draw.line((-far, -far, far, far), 255)
    assert image.getpixel((4, 4)) == 255
    draw.line((3, -far, 3, far), 255)
    draw.rectangle((-far, -far, far, far), None, 255, 2**31 - 1)
    draw.polygon([(-far, -far), (far, -far), (far, far)], 9, 7)
    draw.line((-far, 0, far, 9), 3, 50)
    with pytest.raises(ValueError, match="ellipse"):
        draw.ellipse((0, 0, far, far))


def test_what_is_not_offered_says_so() -> None:
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    for name in ("text", "bitmap"):
        with pytest.raises(NotImplementedError, match=f"no {name}"):
            getattr(draw, name)
    with pytest.raises(AttributeError):
        draw.nonsense  # noqa: B018
