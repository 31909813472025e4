"""Directories of tags, as TIFF files and EXIF data have them: TIFF 6.0, section 2.

TIFF files themselves are not read; the name is Pillow's, under which programs look for
:class:`IFDRational`.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from fractions import Fraction
from numbers import Number, Rational
from typing import IO, Any

from . import TiffTags

_PREFIXES = (b"MM\x00\x2a", b"II\x2a\x00", b"MM\x2a\x00", b"II\x00\x2a")
_PHOTOMETRIC = 262

# How values of a fixed size are packed, by type.
_FORMATS = {
    TiffTags.SHORT: "H",
    TiffTags.LONG: "L",
    TiffTags.SIGNED_BYTE: "b",
    TiffTags.SIGNED_SHORT: "h",
    TiffTags.SIGNED_LONG: "l",
    TiffTags.FLOAT: "f",
    TiffTags.DOUBLE: "d",
    TiffTags.IFD: "L",
    TiffTags.LONG8: "Q",
}
_RATIONALS = {TiffTags.RATIONAL: "L", TiffTags.SIGNED_RATIONAL: "l"}
_TEXTS = (TiffTags.BYTE, TiffTags.ASCII, TiffTags.UNDEFINED)


def _through(name: str) -> Callable[..., Any]:
    def method(self: IFDRational, *args: Any) -> Any:
        return getattr(self._val, name)(*args)

    method.__name__ = name
    return method


class IFDRational(Rational):
    """A fraction as tags have it: its terms are kept as they were, and 0 below the line makes it a
    NaN, as cameras write it.

    :param value: a number, or the upper term.
    :param denominator: the lower term.
    """

    __slots__ = ("_denominator", "_numerator", "_val")

    def __init__(self, value: float | Fraction | IFDRational, denominator: int = 1) -> None:
        self._val: Fraction | float
        self._numerator: Any
        self._denominator: int
        if isinstance(value, IFDRational):
            self._numerator, self._denominator = value._numerator, value._denominator
            self._val = value._val
            return
        if isinstance(value, Fraction):
            self._numerator, self._denominator = value.numerator, value.denominator
        else:
            self._numerator, self._denominator = value, denominator
        if denominator == 0:
            self._val = float("nan")
        elif denominator == 1:
            self._val = Fraction(value)
        elif int(value) == value:
            self._val = Fraction(int(value), denominator)
        else:
            self._val = Fraction(value / denominator)

    @property
    def numerator(self) -> Any:
        """The upper term."""
        return self._numerator

    @property
    def denominator(self) -> int:
        """The lower term."""
        return self._denominator

    def limit_rational(self, max_denominator: int) -> tuple[Any, int]:
        """The terms of the nearest fraction whose lower term is not above `max_denominator`."""
        if self._denominator == 0 or not isinstance(self._val, Fraction):
            return self._numerator, self._denominator
        nearest = self._val.limit_denominator(max_denominator)
        return nearest.numerator, nearest.denominator

    def __repr__(self) -> str:
        return str(float(self._val))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self._val)

    def __eq__(self, other: object) -> bool:
        value = self._val
        if isinstance(other, IFDRational):
            other = other._val
        if isinstance(other, float):
            value = float(value)
        return value == other

    def __getstate__(self) -> list[Any]:
        return [self._val, self._numerator, self._denominator]

    def __setstate__(self, state: list[Any]) -> None:
        self._val, self._numerator, self._denominator = state

    __add__ = _through("__add__")
    __radd__ = _through("__radd__")
    __sub__ = _through("__sub__")
    __rsub__ = _through("__rsub__")
    __mul__ = _through("__mul__")
    __rmul__ = _through("__rmul__")
    __truediv__ = _through("__truediv__")
    __rtruediv__ = _through("__rtruediv__")
    __floordiv__ = _through("__floordiv__")
    __rfloordiv__ = _through("__rfloordiv__")
    __mod__ = _through("__mod__")
    __rmod__ = _through("__rmod__")
    __pow__ = _through("__pow__")
    __rpow__ = _through("__rpow__")
    __pos__ = _through("__pos__")
    __neg__ = _through("__neg__")
    __abs__ = _through("__abs__")
    __trunc__ = _through("__trunc__")
    __lt__ = _through("__lt__")
    __gt__ = _through("__gt__")
    __le__ = _through("__le__")
    __ge__ = _through("__ge__")
    __bool__ = _through("__bool__")
    __ceil__ = _through("__ceil__")
    __floor__ = _through("__floor__")
    __round__ = _through("__round__")
    __float__ = _through("__float__")
    __int__ = _through("__int__")


def _terms(value: Any, most: int) -> tuple[Any, Any]:
    """Upper and lower term of the nearest fraction in which neither is above `most`."""
    if not abs(value) > 1:
        return IFDRational(value).limit_rational(most)
    lower, upper = IFDRational(1 / value).limit_rational(most)
    return upper, lower


def _signed_terms(value: Any, most: int, least: int) -> tuple[Any, Any]:
    exact = Fraction(value)
    terms: tuple[Any, Any] = exact.numerator, exact.denominator
    if min(float(term) for term in terms) < least:
        terms = _terms(value, abs(least))
    upper, lower = (float(term) for term in terms)
    if max(upper, lower) > most:
        terms = _terms(upper / lower, most)
    return terms


class ImageFileDirectory_v2(MutableMapping[int, Any]):  # noqa: N801  (Pillow's name)
    """A directory: tags and their values, which are decoded when they are first asked for.

    :param ifh: the header of the file, eight bytes: the order of bytes and where the first
        directory is.
    :param prefix: `b"II"` or `b"MM"`, which goes before that of `ifh`.
    :param group: the tag that led here, which says what the tags in it mean.
    :raises SyntaxError: `ifh` is no header.
    """

    def __init__(
        self,
        ifh: bytes = b"II\x2a\x00\x00\x00\x00\x00",
        prefix: bytes | None = None,
        group: int | None = None,
    ) -> None:
        prefix = ifh[:2] if prefix is None else prefix
        if not ifh.startswith(_PREFIXES) or len(ifh) < 8 or prefix not in (b"II", b"MM"):
            raise SyntaxError(f"not a TIFF file (header {ifh!r} not valid)")
        self.prefix = prefix
        self._endian = "<" if prefix == b"II" else ">"
        self.group = group
        self.tagtype: dict[int, int] = {}
        """The type of each tag's value, one of those in :mod:`pilaf.TiffTags`."""
        self._encoded: dict[int, bytes] = {}
        self._values: dict[int, Any] = {}
        (self.next,) = self._unpack("L", ifh[4:8])

    def _unpack(self, kind: str, data: bytes) -> tuple[Any, ...]:
        return struct.unpack(self._endian + kind, data)

    def _pack(self, kind: str, *values: Any) -> bytes:
        return struct.pack(self._endian + kind, *values)

    # A mapping of decoded values

    def __len__(self) -> int:
        return len(self._encoded.keys() | self._values.keys())

    def __iter__(self) -> Iterator[int]:
        return iter(self._encoded.keys() | self._values.keys())

    def __contains__(self, tag: object) -> bool:
        return tag in self._values or tag in self._encoded

    def __getitem__(self, tag: int) -> Any:
        if tag not in self._values:
            self[tag] = self._decode(self.tagtype[tag], self._encoded[tag])
        return self._values[tag]

    def __delitem__(self, tag: int) -> None:
        self._values.pop(tag, None)
        self._encoded.pop(tag, None)

    def __setitem__(self, tag: int, value: Any) -> None:
        info = TiffTags.lookup(tag, self.group)
        values = [value] if isinstance(value, (Number, bytes, str)) else value
        kind = self.tagtype.get(tag)
        if kind is None:
            kind = self.tagtype[tag] = info.type or _kind(values)
        if kind == TiffTags.LONG and isinstance(values, dict):
            self._values[tag] = values
            return
        if kind == TiffTags.UNDEFINED:
            values = [v.encode("ascii", "replace") if isinstance(v, str) else v for v in values]
        elif kind == TiffTags.RATIONAL:
            values = [float(v) if isinstance(v, int) else v for v in values]
        values = tuple(info.cvt_enum(v) if isinstance(v, str) else v for v in values)
        single = info.length == 1 or kind == TiffTags.BYTE
        if not single and not (info.length is None and len(values) == 1):
            self._values[tag] = values
        elif len(values) == 1:
            self._values[tag] = values[0]
        else:
            if tag != _PHOTOMETRIC:
                warnings.warn(
                    f"Metadata Warning, tag {tag} had too many entries: {len(values)}, expected 1",
                    stacklevel=2,
                )
            self._values[tag] = values[0]

    def __str__(self) -> str:
        return str(dict(self))

    def named(self) -> dict[str, Any]:
        """The values under the names of their tags."""
        return {TiffTags.lookup(tag, self.group).name: value for tag, value in self.items()}

    # From bytes and to bytes

    def _decode(self, kind: int, data: bytes) -> Any:
        if kind == TiffTags.ASCII:
            return data.removesuffix(b"\0").decode("latin-1")
        if kind in _TEXTS:
            return data
        if kind in _RATIONALS:
            terms = self._unpack(f"{len(data) // 4}{_RATIONALS[kind]}", data)
            return tuple(map(IFDRational, terms[::2], terms[1::2]))
        return self._unpack(f"{len(data) // _size(kind)}{_FORMATS[kind]}", data)

    def load(self, fp: IO[bytes]) -> None:
        """Reads the directory at the position of `fp`. What is broken of it is left out, with a
        warning."""
        start = fp.tell()
        limit = fp.seek(0, io.SEEK_END)
        fp.seek(start)
        self._encoded, self._values, self.tagtype = {}, {}, {}
        try:
            self._load_entries(fp, limit)
            (self.next,) = self._unpack("L", _exactly(fp, 4))
        except OSError as error:
            warnings.warn(str(error), stacklevel=2)

    def _load_entries(self, fp: IO[bytes], limit: int) -> None:
        outside = 0
        (count,) = self._unpack("H", _exactly(fp, 2))
        for _ in range(count):
            tag, kind, length, data = self._unpack("HHL4s", _exactly(fp, 12))
            if tag in self._encoded or not (unit := _size(kind)):
                continue
            size = length * unit
            if size > 4:
                outside += size
                if outside > limit:
                    warnings.warn(f"Tag data larger than file. Skipping tag {tag}", stacklevel=3)
                    continue
                here = fp.tell()
                fp.seek(*self._unpack("L", data))
                data = fp.read(size)
                if len(data) < size:
                    raise OSError("Truncated File Read")
                fp.seek(here)
            if size:
                self._encoded[tag], self.tagtype[tag] = data[:size], kind

    def _encode(self, kind: int, value: Any) -> bytes:
        if kind in _TEXTS:
            return _text(kind, *(value if isinstance(value, tuple) else (value,)))
        values = value if isinstance(value, tuple) else (value,)
        if kind == TiffTags.RATIONAL:
            return b"".join(self._pack("2L", *_terms(v, 2**32 - 1)) for v in values)
        if kind == TiffTags.SIGNED_RATIONAL:
            return b"".join(
                self._pack("2l", *_signed_terms(v, 2**31 - 1, -(2**31))) for v in values
            )
        return b"".join(self._pack(_FORMATS[kind], v) for v in values)

    def tobytes(self, offset: int = 0) -> bytes:
        """The directory as it stands `offset` bytes behind the beginning of the header. Of what was
        loaded, only what was looked at since is in it."""
        offset += 2 + 12 * len(self._values) + 4
        entries, behind = [self._pack("H", len(self._values))], []
        for tag, value in sorted(self._values.items()):
            kind = self.tagtype[tag]
            if kind == TiffTags.LONG and isinstance(value, dict):
                inner = ImageFileDirectory_v2(self.prefix + self._pack("HL", 42, 8), group=tag)
                inner.update(value)
                data, count = inner.tobytes(offset), 1
            else:
                data = self._encode(kind, value)
                count = len(value) if isinstance(value, tuple) else 1
                if kind in _TEXTS:
                    count = len(data)
            entry = data.ljust(4, b"\0")
            if len(data) > 4:
                entry = self._pack("L", offset)
                data += b"\0" * (len(data) % 2)
                behind.append(data)
                offset += len(data)
            entries.append(self._pack("HHL4s", tag, kind, count, entry))
        entries.append(self._pack("L", 0))
        return b"".join(entries + behind)


