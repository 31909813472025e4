"""What an image carries beside its pixels: EXIF and XMP data."""

from __future__ import annotations

import re
import warnings
from typing import Any

from ..ExifTags import Base
from . import xmp
from .base import BaseImage
from .exif import Exif


class Metadata(BaseImage):
    """`getexif`, `getxmp`."""

    def getexif(self) -> Exif:
        """The EXIF data, which can be changed: pass it to `save` as `exif=`. Empty if there is
        none or it is broken.

        >>> from pilaf import Image
        >>> dict(Image.new("L", (1, 1)).getexif())
        {}
        """
        if self._exif is None:
            self._exif = Exif()
        exif = self._exif
        if exif._loaded:
            return exif
        exif._loaded = True
        data = self.info.get("exif")
        if data is None:
            data = _raw_profile(self.info.get("Raw profile type exif"))
        if data is not None:
            exif.load(data)
        if Base.Orientation not in exif and (orientation := self._xmp_orientation()):
            exif[Base.Orientation] = orientation
        return exif

    def _reload_exif(self) -> None:
        """Reads the EXIF data again, if it was read: `info` has other data now."""
        if self._exif is not None and self._exif._loaded:
            self._exif._loaded = False
            self.getexif()

    def _xmp_orientation(self) -> int:
        """0 if there is none."""
        packet = self.info.get("XML:com.adobe.xmp") or self.info.get("xmp") or b""
        text = packet.decode("latin-1") if isinstance(packet, bytes) else packet
        found = re.search(r'tiff:Orientation(="|>)([0-9])', text)
        return int(found[2]) if found else 0

    def getxmp(self, *, strip_namespaces: bool = True) -> dict[str, Any]:
        """The XMP data as a dictionary of elements and attributes. Empty if there is none, or,
        with a warning, if it is broken.

        :param strip_namespaces: whether names lose their namespace. Default: yes.
        """
        if "xmp" not in self.info:
            return {}
        try:
            return xmp.read(self.info["xmp"].rstrip(b"\x00 "), strip_namespaces)
        except (ValueError, OverflowError) as error:
            warnings.warn(str(error), stacklevel=2)
            return {}


def _raw_profile(text: str | None) -> bytes | None:
    """The EXIF data in a PNG's text, where ImageMagick kept it: three lines, then hexadecimal
    digits."""
    if text is None:
        return None
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return None
