"""JPEG files as images."""

from __future__ import annotations

import struct
from typing import Any

from . import Image, ImageFile
from ._formats import register_own
from ._image.jpeg_presets import presets
from ._pilaf import File

__all__ = ["JpegImageFile", "get_sampling", "presets"]


class JpegImageFile(ImageFile.ImageFile):
    """An image that was opened from a JPEG file."""

    format = "JPEG"
    format_description = "JPEG (ISO 10918)"
    bits = 8

    def _take(self, file: File) -> None:
        super()._take(file)
        self.quantization = dict(enumerate(file.quantization))
        self.subsampling = file.subsampling
        self.info = _segments(file.segments()) | self.info

    @property
    def layers(self) -> int:
        """The number of components."""
        return {"L": 1, "CMYK": 4}.get(self.mode, 3)

    def _getexif(self) -> dict[int, Any] | None:
        """All EXIF tags in one dictionary, as old programs ask for them."""
        return self.getexif()._get_merged_dict() if "exif" in self.info else None


def _segments(segments: list[tuple[str, bytes]]) -> dict[str, Any]:
    """What segments say that are neither EXIF, XMP nor a colour profile, under Pillow's keys."""
    info: dict[str, Any] = {}
    for name, data in segments:
        if name == "APP0" and data.startswith(b"JFIF") and len(data) >= 7:
            info |= _jfif(data)
        elif name == "APP2" and data.startswith(b"FPXR\0"):
            info["flashpix"] = data
        elif name == "APP2" and data.startswith(b"MPF\0"):
            info["mp"] = data[4:]
        elif name == "APP13" and data.startswith(b"Photoshop 3.0\0"):
            info.setdefault("photoshop", {}).update(_photoshop(data))
        elif name == "APP14" and data.startswith(b"Adobe") and len(data) >= 7:
            (info["adobe"],) = struct.unpack_from(">H", data, 5)
            if len(data) > 11:
                info["adobe_transform"] = data[11]
    return info


def _jfif(data: bytes) -> dict[str, Any]:
    """T.871, 10.1: version, unit, density."""
    major, minor = data[5:7]
    info = {"jfif": 256 * major + minor, "jfif_version": (major, minor)}
    if len(data) >= 12:
        unit, *density = struct.unpack_from(">BHH", data, 7)
        info |= {"jfif_unit": unit, "jfif_density": tuple(density)}
    return info


def _photoshop(data: bytes) -> dict[int, Any]:
    """Image resource blocks, by number: Adobe Photoshop File Formats, "Image Resource Blocks"."""
    resources: dict[int, Any] = {}
    at = 14
    while data[at : at + 4] == b"8BIM" and len(data) > at + 6:
        (code,) = struct.unpack_from(">H", data, at + 4)
        at += 7 + data[at + 6]
        at += at % 2
        if len(data) < at + 4:
            break
        (size,) = struct.unpack_from(">L", data, at)
        at += 4
        resource = data[at : at + size]
        if code == 0x03ED:
            if len(resource) < 14:
                break
            across, unit_across, down, unit_down = struct.unpack_from(">LH2xLH", resource)
            resources[code] = {
                "XResolution": across / 65536,
                "DisplayedUnitsX": unit_across,
                "YResolution": down / 65536,
                "DisplayedUnitsY": unit_down,
            }
        else:
            resources[code] = resource
        at += size
        at += at % 2
    return resources


def get_sampling(im: Image.Image) -> int:
    """0, 1 or 2 for 4:4:4, 4:2:2 and 4:2:0; -1 for anything else."""
    return -1 if im.subsampling is None else im.subsampling


register_own(JpegImageFile)
