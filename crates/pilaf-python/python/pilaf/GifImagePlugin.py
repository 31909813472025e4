"""Settings of reading GIF files, which pilaf does not read: kept because programs import them."""

from __future__ import annotations

from enum import IntEnum


class LoadingStrategy(IntEnum):
    """When frames of an animation become RGB."""

    RGB_AFTER_FIRST = 0
    RGB_AFTER_DIFFERENT_PALETTE_ONLY = 1
    RGB_ALWAYS = 2


LOADING_STRATEGY = LoadingStrategy.RGB_AFTER_FIRST
