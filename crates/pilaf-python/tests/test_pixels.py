"""Pixels in and out beside Pillow: raw modes, single pixels, colours, sequences, arrays."""

from __future__ import annotations

import itertools
import random
import re
import warnings
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageColor
import PIL.ImagePalette
import pytest
from twins import MODES, assert_same, twins

import pilaf.Image
from pilaf import ImageColor, ImagePalette

pytestmark = pytest.mark.oracle

ALL_MODES = [*MODES, "LAB"]
COLORS = [0, 1, 77, 255, 256, -5, 0x12345678, 2**40, True, 1.5, -2.5, "red", "#12345678", None]
COLORS += [(5,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (300, -4, 5), (1.5, 2, 3), (), (7.5,), [1, 2, 3]]
COLORS += [(2**40, 1, 2), (1, 2**40, 2), 2**70, "no such colour", b"x", (1, 2, 3, 4, 5)]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("color", COLORS, ids=str)
def test_colors(mode: str, color: object) -> None:
    for size in [(3, 2), (0, 0)]:
        assert_alike(
            lambda: pilaf.Image.new(mode, size, color),
            lambda: PIL.Image.new(mode, size, color),
            (mode, color),
        )
    ours, theirs = pilaf.Image.new(mode, (4, 3)), PIL.Image.new(mode, (4, 3))
    for xy in [(0, 0), (3, 2), (-1, -1), (4, 0), (0, -4)]:
        assert_alike(
            lambda: (ours.putpixel(xy, color), ours, ours.getpixel(xy)),
            lambda: (theirs.putpixel(xy, color), theirs, theirs.getpixel(xy)),
            (mode, color, xy),
        )
    if color is not None and not isinstance(color, str):
        ours_access, theirs_access = ours.load(), theirs.load()
        for xy in [(1, 1), (-2, -2), (9, 9)]:

            def store(access, image):  # type: ignore[no-untyped-def]
                access[xy] = color
                return access[xy], image

            assert_alike(
                lambda: store(ours_access, ours),
                lambda: store(theirs_access, theirs),
                (mode, color),
            )


def assert_alike(ours, theirs, what) -> None:  # type: ignore[no-untyped-def]
    """As `assert_same`, where Pillow lets errors of C's argument parser through."""
    try:
        theirs()
    except (SystemError, TypeError, OverflowError):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            ours()
    except Exception:  # noqa: BLE001
        assert_same(ours, theirs, what)
    else:
        assert_same(ours, theirs, what)


def test_sizes_are_checked() -> None:
    for size in [(-1, 2), (2, -1), (1, 2, 3), "ab", 5, (2,)]:
        for call in ("new", "frombytes", "frombuffer"):
            rest = () if call == "new" else (b"",)
            assert_same(
                lambda: getattr(pilaf.Image, call)("L", size, *rest),
                lambda: getattr(PIL.Image, call)("L", size, *rest),
                (call, size),
            )


def test_access_by_other_numbers() -> None:
    ours, theirs = twins("RGB", (5, 4))
    for xy in [(1.9, 2.2), (-1.9, 0), (np.int64(3), np.uint8(1)), [1, 2], (1, 2, 3), ("a", 1), 4]:
        for method in (lambda i: i.load()[xy], lambda i: i.getpixel(xy)):
            assert_same(lambda: method(ours), lambda: method(theirs), xy)


def raw_modes() -> list[str]:
    """Every raw mode that is named in pilaf's own table, and the names of the modes."""
    table = Path(__file__).parents[2] / "pilaf/src/ops/raw/layout.rs"
    names = set(re.findall(r'"([A-Za-z0-9;]+)"', table.read_text()))
    names |= {
        f"{kind};{bits}{flags}"
        for kind in "IF"
        for bits in (8, 16, 32, 64)
        for flags in ("", "S", "B", "BS", "N", "NS", "F", "BF", "NF")
    }
    return sorted(names | set(ALL_MODES))


def test_every_raw_mode_is_unpacked_as_by_pillow() -> None:
    names = raw_modes()
    assert len(names) > 150
    rng = random.Random(7)
    data = rng.randbytes(9 * 5 * 8)
    floats = np.random.default_rng(1).normal(0, 500, 45)
    seen = 0
    for mode, raw in itertools.product(ALL_MODES, names):
        # As many bytes as any needs; floats are real ones.
        source = data
        if raw.endswith("F") and mode == "F":
            kind = (">" if "B" in raw else "<") + ("f8" if "64" in raw else "f4")
            source = floats.astype(kind).tobytes() + data
        if raw in ("F",) and mode == "F":
            source = floats.astype("f4").tobytes()
        outcome = []
        for module in (pilaf.Image, PIL.Image):
            image = module.new(mode, (9, 5))
            try:
                image.frombytes(source, "raw", raw)
                outcome.append(image.tobytes())
            except ValueError as error:
                outcome.append(str(error))
        assert outcome[0] == outcome[1], (mode, raw)
        seen += isinstance(outcome[1], bytes)
    assert seen > 200


def test_every_raw_mode_is_packed_as_by_pillow() -> None:
    for mode, raw in itertools.product(ALL_MODES, raw_modes()):
        ours, theirs = twins(mode, (9, 5), seed=1)
        outcome = []
        for image in (ours, theirs):
            try:
                outcome.append(image.tobytes("raw", raw))
            except ValueError as error:
                outcome.append(type(error))
        assert outcome[0] == outcome[1], (mode, raw)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "I;16", "F", "LAB", "P"])
