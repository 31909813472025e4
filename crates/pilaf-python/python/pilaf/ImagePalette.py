"""Palettes of images of mode P and PA, as `PIL.ImagePalette`."""

from __future__ import annotations

import array
import builtins
import random as _random
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from . import ImageColor, _pilaf

if TYPE_CHECKING:
    from ._image.base import BaseImage

__all__ = [
    "ImagePalette",
    "make_gamma_lut",
    "make_linear_lut",
    "negative",
    "random",
    "raw",
    "sepia",
    "wedge",
]

Entries = Sequence[int] | bytes | bytearray


class ImagePalette:
    """A table of at most 256 colours.

    :param mode: what a colour is made of: `"RGB"`, `"RGBA"` or `"CMYK"`.
    :param palette: the colours one after the other, a number from 0 to 255 for each band.
    :raises ValueError: the mode is none of the three.

    >>> palette = ImagePalette("RGB", [255, 0, 0, 0, 0, 255])
    >>> palette.getcolor((0, 0, 255))
    1
    """

    def __init__(self, mode: str = "RGB", palette: Entries | None = None) -> None:
        if mode not in ("RGB", "RGBA", "CMYK"):
            raise ValueError("unsupported palette mode")
        self.mode = mode
        self.rawmode: str | None = None
        """The raw mode of `palette`, if it is not `mode`."""
        self.palette = palette or bytearray()
        self.dirty: int | None = None
        """Whether the image has yet to take over what was changed here."""

    @property
    def palette(self) -> Entries:
        """The colours one after the other."""
        return self._palette

    @palette.setter
    def palette(self, palette: Entries) -> None:
        self._colors: dict[tuple[int, ...], int] | None = None
        self._palette = palette

    @property
    def colors(self) -> dict[tuple[int, ...], int]:
        """The index of each colour; of equal ones the first."""
        if self._colors is None:
            entries = self.palette
            if self.rawmode and self.rawmode != self.mode:
                entries = _pilaf.unpack_palette(self.mode, self.rawmode, bytes(entries))
            bands = len(self.mode)
            self._colors = {}
            for at in range(0, len(entries), bands):
                self._colors.setdefault(tuple(entries[at : at + bands]), at // bands)
        return self._colors

    @colors.setter
    def colors(self, colors: dict[tuple[int, ...], int]) -> None:
        self._colors = colors

    def copy(self) -> ImagePalette:
        """Another palette with the same colours."""
        new = ImagePalette()
        new.mode, new.rawmode, new.dirty = self.mode, self.rawmode, self.dirty
        new.palette = self.palette[:]
        return new

    def getdata(self) -> tuple[str, bytes]:
        """The raw mode of the colours, and the colours as bytes."""
        return self.rawmode or self.mode, self._bytes()

    def tobytes(self) -> bytes:
        """The colours as bytes.

        :raises ValueError: they are in a raw mode.
        """
        self._check_not_raw()
        return self._bytes()

    tostring = tobytes

    def _bytes(self) -> bytes:
        if isinstance(self.palette, bytes):
            return self.palette
        return array.array("B", self.palette).tobytes()

    def _check_not_raw(self) -> None:
        if self.rawmode:
            raise ValueError("palette contains raw palette data")

    def getcolor(self, color: tuple[int, ...], image: BaseImage | None = None) -> int:
        """The index of a colour, which is added if the palette has it not yet.

        :param color: as many numbers as the mode has bands; alpha may be left out, or be there if
            it is 255.
        :param image: the image of the palette: indices that it does not use can be taken when all
            are, and those of its background and its transparency are not.
        :raises ValueError: no index is free, or the mode cannot hold the colour.
        """
        self._check_not_raw()
        if not isinstance(color, tuple):
            raise ValueError(f"unknown color specifier: {color!r}")
        if self.mode == "RGB" and len(color) == 4:
            if color[3] != 255:
                raise ValueError("cannot add non-opaque RGBA color to RGB palette")
            color = color[:3]
        elif self.mode == "RGBA" and len(color) == 3:
            color += (255,)
        try:
            return self.colors[color]
        except KeyError as error:
            return self._add(color, image, error)

    def _add(self, color: tuple[int, ...], image: BaseImage | None, cause: Exception) -> int:
        index = self._free_index(image, cause)
        entries, bands = bytearray(self._palette), len(self.mode)
        is_replaced = index * bands < len(entries)
        entries[index * bands : (index + 1) * bands] = bytes(color)
        self._palette = entries
        if is_replaced:
            self._colors = None
        self.colors[color] = index
        self.dirty = 1
        return index

    def _free_index(self, image: BaseImage | None, cause: Exception) -> int:
        entries, bands = bytearray(self._palette), len(self.mode)
        taken: tuple[Any, ...] = ()
        if image is not None:
            taken = image.info.get("background"), image.info.get("transparency")
        index = len(entries) // bands
        while index in taken:
            entries += bytes(bands)
            index += 1
        self._palette = entries
        if index < 256:
            return index
        if image is not None:
            counts = _pilaf.histogram(image.core)
            unused = (i for i in reversed(range(len(counts))) if counts[i] == 0 and i not in taken)
            # Pillow looks at the counts of all bands of mode PA, and gives up above 255.
            index = next(unused, index)
            if index < 256:
                return index
        raise ValueError("cannot allocate more than 256 colors") from cause

    def save(self, fp: str | IO[str]) -> None:
        """Writes the palette as text: a line for each of 256 indices."""
        self._check_not_raw()
        entries, bands = self.palette, len(self.mode)
        lines = ["# Palette", f"# Mode: {self.mode}"]
        for index in range(256):
            color = [
                str(entries[at] if at < len(entries) else 0)
                for at in range(index * bands, (index + 1) * bands)
            ]
            lines.append(" ".join([str(index), *color]))
        text = "\n".join(lines) + "\n"
        if isinstance(fp, str):
            with builtins.open(fp, "w") as file:
                file.write(text)
        else:
            fp.write(text)


def raw(rawmode: str, data: Entries) -> ImagePalette:
    """A palette of colours in a raw mode, which the image takes over when it is next used."""
    palette = ImagePalette()
    if rawmode != "RGB":
        palette.rawmode = rawmode
    palette.palette = data
    palette.dirty = 1
    return palette


def make_linear_lut(black: int, white: float) -> list[int]:
    """A table of 256 values from 0 to `white`; `black` must be 0."""
    if black != 0:
        raise NotImplementedError("unavailable when black is non-zero")
    return [int(white * i // 255) for i in range(256)]


def make_gamma_lut(exp: float) -> list[int]:
    """A table of 256 values from 0 to 255, to the power of `exp`."""
    return [int(((i / 255.0) ** exp) * 255.0 + 0.5) for i in range(256)]


def wedge(mode: str = "RGB") -> ImagePalette:
    """The greys from black to white."""
    return ImagePalette(mode, [i // len(mode) for i in range(256 * len(mode))])


def negative(mode: str = "RGB") -> ImagePalette:
    """The greys from white to black."""
    return ImagePalette(mode, [i // len(mode) for i in reversed(range(256 * len(mode)))])


def random(mode: str = "RGB") -> ImagePalette:
    """Random colours."""
    return ImagePalette(mode, [_random.randint(0, 255) for _ in range(256 * len(mode))])


def sepia(white: str = "#fff0c0") -> ImagePalette:
    """Shades from black to `white`."""
    bands = [make_linear_lut(0, band) for band in ImageColor.getrgb(white)]
    return ImagePalette("RGB", [bands[i % 3][i // 3] for i in range(256 * 3)])
