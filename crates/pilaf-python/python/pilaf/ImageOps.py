"""Whole operations on images: fitting, framing, and tones.

>>> from pilaf import Image, ImageOps
>>> ImageOps.fit(Image.new("RGB", (640, 480)), (100, 100)).size
(100, 100)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol, overload

from . import ExifTags, Image, ImageColor, ImagePalette, _pilaf
from ._image.constants import Transpose

Color = str | int | tuple[int, ...]

_BICUBIC = Image.Resampling.BICUBIC


# Sizes and frames


def contain(image: Image.Image, size: tuple[int, int], method: int = _BICUBIC) -> Image.Image:
    """The image as large as fits into `size`, proportions kept.

    :param method: one of `Image.Resampling`.
    """
    return _resize(image, size, method, inside=True)


def cover(image: Image.Image, size: tuple[int, int], method: int = _BICUBIC) -> Image.Image:
    """The image as small as covers `size`, proportions kept.

    :param method: one of `Image.Resampling`.
    """
    return _resize(image, size, method, inside=False)


def _resize(image: Image.Image, size: tuple[int, int], method: int, inside: bool) -> Image.Image:
    if image.height == 0:
        return Image.new(image.mode, (size[0], 0))
    if size[1] == 0:
        return Image.new(image.mode, (0, 0))
    ratio, wanted = image.width / image.height, size[0] / size[1]
    if ratio != wanted:
        if (ratio > wanted) == inside:
            size = (size[0], round(image.height / image.width * size[0]))
        else:
            size = (round(image.width / image.height * size[1]), size[1])
    if inside and min(size) == 0:
        return Image.new(image.mode, size)
    return image.resize(size, method)


def fit(
    image: Image.Image,
    size: tuple[int, int],
    method: int = _BICUBIC,
    bleed: float = 0.0,
    centering: tuple[float, float] = (0.5, 0.5),
) -> Image.Image:
    """Exactly `size`, proportions kept: what overhangs is cut off.

    :param method: one of `Image.Resampling`.
    :param bleed: how much to cut off all around first, as a part of each side, below 0.5.
    :param centering: where to cut: (0.0, 0.0) keeps the upper left, (1.0, 1.0) the lower right.
    """
    if min(size) == 0:
        return Image.new(image.mode, size)
    center_x, center_y = (part if 0.0 <= part <= 1.0 else 0.5 for part in centering)
    if not 0.0 <= bleed < 0.5:
        bleed = 0.0
    left, top = bleed * image.size[0], bleed * image.size[1]
    width, height = image.size[0] - left * 2, image.size[1] - top * 2
    if height == 0:
        return Image.new(image.mode, size)
    wanted = size[0] / size[1]
    crop_width, crop_height = width, height
    if width / height != wanted:
        if width / height >= wanted:
            crop_width = wanted * height
        else:
            crop_height = width / wanted
    left += (width - crop_width) * center_x
    top += (height - crop_height) * center_y
    return image.resize(size, method, (left, top, left + crop_width, top + crop_height))


def pad(
    image: Image.Image,
    size: tuple[int, int],
    method: int = _BICUBIC,
    color: Color | None = None,
    centering: tuple[float, float] = (0.5, 0.5),
) -> Image.Image:
    """Exactly `size`, all of the image shown, proportions kept: what is left over is `color`.

    :param method: one of `Image.Resampling`.
    :param color: of the frame. Default: zeros.
    :param centering: where the image goes: (0, 0) upper left, (1, 1) lower right.
    """
    resized = contain(image, size, method)
    if resized.size == size:
        return resized
    framed = _filled_like(resized, size, color)
    if resized.width != size[0]:
        left = round((size[0] - resized.width) * max(0, min(centering[0], 1)))
        framed.paste(resized, (left, 0))
    else:
        top = round((size[1] - resized.height) * max(0, min(centering[1], 1)))
        framed.paste(resized, (0, top))
    return framed


def scale(image: Image.Image, factor: float, resample: int = _BICUBIC) -> Image.Image:
    """Larger or smaller by `factor` in both directions.

    :raises ValueError: the factor is 0 or less.
    """
    if factor == 1:
        return image.copy()
    if factor <= 0:
        raise ValueError("the factor must be greater than 0")
    return image.resize((round(factor * image.width), round(factor * image.height)), resample)


def crop(image: Image.Image, border: int | tuple[int, ...] = 0) -> Image.Image:
    """The image without its border.

    :param border: pixels to take off: everywhere, (left and right, top and bottom), or (left,
        top, right, bottom).
    """
    left, top, right, bottom = _borders(border)
    return image.crop((left, top, image.size[0] - right, image.size[1] - bottom))


def expand(image: Image.Image, border: int | tuple[int, ...] = 0, fill: Color = 0) -> Image.Image:
    """The image with a border around it.

    :param border: pixels to add, as for :func:`crop`.
    :param fill: colour of the border.
    """
    left, top, right, bottom = _borders(border)
    size = (left + image.size[0] + right, top + image.size[1] + bottom)
    framed = _filled_like(image, size, fill)
    framed.paste(image, (left, top))
    return framed


def _borders(border: int | tuple[int, ...]) -> tuple[int, int, int, int]:
    if not isinstance(border, tuple):
        return border, border, border, border
    if len(border) == 2:
        across, down = border
        return across, down, across, down
    if len(border) == 4:
        left, top, right, bottom = border
        return left, top, right, bottom
    raise ValueError("border must be an integer, or a tuple of two or four elements")


def _filled_like(image: Image.Image, size: tuple[int, int], color: Color | None) -> Image.Image:
    """An image of one colour that goes with `image`: its mode, palette and transparency."""
    color = _number(color, image.mode)
    palette = None
    if image.palette:
        mode = image.palette.mode
        palette = ImagePalette.ImagePalette(mode, image.getpalette(mode))
        if isinstance(color, tuple) and len(color) in (3, 4):
            color = palette.getcolor(color, image)
    filled = Image.new(image.mode, size, color)
    if palette:
        filled.putpalette(palette.palette, mode)
    if "transparency" in image.info:
        filled.info["transparency"] = image.info["transparency"]
    return filled


def _number(color: Any, mode: str) -> Any:
    return ImageColor.getcolor(color, mode) if isinstance(color, str) else color


# Places


def flip(image: Image.Image) -> Image.Image:
    """Upside down."""
    return image.transpose(Transpose.FLIP_TOP_BOTTOM)


def mirror(image: Image.Image) -> Image.Image:
    """Left to right."""
    return image.transpose(Transpose.FLIP_LEFT_RIGHT)


class SupportsGetMesh(Protocol):
    """Gives a mesh for :func:`deform`."""

    def getmesh(self, image: Image.Image) -> list[tuple[Any, Any]]:
        """A list of (box of the result, corners in the image): see `Image.transform`."""
        ...


def deform(
    image: Image.Image,
    deformer: SupportsGetMesh,
    resample: int = Image.Resampling.BILINEAR,
) -> Image.Image:
    """Warped by a mesh.

    :param deformer: an object whose `getmesh(image)` gives the data of a MESH transform.
    """
    mesh = deformer.getmesh(image)
    return image.transform(image.size, Image.Transform.MESH, mesh, resample)


_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@overload
def exif_transpose(image: Image.Image, *, in_place: Literal[True]) -> None: ...


@overload
def exif_transpose(image: Image.Image, *, in_place: Literal[False] = False) -> Image.Image: ...


def exif_transpose(image: Image.Image, *, in_place: bool = False) -> Image.Image | None:
    """Upright, as the orientation in the EXIF data says, or else in the XMP data. It is taken out
    of them then.

    :param in_place: turns this image and returns None. Default: returns another one.
    """
    core = image.core
    method = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    if method is None:
        return None if in_place else image.copy()
    turned = image if in_place else image.copy()
    turned._set_core(core.transpose(method.name))
    _take_orientation(turned)
    return None if in_place else turned


def _take_orientation(image: Image.Image) -> None:
    """Takes the orientation out of the metadata, and leaves all else of them as it is."""
    info = image.info
    if "exif" in info and (taken := _pilaf.take_orientation(info["exif"])) is not None:
        info["exif"] = taken[1]
    elif "exif" in info or "Raw profile type exif" in info:
        exif = image.getexif()
        exif.pop(ExifTags.Base.Orientation, None)
        if "exif" in info:
            info["exif"] = exif.tobytes()
        else:
            info["Raw profile type exif"] = exif.tobytes().hex()
    for key in ("XML:com.adobe.xmp", "xmp"):
        if key in info:
            info[key] = _without_orientation(info[key])
    image._exif = None  # to be read again


def _without_orientation(xmp: str | bytes) -> str | bytes:
    for pattern in (
        r'tiff:Orientation="([0-9])"',
        r"<tiff:Orientation>([0-9])</tiff:Orientation>",
    ):
        if isinstance(xmp, str):
            xmp = re.sub(pattern, "", xmp)
        else:
            xmp = re.sub(pattern.encode(), b"", xmp)
    return xmp


# Tones


def grayscale(image: Image.Image) -> Image.Image:
    """In mode L."""
    return image.convert("L")


def invert(image: Image.Image) -> Image.Image:
    """The negative. Of a palette image, the palette's.

    :raises OSError: the mode is not 1, L, P or RGB.
    """
    table = list(range(255, -1, -1))
    return image.point(table) if image.mode == "1" else _map(image, table, palette=True)


def posterize(image: Image.Image, bits: int) -> Image.Image:
    """With only the upper `bits`, 1 to 8, of every sample.

    :raises ValueError: there are no so many bits.
    :raises OSError: the mode is not L, P or RGB.
    """
    if not 1 <= bits <= 8:
        raise ValueError("bits must be between or equal to 1 and 8")
    mask = 0xFF << (8 - bits) & 0xFF
    return _map(image, [value & mask for value in range(256)], palette=True)


def solarize(image: Image.Image, threshold: int = 128) -> Image.Image:
    """With samples of `threshold` and more turned into their negative.

    :raises OSError: the mode is not L, P or RGB.
    """
    table = [value if value < threshold else 255 - value for value in range(256)]
    return _map(image, table, palette=True)


def equalize(image: Image.Image, mask: Image.Image | None = None) -> Image.Image:
    """With tones spread so that all are about equally frequent.

    :param mask: the pixels to count. Default: all.
    :raises OSError: the mode is not L, P or RGB.
    """
    if image.mode == "P":
        image = image.convert("RGB")
    histogram = image.histogram(mask)
    table: list[int] = []
    for start in range(0, len(histogram), 256):
        table += _equal_steps(histogram[start : start + 256])
    return _map(image, table)


def _equal_steps(counts: list[int]) -> list[int]:
    used = [count for count in counts if count]
    step = (sum(used) - used[-1]) // 255 if len(used) > 1 else 0
    if not step:
        return list(range(256))
    table, below = [], step // 2
    for count in counts:
        table.append(below // step)
        below += count
    return table


def autocontrast(
    image: Image.Image,
    cutoff: float | tuple[float, float] = 0,
    ignore: int | Sequence[int] | None = None,
    mask: Image.Image | None = None,
    preserve_tone: bool = False,
) -> Image.Image:
    """With the darkest tone black and the lightest white, in each band.

    :param cutoff: percent of the pixels to leave out, at both ends or (at the dark, at the light).
    :param ignore: tones not to count.
    :param mask: the pixels to count. Default: all.
    :param preserve_tone: stretches all bands alike, by the tones of the grey image.
    :raises OSError: the mode is not L or RGB.
    """
    histogram = (image.convert("L") if preserve_tone else image).histogram(mask)
    low, high = cutoff if isinstance(cutoff, tuple) else (cutoff, cutoff)
    table: list[int] = []
    for start in range(0, len(histogram), 256):
        counts = histogram[start : start + 256]
        for tone in () if ignore is None else (ignore,) if isinstance(ignore, int) else ignore:
            counts[tone] = 0
        if cutoff:
            pixels = sum(counts)
            _cut_off(counts, int(pixels * low // 100), range(256))
            _cut_off(counts, int(pixels * high // 100), range(255, -1, -1))
        table += _stretch(counts)
    return _map(image, table)


def _cut_off(counts: list[int], pixels: int, tones: range) -> None:
    """Takes `pixels` away, tone after tone."""
    for tone in tones:
        taken = min(pixels, counts[tone])
        counts[tone] -= taken
        pixels -= taken
        if pixels <= 0:
            return


def _stretch(counts: list[int]) -> list[int]:
    used = [tone for tone, count in enumerate(counts) if count]
    if len(used) < 2:
        return list(range(256))
    scale = 255.0 / (used[-1] - used[0])
    offset = -used[0] * scale
    return [max(0, min(int(tone * scale + offset), 255)) for tone in range(256)]


def colorize(
    image: Image.Image,
    black: str | tuple[int, ...],
    white: str | tuple[int, ...],
    mid: str | int | tuple[int, ...] | None = None,
    blackpoint: int = 0,
    whitepoint: int = 255,
    midpoint: int = 127,
) -> Image.Image:
    """A grey image in colours: from `black` to `white`, by way of `mid` if there is one.

    :param blackpoint: the tone at which `black` ends; `whitepoint`, `midpoint`: likewise.
    :raises ValueError: the mode is not L, or the points are not in order.
    """
    if image.mode != "L":
        raise ValueError(f"mode must be L, not {image.mode}")
    if not 0 <= blackpoint <= whitepoint <= 255:
        raise ValueError(
            "blackpoint and whitepoint must each be between or equal to 0 and 255, "
            "with blackpoint less than or equal to whitepoint"
        )
    if mid is not None and not blackpoint <= midpoint <= whitepoint:
        raise ValueError("midpoint must be between or equal to blackpoint and whitepoint")
    stops = [(blackpoint, _number(black, "RGB")), (whitepoint, _number(white, "RGB"))]
    if mid is not None:
        stops.insert(1, (midpoint, _number(mid, "RGB")))
    table: list[int] = []
    for band in range(3):
        table += _wedge([(tone, color[band]) for tone, color in stops])
    return _map(image.convert("RGB"), table)


def _wedge(stops: list[tuple[int, int]]) -> list[int]:
    """256 values: constant before the first and after the last stop, linear between."""
    table = [stops[0][1]] * stops[0][0]
    for (start, low), (end, high) in zip(stops, stops[1:], strict=False):
        table += [low + step * (high - low) // (end - start) for step in range(end - start)]
    return table + [stops[-1][1]] * (256 - stops[-1][0])


def _map(image: Image.Image, table: list[int], palette: bool = False) -> Image.Image:
    """Every sample through a table. `palette`: of a palette image, those of the palette."""
    if image.mode == "P":
        if not palette:
            raise NotImplementedError("mode P support coming soon")
        return _map_palette(image, table)
    if image.mode not in ("L", "RGB"):
        raise OSError(f"not supported for mode {image.mode}")
    if image.mode == "RGB" and len(table) == 256:
        table = table * 3
    return image.point(table)


def _map_palette(image: Image.Image, table: list[int]) -> Image.Image:
    mapped = image.copy()
    assert mapped.palette is not None
    mode = mapped.palette.mode
    colors = mapped.getpalette(None) or []
    bands = len(mode)
    mapped.putpalette(
        [v if mode[i % bands] == "A" else table[v] for i, v in enumerate(colors)], mode
    )
    return mapped