def _size(kind: int) -> int:
    """Bytes of a value, 0 for a type that is none."""
    if kind in _TEXTS:
        return 1
    if kind in _RATIONALS:
        return 8
    return struct.calcsize("=" + _FORMATS[kind]) if kind in _FORMATS else 0


def _exactly(fp: IO[bytes], size: int) -> bytes:
    data = fp.read(size)
    if len(data) != size:
        raise OSError(
            f"Corrupt EXIF data.  Expecting to read {size} bytes but only got {len(data)}. "
        )
    return data


def _text(kind: int, value: Any) -> bytes:
    """Bytes, or what stands for them in Python."""
    if kind == TiffTags.ASCII:
        text = str(value) if isinstance(value, int) else value
        data: bytes = text if isinstance(text, bytes) else text.encode("ascii", "replace")
        return data + b"\0"
    if isinstance(value, IFDRational):
        value = int(value)
    if isinstance(value, int):
        return bytes((value,)) if kind == TiffTags.BYTE else str(value).encode()
    return bytes(value)


def _kind(values: Any) -> int:
    """The type of values whose tag has none."""
    if all(isinstance(v, IFDRational) for v in values):
        negative = any(v < 0 for v in values)
        return TiffTags.SIGNED_RATIONAL if negative else TiffTags.RATIONAL
    if all(isinstance(v, int) for v in values):
        if all(0 <= v < 2**16 for v in values):
            return TiffTags.SHORT
        if all(-(2**15) < v < 2**15 for v in values):
            return TiffTags.SIGNED_SHORT
        return TiffTags.LONG if all(v >= 0 for v in values) else TiffTags.SIGNED_LONG
    for type_, kind in ((float, TiffTags.DOUBLE), (str, TiffTags.ASCII), (bytes, TiffTags.BYTE)):
        if all(isinstance(v, type_) for v in values):
            return kind
    return TiffTags.UNDEFINED