def test_strides_and_steps(mode: str) -> None:
    rng = random.Random(mode)
    for size, stride, step, extra in itertools.product(
        [(7, 4), (1, 1)], (0, 1, 7, 14, 21, 28, 40, 70000), (1, 0, -1), (0, 5, -200)
    ):
        data = rng.randbytes(max(max(stride, size[0] * 4) * size[1] + extra, 0))
        arguments = ("raw", mode, stride, step)
        for call in ("frombytes", "frombuffer"):
            assert_same(
                lambda: getattr(pilaf.Image, call)(mode, size, data, *arguments),
                lambda: getattr(PIL.Image, call)(mode, size, data, *arguments),
                (call, mode, size, stride, step, extra),
            )
        ours, theirs = twins(mode, size)
        assert_same(
            lambda: ours.tobytes(*arguments), lambda: theirs.tobytes(*arguments), (mode, arguments)
        )


def test_codecs_that_are_not_there() -> None:
    ours, theirs = twins("L", (3, 2))
    assert_same(lambda: ours.tobytes("nothing"), lambda: theirs.tobytes("nothing"))
    assert_same(
        lambda: pilaf.Image.frombytes("L", (1, 1), b"a", "nothing"),
        lambda: PIL.Image.frombytes("L", (1, 1), b"a", "nothing"),
    )


def test_bitmaps() -> None:
    for size in [(1, 1), (8, 2), (13, 3), (200, 5), (123, 1)]:
        ours, theirs = twins("1", size)
        assert_same(lambda: ours.tobitmap("x"), lambda: theirs.tobitmap("x"), size)
    assert_same(lambda: twins("L", (1, 1))[0].tobitmap(), lambda: twins("L", (1, 1))[1].tobitmap())


@pytest.mark.parametrize("mode", ALL_MODES)
def test_sequences(mode: str) -> None:
    for size in [(5, 3), (1, 1), (0, 2)]:
        ours, theirs = twins(mode, size)
        assert_same(lambda: ours.get_flattened_data(), lambda: theirs.get_flattened_data(), mode)
        for band in (0, 1, 3, 4, -1):
            assert_same(
                lambda: ours.get_flattened_data(band), lambda: theirs.get_flattened_data(band), mode
            )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert_same(lambda: list(ours.getdata()), lambda: list(theirs.getdata()), mode)
        assert len({str(warning.message) for warning in caught}) == 1
    values = [3, 255, 256, -7, 70000, 1.6, 2**31]
    tuples = [(1,), (1, 2), (1, 2, 3), (9, 8, 7, 6)]
    calls = [(values,), (values, 2.0, 5), (b"abc",), (b"abcd", 3.0, -2), (tuples,), (range(5),)]
    calls += [([1] * 40,), (b"a" * 40,), (5,), (["a"],), ([[1]],), (np.arange(6),), ((1, 2),)]
    for arguments in calls:
        ours, theirs = twins(mode, (4, 3))
        assert_alike(
            lambda: (ours.putdata(*arguments), ours),
            lambda: (theirs.putdata(*arguments), theirs),
            (mode, arguments),
        )


