"""From the keyword arguments of `save`, as Pillow's plugins define them, to the encoder's."""

from __future__ import annotations

from typing import Any

_SUBSAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2, "4:1:1": 2, -1: 2, 0: 0, 1: 1, 2: 2}


def encoder_options(
    format: str | None, params: dict[str, Any], info: dict[str, Any]
) -> dict[str, Any]:
    """The encoder's options for `format`, or for whichever when it is None; `info` is what the
    image came with.

    :raises ValueError: the format is unknown or an option makes no sense.
    """
    match format and format.upper():
        case "JPEG" | "JPG":
            return _jpeg(params, info)
        case "PNG":
            return _png(params, info)
        case None:
            return _png(params, info) | _jpeg(params, info)
    raise ValueError(f"unknown image format {format!r}; use JPEG or PNG")


def _jpeg(params: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    quality = params.get("quality", -1)
    if not isinstance(quality, int):
        raise ValueError("Invalid quality setting")
    subsampling = params.get("subsampling", -1)
    if subsampling not in _SUBSAMPLING:
        raise ValueError(f"Invalid subsampling setting {subsampling!r}")
    comment = params.get("comment", info.get("comment"))
    return {
        # libjpeg's scale ends at 1 and 100; Pillow takes 0 and -1 for its default.
        "quality": min(quality, 100) if quality > 0 else None,
        "subsampling": _SUBSAMPLING[subsampling],
        "progressive": bool(params.get("progressive") or params.get("progression")),
        "optimize": bool(params.get("optimize", False)),
        "icc_profile": params.get("icc_profile"),
        "exif": _exif(params.get("exif")),
        "xmp": params.get("xmp"),
        "dpi": params.get("dpi"),
        "comment": comment.encode() if isinstance(comment, str) else comment,
    }


def _png(params: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    return {
        "quality": None,
        "optimize": bool(params.get("optimize", False)),
        "compress_level": params.get("compress_level"),
        "bits": params.get("bits"),
        "icc_profile": params.get("icc_profile", info.get("icc_profile")),
        "exif": _exif(params.get("exif")),
        "dpi": params.get("dpi"),
        "transparency": params.get("transparency", info.get("transparency")),
    }


def _exif(exif: Any) -> bytes | None:
    """The TIFF structure alone, as the engine takes it."""
    if not exif:
        return None
    data: bytes = exif if isinstance(exif, bytes) else exif.tobytes()
    return data.removeprefix(b"Exif\0\0")
