"""Palettes and transparency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import _pilaf
from .base import BaseImage

if TYPE_CHECKING:
    from ..Image import Image
    from ..ImagePalette import ImagePalette


class Palettes(BaseImage):
    """`getpalette`, `putpalette`, `remap_palette`, `apply_transparency`."""

    def getpalette(self, rawmode: str | None = "RGB") -> list[int] | None:
        """The colours of the palette, one after the other; None for an image without.

        :param rawmode: what a colour is made of, such as `"RGB"` or `"RGBA"`; None for what the
            palette has.
        :raises ValueError: the palette's colours cannot be had so.
        """
        core = self.core
        mode = _pilaf.palette_mode(core)
        if mode is None:
            return None
        return list(_pilaf.palette_bytes(core, mode, mode if rawmode is None else rawmode))

    def putpalette(
        self, data: ImagePalette | bytes | bytearray | Sequence[int], rawmode: str = "RGB"
    ) -> None:
        """Gives the image other colours. An image of mode L becomes P, of mode LA becomes PA.

        :param data: at most 256 colours, one after the other.
        :param rawmode: what a colour is made of: `"RGB"`, `"RGBA"`, `"CMYK"`, or a raw mode of
            one of them such as `"BGR"`.
        :raises ValueError: the image has another mode, or the colours are too many.
        """
        from .. import ImagePalette

        if self.mode not in ("L", "LA", "P", "PA"):
            raise ValueError("illegal image mode")
        if isinstance(data, ImagePalette.ImagePalette):
            palette = ImagePalette.raw(data.rawmode or "RGB", data.palette)
        else:
            palette = ImagePalette.raw(rawmode, data)
        if self._core is None:
            self.core  # noqa: B018  (decoding would set mode and palette again)
        self._mode = "PA" if "A" in self.mode else "P"
        self._palette = palette
        if rawmode.startswith("CMYK"):
            palette.mode = "CMYK"
        elif "A" in rawmode:
            palette.mode = "RGBA"
        if palette.mode == palette.rawmode:
            palette.rawmode = None
        if palette.rawmode or self._core is None or self._core.mode != self.mode:
            self.core  # noqa: B018  (takes the palette over, and says what is wrong with it)

    def remap_palette(
        self, dest_map: Sequence[int], source_palette: bytes | bytearray | None = None
    ) -> Image:
        """The same picture with colours in another order, or with fewer.

        :param dest_map: for each index of the result the index it had.
        :param source_palette: the colours to take. Default: the image's, or greys for mode L.
        :raises ValueError: the image has another mode than L or P.

        >>> from pilaf import Image
        >>> image = Image.frombytes("P", (2, 1), bytes([0, 1]))
        >>> image.putpalette([1, 2, 3, 4, 5, 6])
        >>> swapped = image.remap_palette([1, 0])
        >>> swapped.tobytes(), swapped.getpalette()
        (b'\\x01\\x00', [4, 5, 6, 1, 2, 3])
        """
        if self.mode not in ("L", "P"):
            raise ValueError("illegal image mode")
        mode = "RGB"
        if source_palette is None and self.mode == "P":
            mode = _pilaf.palette_mode(self.core) or "RGB"
            source_palette = _pilaf.palette_bytes(self.core, mode, mode)
        elif source_palette is None:
            source_palette = bytes(i // 3 for i in range(768))
        elif len(source_palette) > 768:
            mode = "RGBA"
        bands = 4 if mode == "RGBA" else 3
        colors = b""
        position = [0] * 256
        for new, old in enumerate(dest_map):
            colors += source_palette[old * bands : (old + 1) * bands]
            position[old] = new
        image = self._new(_pilaf.point(self.core, position, "L"))
        Palettes.putpalette(image, colors, mode)
        if "transparency" in self.info:
            try:
                image.info["transparency"] = list(dest_map).index(self.info["transparency"])
            except ValueError:
                image.info.pop("transparency", None)
        return image

    @property
    def has_transparency_data(self) -> bool:
        """Whether there is alpha: a band, in the palette, or an entry of `info`. Every pixel may
        be opaque nevertheless."""
        if self.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in self.info:
            return True
        return self.mode == "P" and self.palette is not None and self.palette.mode.endswith("A")

    def apply_transparency(self) -> None:
        """Moves the transparency of an image of mode P from `info` to the palette."""
        if self.mode != "P" or "transparency" not in self.info:
            return
        from ..ImagePalette import ImagePalette

        entries = self.getpalette("RGBA")
        assert entries is not None
        transparency = self.info["transparency"]
        alphas = transparency if isinstance(transparency, bytes) else None
        if alphas is None:
            entries[transparency * 4 + 3] = 0
        else:
            for index, alpha in enumerate(alphas):
                entries[index * 4 + 3] = alpha
        self._palette = ImagePalette("RGBA", bytes(entries))
        self._palette.dirty = 1
        del self.info["transparency"]