ARRAYS = ["?", "u1", "i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<f4", ">f4"]
ARRAYS += ["<f8", ">f8", "<i8", "<c8", "S1"]


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays(kind: str) -> None:
    rng = np.random.default_rng(3)
    shapes = [(4, 5), (3,), (4, 5, 1), (4, 5, 2), (4, 5, 3), (4, 5, 4), (4, 5, 5), (2, 2, 2, 2)]
    for shape in [*shapes, (0, 3)]:
        array = (rng.random(shape) * 200).astype("u1").astype(kind)
        for mode in (None, "L", "P", "RGB", "YCbCr", "HSV", "LAB", "CMYK", "PA", "I", "F", "RGBa"):
            for view in (array, array[::-1], array.T):
                assert_alike(
                    lambda: pilaf.Image.fromarray(view, mode),
                    lambda: PIL.Image.fromarray(view, mode),
                    (kind, shape, mode),
                )


@pytest.mark.parametrize("mode", ALL_MODES)
def test_asarray(mode: str) -> None:
    for size in [(5, 3), (1, 1), (9, 2)]:
        ours, theirs = twins(mode, size)
        a, b = np.asarray(ours), np.asarray(theirs)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert np.array_equal(a, b)


def test_every_named_color_and_notation() -> None:
    assert set(ImageColor.colormap) == set(PIL.ImageColor.colormap)
    names = [*ImageColor.colormap, "#abc", "#abcd", "#aabbcc", "#aabbccdd", "#ABC", "#abcde", "#"]
    names += [
        "rgb(1,2,3)",
        "rgb( 300 , 2 , 3 )",
        "rgb(10%,20%,30%)",
        "rgba(1,2,3,4)",
        "RED",
        "#fff\n",
    ]
    names += [
        "hsl(120, 50%, 25.5%)",
        "hsv(33.3,100%,50%)",
        "hsb(0,0%,100%)",
        "hsl(1,2,3)",
        "x" * 101,
    ]
    names += ["rgb(1,2)", "rgba(1,2,3)", "", " red", "#abcdefgh", "#12345\n"]
    for name in names:
        assert_same(lambda: ImageColor.getrgb(name), lambda: PIL.ImageColor.getrgb(name), name)
        for mode in [*ALL_MODES, "nothing"]:
            assert_same(
                lambda: ImageColor.getcolor(name, mode),
                lambda: PIL.ImageColor.getcolor(name, mode),
                (name, mode),
            )


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize(
    "raw", ["RGB", "RGBA", "BGR", "RGBX", "CMYK", "RGB;L", "BGRA", "R", "P;2L", "?"]
)
def test_putpalette(mode: str, raw: str) -> None:
    for length in (0, 3, 30, 768, 1024, 1028):
        ours, theirs = twins(mode, (6, 4))
        data = random.Random(length).randbytes(length)

        def palettes(image):  # type: ignore[no-untyped-def]
            image.putpalette(data, raw)
            image.load()
            colors = image.palette.colors
            rgb = image.palette.mode == "RGB"
            # Pillow keeps the byte that RGBX has too many, and shows it as alpha: COMPAT.md.
            modes = ("RGB", "BGR", None) if raw == "RGBX" else ("RGB", "RGBA", "BGR", None)
            outs = [image.getpalette(mode) for mode in modes] if rgb else []
            return image, outs, image.palette.mode, colors, image.has_transparency_data

        assert_same(lambda: palettes(ours), lambda: palettes(theirs), (mode, raw, length))


