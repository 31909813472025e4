"""Colours by name and by CSS notation, as `PIL.ImageColor`."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, hsv_to_rgb, rgb_to_hsv
from functools import lru_cache

from .ImageMode import getmode

__all__ = ["colormap", "getcolor", "getrgb"]

_NUMBER = r"\s*(\d+)\s*"
_SHARE = r"\s*(\d+)%\s*"
_REAL = r"\s*(\d+\.?\d*)\s*"
_REAL_SHARE = r"\s*(\d+\.?\d*)%\s*"
_RGB = re.compile(rf"rgb\({_NUMBER},{_NUMBER},{_NUMBER}\)$")
_RGBA = re.compile(rf"rgba\({_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}\)$")
_RGB_SHARES = re.compile(rf"rgb\({_SHARE},{_SHARE},{_SHARE}\)$")
_HSL = re.compile(rf"hsl\({_REAL},{_REAL_SHARE},{_REAL_SHARE}\)$")
_HSV = re.compile(rf"hs[bv]\({_REAL},{_REAL_SHARE},{_REAL_SHARE}\)$")
_HEX = re.compile(r"#([a-f0-9]{3,4}|[a-f0-9]{6}|[a-f0-9]{8})$")


@lru_cache
def getrgb(color: str) -> tuple[int, int, int] | tuple[int, int, int, int]:
    """Red, green and blue of a colour, and alpha if it says so.

    :param color: a name of CSS, `"#rgb"`, `"#rgba"`, `"#rrggbb"`, `"#rrggbbaa"`,
        `"rgb(255, 0, 0)"`, `"rgb(100%, 0%, 0%)"`, `"rgba(255, 0, 0, 255)"`,
        `"hsl(0, 100%, 50%)"`, or `"hsv(0, 100%, 100%)"`; in any case.
    :raises ValueError: it is none of these.

    >>> getrgb("rebeccapurple")
    (102, 51, 153)
    >>> getrgb("#f008")
    (255, 0, 0, 136)
    """
    if len(color) > 100:
        raise ValueError("color specifier is too long")
    color = color.lower()
    named = colormap.get(color)
    if isinstance(named, tuple):
        return named
    if named is not None:
        color = named
    if match := _HEX.match(color):
        digits = match[1]
        if len(digits) <= 4:
            digits = "".join(digit * 2 for digit in digits)
        return _three_or_four(bytes.fromhex(digits))
    if match := _RGB.match(color) or _RGBA.match(color):
        return _three_or_four([int(group) for group in match.groups()])
    if match := _RGB_SHARES.match(color):
        return _three_or_four([int(int(group) * 255 / 100.0 + 0.5) for group in match.groups()])
    if match := _HSL.match(color):
        hue, saturation, lightness = map(float, match.groups())
        return _bytes(hls_to_rgb(hue / 360.0, lightness / 100.0, saturation / 100.0))
    if match := _HSV.match(color):
        hue, saturation, value = map(float, match.groups())
        return _bytes(hsv_to_rgb(hue / 360.0, saturation / 100.0, value / 100.0))
    raise ValueError(f"unknown color specifier: {color!r}")


def _three_or_four(
    values: bytes | list[int],
) -> tuple[int, int, int] | tuple[int, int, int, int]:
    red, green, blue, *alpha = values
    return (red, green, blue, alpha[0]) if alpha else (red, green, blue)


def _bytes(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (int(value * 255 + 0.5) for value in rgb)
    return red, green, blue


@lru_cache
def getcolor(color: str, mode: str) -> int | tuple[int, ...]:
    """A colour as a pixel of `mode`: grey for grey modes, with alpha for modes that have it.

    :raises ValueError: `color` is none that :func:`getrgb` knows.

    >>> getcolor("#ff000080", "LA")
    (76, 128)
    """
    red, green, blue, *rest = getrgb(color)
    alpha = rest[0] if rest else 255
    if mode == "HSV":
        hue, saturation, value = rgb_to_hsv(red / 255, green / 255, blue / 255)
        return int(hue * 255), int(saturation * 255), int(value * 255)
    bands: tuple[int, ...] = (red, green, blue)
    if getmode(mode).basemode == "L":
        # ITU-R BT.601 luma in 16-bit fixed point, as `convert("L")` has it.
        bands = ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16,)
    if mode[-1] == "a":
        bands = tuple(round(band * alpha / 255) for band in bands)
    if mode[-1] in ("A", "a"):
        return (*bands, alpha)
    return bands[0] if len(bands) == 1 else bands


# The names of CSS Color Module Level 4 (https://drafts.csswg.org/css-color-4/#named-colors).
_NAMES = """
aliceblue f0f8ff, antiquewhite faebd7, aqua 00ffff, aquamarine 7fffd4, azure f0ffff,
beige f5f5dc, bisque ffe4c4, black 000000, blanchedalmond ffebcd, blue 0000ff,
blueviolet 8a2be2, brown a52a2a, burlywood deb887, cadetblue 5f9ea0, chartreuse 7fff00,
chocolate d2691e, coral ff7f50, cornflowerblue 6495ed, cornsilk fff8dc, crimson dc143c,
cyan 00ffff, darkblue 00008b, darkcyan 008b8b, darkgoldenrod b8860b, darkgray a9a9a9,
darkgreen 006400, darkgrey a9a9a9, darkkhaki bdb76b, darkmagenta 8b008b,
darkolivegreen 556b2f, darkorange ff8c00, darkorchid 9932cc, darkred 8b0000,
darksalmon e9967a, darkseagreen 8fbc8f, darkslateblue 483d8b, darkslategray 2f4f4f,
darkslategrey 2f4f4f, darkturquoise 00ced1, darkviolet 9400d3, deeppink ff1493,
deepskyblue 00bfff, dimgray 696969, dimgrey 696969, dodgerblue 1e90ff, firebrick b22222,
floralwhite fffaf0, forestgreen 228b22, fuchsia ff00ff, gainsboro dcdcdc,
ghostwhite f8f8ff, gold ffd700, goldenrod daa520, gray 808080, green 008000,
greenyellow adff2f, grey 808080, honeydew f0fff0, hotpink ff69b4, indianred cd5c5c,
indigo 4b0082, ivory fffff0, khaki f0e68c, lavender e6e6fa, lavenderblush fff0f5,
lawngreen 7cfc00, lemonchiffon fffacd, lightblue add8e6, lightcoral f08080,
lightcyan e0ffff, lightgoldenrodyellow fafad2, lightgray d3d3d3, lightgreen 90ee90,
lightgrey d3d3d3, lightpink ffb6c1, lightsalmon ffa07a, lightseagreen 20b2aa,
lightskyblue 87cefa, lightslategray 778899, lightslategrey 778899, lightsteelblue b0c4de,
lightyellow ffffe0, lime 00ff00, limegreen 32cd32, linen faf0e6, magenta ff00ff,
maroon 800000, mediumaquamarine 66cdaa, mediumblue 0000cd, mediumorchid ba55d3,
mediumpurple 9370db, mediumseagreen 3cb371, mediumslateblue 7b68ee,
mediumspringgreen 00fa9a, mediumturquoise 48d1cc, mediumvioletred c71585,
midnightblue 191970, mintcream f5fffa, mistyrose ffe4e1, moccasin ffe4b5,
navajowhite ffdead, navy 000080, oldlace fdf5e6, olive 808000, olivedrab 6b8e23,
orange ffa500, orangered ff4500, orchid da70d6, palegoldenrod eee8aa, palegreen 98fb98,
paleturquoise afeeee, palevioletred db7093, papayawhip ffefd5, peachpuff ffdab9,
peru cd853f, pink ffc0cb, plum dda0dd, powderblue b0e0e6, purple 800080,
rebeccapurple 663399, red ff0000, rosybrown bc8f8f, royalblue 4169e1, saddlebrown 8b4513,
salmon fa8072, sandybrown f4a460, seagreen 2e8b57, seashell fff5ee, sienna a0522d,
silver c0c0c0, skyblue 87ceeb, slateblue 6a5acd, slategray 708090, slategrey 708090,
snow fffafa, springgreen 00ff7f, steelblue 4682b4, tan d2b48c, teal 008080, thistle d8bfd8,
tomato ff6347, turquoise 40e0d0, violet ee82ee, wheat f5deb3, white ffffff,
whitesmoke f5f5f5, yellow ffff00, yellowgreen 9acd32
"""

colormap: dict[str, str | tuple[int, int, int]] = {
    name: "#" + digits for name, digits in (item.split() for item in _NAMES.split(","))
}
"""Colours by name: `"#rrggbb"`. Names may be added, and tuples are taken too."""
