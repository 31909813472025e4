"""Pixels from bytes and to bytes."""

from __future__ import annotations

from typing import Any

from .. import _pilaf
from .base import BaseImage

# The longest row that Pillow's encoder has room for, whatever the width.
_ROW_LIMIT = 65536


class Raw(BaseImage):
    """`tobytes`, `frombytes`, `tobitmap`."""

    def tobytes(self, encoder_name: str = "raw", *args: Any) -> bytes:
        """The pixels as bytes, row after row.

        :param encoder_name: `"raw"`.
        :param args: the raw mode, such as `"BGR"`; then the bytes from one row to the next (0: no
            gap), and -1 for the lowest row first. Default: the mode itself, in which mode 1 has
            eight pixels a byte.
        :raises ValueError: the mode cannot be had in the raw mode.

        >>> from pilaf import Image
        >>> Image.new("RGB", (1, 1), (1, 2, 3)).tobytes("raw", "BGR")
        b'\\x03\\x02\\x01'
        """
        rawmode, stride, step = raw_arguments(args, encoder_name, self.mode)
        core = self.core
        if self.width == 0 or self.height == 0:
            return b""
        if encoder_name == "xbm":
            return self._xbm()
        if encoder_name != "raw":
            raise OSError(f"encoder {encoder_name} not available")
        if rawmode is None:
            raise TypeError("a raw mode is needed")
        if stride > 0:
            row = _pilaf.pack(_pilaf.crop(core, (0, 0, self.width, 1)), rawmode)
            if not len(row) <= stride <= max(_ROW_LIMIT, 4 * self.width):
                raise RuntimeError("encoder error -8 in tobytes")
        return _pilaf.pack(core, rawmode, max(stride, 0), step < 0)

    def _xbm(self) -> bytes:
        """Bits, the first pixel in the lowest, as C's hexadecimal numbers."""
        data = _pilaf.pack(self.core, "1;R")
        text, column = [], 0
        for at, byte in enumerate(data):
            text.append(f"0x{byte:02x}")
            if at == len(data) - 1:
                text.append("\n")
                break
            text.append(",")
            column += 1
            if column >= 79 // 5:
                text.append("\n")
                column = 0
        return "".join(text).encode()

    def tobitmap(self, name: str = "image") -> bytes:
        """An image of mode 1 as an X11 bitmap: source code in C.

        :param name: what its variables begin with.
        :raises ValueError: the image has another mode.
        """
        if self.mode != "1":
            raise ValueError("not a bitmap")
        lines = (
            f"#define {name}_width {self.width}",
            f"#define {name}_height {self.height}",
            f"static char {name}_bits[] = {{",
        )
        return "\n".join(lines).encode("ascii") + b"\n" + self.tobytes("xbm") + b"};"

    def frombytes(self, data: Any, decoder_name: str = "raw", *args: Any) -> None:
        """Replaces the pixels by those of `data`. See :func:`pilaf.Image.frombytes`.

        :param args: the raw mode; the bytes from one row to the next (0: no gap); -1 for the
            lowest row first.
        :raises ValueError: there are too few bytes, or the raw mode does not suit.
        """
        if self.width == 0 or self.height == 0:
            return
        rawmode, stride, bottom_up = _rows(args, decoder_name, self.mode)
        _pilaf.unpack(self.core, rawmode, buffer(data), stride, bottom_up)


def unpacked(
    mode: str, size: tuple[int, int], data: Any, decoder_name: str, args: tuple[Any, ...]
) -> _pilaf.Core:
    """New pixels from bytes."""
    rawmode, stride, bottom_up = _rows(args, decoder_name, mode)
    return _pilaf.unpacked(mode, size, rawmode, buffer(data), stride, bottom_up)


def _rows(args: tuple[Any, ...], decoder_name: str, mode: str) -> tuple[str, int, bool]:
    """The arguments of the decoder: raw mode, stride, and whether the lowest row is first."""
    rawmode, stride, step = raw_arguments(args, decoder_name, mode)
    if decoder_name != "raw":
        raise OSError(f"decoder {decoder_name} not available")
    if rawmode is None:
        raise TypeError("a raw mode is needed")
    if stride < 0:
        raise ValueError("cannot decode image data")
    return rawmode, stride, step < 0


def raw_arguments(args: tuple[Any, ...], name: str, mode: str) -> tuple[str | None, int, int]:
    """Raw mode, stride and step of arguments as Pillow takes them: one after the other or in a
    tuple, from the front."""
    if len(args) == 1 and isinstance(args[0], tuple):
        args = args[0]
    if not args and name == "raw":
        args = (mode,)
    rawmode = args[0] if args else None
    stride = args[1] if len(args) > 1 else 0
    step = args[2] if len(args) > 2 else 1
    return rawmode, stride, step


def buffer(data: Any) -> bytes | memoryview:
    """The bytes of anything with the buffer protocol, copied only where there are gaps."""
    if isinstance(data, bytes):
        return data
    view = memoryview(data)
    return view if view.c_contiguous else view.tobytes()
