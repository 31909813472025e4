"""Pixels handed on in memory: arrays, buffers, DLPack, Arrow, Pillow's images."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from .. import _pilaf
from .base import BaseImage

# Element type of an array of each mode, as Pillow's `__array_interface__` has it: one byte but for
# these.
_TYPES = {"1": "|b1", "I": "i4", "F": "f4", "I;16": "<u2", "I;16L": "<u2", "I;16B": ">u2"}
_TYPES["I;16N"] = "u2"
_BANDS = {"LA": 2, "La": 2, "PA": 2, "RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3}
_BANDS |= {"RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4}
_NATIVE = "<" if sys.byteorder == "little" else ">"
# Formats of memoryview.
_FORMATS = {"|b1": "?", "|u1": "B", f"{_NATIVE}u2": "H", f"{_NATIVE}i4": "i", f"{_NATIVE}f4": "f"}


class Sharing(BaseImage):
    """`__array_interface__`, `getbuffer`, `__dlpack__`, `__arrow_c_array__`, `to_pil`."""

    def _shape(self) -> tuple[int, ...]:
        bands = _BANDS.get(self.mode)
        return (self.height, self.width) if bands is None else (self.height, self.width, bands)

    def _typestr(self) -> str:
        kind = _TYPES.get(self.mode, "|u1")
        return kind if kind[0] in "|<>" else _NATIVE + kind

    def _memory(self) -> memoryview:
        """The pixels as they are in memory, which stay while the view lives."""
        view = self.core.view()
        address, length = view.address()
        memory = (ctypes.c_char * length).from_address(address)
        memory._owner = view  # type: ignore[attr-defined]
        return memoryview(memory).toreadonly().cast("B")

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """The pixels for numpy, not copied. The array is read-only and stays valid and
        unchanged, whatever becomes of the image: who writes to it writes to a copy."""
        data: Any = _pilaf.pack(self.core, "LAB") if self.mode == "LAB" else self._memory()
        return {"shape": self._shape(), "typestr": self._typestr(), "version": 3, "data": data}

    def getbuffer(self) -> memoryview:
        """The pixels as a read-only `memoryview`, not copied: rows, columns and, if there are
        several, bands. It stays valid and unchanged whatever becomes of the image. From Python
        3.12 on `memoryview(image)` is the same.

        :raises BufferError: the mode is LAB, or of 16 bits in the other byte order, which buffers
            cannot have; or there are no pixels.

        >>> from pilaf import Image
        >>> Image.new("RGB", (640, 480)).getbuffer().shape
        (480, 640, 3)
        """
        format = _FORMATS.get(self._typestr())
        if format is None or self.mode == "LAB":
            raise BufferError(f"a buffer cannot have the pixels of mode {self.mode}")
        if 0 in self.size:
            raise BufferError("a buffer needs pixels, and the image has none")
        memory: Any = self._memory()
        shaped: memoryview = memory.cast(format, self._shape())
        return shaped

    def __buffer__(self, flags: int, /) -> memoryview:
        if flags & 1:  # PyBUF_WRITABLE
            raise BufferError("the pixels of an image are read-only: change a copy")
        return self.getbuffer()

    def __dlpack_device__(self) -> tuple[int, int]:
        """The CPU: (1, 0)."""
        return (1, 0)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The pixels for `from_dlpack` of numpy, torch and others. Consumers that know DLPack 1.0
        get them read-only and not copied; older ones, which could not know that they must not
        write, get a copy.

        :param copy: True: a copy that may be written to. False: an error where that is impossible.
        :raises BufferError: the mode has 16 bits in the other byte order, another device is asked
            for, or no copy where there must be one.
        """
        if stream is not None:
            raise ValueError("pixels in memory of the CPU have no stream")
        if dl_device not in (None, (1, 0)):
            raise BufferError(f"an image is in memory of the CPU, not on device {dl_device}")
        versioned = max_version is not None and max_version[0] >= 1
        if copy is False and (not versioned or self.mode == "LAB"):
            raise BufferError("this consumer or this mode needs a copy, which copy=False forbids")
        return _pilaf.to_dlpack(self.core, versioned, bool(copy) or not versioned)

    def __arrow_c_schema__(self) -> Any:
        """The type of the image as an Arrow array, as a capsule."""
        return _pilaf.arrow_schema(self.core)

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """The image as an Arrow array, as two capsules: type and pixels. As Pillow's: numbers for
        one band, lists of four bytes for several. Modes of one and four bands are not copied; nor
        are the others where lists of as many bytes as there are bands are asked for.
        """
        return _pilaf.arrow_array(self.core, requested_schema)

    def to_pil(self) -> Any:
        """The image as one of Pillow, which must be installed: mode, pixels, palette and info.

        :raises ImportError: Pillow is not installed, or pilaf stands for it.
        """
        pillow = _pillow()
        mode, core = self.mode, self.core
        image = pillow.frombytes(mode, self.size, _pilaf.pack(core, mode))
        if (palette_mode := _pilaf.palette_mode(core)) is not None:
            colors = _pilaf.palette_bytes(core, palette_mode, palette_mode)
            image.putpalette(colors, palette_mode)
        image.info = dict(self.info)
        return image


def _pillow() -> Any:
    """The module `PIL.Image` of Pillow itself."""
    import PIL.Image

    if PIL.Image.__name__ != "PIL.Image":
        raise ImportError("pilaf stands for PIL in this process: Pillow itself is out of reach")
    return PIL.Image
