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
