"""Opened images: their classes, the parser, damage that is let pass, formats that others add."""

from __future__ import annotations

import io
import pickle
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import PIL.features
import PIL.Image
import PIL.ImageFile
import PIL.JpegImagePlugin
import PIL.PngImagePlugin
import pytest
import synthetic
from twins import content

from pilaf import (
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    features,
)

pytestmark = pytest.mark.oracle

PHOTO = synthetic.image(160, 120)
JPEG, PNG = PHOTO.encode("JPEG"), PHOTO.encode("PNG")


def test_classes_tell_the_format() -> None:
    for body, ours, theirs in (
        (JPEG, JpegImagePlugin.JpegImageFile, PIL.JpegImagePlugin.JpegImageFile),
        (PNG, PngImagePlugin.PngImageFile, PIL.PngImagePlugin.PngImageFile),
    ):
        image, twin = Image.open(body), PIL.Image.open(io.BytesIO(body))
        assert type(image) is ours and isinstance(image, ImageFile.ImageFile)
        assert (image.format_description, image.get_format_mimetype()) == (  # type: ignore[attr-defined]
            twin.format_description,
            twin.get_format_mimetype(),  # type: ignore[attr-defined]
        )
        for made in (
            image.copy(),
            image.resize((3, 3)),
            image.convert("L"),
            image.crop((0, 0, 2, 2)),
        ):
            assert type(made) is Image.Image and made.format is None
        again = pickle.loads(pickle.dumps(image))
        assert type(again) is ours and again == image
        assert ours(io.BytesIO(body)).tobytes() == image.tobytes()
        with pytest.raises(SyntaxError):
            ours(io.BytesIO(b"something else"))
        with pytest.raises(SyntaxError):
            theirs(io.BytesIO(b"something else"))


def test_sampling() -> None:
    for subsampling in (0, 1, 2):
        body = PHOTO.encode("JPEG", subsampling=subsampling)
        assert JpegImagePlugin.get_sampling(Image.open(body)) == subsampling
    assert JpegImagePlugin.get_sampling(Image.open(Image.new("L", (8, 8)).encode("JPEG"))) == -1


@pytest.mark.parametrize("body", [JPEG, PNG], ids=["JPEG", "PNG"])
@pytest.mark.parametrize("piece", [1, 7, 1024, 10**6])
def test_the_parser_takes_pieces(body: bytes, piece: int) -> None:
    parser = ImageFile.Parser()
    parser.reset()
    known_after = None
    for at in range(0, len(body), piece):
        parser.feed(body[at : at + piece])
        if parser.image is not None and known_after is None:
            known_after = at + piece
            assert parser.image.size == PHOTO.size
    assert known_after is not None
    assert piece > 1024 or known_after < 2048
    assert parser.close().tobytes() == Image.open(body).tobytes()
    with pytest.raises(AssertionError):
        parser.reset()


def test_the_parser_refuses_what_is_no_image() -> None:
    for data in (b"", b"no image", JPEG[:10]):
        parser = ImageFile.Parser()
        parser.feed(data)
        with pytest.raises(OSError, match="cannot parse this image"):
            parser.close()
    with pytest.raises(OSError), ImageFile.Parser() as parser:
        parser.feed(JPEG[:2000])


