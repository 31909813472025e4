"""ImageOps, ImageEnhance, ImageStat, ImageSequence beside Pillow."""

from __future__ import annotations

import io
import random
from typing import Any

import PIL.Image
import PIL.ImageEnhance
import PIL.ImageOps
import PIL.ImageSequence
import PIL.ImageStat
import pytest
from twins import MODES, Twin, assert_same, twins

from pilaf import Image, ImageEnhance, ImageOps, ImageSequence, ImageStat

pytestmark = pytest.mark.oracle

SIZES = [(1, 1), (7, 5), (40, 21), (3, 60)]
EMPTY = [(0, 0), (0, 5), (5, 0)]


def assert_op_alike(twin: Twin, name: str, *arguments: Any, **options: Any) -> None:
    ours, theirs = twin
    assert_same(
        lambda: getattr(ImageOps, name)(ours, *arguments, **options),
        lambda: getattr(PIL.ImageOps, name)(theirs, *arguments, **options),
        (ours, name, arguments, options),
    )


#: Not those whose resizing differs on purpose (see COMPAT.md): I;16B, I;16N, PA, and I beyond 32
#: bits, which `twins` gives for even seeds.
RESIZED = [mode for mode in MODES if mode not in ("I;16B", "I;16N", "PA")]


@pytest.mark.parametrize("name", ["contain", "cover", "fit", "pad"])
@pytest.mark.parametrize("mode", RESIZED)
def test_sizes(mode: str, name: str) -> None:
    rng = random.Random(name)
    # An image without pixels cannot be resized in pilaf: `fit` has none of those without columns.
    for size in SIZES + (EMPTY[2:] if name == "fit" else EMPTY):
        twin = twins(mode, size, 1)
        for target in [(10, 10), (33, 7), (1, 50), size, (0, 5), (5, 0)]:
            assert_op_alike(twin, name, target)
            assert_op_alike(twin, name, target, rng.choice([0, 1, 2, 4, 5]))


def test_fit_with_bleed_and_centering() -> None:
    for mode in ("RGB", "L", "RGBA"):
        twin = twins(mode, (40, 21))
        for bleed in (0.0, 0.01, 0.2, 0.49, 0.5, -1):
            for centering in [(0.5, 0.5), (0, 1), (0.3, 0.8), (-1, 2)]:
                assert_op_alike(twin, "fit", (17, 13), 3, bleed, centering)


@pytest.mark.parametrize("mode", RESIZED)
def test_frames(mode: str) -> None:
    for size in [*SIZES, (0, 5)]:
        twin = twins(mode, size, 1)
        for border in (0, 2, (1, 3), (1, 2, 3, 4), (1, 2, 3), -1, 100):
            assert_op_alike(twin, "crop", border)
            assert_op_alike(twin, "expand", border)
        for color in (None, 0, 1, (3, 200, 9), "red", "#123", (1, 2)):
            assert_op_alike(twin, "expand", 2, color)
            assert_op_alike(twin, "pad", (30, 30), 0, color, (0.2, 0.9))


@pytest.mark.parametrize("mode", RESIZED)
def test_places_and_scale(mode: str) -> None:
    for size in [*SIZES, *EMPTY]:
        twin = twins(mode, size, 1)
        for name in ("flip", "mirror"):
            assert_op_alike(twin, name)
        for factor in (1, 0.5, 1.7, 0, -2):
            assert_op_alike(twin, "scale", factor)


class Mesh:
    def getmesh(self, image: Any) -> Any:
        return [
            ((0, 0, 9, 9), (1, 2, 3, 15, 12, 10, 13, 1)),
            ((9, 0, 20, 15), (0, 0, 0, 9, 9, 9, 9, 0)),
        ]


def test_deform() -> None:
    for mode in ("L", "RGB", "RGBA", "P", "I"):
        assert_op_alike(twins(mode, (20, 15)), "deform", Mesh())
        assert_op_alike(twins(mode, (20, 15)), "deform", Mesh(), 3)


@pytest.mark.parametrize("mode", MODES)
def test_tones(mode: str) -> None:
    for seed, size in enumerate([*SIZES, *EMPTY, (40, 30)]):
        twin = twins(mode, size, seed, smooth=seed % 2 == 1)
        for name in ("grayscale", "invert", "equalize", "autocontrast"):
            assert_op_alike(twin, name)
        for bits in (0, 1, 4, 8, 9):
            assert_op_alike(twin, "posterize", bits)
        for threshold in (0, 100, 128, 300):
            assert_op_alike(twin, "solarize", threshold)


