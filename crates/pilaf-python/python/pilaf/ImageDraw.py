"""Drawing into images: points, lines, rectangles, polygons, ellipses and parts of them, with
Pillow's pixels. Text is not offered.

>>> from pilaf import Image, ImageDraw
>>> image = Image.new("L", (5, 3))
>>> ImageDraw.Draw(image).rectangle((1, 1, 3, 2), fill=255)
>>> image.getbbox()
(1, 1, 4, 3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from . import Image, ImageColor, _pilaf

Coords = Sequence[float] | Sequence[Sequence[float]]
_Point = tuple[float, float]
_Box = tuple[float, float, float, float]
_Color = float | tuple[int, ...] | str


class ImageDraw:
    """What draws into an image. Coordinates are (x, y) pairs or numbers in a row; fractions are cut
    off.

    :param im: the image to draw into.
    :param mode: `"RGBA"` for an image of mode RGB: colours have alpha and are laid over its pixels.
        Default: the mode of the image.
    :raises ValueError: another mode than that.
    """

    def __init__(self, im: Image.Image, mode: str | None = None) -> None:
        im.load()
        self.mode = im.mode if mode is None else mode
        self._blends = (self.mode, im.mode) == ("RGBA", "RGB")
        if self.mode != im.mode and not self._blends:
            raise ValueError("mode mismatch")
        self._image = im
        self.palette = im.palette if self.mode == "P" else None
        self.ink = self._ink(1 if self.mode in ("I", "F") else -1)
        self.fill = False
        """Whether shapes drawn without a colour are filled, rather than outlined."""

    def _ink(self, color: Any) -> tuple[bytes, bool]:
        if isinstance(color, str):
            color = ImageColor.getcolor(color, self.mode)
        if self.palette is not None and isinstance(color, tuple):
            color = self.palette.getcolor(color, self._image)
        return _pilaf.draw_ink(self._image.core, color), self._blends

    def _inks(self, outline: Any, fill: Any = None) -> tuple[Any, Any]:
        """Inks of the outline and of the inside; None for what is not drawn."""
        if outline is None and fill is None:
            return (None, self.ink) if self.fill else (self.ink, None)
        return (
            None if outline is None else self._ink(outline),
            None if fill is None else self._ink(fill),
        )

    def point(self, xy: Coords, fill: _Color | None = None) -> None:
        """Single pixels."""
        ink, _ = self._inks(fill)
        points = _pairs(xy)
        if ink is not None:
            _pilaf.draw_points(self._image.core, ink, points)

    def line(
        self, xy: Coords, fill: _Color | None = None, width: int = 1, joint: str | None = None
    ) -> None:
        """Lines from each point to the next.

        :param width: in pixels.
        :param joint: `"curve"` rounds the joints of lines wider than 4 pixels.
        """
        ink, _ = self._inks(fill)
        if ink is None or width == 0:
            return
        points = _pairs(xy)
        _pilaf.draw_lines(self._image.core, ink, points, width)
        if joint == "curve" and width > 4:
            for before, point, after in zip(points, points[1:], points[2:], strict=False):
                self._joint(before, point, after, fill, width)

    def _joint(self, before: _Point, point: _Point, after: _Point, fill: Any, width: int) -> None:
        """A slice of a pie on the outer side of a bend, and what may show beside it."""
        first, second = _direction(before, point), _direction(point, after)
        if first == second:
            return
        turned = second - 180 > first if second > first else second + 180 > first
        x, y = point
        reach = width / 2 - 1
        box = (x - reach, y - reach, x + reach, y + reach)
        ends = (second + 90, first + 90) if turned else (first - 90, second - 90)
        self.pieslice(box, ends[0] - 90, ends[1] - 90, fill)
        if width > 8:
            side = 90 if turned else -90
            ends_of_gap = [_at_angle(point, angle + side, reach) for angle in (first, second)]
            self.line([ends_of_gap[0], point, ends_of_gap[1]], fill, width=3)

    def rectangle(
        self,
        xy: Coords,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """A rectangle; both corners belong to it.

        :param width: of the outline, inwards.
        """
        self._box(_pilaf.draw_rectangle, xy, fill, outline, width)

    def ellipse(
        self,
        xy: Coords,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """The ellipse inside of a rectangle.

        :param width: of the outline, inwards.
        """
        self._box(_pilaf.draw_ellipse, xy, fill, outline, width)

    def _box(
        self, draw: Any, xy: Coords, fill: Any, outline: Any, width: int, *angles: _Point
    ) -> None:
        ink, inside = self._inks(outline, fill)
        core = self._image.core
        if inside is not None:
            draw(core, inside, _corners(xy), *angles, True, 1)
        if ink is not None and ink != inside and width != 0:
            draw(core, ink, _corners(xy), *angles, False, width)

    def arc(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Color | None = None,
        width: int = 1,
    ) -> None:
        """Part of the outline of the ellipse inside of a rectangle.

        :param start: where it begins, in degrees, clockwise from three o'clock.
        :param end: where it ends.
        :param width: of the outline, inwards.
        """
        ink, _ = self._inks(fill)
        if ink is not None and width != 0:
            _pilaf.draw_arc(self._image.core, ink, _corners(xy), (start, end), width)

    def chord(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """An arc and the line between its ends; see :meth:`arc`."""
        self._box(_pilaf.draw_chord, xy, fill, outline, width, (start, end))

    def pieslice(
        self,
        xy: Coords,
        start: float,
        end: float,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """An arc and the lines from its ends to the centre; see :meth:`arc`."""
        self._box(_pilaf.draw_pie_slice, xy, fill, outline, width, (start, end))

    def rounded_rectangle(
        self,
        xy: Coords,
        radius: float = 0,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
        *,
        corners: tuple[bool, bool, bool, bool] | None = None,
    ) -> None:
        """A rectangle with round corners.

        :param radius: of the corners.
        :param width: of the outline, inwards.
        :param corners: which are round: top left, top right, bottom right, bottom left.
            Default: all.
        :raises ValueError: the corners of `xy` are in another order than top left, bottom right.
        """
        (left, top), (right, bottom) = _pairs(xy)
        _in_order((left, top), (right, bottom))
        rounded = _Rounded.fit((left, top, right, bottom), radius, corners or (True,) * 4)
        if rounded.is_ellipse:
            self.ellipse(xy, fill, outline, width)
        elif rounded.diameter == 0 or not any(rounded.corners):
            self.rectangle(xy, fill, outline, width)
        else:
            ink, inside = self._inks(outline, fill)
            core = self._image.core
            if inside is not None:
                for box, angles in rounded.rounds():
                    _pilaf.draw_pie_slice(core, inside, _corners(box), angles, True, 1)
                for box in rounded.insides():
                    _pilaf.draw_rectangle(core, inside, _corners(box), True, 1)
            if ink is not None and ink != inside and width != 0:
                for box, angles in rounded.rounds():
                    _pilaf.draw_arc(core, ink, _corners(box), angles, width)
                for box in rounded.edges(width):
                    _pilaf.draw_rectangle(core, ink, _corners(box), True, 1)

    def circle(
        self,
        xy: Sequence[float],
        radius: float,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """A circle around a point."""
        x, y = xy[0], xy[1]
        self.ellipse((x - radius, y - radius, x + radius, y + radius), fill, outline, width)

    def polygon(
        self,
        xy: Coords,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """A polygon, closed from the last point to the first.

        :param width: of the outline, inwards.
        """
        ink, inside = self._inks(outline, fill)
        core = self._image.core
        if inside is not None:
            _pilaf.draw_polygon(core, inside, _corners_of_polygon(xy), True, 1)
        if ink is None or ink == inside or width == 0:
            return
        points = _corners_of_polygon(xy)
        if width == 1:
            _pilaf.draw_polygon(core, ink, points, False, 1)
            return
        # The outline is drawn on both sides of the edge; the mask keeps what is inside.
        mask = Image.new("1", self._image.size)
        _pilaf.draw_polygon(mask.core, (b"\xff\0\0\0", False), points, True, 1)
        _pilaf.draw_polygon(core, ink, points, False, width * 2 - 1, mask.core)

    def regular_polygon(
        self,
        bounding_circle: Sequence[Sequence[float] | float],
        n_sides: int,
        rotation: float = 0,
        fill: _Color | None = None,
        outline: _Color | None = None,
        width: int = 1,
    ) -> None:
        """A polygon of equal sides in a circle.

        :param bounding_circle: its center and radius: (x, y, r) or ((x, y), r).
        :param rotation: in degrees; 0 has a level side at the bottom.
        """
        corners = _regular_corners(bounding_circle, n_sides, rotation)
        self.polygon(corners, fill, outline, width)

    def __getattr__(self, name: str) -> Any:
        if name in _MISSING:
            raise NotImplementedError(f"pilaf's ImageDraw has no {name}: see COMPAT.md")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


_MISSING = {"bitmap", "shape", "text"}
_MISSING |= {"multiline_text", "textlength", "textbbox", "multiline_textbbox", "getfont"}


def Draw(im: Image.Image, mode: str | None = None) -> ImageDraw:  # noqa: N802  (Pillow's name)
    """What draws into `im`; see :class:`ImageDraw`."""
    return ImageDraw(im, mode)


def floodfill(
    image: Image.Image,
    xy: tuple[int, int],
    value: float | tuple[int, ...],
    border: float | tuple[int, ...] | None = None,
    thresh: float = 0,
) -> None:
    """Fills what hangs together around a pixel; beyond the image nothing happens.

    :param xy: the pixel to begin at.
    :param value: the new colour.
    :param border: the region ends at this colour. Default: it ends where colours differ from the
        first pixel's.
    :param thresh: how much they may differ, as a sum over the bands, and still belong to it.
    """
    pixels = image.load()
    x, y = xy
    try:
        background = pixels[x, y]
        if _difference(value, background) <= thresh:
            return
        pixels[x, y] = value
    except (ValueError, IndexError):
        return

    def belongs(found: Any) -> bool:
        if border is None:
            return _difference(found, background) <= thresh
        return found not in (value, border)

    # Where a pixel cannot hold the colour, what was filled must be told from what was not.
    done: set[_Point] | None = {(x, y)} if belongs(pixels[x, y]) else None
    edge = [(x, y)]
    while edge:
        x, y = edge.pop()
        for place in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if place[0] < 0 or place[1] < 0 or done is not None and place in done:
                continue
            try:
                found = pixels[place]
            except (ValueError, IndexError):
                continue
            if belongs(found):
                pixels[place] = value
                edge.append(place)
                if done is not None:
                    done.add(place)


def _difference(first: Any, second: Any) -> float:
    """The sum of the differences of their bands."""
    first, second = (color if isinstance(color, tuple) else (color,) for color in (first, second))
    total: float = sum(abs(first[band] - value) for band, value in enumerate(second))
    return total


def _pairs(xy: Any) -> list[tuple[float, float]]:
    """Coordinates as pairs, whatever they were written as."""
    if not hasattr(xy, "__getitem__") or not hasattr(xy, "__len__"):
        raise TypeError("argument must be sequence")
    numbers: list[float] = []
    for item in xy:
        if isinstance(item, (tuple, list)) and len(item) == 2:
            numbers += item
        elif hasattr(item, "__float__"):
            numbers.append(item)
        else:
            raise ValueError("incorrect coordinate type")
    if len(numbers) % 2:
        raise ValueError("wrong number of coordinates")
    return list(zip(map(float, numbers[::2]), map(float, numbers[1::2]), strict=True))


def _corners(xy: Coords) -> list[tuple[float, float]]:
    pairs = _pairs(xy)
    if len(pairs) != 2:
        raise TypeError("coordinate list must contain exactly 2 coordinates")
    _in_order(*pairs)
    return pairs


def _in_order(first: _Point, second: _Point) -> None:
    if second[0] < first[0]:
        raise ValueError("x1 must be greater than or equal to x0")
    if second[1] < first[1]:
        raise ValueError("y1 must be greater than or equal to y0")


def _direction(start: _Point, end: _Point) -> float:
    """Degrees clockwise from twelve o'clock."""
    return math.degrees(math.atan2(end[0] - start[0], start[1] - end[1])) % 360


