"""PNG files as images, and chunks to write into them.

>>> from pilaf import Image
>>> from pilaf.PngImagePlugin import PngInfo
>>> notes = PngInfo()
>>> notes.add_text("Title", "nothing")
>>> Image.open(Image.new("L", (1, 1)).encode("PNG", pnginfo=notes)).text
{'Title': 'nothing'}
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from . import ImageFile
from ._formats import register_own
from ._pilaf import File

if TYPE_CHECKING:
    from typing_extensions import Self

MAX_TEXT_CHUNK = 1 << 20
"""The longest text that is read, decompressed; to be read, not to be set."""


class iTXt(str):  # noqa: N801  (Pillow's name)
    """International text, with its language and its keyword in that language."""

    lang: str | bytes | None
    tkey: str | bytes | None

    @staticmethod
    def __new__(cls, text: str, lang: str | None = None, tkey: str | None = None) -> Self:
        self = str.__new__(cls, text)
        self.lang, self.tkey = lang, tkey
        return self


def _bytes(value: str | bytes, encoding: str) -> bytes:
    return value if isinstance(value, bytes) else value.encode(encoding)


class PngInfo:
    """Chunks to write: `save(pnginfo=)`."""

    def __init__(self) -> None:
        self.chunks: list[tuple[bytes, bytes, bool]] = []

    def add(self, cid: bytes, data: bytes, after_idat: bool = False) -> None:
        """A chunk of any kind.

        :param cid: its type, four letters.
        :param after_idat: whether it is to stand behind the pixels. Default: before.
        """
        self.chunks.append((cid, data, after_idat))

    def add_text(self, key: str | bytes, value: str | bytes | iTXt, zip: bool = False) -> None:
        """Text: Latin-1 if it can be, otherwise international.

        :param zip: compresses it.
        """
        if isinstance(value, iTXt):
            self.add_itxt(key, value, value.lang or b"", value.tkey or b"", zip=zip)
            return
        try:
            text = _bytes(value, "latin-1")
        except UnicodeError:
            self.add_itxt(key, value, zip=zip)
            return
        keyword = _bytes(key, "latin-1") + b"\0"
        if zip:
            self.add(b"zTXt", keyword + b"\0" + zlib.compress(text))
        else:
            self.add(b"tEXt", keyword + text)

    def add_itxt(
        self,
        key: str | bytes,
        value: str | bytes,
        lang: str | bytes = "",
        tkey: str | bytes = "",
        zip: bool = False,
    ) -> None:
        """International text.

        :param lang: its language, such as `"en"`.
        :param tkey: the keyword in that language.
        :param zip: compresses it.
        """
        text = _bytes(value, "utf-8")
        head = [_bytes(key, "latin-1"), b"\0\x01\0" if zip else b"\0\0\0"]
        names = [_bytes(lang, "utf-8"), b"\0", _bytes(tkey, "utf-8"), b"\0"]
        self.add(b"iTXt", b"".join([*head, *names, zlib.compress(text) if zip else text]))


class _Stream:
    """What programs look at of Pillow's reader of PNG files."""

    def __init__(self, file: File) -> None:
        self.im_mode, self.im_size = file.mode, file.size
        self.im_rawmode = _rawmode(file.mode, file.bits)
        self.im_info = file.metadata()


def _rawmode(mode: str, bits: int) -> str:
    if bits == 16:
        return "I;16B" if mode == "I;16" else f"{mode};16B"
    return f"{mode};{bits}" if bits < 8 and mode in ("L", "P") else mode


class PngImageFile(ImageFile.ImageFile):
    """An image that was opened from a PNG file."""

    format = "PNG"
    format_description = "Portable network graphics"
    n_frames = 1
    """The number of frames: of an animation, only its default image is read."""
    is_animated = False
    default_image = False

    text: dict[str, str]
    """The texts in the file, by their keywords."""

    def _take(self, file: File) -> None:
        super()._take(file)
        self.png = _Stream(file)
        self.text = dict(file.texts())

    def _getexif(self) -> dict[int, Any] | None:
        """All EXIF tags in one dictionary, as old programs ask for them."""
        if "exif" not in self.info and "Raw profile type exif" not in self.info:
            return None
        return self.getexif()._get_merged_dict()


register_own(PngImageFile)