def test_autocontrast_options() -> None:
    for mode in ("L", "RGB"):
        twin = twins(mode, (40, 30), smooth=True)
        mask = twins("L", (40, 30), 7), twins("1", (40, 30), 8)
        for options in [
            {"cutoff": 10},
            {"cutoff": (5, 30)},
            {"cutoff": (100, 100)},
            {"ignore": 64},
            {"ignore": [64, 67]},
            {"preserve_tone": True, "cutoff": 3},
        ]:
            assert_op_alike(twin, "autocontrast", **options)
        for ours, theirs in mask:
            for name in ("autocontrast", "equalize"):
                assert_same(
                    lambda: getattr(ImageOps, name)(twin[0], mask=ours),
                    lambda: getattr(PIL.ImageOps, name)(twin[1], mask=theirs),
                )


def test_colorize() -> None:
    twin = twins("L", (40, 30))
    for arguments in [
        ("black", "white"),
        ((9, 200, 7), "#abc", "yellow"),
        ("red", "blue", "green", 20, 220, 100),
        ("red", "blue", None, 0, 0),
        ("red", "blue", "green", 128, 128, 128),
        ("red", "blue", None, 20, 10),
        ("red", "blue", "green", 20, 220, 10),
        ("red", "nocolor"),
    ]:
        assert_op_alike(twin, "colorize", *arguments)
    assert_op_alike(twins("RGB", (4, 4)), "colorize", "red", "blue")


def _exif(orientation: Any) -> bytes:
    exif = PIL.Image.Exif()
    exif[0x010F] = "maker"
    exif[0x0131] = "software with a long name"
    if orientation is not None:
        exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("orientation", [None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_exif_transpose(orientation: int | None, in_place: bool) -> None:
    body = io.BytesIO()
    xmp = b'<x tiff:Orientation="6" y="1"><tiff:Orientation>3</tiff:Orientation></x>'
    PIL.Image.effect_mandelbrot((32, 20), (-2, -1.5, 1, 1.5), 50).save(
        body, "PNG", exif=_exif(orientation)
    )
    results = []
    for module, ops in ((Image, ImageOps), (PIL.Image, PIL.ImageOps)):
        image = module.open(io.BytesIO(body.getvalue()))
        image.info["xmp"] = xmp
        made = ops.exif_transpose(image, in_place=in_place)
        assert (made is None) == in_place
        results.append(image if in_place else made)
    ours, theirs = results
    assert (ours.size, ours.tobytes()) == (theirs.size, theirs.tobytes())
    assert ours.info["xmp"] == theirs.info["xmp"]
    tags = PIL.Image.Exif()
    tags.load(ours.info["exif"])
    assert dict(tags) == dict(theirs.getexif())


@pytest.mark.parametrize("name", ["Color", "Contrast", "Brightness", "Sharpness"])
@pytest.mark.parametrize("mode", MODES)
def test_enhance(mode: str, name: str) -> None:
    for size in [(1, 1), (20, 13), (0, 4)]:
        ours, theirs = twins(mode, size)
        for factor in (0.0, 0.3, 1.0, 1.8, -0.5):
            assert_same(
                lambda: getattr(ImageEnhance, name)(ours).enhance(factor),
                lambda: getattr(PIL.ImageEnhance, name)(theirs).enhance(factor),
                (mode, size, factor),
            )


STATISTICS = [
    "extrema",
    "count",
    "sum",
    "sum2",
    "mean",
    "median",
    "rms",
    "var",
    "stddev",
    "h",
    "bands",
]


@pytest.mark.parametrize("mode", MODES)
def test_statistics(mode: str) -> None:
    for seed, size in enumerate([(1, 1), (20, 13), (0, 4)]):
        ours, theirs = twins(mode, size, seed)
        masks = twins("L", size, 5)
        for ours_mask, theirs_mask in [(None, None), masks]:
            for name in STATISTICS:
                assert_same(
                    lambda: getattr(ImageStat.Stat(ours, ours_mask), name),
                    lambda: getattr(PIL.ImageStat.Stat(theirs, theirs_mask), name),
                    (mode, size, name),
                )


def test_statistics_of_histograms() -> None:
    histogram = list(range(512))
    for argument in (histogram, [0] * 256, [], histogram[:300], (1, 2)):
        for name in STATISTICS:
            assert_same(
                lambda: getattr(ImageStat.Stat(argument), name),  # type: ignore[arg-type]
                lambda: getattr(PIL.ImageStat.Stat(argument), name),  # type: ignore[arg-type]
                (name, argument),
            )


def test_sequences_of_one_frame() -> None:
    ours, theirs = twins("RGB", (3, 3))
    for module, image in ((ImageSequence, ours), (PIL.ImageSequence, theirs)):
        assert [frame is image for frame in module.Iterator(image)] == [True]
        assert module.Iterator(image)[0] is image
        with pytest.raises(IndexError, match="end of sequence"):
            module.Iterator(image)[1]
        flipped = module.all_frames([image, image], lambda frame: frame.transpose(0))
        assert [frame.tobytes() for frame in flipped] == [image.transpose(0).tobytes()] * 2
        with pytest.raises(AttributeError, match="im must have seek method"):
            module.Iterator(3)