def _at_angle(point: _Point, angle: float, distance: float) -> _Point:
    turn = math.radians(angle - 90)

    def moved(start: float, by: float) -> float:
        return start + (math.floor(by) if by > 0 else math.ceil(by))

    return moved(point[0], distance * math.cos(turn)), moved(point[1], distance * math.sin(turn))


class _Rounded(NamedTuple):
    """A rectangle with round corners, in the parts that are drawn."""

    box: _Box
    diameter: float
    corners: Sequence[bool]
    #: Whether the left and the right corners meet, and the upper and the lower.
    across: bool
    down: bool

    @classmethod
    def fit(cls, box: _Box, radius: float, corners: Sequence[bool]) -> _Rounded:
        left, top, right, bottom = box
        diameter = min(right - left, bottom - top, radius * 2)
        left, top, right, bottom = (round(edge) for edge in box)
        across = down = False
        if all(corners):
            across = diameter >= right - left - 1
            diameter = right - left if across else diameter
            down = diameter >= bottom - top - 1
            diameter = bottom - top if down else diameter
        return cls((left, top, right, bottom), diameter, corners, across, down)

    @property
    def is_ellipse(self) -> bool:
        return self.across and self.down

    @property
    def inset(self) -> int:
        return int(self.diameter // 2) + 1

    def rounds(self) -> list[tuple[_Box, _Point]]:
        """Boxes of ellipses, and the angles of their parts."""
        (left, top, right, bottom), d = self.box, self.diameter
        upper_left: _Box = (left, top, left + d, top + d)
        upper_right: _Box = (right - d, top, right, top + d)
        lower_left: _Box = (left, bottom - d, left + d, bottom)
        lower_right: _Box = (right - d, bottom - d, right, bottom)
        if self.across:
            return [(upper_left, (180, 360)), (lower_left, (0, 180))]
        if self.down:
            return [(upper_left, (90, 270)), (upper_right, (270, 90))]
        quarters: list[tuple[_Box, _Point]] = [
            (upper_left, (180, 270)),
            (upper_right, (270, 360)),
            (lower_right, (0, 90)),
            (lower_left, (90, 180)),
        ]
        return [
            quarter for quarter, is_round in zip(quarters, self.corners, strict=True) if is_round
        ]

    def insides(self) -> list[_Box]:
        """What is filled beside the round corners."""
        (left, top, right, bottom), inset = self.box, self.inset
        boxes: list[_Box] = []
        if self.across:
            boxes.append((left, top + inset, right, bottom - inset))
        elif right - inset >= left + inset:
            boxes.append((left + inset, top, right - inset, bottom))
        if not self.across and not self.down:
            boxes += self._upright(inset - 1)
        return boxes

    def edges(self, width: int) -> list[_Box]:
        """The straight parts of an outline."""
        (left, top, right, bottom), inset = self.box, self.inset
        boxes: list[_Box] = []
        if not self.across:
            for corner_left, corner_right, upper in ((0, 1, top), (3, 2, bottom - width + 1)):
                from_left = left + inset if self.corners[corner_left] else left
                to_right = right - inset if self.corners[corner_right] else right
                lower = upper + width - 1
                boxes.append((from_left, upper, to_right, lower))
        if not self.down:
            boxes += self._upright(width - 1)
        return boxes

    def _upright(self, reach: float) -> list[_Box]:
        """Along the left and the right, between corners."""
        (left, top, right, bottom), inset = self.box, self.inset
        boxes: list[_Box] = []
        for upper, lower, start, end in (
            (0, 3, left, left + reach),
            (1, 2, right - reach, right),
        ):
            first = top + inset if self.corners[upper] else top
            last = bottom - inset if self.corners[lower] else bottom
            boxes.append((start, first, end, last))
        return boxes


def _corners_of_polygon(xy: Coords) -> list[tuple[float, float]]:
    pairs = _pairs(xy)
    if len(pairs) < 2:
        raise TypeError("coordinate list must contain at least 2 coordinates")
    return pairs


def _regular_corners(circle: Any, n_sides: int, rotation: float) -> list[tuple[float, float]]:
    if not isinstance(n_sides, int):
        raise TypeError("n_sides should be an int")
    if n_sides < 3:
        raise ValueError("n_sides should be an int > 2")
    if not isinstance(circle, (list, tuple)):
        raise TypeError("bounding_circle should be a sequence")
    center = circle[:-1]
    if len(circle) == 2 and isinstance(circle[0], (list, tuple)):
        center = circle[0]
        if not all(isinstance(number, (int, float)) for number in (*center, circle[1])):
            raise ValueError("bounding_circle should only contain numeric data")
        if len(center) != 2:
            raise ValueError("bounding_circle centre should contain 2D coordinates (e.g. (x, y))")
    elif len(circle) != 3:
        raise ValueError(
            "bounding_circle should contain 2D coordinates "
            "and a radius (e.g. (x, y, r) or ((x, y), r) )"
        )
    elif not all(isinstance(number, (int, float)) for number in circle):
        raise ValueError("bounding_circle should only contain numeric data")
    (x, y), radius = center, circle[-1]
    if radius <= 0:
        raise ValueError("bounding_circle radius should be > 0")
    if not isinstance(rotation, (int, float)):
        raise ValueError("rotation should be an int or float")
    step = 360 / n_sides
    angle = (270 - 0.5 * step) + rotation
    corners = []
    for _ in range(n_sides):
        turn = math.radians(360 - angle)
        across, down = radius * math.cos(turn), radius * math.sin(turn)
        corners.append((round(across + x, 2), round(down + y, 2)))
        angle = angle + step if angle + step <= 360 else angle + step - 360
    return corners
