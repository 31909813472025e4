"""From the keyword arguments of saving a JPEG to the encoder's."""

from __future__ import annotations

import array
from collections.abc import Mapping, Sequence
from typing import Any

from .jpeg_presets import presets

_SUBSAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2, "4:1:1": 2}


def jpeg_options(params: dict[str, Any], info: dict[str, Any], image: Any) -> dict[str, Any]:
    """The encoder's options. `image` is what "keep" keeps the tables and the subsampling of."""
    quality, subsampling, tables = _quantization(params)
    if subsampling == "keep":
        subsampling = _kept(image, "subsampling")
    if isinstance(tables, str) and tables == "keep":
        tables = _kept(image, "quantization")
    comment = params.get("comment", info.get("comment"))
    return {
        # libjpeg's scale ends at 1 and 100; -1 is its default.
        "quality": None if quality == -1 else max(1, min(quality, 100)),
        "subsampling": _subsampling(subsampling),
        "qtables": _tables(tables),
        "progressive": bool(params.get("progressive") or params.get("progression")),
        "optimize": bool(params.get("optimize", False)),
        "restart_marker_blocks": params.get("restart_marker_blocks") or None,
        "restart_marker_rows": params.get("restart_marker_rows") or None,
        "keep_rgb": bool(params.get("keep_rgb", False)),
        "icc_profile": params.get("icc_profile"),
        "xmp": params.get("xmp"),
        "dpi": params.get("dpi"),
        "comment": comment.encode() if isinstance(comment, str) else comment,
    }


def _quantization(params: dict[str, Any]) -> tuple[int, Any, Any]:
    """Quality, subsampling and tables, with the presets resolved."""
    quality = params.get("quality", -1)
    subsampling, tables = params.get("subsampling", -1), params.get("qtables")
    if quality == "keep":
        return -1, "keep", "keep"
    if isinstance(quality, str) and quality in presets:
        preset = presets[quality]
        return -1, preset.subsampling, preset.quantization
    if not isinstance(quality, int):
        raise ValueError("Invalid quality setting")
    if isinstance(subsampling, str) and subsampling in presets:
        subsampling = presets[subsampling].subsampling
    if isinstance(tables, str) and tables in presets:
        tables = presets[tables].quantization
    return quality, subsampling, tables


def _kept(image: Any, what: str) -> Any:
    if getattr(image, "format", None) != "JPEG":
        raise ValueError("Cannot use 'keep' when original image is not a JPEG")
    return getattr(image, what, None)


def _subsampling(subsampling: Any) -> int | None:
    """0, 1 or 2; None where it is left to the encoder."""
    if subsampling is None:
        return None
    if isinstance(subsampling, str):
        if subsampling not in _SUBSAMPLING:
            raise ValueError(f"Invalid subsampling setting {subsampling!r}")
        return _SUBSAMPLING[subsampling]
    if not isinstance(subsampling, int):
        raise ValueError(f"Invalid subsampling setting {subsampling!r}")
    return subsampling if subsampling in (0, 1, 2) else None


def _tables(tables: Any) -> list[list[int]] | None:
    """One to four lists of 64 numbers, row by row.

    Text holds the numbers one after another, with comments behind `#`.
    """
    if isinstance(tables, str):
        lines = (line.split("#", 1)[0] for line in tables.splitlines())
        try:
            numbers = [int(word) for line in lines for word in line.split()]
        except ValueError as e:
            raise ValueError("Invalid quantization table") from e
        tables = [numbers[at : at + 64] for at in range(0, len(numbers), 64)]
    elif isinstance(tables, Mapping):
        tables = [tables[key] for key in range(len(tables)) if key in tables]
    if not isinstance(tables, Sequence):
        return None
    if not 0 < len(tables) < 5:
        raise ValueError("None or too many quantization tables")
    return [_table(table) for table in tables]


def _table(table: Any) -> list[int]:
    try:
        if len(table) != 64:
            raise TypeError("a table has 64 entries")
        # libjpeg takes a step of 0 for 1.
        return [max(1, step) for step in array.array("H", table)]
    except TypeError as e:
        raise ValueError("Invalid quantization table") from e