def test_palettes_of_other_images() -> None:
    for mode in MODES:
        ours, theirs = twins(mode, (4, 3))
        assert_same(lambda: ours.getpalette(), lambda: theirs.getpalette(), mode)
        assert_same(lambda: ours.has_transparency_data, lambda: theirs.has_transparency_data, mode)
        assert_same(lambda: ours.getbands(), lambda: theirs.getbands(), mode)


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_remap_palette(mode: str) -> None:
    order = random.Random(2).sample(range(256), 256)
    for destinations in (order, [1, 0], [5, 5, 5], [], list(range(256))):
        for source, clear in itertools.product(
            (None, bytes(range(256)) * 3, bytes(1024)), (None, 1, 200)
        ):
            ours, theirs = twins(mode, (11, 7))
            for image in (ours, theirs):
                if clear is not None:
                    image.info["transparency"] = clear

            def remapped(image):  # type: ignore[no-untyped-def]
                out = image.remap_palette(destinations, source)
                return out, out.info

            assert_same(lambda: remapped(ours), lambda: remapped(theirs), (mode, clear))


@pytest.mark.parametrize("transparency", [0, 7, b"\1\2\3", None])
def test_apply_transparency(transparency: object) -> None:
    for mode in ("P", "L", "RGB"):
        ours, theirs = twins(mode, (5, 5))

        def applied(image):  # type: ignore[no-untyped-def]
            if transparency is not None:
                image.info["transparency"] = transparency
            image.apply_transparency()
            return image, image.info, image.convert("RGBA"), image.has_transparency_data

        assert_same(lambda: applied(ours), lambda: applied(theirs), (mode, transparency))


def test_palette_objects() -> None:
    for mode in ("RGB", "RGBA", "CMYK", "L"):
        for data in (None, [1, 2, 3, 4, 5, 6], bytes(range(12)), bytearray(768)):

            def used(module):  # type: ignore[no-untyped-def]
                palette = module.ImagePalette(mode, data)
                indices = [palette.getcolor(c) for c in [(1, 2, 3), (9, 9, 9), (9, 9, 9, 255)]]
                return indices, palette.tobytes(), palette.getdata(), palette.colors, palette.dirty

            assert_same(lambda: used(ImagePalette), lambda: used(PIL.ImagePalette), (mode, data))
    for name, arguments in [("wedge", ()), ("negative", ("RGBA",)), ("sepia", ())]:
        ours, theirs = (getattr(m, name)(*arguments) for m in (ImagePalette, PIL.ImagePalette))
        assert (ours.mode, list(ours.palette)) == (theirs.mode, list(theirs.palette))


def test_a_full_palette_gives_up_unused_indices() -> None:
    ours, theirs = twins("P", (20, 5))
    for color in [(1, 2, 3), (1, 2, 4), (1, 2, 5), (1, 2, 3)]:
        for image in (ours, theirs):
            image.putpixel((0, 0), color)
    assert_same(lambda: (ours, ours.palette.colors), lambda: (theirs, theirs.palette.colors))
    assert_same(
        lambda: ours.putpixel((0, 0), (1, 2, 3, 4)), lambda: theirs.putpixel((0, 0), (1, 2, 3, 4))
    )


def test_gradients() -> None:
    for mode in ALL_MODES:
        for name in ("linear_gradient", "radial_gradient"):
            assert_same(
                lambda: getattr(pilaf.Image, name)(mode),
                lambda: getattr(PIL.Image, name)(mode),
                (mode, name),
            )


def test_modes() -> None:
    assert pilaf.Image.MODES == PIL.Image.MODES
    for mode in [*PIL.Image.MODES, "I;16S", "I;32B", "nothing"]:
        for name in ("getmodebase", "getmodetype", "getmodebands", "getmodebandnames"):
            assert_same(
                lambda: getattr(pilaf.Image, name)(mode),
                lambda: getattr(PIL.Image, name)(mode),
                mode,
            )
