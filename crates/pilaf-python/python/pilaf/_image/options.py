"""From the keyword arguments of `save`, as Pillow's plugins define them, to the encoder's."""

from __future__ import annotations

from typing import Any

from .jpeg_options import jpeg_options


def encoder_options(
    format: str | None, params: dict[str, Any], info: dict[str, Any], image: Any = None
) -> dict[str, Any]:
    """The encoder's options for `format`, or for whichever when it is None; `info` is what the
    image came with, `image` the image itself if there is one.

    :raises ValueError: the format is unknown or an option makes no sense.
    """
    match format and format.upper():
        case "JPEG" | "JPG":
            return _jpeg(params, info, image)
        case "PNG":
            return _png(params, info)
        case None:
            return _png(params, info) | _jpeg(params, info, image)
    raise ValueError(f"unknown image format {format!r}; use JPEG or PNG")


def _jpeg(params: dict[str, Any], info: dict[str, Any], image: Any) -> dict[str, Any]:
    return jpeg_options(params, info, image) | {"exif": _exif(params.get("exif"))}


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
        "chunks": [_chunk(*chunk) for chunk in getattr(params.get("pnginfo"), "chunks", ())],
    }


def _chunk(cid: bytes, data: bytes, behind: bool = False) -> tuple[list[int], bytes, bool]:
    if len(cid) != 4:
        raise ValueError(f"the type of a PNG chunk has four letters, not {cid!r}")
    return list(cid), data, behind


def _exif(exif: Any) -> bytes | None:
    """The TIFF structure alone, as the engine takes it."""
    if not exif:
        return None
    data: bytes = exif if isinstance(exif, bytes) else exif.tobytes()
    return data.removeprefix(b"Exif\0\0")