def test_truncated_files_load_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for body in (JPEG, PNG, PHOTO.convert("L").encode("PNG")):
        for length in (len(body) // 3, len(body) // 2, len(body) - 13, len(body) - 5):
            cut = body[:length]
            with pytest.raises(OSError):
                Image.open(cut[: len(body) // 2]).load()
            with monkeypatch.context() as patch:
                patch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
                patch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", True)
                ours = Image.open(cut)
                ours.load()
                theirs = PIL.Image.open(io.BytesIO(cut))
                assert content(ours) == content(theirs), length
            assert Image.open(cut, truncated=True).tobytes() == ours.tobytes()


def test_verify() -> None:
    Image.open(PNG).verify()  # type: ignore[attr-defined]
    Image.open(JPEG).verify()  # type: ignore[attr-defined]
    broken = bytearray(PNG)
    broken[len(PNG) // 2] ^= 1
    image = Image.open(bytes(broken))
    with pytest.raises(OSError, match="checksum") as raised:
        image.verify()  # type: ignore[attr-defined]
    assert raised.value.offset is not None  # type: ignore[attr-defined]


def test_text_chunks() -> None:
    infos: list[Any] = []
    for module in (PngImagePlugin, PIL.PngImagePlugin):
        info = module.PngInfo()
        info.add_text("Title", "caf\u00e9")
        info.add_text("Long", "text " * 1000, zip=True)
        info.add_text("Chinese", "\u4e2d")
        info.add_itxt("Lang", "value", "en", "Sprache", zip=True)
        info.add_text("Typed", module.iTXt("typed", "de", "Schl\u00fcssel"))
        info.add(b"prVt", b"private")
        info.add(b"beHd", b"behind", after_idat=True)
        infos.append(info)
    assert infos[0].chunks == infos[1].chunks
    body = PHOTO.encode("PNG", pnginfo=infos[0])
    ours, theirs = Image.open(body), PIL.Image.open(io.BytesIO(body))
    assert ours.text == theirs.text  # type: ignore[attr-defined]
    assert ours.info == theirs.info
    assert theirs.private_chunks == [(b"prVt", b"private"), (b"beHd", b"behind", True)]  # type: ignore[attr-defined]
    assert Image.open(PHOTO.encode("PNG", pnginfo=infos[1])).info == theirs.info
    with pytest.raises(ValueError):
        infos[0].add(b"toolong", b"")
        PHOTO.encode("PNG", pnginfo=infos[0])


def test_what_matplotlib_looks_at() -> None:
    for mode, bits in (
        ("1", 1),
        ("L", 2),
        ("L", 4),
        ("L", 8),
        ("I;16", 16),
        ("P", 8),
        ("RGB", 8),
        ("RGBA", 8),
    ):
        body = Image.new(mode, (3, 2)).encode("PNG", bits=min(bits, 8))
        ours, theirs = Image.open(body), PIL.Image.open(io.BytesIO(body))
        assert ours.png.im_rawmode == theirs.png.im_rawmode, mode  # type: ignore[attr-defined]


# Registries


def test_formats_are_registered_as_pillow_does() -> None:
    PIL.Image.init()
    for extension, format in Image.registered_extensions().items():
        assert PIL.Image.EXTENSION[extension] == format
    for format in Image.MIME:
        assert Image.MIME[format] == PIL.Image.MIME[format]
        assert format in Image.ID and format in Image.OPEN and format in Image.SAVE
        assert {e for e, f in Image.EXTENSION.items() if f == format} == {
            e for e, f in PIL.Image.EXTENSION.items() if f == format
        }
    factory, accept = Image.OPEN["PNG"]
    assert accept is not None and accept(PNG[:16]) and not accept(JPEG[:16])
    assert factory(io.BytesIO(PNG)).size == PHOTO.size
    out = io.BytesIO()
    PHOTO.encoderinfo = {"compress_level": 1}
    try:
        Image.SAVE["PNG"](PHOTO, out, "")
    finally:
        PHOTO.encoderinfo = {}
    assert Image.open(out.getvalue()).tobytes() == PHOTO.tobytes()


class GreyFile(ImageFile.ImageFile):
    """A format of its own: `GREY`, two bytes of width and of height, pixels."""

    format, format_description = "GREY", "Grey samples"

    def _open(self) -> None:  # type: ignore[override]
        assert self.fp is not None
        name, *size = struct.unpack(">4sHH", self.fp.read(8))
        if name != b"GREY":
            raise SyntaxError("not a GREY file")
        self._size, self._mode = (size[0], size[1]), "L"
        self.tile = [ImageFile._Tile("raw", (0, 0, *self._size), 8, "L")]


def write_grey(image: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if image.encoderinfo.get("fail"):
        fp.write(b"half")
        raise OSError("failed")
    fp.write(struct.pack(">4sHH", b"GREY", *image.size) + image.tobytes())


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables of formats are afterwards as they were."""
    Image.preinit()
    monkeypatch.setitem(Image.OPEN, "GREY", None)
    monkeypatch.setitem(Image.SAVE, "GREY", None)
    monkeypatch.setitem(Image.EXTENSION, ".grey", "")
    monkeypatch.setitem(Image.MIME, "GREY", "")
    yield
    Image.ID.remove("GREY")


@pytest.mark.usefixtures("tables")
def test_a_format_that_somebody_adds(tmp_path: Path) -> None:
    Image.register_open("grey", GreyFile, lambda prefix: prefix.startswith(b"GREY"))
    Image.register_save("grey", write_grey)
    Image.register_extension("grey", ".Grey")
    Image.register_mime("grey", "image/x-grey")
    image = PHOTO.convert("L")
    image.save(tmp_path / "a.grey")
    for source in (tmp_path / "a.grey", (tmp_path / "a.grey").read_bytes()):
        opened = Image.open(source)
        assert (opened.format, opened.size, type(opened)) == ("GREY", image.size, GreyFile)
        assert opened.tobytes() == image.tobytes()
        assert opened.get_format_mimetype() == "image/x-grey"  # type: ignore[attr-defined]
    assert Image.open(tmp_path / "a.grey").filename == str(tmp_path / "a.grey")
    before = (tmp_path / "a.grey").read_bytes()
    with pytest.raises(OSError, match="failed"):
        image.save(tmp_path / "a.grey", fail=True)
    assert (tmp_path / "a.grey").read_bytes() == before, "nothing half-written"
    with pytest.raises(UnidentifiedImageError):
        Image.open(b"GREX" + bytes(20))
    with pytest.raises(UnidentifiedImageError):
        Image.open(before, formats=["PNG"])


def test_features() -> None:
    for name in (*PIL.features.modules, *PIL.features.codecs, *PIL.features.features):
        assert features.check(name) in (True, False)
        assert (features.version(name) is not None) == features.check(name)
    for name in ("check_module", "check_codec", "check_feature"):
        for module in (features, PIL.features):
            with pytest.raises(ValueError, match="nonsense"):
                getattr(module, name)("nonsense")
    with pytest.warns(UserWarning, match="Unknown feature 'nonsense'"):
        assert not features.check("nonsense")
    assert {"pil", "jpg", "zlib"} <= {*features.get_supported()}
    out = io.StringIO()
    features.pilinfo(out)
    assert "JPEG image/jpeg" in out.getvalue()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert features.check("libjpeg_turbo")
