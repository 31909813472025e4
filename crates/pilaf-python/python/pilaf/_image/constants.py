"""Enumerations of `pilaf.Image`, with Pillow's names and numbers."""

from __future__ import annotations

from enum import IntEnum


class Resampling(IntEnum):
    """Filters of `resize`; the numbers are Pillow's."""

    NEAREST = 0
    BOX = 4
    BILINEAR = 2
    HAMMING = 5
    BICUBIC = 3
    LANCZOS = 1
    MKS2013 = 6
    MKS2021 = 7


class Transpose(IntEnum):
    """Methods of `transpose`; angles are counter-clockwise."""

    FLIP_LEFT_RIGHT = 0
    FLIP_TOP_BOTTOM = 1
    ROTATE_90 = 2
    ROTATE_180 = 3
    ROTATE_270 = 4
    TRANSPOSE = 5
    TRANSVERSE = 6


class Transform(IntEnum):
    """Methods of `Image.transform`; the numbers are Pillow's."""

    AFFINE = 0
    EXTENT = 1
    PERSPECTIVE = 2
    QUAD = 3
    MESH = 4


class Dither(IntEnum):
    """How `convert` approximates colours; ORDERED and RASTERIZE do as FLOYDSTEINBERG."""

    NONE = 0
    ORDERED = 1
    RASTERIZE = 2
    FLOYDSTEINBERG = 3


class Palette(IntEnum):
    """Palettes of `convert("P")`: a fixed one, or one made for the image."""

    WEB = 0
    ADAPTIVE = 1


class Quantize(IntEnum):
    """How `quantize` finds colours. LIBIMAGEQUANT is not offered."""

    MEDIANCUT = 0
    MAXCOVERAGE = 1
    FASTOCTREE = 2
    LIBIMAGEQUANT = 3
