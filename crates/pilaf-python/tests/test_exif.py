"""EXIF, XMP and what else stands in `info`: read as Pillow reads it, and the same bytes written."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import PIL.ExifTags
import PIL.Image
import PIL.TiffImagePlugin
import PIL.TiffTags
import pytest
import synthetic

from pilaf import ExifTags, Image, ImageOps, TiffTags
from pilaf.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::UserWarning")]

DIRECTORIES = [*ExifTags.IFD]


def plain(value: Any) -> Any:
    """A value of either library in a form that both share."""
    if isinstance(value, (IFDRational, PIL.TiffImagePlugin.IFDRational)):
        return "rational", value.numerator, value.denominator
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return repr(value) if value != value else value  # NaN


def read(exif: Any, directories: list[int] = DIRECTORIES) -> Any:
    return plain(dict(exif)), [plain(dict(exif.get_ifd(tag))) for tag in directories]


def test_tags_have_pillows_names() -> None:
    for name in ("Base", "GPS", "Interop", "IFD", "LightSource"):
        ours, theirs = getattr(ExifTags, name), getattr(PIL.ExifTags, name)
        assert {tag.name: int(tag) for tag in ours} == {tag.name: int(tag) for tag in theirs}
    assert ExifTags.TAGS == PIL.ExifTags.TAGS
    assert ExifTags.GPSTAGS == PIL.ExifTags.GPSTAGS
    assert TiffTags.TAGS == PIL.TiffTags.TAGS
    assert TiffTags.TYPES == PIL.TiffTags.TYPES
    for tag in range(70000):
        assert TiffTags.lookup(tag) == tuple(PIL.TiffTags.lookup(tag))
        if tag < 0x100 or tag > 0x8000:
            for group in (*ExifTags.IFD, 1):
                assert TiffTags.lookup(tag, group) == tuple(PIL.TiffTags.lookup(tag, group))


def tiff(rng: random.Random, order: str) -> bytes:
    """EXIF data as no library writes it: any tags with any types, directories that lead on."""
    inner: list[tuple[int, int, int, bytes]] = []
    # fmt: off
    kinds = {
        1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 14: 2,
    }
    # fmt: on
    # Not 273: see COMPAT.md.
    tags = [tag for tag in (*ExifTags.TAGS, 1, 2, 700, 65000) if tag != 273]

    def entries(count: int) -> list[tuple[int, int, int, bytes]]:
        made = []
        for tag in rng.sample(tags, count):
            kind = rng.choice([*kinds])
            length = rng.choice([0, 1, 1, 1, 2, 3, 4, 9])
            made.append((tag, kind, length, rng.randbytes(length * kinds[kind])))
        return [entry for entry in made if entry[0] not in (0x8769, 0x8825, 0xA005, 0x927C)]

    def directory(entries: list[tuple[int, int, int, bytes]], at: int, more: int = 0) -> bytes:
        body, behind = struct.pack(order + "H", len(entries)), b""
        free = at + 2 + 12 * len(entries) + 4
        for tag, kind, length, data in entries:
            if len(data) > 4:
                entry = struct.pack(order + "L", free + len(behind))
                behind += data
            else:
                entry = data.ljust(4, b"\0")
            body += struct.pack(order + "HHL", tag, kind, length) + entry
        return body + struct.pack(order + "L", more) + behind

    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    inner = entries(6)
    exif, gps, interop, thumbnail = 4000, 8000, 12000, 16000
    leads = [
        (tag, 4, 1, struct.pack(order + "L", at)) for tag, at in ((0x8769, exif), (0x8825, gps))
    ]
    main = head + directory(inner + leads[: rng.randrange(3)], 8, rng.choice([0, thumbnail]))
    lead = [(0xA005, 4, 1, struct.pack(order + "L", interop))]
    data = main.ljust(exif, b"\0") + directory(entries(8) + lead, exif)
    data = data.ljust(gps, b"\0") + directory(entries(3), gps)
    data = data.ljust(interop, b"\0") + directory(entries(3), interop)
    return data.ljust(thumbnail, b"\0") + directory(entries(3), thumbnail)


@pytest.mark.parametrize("seed", range(150))
def test_any_tags_are_read_and_written_as_pillow_does(seed: int) -> None:
    rng = random.Random(seed)
    data = tiff(rng, rng.choice("<>"))
    if seed % 3 == 0:  # damaged
        at = rng.randrange(8, 600)
        data = data[:at] + rng.randbytes(rng.randrange(1, 8)) + data[at + 4 :]
    if seed % 5 == 0:
        data = data[: rng.randrange(9, len(data))]
    prefix = rng.choice([b"", b"Exif\0\0", b"Exif\0\0Exif\0\0"])
    ours, theirs = Image.Exif(), PIL.Image.Exif()
    ours.load(prefix + data)
    try:
        theirs.load(prefix + data)
        expected = read(theirs)
    except Exception:  # noqa: BLE001  (whatever Pillow fails with: pilaf does not)
        read(ours)
        return
    assert read(ours) == expected
    assert (ours.endian, len(ours), set(ours)) == (theirs.endian, len(theirs), set(theirs))
    assert plain(ours._get_merged_dict()) == plain(theirs._get_merged_dict())
    try:
        written = theirs.tobytes()
    except Exception:  # noqa: BLE001  (values that do not go with the type of their tag)
        with pytest.raises((AttributeError, TypeError, ValueError, OverflowError, struct.error)):
            ours.tobytes()
        return
    assert ours.tobytes() == written


# fmt: off
VALUES: list[Any] = [
    0, 1, 65535, 65536, -1, -40000, 2.5, 1e9, "text", "t\u00e4xt", b"bytes", (1, 2), (1.5, 0.25),
    (-3, 4), Fraction(1, 3), ("RATIONAL", 1, 3), ("RATIONAL", 0, 0), ("RATIONAL", -7, 3),
    ((1, 2, 3, 4)), True,
]
# fmt: on


def set_values(rng: random.Random, exif: Any, rational: Any) -> None:
    def value() -> Any:
        value = rng.choice(VALUES)
        return (
            rational(*value[1:]) if isinstance(value, tuple) and value[0] == "RATIONAL" else value
        )

    for _ in range(rng.randrange(1, 5)):
        exif[rng.choice([270, 271, 274, 282, 296, 305, 306, 33434, 65000, 65001])] = value()
    if rng.random() < 0.6:
        ifd = exif.get_ifd(ExifTags.IFD.Exif)
        for _ in range(3):
            ifd[rng.choice([33434, 33437, 36864, 37386, 37510, 65002])] = value()
    if rng.random() < 0.4:
        exif[0x8825] = {1: "N", 2: (rational(51), rational(30), rational(1, 3)), 29: "2026:01:01"}
    if rng.random() < 0.3:
        exif.get_ifd(ExifTags.IFD.Exif)[0xA005] = {1: "R98"}


@pytest.mark.parametrize("seed", range(200))
def test_what_is_set_is_written_as_pillow_does(seed: int) -> None:
    ours, theirs = Image.Exif(), PIL.Image.Exif()
    if seed % 4 == 0:
        ours.endian = theirs.endian = "<"
    outcomes: list[Any] = []
    for exif, rational in ((ours, IFDRational), (theirs, PIL.TiffImagePlugin.IFDRational)):
        try:
            set_values(random.Random(seed), exif, rational)
            outcomes.append(exif.tobytes())
        except (AttributeError, TypeError, ValueError, OverflowError, struct.error):
            outcomes.append("the value does not go with the tag")
    assert outcomes[0] == outcomes[1]
    if isinstance(outcomes[0], bytes):
        again = Image.Exif()
        again.load(outcomes[0])
        theirs.load(outcomes[1])
        assert read(again) == read(theirs)


def test_directories_are_reached_and_hidden() -> None:
    exif = Image.Exif()
    exif[0x8769] = {37510: b"comment", 0xA005: {1: "R98"}}
    exif[271] = "maker"
    loaded, theirs = Image.Exif(), PIL.Image.Exif()
    for one in (loaded, theirs):
        one.load(exif.tobytes())
        one.hide_offsets()
    assert 0x8769 not in loaded
    assert read(loaded) == read(theirs)
    del loaded[271], theirs[271]
    assert loaded.tobytes() == theirs.tobytes()
    with pytest.raises(KeyError):
        loaded[271]
    assert (loaded.get(271), str(loaded)) == (None, str(theirs))


def nintendo() -> tuple[bytes, bytes]:
    info = b"3DS1" + bytes(4) + struct.pack("<l", 123456) + bytes(12) + b"snum" + bytes(12)
    info += struct.pack("<f", 0.5) + bytes(4) + b"\x10\x00"
    note = struct.pack(">HHHLL", 1, 0x1101, 4, 1, 8)
    return info, note


def test_notes_of_makers() -> None:
    fuji = b"FUJIFILM\x0c\0\0\0" + struct.pack("<H", 3)
    fuji += struct.pack("<HHL4s", 0x1000, 2, 4, b"abc\0") + struct.pack("<HHLL", 0x1001, 5, 1, 54)
    fuji += struct.pack("<HHLL", 0x1002, 5, 9, 5000) + bytes(4) + struct.pack("<LL", 1, 3)
    info, note = nintendo()
    for make, data in (("any", fuji), ("Nintendo", note), ("any", b"junk"), ("Nintendo", b"\0")):
        exif = Image.Exif()
        exif[271] = make
        exif.get_ifd(0x8769)[0x927C] = data
        body = exif.tobytes()
        if make == "Nintendo" and len(data) > 1:  # its offset counts from the header
            body = body.replace(data, data[:-4] + struct.pack(">L", len(body) - 6)) + info
        ours, theirs = Image.Exif(), PIL.Image.Exif()
        ours.load(body)
        theirs.load(body)
        assert plain(ours.get_ifd(0x927C)) == plain(theirs.get_ifd(0x927C)), (make, data)
    assert ours.get_ifd(0x927C) == {}


def test_broken_data_is_no_error() -> None:
    for data in (
        b"Exif\0\0",
        b"Exif\0\0nothing at all",
        b"MM\0*\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0+" + bytes(12),
    ):
        image = Image.new("L", (1, 1))
        image.info["exif"] = data
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = image.getexif()
            assert dict(exif) == {}
            assert [exif.get_ifd(tag) for tag in ExifTags.IFD] == [{}] * len(ExifTags.IFD)
        assert exif.tobytes().startswith((b"Exif\0\0MM\0*", b"Exif\0\0II*\0"))


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_saved_and_opened_again(format: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Software] = "pilaf"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (IFDRational(51), 30.0, 0.5)
    body = synthetic.image().encode(format, exif=exif)
    ours, theirs = Image.open(body), PIL.Image.open(io.BytesIO(body))
    assert read(ours.getexif()) == read(theirs.getexif())
    assert ours.getexif()[274] == 6
    assert ours.info["exif"] == theirs.info["exif"]
    assert plain(ours._getexif()) == plain(theirs._getexif())  # type: ignore[attr-defined]
    turned = ImageOps.exif_transpose(ours)
    assert turned.size == (48, 64)
    assert (274 in turned.getexif(), turned.getexif()[305]) == (False, "pilaf")
    ours.getexif()[274] = 1
    assert ours.getexif()[274] == 1
    assert Image.open(body).copy().getexif()[274] == 6


RATIONALS = [(1, 3), (0, 0), (5, 0), (-7, 2), (2**32 - 1, 1), (10, 5)]


def test_rationals_compute_as_pillows() -> None:
    for a in RATIONALS:
        ours, theirs = IFDRational(*a), PIL.TiffImagePlugin.IFDRational(*a)
        assert repr(ours) == repr(theirs)
        for other in (2, 0.5, Fraction(1, 3)):
            for operation in (
                "__add__",
                "__rsub__",
                "__mul__",
                "__truediv__",
                "__lt__",
                "__eq__",
                "__pow__",
            ):
                results = []
                for value in (ours, theirs):
                    try:
                        results.append(repr(getattr(value, operation)(other)))
                    except Exception as error:  # noqa: BLE001
                        results.append(type(error))
                assert results[0] == results[1], (a, other, operation)
    assert IFDRational(1, 3) == IFDRational(2, 6)
    assert IFDRational(IFDRational(2, 6)).numerator == 2
    assert IFDRational(1, 3).limit_rational(2) == PIL.TiffImagePlugin.IFDRational(
        1, 3
    ).limit_rational(2)
    with pytest.raises(SyntaxError):
        ImageFileDirectory_v2(b"nothing at all")


# XMP

PACKETS = [
    b'<?xpacket begin="\xef\xbb\xbf"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'dc:format="a &amp; b&#x41;&#66;" plain="1\t2">'
    b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">T&lt;</rdf:li>'
    b"<rdf:li>U</rdf:li><rdf:li/></rdf:Alt></dc:title>"
    b"<!-- no --><dc:x>one<![CDATA[<two>]]>\r\nthree</dc:x>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>\0\0  ",
    b"<a/>",
    b"<a>text</a>",
    b"<a b='1'>text<c/>tail</a>",
    b'<a xmlns="u"><b xmlns=""><c xmlns="v" d="e"/></b></a>',
    "<a>\u00e9\u4e2d</a>".encode(),
]


@pytest.mark.parametrize("number", range(len(PACKETS)))
@pytest.mark.parametrize("strip", [True, False])
def test_xmp_as_pillow_reads_it(number: int, strip: bool) -> None:
    pytest.importorskip("defusedxml")
    ours, theirs = Image.new("L", (1, 1)), PIL.Image.new("L", (1, 1))
    ours.info["xmp"] = theirs.info["xmp"] = PACKETS[number]
    assert ours.getxmp(strip_namespaces=strip) == theirs.getxmp(strip_namespaces=strip)


def test_xmp_that_is_broken_warns() -> None:
    broken = [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a></a><b/>",
        b"<a b=1/>",
        b"<a>&other;</a>",
        b"<x:a/>",
        b"\xff",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a b='1' b='2'/>",
        b"</a>",
        b"<a>&#x110000;</a>",
    ]
    for packet in broken:
        image = Image.new("L", (1, 1))
        image.info["xmp"] = packet
        with pytest.warns(UserWarning):
            assert image.getxmp() == {}, packet
    assert Image.new("L", (1, 1)).getxmp() == {}


def test_xmp_takes_linear_time() -> None:
    deep = b"<a>" * 20000 + b"</a>" * 20000
    image = Image.new("L", (1, 1))
    image.info["xmp"] = deep
    assert "a" in image.getxmp()
    image.info["xmp"] = b"<a " + b"b " * 20000
    with pytest.warns(UserWarning):
        image.getxmp()


# Real files


def test_info_and_exif_of_the_corpus(corpus: Path) -> None:
    files = [path for path in corpus.rglob("*") if path.suffix in (".jpg", ".jpeg", ".png")]
    assert len(files) > 20
    compared = 0
    for path in files:
        try:
            theirs = PIL.Image.open(path)
            theirs.load()
            ours = Image.open(path)
            ours.load()
        except Exception:  # noqa: BLE001  (which files open is tested elsewhere)
            continue
        compared += 1
        assert read(ours.getexif()) == read(theirs.getexif()), path
        expected = {
            key: value
            for key, value in theirs.info.items()
            if key not in ("mpoffset", "default_image")
        }
        assert known(ours.info) == known(expected), path
        texts = [known(getattr(image, "text", {})) for image in (ours, theirs)]
        assert texts[0] == texts[1], path
    assert compared > 20


def known(info: dict[Any, Any]) -> dict[Any, Any]:
    """Without what COMPAT.md says is not read of PNG files."""
    return {
        str(key): value
        for key, value in info.items()
        if not re.fullmatch("chromaticity|loop|blend|bbox|disposal|duration|no separator", str(key))
    }
