"""Images of another mode."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _pilaf
from ..ImageMode import getmode
from .base import BaseImage
from .constants import Dither, Palette, Quantize

if TYPE_CHECKING:
    from ..Image import Image


class Convert(BaseImage):
    """`convert`, `quantize`."""

    def convert(
        self,
        mode: str | None = None,
        matrix: Sequence[float] | None = None,
        dither: int | None = None,
        palette: int = Palette.WEB,
        colors: int = 256,
    ) -> Image:
        """The image in another mode, with Pillow 13's pixels.

        What is transparent by an entry of `info` becomes alpha where the new mode has it;
        otherwise the entry is converted too.

        LAB is CIE L*a*b* under D50, of pixels in sRGB: of the converted image's `info` its profile
        is all there is, as `icc_profile`. From LAB there is a way to RGB, RGBA and RGBX only.

        :param mode: the mode. Default: without a palette, else the same.
        :param matrix: 4 numbers to convert an image of three bands to L, or 12 to RGB: three
            factors and an offset for each band of the result.
        :param dither: :attr:`Dither.NONE`, or FLOYDSTEINBERG (the default) to spread the errors
            of modes 1 and P.
        :param palette: WEB or ADAPTIVE of :class:`Palette`, for mode P.
        :param colors: how many colours an ADAPTIVE palette has.
        :raises ValueError: there is no way from one mode to the other.

        >>> from pilaf import Image
        >>> Image.new("RGB", (1, 1), "red").convert("L").getpixel((0, 0))
        76
        """
        core = self.core
        if not mode and self.mode == "P":
            assert self.palette is not None
            mode = self.palette.mode
            if mode == "RGB" and "transparency" in self.info:
                mode = "RGBA"
        if not mode or (mode == self.mode and not matrix):
            return self.copy()
        if matrix:
            return self._convert_by_matrix(mode, matrix)
        if self.mode == "RGBA" and mode in ("P", "PA"):
            return self._convert_to_palette(mode, colors)

        transparency = _Transparency()
        if "transparency" in self.info:
            if mode in _ALPHA_OF.get(self.mode, ()):
                made = _pilaf.convert_transparent(core, mode, self.info["transparency"])
                image = self._new(made)
                del image.info["transparency"]
                return image
            transparency = self._converted_transparency(mode)
        if mode == "P" and palette == Palette.ADAPTIVE:
            image = self._new(_pilaf.quantize(core, colors))
        elif "LAB" in (self.mode, mode):
            return self._convert_lab(mode)
        else:
            spread = Dither.FLOYDSTEINBERG if dither is None else dither
            made = _convert(core, mode, int(spread))
            if mode in ("P", "PA") and palette != Palette.ADAPTIVE:
                # Alpha is in the pixels now, if anywhere.
                _pilaf.put_palette(made, "RGB", "RGB", _pilaf.palette_bytes(made, "RGB", "RGB"))
            image = self._new(made)
        transparency.apply(image, adaptive=palette == Palette.ADAPTIVE)
        return image

    def _convert_by_matrix(self, mode: str, matrix: Sequence[float]) -> Image:
        if mode not in ("L", "RGB"):
            raise ValueError("illegal conversion")
        image = self._new(_pilaf.convert_matrix(self.core, mode, matrix))
        color = image.info.get("transparency")
        if color is not None and len(getmode(self.mode).bands) == 3:
            rows = [matrix[at : at + 4] for at in range(0, len(matrix), 4)]
            combined = [_combine(row, color) for row in rows]
            image.info["transparency"] = combined[0] if mode == "L" else tuple(combined)
        return image

    def _convert_lab(self, mode: str) -> Image:
        """From and to LAB. Nothing of `info` stays but the profile of the new pixels."""
        if self.mode == "LAB":
            if mode not in ("RGB", "RGBA", "RGBX"):
                raise ValueError("conversion from LAB to RGB not supported")
            core = self.core
        else:
            direct = self.mode in ("RGB", "RGBA", "RGBX")
            core = self.core if direct else self.convert("RGBA").core
        profile = _pilaf.icc_profile("LAB" if mode == "LAB" else "sRGB")
        return self._from_core(_pilaf.convert(core, mode), {"icc_profile": profile})

    def _convert_to_palette(self, mode: str, colors: int) -> Image:
        """RGBA to P by `quantize`; to PA with the alpha kept."""
        if mode == "P":
            return self.quantize(colors)
        red, green, blue, alpha = _pilaf.split(self.core)
        indices = _pilaf.quantize(_pilaf.merge("RGB", [red, green, blue]), colors)
        return self._new(_pilaf.merge("PA", [indices, alpha]))

    def _converted_transparency(self, mode: str) -> _Transparency:
        """What becomes of the transparent colour in `mode`."""
        color = self.info["transparency"]
        if self.mode == "P" and mode in ("LA", "PA", "RGBA"):
            if isinstance(color, bytes):
                _pilaf.put_palette_alphas(self.core, 0, color)
            elif isinstance(color, int):
                _pilaf.put_palette_alphas(self.core, color, b"\0")
            else:
                raise ValueError("Transparency for P mode should be bytes or int")
            return _Transparency(delete=True)
        if self.mode not in ("L", "RGB", "P") or mode not in ("L", "RGB", "P"):
            return _Transparency()
        if isinstance(color, bytes):
            warnings.warn(
                "Palette images with Transparency expressed in bytes should be converted to RGBA "
                "images",
                stacklevel=3,
            )
            return _Transparency(delete=True)
        palette = self.palette.copy() if self.palette is not None else None
        if palette is not None and isinstance(color, tuple):
            try:
                color = palette.getcolor(color, self)
            except ValueError as error:
                # With all 256 colours in use there is nothing to be transparent.
                if str(error) == "cannot allocate more than 256 colors":
                    return _Transparency()
                text = "Couldn't allocate a palette color for transparency"
                raise ValueError(text) from error
        if color is None:
            return _Transparency()
        pixel = _pilaf.Core.filled(self.mode, (1, 1), color)
        if palette is not None:
            self._take_palette(pixel, palette)
        # The index in a palette that is yet to be made is found by the colour, afterwards.
        pixel = _pilaf.convert(pixel, "RGB" if mode == "P" else mode)
        return _Transparency(color=_pilaf.getpixel(pixel, (0, 0)))

    def quantize(
        self,
        colors: int = 256,
        method: int | None = None,
        kmeans: int = 0,
        palette: BaseImage | None = None,
        dither: int = Dither.FLOYDSTEINBERG,
    ) -> Image:
        """The image in mode P with at most `colors` colours made for it.

        :param colors: 1 to 256.
        :param method: MEDIANCUT, MAXCOVERAGE or FASTOCTREE of :class:`Quantize`. Default:
            MEDIANCUT; FASTOCTREE for RGBA, the only one that sees alpha.
        :param kmeans: at least 1: entries of the first two methods are moved to the mean of their
            pixels until fewer pixels than this change their entry.
        :param palette: an image of mode P: take its colours instead. For modes L and RGB.
        :param dither: NONE or FLOYDSTEINBERG of :class:`Dither`, for use with `palette`.
        :raises ValueError: the image has another mode, or an argument makes no sense.
        """
        core = self.core
        if method is None:
            method = Quantize.FASTOCTREE if self.mode == "RGBA" else Quantize.MEDIANCUT
        if self.mode == "RGBA" and method not in (Quantize.FASTOCTREE, Quantize.LIBIMAGEQUANT):
            raise ValueError(
                "Fast Octree (method == 2) and libimagequant (method == 3) "
                "are the only valid methods for quantizing RGBA images"
            )
        if palette is not None:
            return self._quantize_to(palette, dither)
        if kmeans < 0:
            raise ValueError("kmeans must not be negative")
        return self._new(_pilaf.quantize(core, colors, method, kmeans))

    def _quantize_to(self, palette: BaseImage, dither: int) -> Image:
        colors = palette.core
        if palette.mode != "P":
            raise ValueError("bad mode for palette image")
        if self.mode not in ("RGB", "L"):
            raise ValueError("only RGB or L mode images can be quantized to a palette")
        return self._new(_pilaf.convert(self.core, "P", int(dither), colors))


# Modes in which a transparent colour becomes alpha.
_ALPHA_OF = dict.fromkeys(("1", "L", "I", "I;16"), ("LA", "RGBA"))
_ALPHA_OF["RGB"] = ("La", "LA", "RGBa", "RGBA")  # type: ignore[assignment]


class _Transparency:
    """What to do about `info["transparency"]` of a converted image."""

    def __init__(self, color: Any = None, delete: bool = False) -> None:
        self.color = color
        self.delete = delete

    def apply(self, image: BaseImage, adaptive: bool) -> None:
        if self.delete:
            del image.info["transparency"]
        if self.color is None:
            return
        if image.mode != "P":
            image.info["transparency"] = self.color
            return
        assert image.palette is not None
        try:
            image.info["transparency"] = image.palette.getcolor(self.color, image)
        except ValueError as error:
            del image.info["transparency"]
            # With all 256 colours in use there is nothing to be transparent.
            if adaptive or str(error) != "cannot allocate more than 256 colors":
                warnings.warn("Couldn't allocate palette entry for transparency", stacklevel=3)


def _convert(core: _pilaf.Core, mode: str, dither: int) -> _pilaf.Core:
    """Directly, or through the base mode of the image."""
    try:
        return _pilaf.convert(core, mode, dither)
    except ValueError:
        base = getmode(core.mode).basemode
        if base == core.mode:
            raise
        return _pilaf.convert(_pilaf.convert(core, base), mode, dither)


def _combine(row: Sequence[float], color: Any) -> int:
    value = row[0] * color[0] + row[1] * color[1] + row[2] * color[2] + row[3] * 0.5
    return max(0, min(255, int(value)))
