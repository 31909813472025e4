"""Directories that cameras keep in the EXIF tag MakerNote, of the makers that Pillow knows.

Their layout is described at <https://exiftool.org/TagNames/FujiFilm.html> and
<https://exiftool.org/TagNames/Nintendo.html>.
"""

from __future__ import annotations

import struct
import warnings
from typing import IO, Any

from ..TiffImagePlugin import ImageFileDirectory_v2, _size

_CAMERA_INFO = 0x1101


def read(data: bytes, make: Any, file: IO[bytes]) -> dict[int, Any] | None:
    """The tags in `data`, by the camera's make; None if it is not a known one.

    :param file: the EXIF data in which the note stands.
    """
    if data.startswith(b"FUJIFILM"):
        return _fujifilm(data)
    return _nintendo(data, file) if make == "Nintendo" else None


def _entries(data: bytes, order: str) -> list[tuple[int, int, int, bytes]]:
    (count,) = struct.unpack_from(order + "H", data)
    entry = order + "HHL4s"
    return [struct.unpack_from(entry, data, 2 + 12 * index) for index in range(count)]


def _fujifilm(note: bytes) -> dict[int, Any]:
    """Offsets count from the beginning of the note, which is 12 bytes before its directory."""
    (start,) = struct.unpack_from("<L", note, 8)
    data, tags = note[start:], {}
    decoder = ImageFileDirectory_v2()
    for tag, kind, count, value in _entries(data, "<"):
        size = count * _size(kind)
        if size > 4:
            (offset,) = struct.unpack("<L", value)
            value = data[offset - 12 : offset + size - 12]
        else:
            value = value[:size]
        if len(value) != size:
            warnings.warn(
                "Possibly corrupt EXIF MakerNote data.  "
                f"Expecting to read {size} bytes but only got {len(value)}. Skipping tag {tag}",
                stacklevel=5,
            )
        elif value:
            tags[tag] = decoder._decode(kind, value)
    return {tag: v[0] if isinstance(v, tuple) and len(v) == 1 else v for tag, v in tags.items()}


def _nintendo(note: bytes, file: IO[bytes]) -> dict[int, Any]:
    """The 3DS writes one tag, which points to what its camera measured."""
    tags = {}
    for tag, _, _, value in _entries(note, ">"):
        if tag != _CAMERA_INFO:
            continue
        file.seek(*struct.unpack(">L", value))
        info = file.read(50)
        tags[tag] = {
            "ModelID": info[:4],
            "TimeStamp": struct.unpack_from("<l", info, 8)[0],
            "InternalSerialNumber": info[24:28],
            "Parallax": struct.unpack_from("<f", info, 40)[0],
            "Category": info[48:50],
        }
    return tags
