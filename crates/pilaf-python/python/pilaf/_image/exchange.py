"""Images to files, and to pickles."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from .. import _pilaf
from .._source import name_of
from .base import BaseImage
from .options import encoder_options


class Exchange(BaseImage):
    """`save`, `encode`, pickles, equality."""

    def save(self, fp: Any, format: str | None = None, **params: Any) -> None:
        """Writes the image to a path or to an object with `write()`.

        A file at a path appears whole or not at all: it is written beside its place and renamed.

        :param fp: a path, or an object whose `write()` takes bytes.
        :param format: `"JPEG"` or `"PNG"`. Default: by the extension of the name.
        :param params: options of the format, as in Pillow. JPEG: `quality` (1 to 100, 75),
            `subsampling` (`"4:4:4"`, `"4:2:2"`, `"4:2:0"` or 0, 1, 2), `progressive`, `optimize`,
            `icc_profile`, `exif`, `xmp`, `dpi`, `comment`. PNG: `optimize`, `compress_level`
            (0 to 9, 6), `bits`, `icc_profile`, `exif`, `dpi`, `transparency`.
        :raises ValueError: no format is given and the name tells none, or an option makes no
            sense.
        :raises OSError: the format cannot hold the mode, or the file cannot be written.
        """
        path = os.fsdecode(fp) if isinstance(fp, (str, bytes, os.PathLike)) else ""
        name = path or name_of(fp)
        data = self._encoded(format or _format_of(name), name, params)
        if path:
            _pilaf.write_file(path, data)
            return
        if fp is sys.stdout:
            fp = sys.stdout.buffer
        fp.write(data)
        if hasattr(fp, "flush"):
            fp.flush()

    def _encoded(self, format: str, name: str, params: dict[str, Any]) -> bytes:
        """The bytes of a file, in a format of pilaf or one that somebody registered."""
        from .. import Image

        Image.preinit()
        id = format.upper()
        if id in _pilaf.MEDIA_TYPES or id not in Image.SAVE:
            if params.pop("append_images", None):
                raise ValueError(f"pilaf writes no animations: append_images in a {id} file")
            return self.encode(format, **params)
        several = bool(params.get("append_images")) and id in Image.SAVE_ALL
        save_all = params.pop("save_all", several)
        assert isinstance(self, Image.Image)
        file, kept = io.BytesIO(), self.encoderinfo
        self.load()
        self.encoderinfo = params | kept
        try:
            (Image.SAVE_ALL if save_all else Image.SAVE)[id](self, file, name)
        finally:
            self.encoderinfo = kept
        return file.getvalue()

    def encode(self, format: str, **params: Any) -> bytes:
        """The image as the bytes of a file: `save` without a file.

        >>> from pilaf import Image
        >>> Image.new("RGB", (2, 2)).encode("PNG")[:4]
        b'\\x89PNG'
        """
        return self.core.encode(format, encoder_options(format, params, self.info, self))

    def __getstate__(self) -> list[Any]:
        """Info, mode, size, palette and pixels: what pickles and deep copies are made of."""
        core = self.core
        mode = _pilaf.palette_mode(core)
        palette = None if mode is None else (mode, _pilaf.palette_bytes(core, mode, mode))
        return [self.info, self.mode, self.size, palette, _pilaf.pack(core, _packed(self.mode))]

    def __setstate__(self, state: list[Any]) -> None:
        info, mode, size, palette, data = state
        BaseImage.__init__(self)
        self.info = info
        core = _pilaf.Core(mode, size)
        if data:
            _pilaf.unpack(core, _packed(mode), data)
        if palette is not None:
            _pilaf.put_palette(core, palette[0], palette[0], palette[1])
        self._set_core(core)

    def __eq__(self, other: object) -> bool:
        """Equal mode, size, info, palette and pixels."""
        if self.__class__ is not other.__class__:
            return False
        assert isinstance(other, Exchange)
        same = self.mode == other.mode and self.size == other.size and self.info == other.info
        return same and self.core == other.core

    __hash__ = None  # type: ignore[assignment]


def _packed(mode: str) -> str:
    """The raw mode in which pixels are pickled: whole bytes also of mode 1."""
    return "L" if mode == "1" else mode


def _format_of(name: str) -> str:
    from .. import Image

    extension = os.path.splitext(name)[1].lower()
    try:
        return Image.registered_extensions()[extension]
    except KeyError:
        raise ValueError(f"unknown file extension: {extension}") from None
