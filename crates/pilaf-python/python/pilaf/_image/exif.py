"""EXIF data: reading it, changing it, writing it. Broken data never fails an image."""

from __future__ import annotations

import contextlib
import io
import re
import struct
from collections.abc import Iterator, MutableMapping
from typing import IO, Any

from ..ExifTags import IFD, Base
from ..TiffImagePlugin import ImageFileDirectory_v2
from . import maker_note

# What reading broken data can raise: of the directory, of struct, of a position that is none.
_BROKEN = (SyntaxError, struct.error, ValueError, OverflowError, KeyError, TypeError)


class Exif(MutableMapping[int, Any]):
    """EXIF data as a mapping of tags to values, which can be changed and written again.

    >>> from pilaf import ExifTags, Image
    >>> exif = Image.Exif()
    >>> exif[ExifTags.Base.Orientation] = 6
    >>> body = Image.new("L", (2, 1)).encode("JPEG", exif=exif)
    >>> Image.open(body).getexif()[0x0112]
    6
    """

    endian: str | None = None
    """`"<"` or `">"`, the order of bytes; None if nothing was read. Then `">"` is written."""
    bigtiff = False
    _loaded = False

    def __init__(self) -> None:
        self._data: dict[int, Any] = {}
        self._hidden: dict[int, Any] = {}
        self._ifds: dict[int, dict[int, Any]] = {}
        self._info: ImageFileDirectory_v2 | None = None
        self._loaded_exif: bytes | None = None
        self.fp: IO[bytes] = io.BytesIO()
        self.head = b""

    def load(self, data: bytes) -> None:
        """Reads EXIF data, with or without the `Exif\\0\\0` before it. What is broken is left
        out."""
        if data == self._loaded_exif:
            return
        self._loaded_exif = data
        self._forget()
        body = re.sub(b"^(Exif\x00\x00){1,2}", b"", data)
        if body:
            self._load(io.BytesIO(body))

    def load_from_fp(self, fp: IO[bytes], offset: int | None = None) -> None:
        """Reads EXIF data from a file that begins with the header of TIFF files.

        :param offset: where the directory is. Default: where the header says.
        """
        self._loaded_exif = None
        self._forget()
        self._load(fp, offset)

    def _forget(self) -> None:
        self._data.clear()
        self._hidden.clear()
        self._ifds.clear()
        self._info = None

    def _load(self, fp: IO[bytes], offset: int | None = None) -> None:
        self.fp = fp
        self.head = fp.read(8) if offset is None else self._get_head()
        with contextlib.suppress(*_BROKEN):
            info = ImageFileDirectory_v2(self.head)
            self.endian = info._endian
            fp.seek(info.next if offset is None else offset)
            info.load(fp)
            self._info = info

    def _get_head(self) -> bytes:
        if self.endian == "<":
            return b"II\x2a\x00\x08\x00\x00\x00"
        return b"MM\x00\x2a\x00\x00\x00\x08"

    def _get_ifd_dict(self, offset: Any, group: int | None = None) -> dict[int, Any] | None:
        """The directory at `offset`; None if there is no such place."""
        try:
            self.fp.seek(offset)
            info = ImageFileDirectory_v2(self.head, group=group)
            info.load(self.fp)
            return {tag: _single(value) for tag, value in info.items()}
        except _BROKEN:
            return None

    def _get_merged_dict(self) -> dict[int, Any]:
        """The main directory and the one of EXIF in one, and in it the one of positions."""
        merged = dict(self)
        if IFD.Exif in self:
            merged.update(self._get_ifd_dict(self[IFD.Exif], IFD.Exif) or {})
        if IFD.GPSInfo in self:
            merged[IFD.GPSInfo] = self._get_ifd_dict(self[IFD.GPSInfo], IFD.GPSInfo)
        return merged

    def get_ifd(self, tag: int) -> dict[int, Any]:
        """Another directory: one of `ExifTags.IFD`. Empty if there is none. What is changed in it
        is written too.

        >>> from pilaf import ExifTags, Image
        >>> exif = Image.Exif()
        >>> exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"hello"
        """
        if tag not in self._ifds:
            found = self._find_ifd(tag)
            if found is not None:
                self._ifds[tag] = found
        ifd = self._ifds.setdefault(tag, {})
        if tag == IFD.Exif and self._hidden:
            inner = (IFD.Interop, IFD.MakerNote)
            return {key: value for key, value in ifd.items() if key not in inner}
        return ifd

    def _find_ifd(self, tag: int) -> dict[int, Any] | None:
        if tag == IFD.IFD1:
            if self._info is None or self._info.next == 0:
                return None
            return self._get_ifd_dict(self._info.next)
        if tag in (IFD.Exif, IFD.GPSInfo):
            offset = self._hidden.get(tag, self.get(tag))
            return None if offset is None else self._get_ifd_dict(offset, tag)
        if tag in (IFD.Interop, IFD.MakerNote):
            if IFD.Exif not in self._ifds:
                self.get_ifd(IFD.Exif)
            data = self._ifds[IFD.Exif].get(tag)
            if data is None:
                return None
            if tag == IFD.Interop:
                return self._get_ifd_dict(data, tag)
            with contextlib.suppress(*_BROKEN):
                return maker_note.read(data, self.get(Base.Make), self.fp)
        return None

    def hide_offsets(self) -> None:
        """Takes the places of other directories out of this one: `get_ifd` still finds them."""
        for tag in (IFD.Exif, IFD.GPSInfo):
            if tag in self:
                self._hidden[tag] = self[tag]
                del self[tag]

    def tobytes(self, offset: int = 8) -> bytes:
        """The data as it is written: `Exif\\0\\0`, the header, the directories.

        :param offset: where the directory begins, counted from the header.
        """
        head = self._get_head()
        ifd = ImageFileDirectory_v2(head)
        for tag, inner in self._ifds.items():
            if tag in (IFD.Exif, IFD.GPSInfo) and tag not in self:
                ifd[tag] = inner
        for tag, value in self.items():
            if tag in (IFD.Exif, IFD.GPSInfo) and not isinstance(value, dict):
                value = self.get_ifd(tag)
                interop = value.get(IFD.Interop)
                if tag == IFD.Exif and interop is not None and not isinstance(interop, dict):
                    value = value | {IFD.Interop: self.get_ifd(IFD.Interop)}
            ifd[tag] = value
        return b"Exif\x00\x00" + head + ifd.tobytes(offset)

    # A mapping

    def __str__(self) -> str:
        return str({tag: self[tag] for tag in self})

    def __len__(self) -> int:
        return len(self._data.keys() | (self._info or {}).keys())

    def __iter__(self) -> Iterator[int]:
        return iter(self._data.keys() | (self._info or {}).keys())

    def __contains__(self, tag: object) -> bool:
        return tag in self._data or (self._info is not None and tag in self._info)

    def __getitem__(self, tag: int) -> Any:
        if tag not in self._data and self._info is not None and tag in self._info:
            self._data[tag] = _single(self._info[tag])
            del self._info[tag]
        return self._data[tag]

    def __setitem__(self, tag: int, value: Any) -> None:
        if self._info is not None and tag in self._info:
            del self._info[tag]
        self._data[tag] = value

    def __delitem__(self, tag: int) -> None:
        if self._info is not None and tag in self._info:
            del self._info[tag]
            return
        del self._data[tag]
        self._ifds.pop(tag, None)


def _single(value: Any) -> Any:
    """What is alone in a tuple."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value
