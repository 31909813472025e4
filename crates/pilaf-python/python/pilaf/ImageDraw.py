"""Drawing into images: points, lines, rectangles, polygons, ellipses, with Pillow's pixels.

Text, arcs, chords, pie slices and flood filling are not offered.

>>> from pilaf import Image, ImageDraw
>>> image = Image.new("L", (5, 3))
>>> ImageDraw.Draw(image).rectangle((1, 1, 3, 2), fill=255)
>>> image.getbbox()
(1, 1, 4, 3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from . import Image, ImageColor, _pilaf

Coords = Sequence[float] | Sequence[Sequence[float]]
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
        :param joint: `"curve"` is not offered for lines wider than 4 pixels.
        :raises NotImplementedError: it is asked for.
        """
        ink, _ = self._inks(fill)
        if ink is None or width == 0:
            return
        points = _pairs(xy)
        if joint == "curve" and width > 4 and len(points) > 2:
            raise NotImplementedError('pilaf draws no curved joints: joint="curve"')
        _pilaf.draw_lines(self._image.core, ink, points, width)

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

    def _box(self, draw: Any, xy: Coords, fill: Any, outline: Any, width: int) -> None:
        ink, inside = self._inks(outline, fill)
        core = self._image.core
        if inside is not None:
            draw(core, inside, _corners(xy), True, 1)
        if ink is not None and ink != inside and width != 0:
            draw(core, ink, _corners(xy), False, width)

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


_MISSING = {"arc", "bitmap", "chord", "pieslice", "rounded_rectangle", "shape", "text"}
_MISSING |= {"multiline_text", "textlength", "textbbox", "multiline_textbbox", "getfont"}


def Draw(im: Image.Image, mode: str | None = None) -> ImageDraw:  # noqa: N802  (Pillow's name)
    """What draws into `im`; see :class:`ImageDraw`."""
    return ImageDraw(im, mode)


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
    (left, top), (right, bottom) = pairs
    if right < left:
        raise ValueError("x1 must be greater than or equal to x0")
    if bottom < top:
        raise ValueError("y1 must be greater than or equal to y0")
    return pairs


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
