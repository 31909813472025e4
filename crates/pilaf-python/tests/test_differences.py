"""What differs from Pillow on purpose: each entry of COMPAT.md that is about pixels."""

from __future__ import annotations

import numpy as np
import pytest

from pilaf import Image


def test_images_from_buffers_are_copies() -> None:
    data = bytearray(b"abcd")
    array = np.zeros((2, 2), "u1")
    images = [Image.frombuffer("L", (2, 2), data, "raw", "L", 0, 1), Image.fromarray(array)]
    before = [image.tobytes() for image in images]
    data[0], array[0, 0] = 255, 255
    assert [image.tobytes() for image in images] == before
    for image in images:
        image.load()[0, 0] = 7
        assert image.getpixel((0, 0)) == 7


def test_a_resized_palette_image_keeps_its_colors() -> None:
    image = Image.new("PA", (4, 4), (1, 255))
    image.putpalette([0, 0, 0, 200, 100, 50])
    for made in (image.resize((2, 2)), image.reduce(2), image.resize((2, 2), Image.BOX)):
        assert made.convert("RGB").getpixel((0, 0)) == (200, 100, 50)


def test_big_endian_pixels_are_mixed_in_order() -> None:
    image = Image.new("I;16B", (1, 1), 0)
    image.paste(0x1234, (0, 0, 1, 1), Image.new("L", (1, 1), 255))
    assert image.getpixel((0, 0)) == 0x1234


def test_point_into_the_same_mode() -> None:
    image = Image.new("RGBA", (1, 1), (1, 2, 3, 4))
    table = [(value + band) % 256 for band in range(4) for value in range(256)]
    assert image.point(table, "RGBA").getpixel((0, 0)) == (1, 3, 5, 7)
    assert image.point(table, "RGBA") == image.point(table)


def test_a_negative_number_of_colors() -> None:
    assert Image.new("RGB", (2, 2)).getcolors(-1) is None


def test_a_matrix_that_is_too_short() -> None:
    with pytest.raises(ValueError, match="wrong mode"):
        Image.new("RGB", (1, 1)).convert("RGB", (1, 0, 0, 0))


def test_the_byte_that_is_not_there() -> None:
    image = Image.merge("RGB", [Image.new("L", (1, 1), value) for value in (1, 2, 3)])
    assert image.tobytes("raw", "RGBX") == b"\1\2\3\xff"
    palette = Image.new("P", (1, 1))
    palette.putpalette(b"\1\2\3\4", "RGBX")
    assert palette.getpalette("RGBA") == [1, 2, 3, 255]


@pytest.mark.parametrize(
    "call",
    [
        lambda: Image.new("RGB", (1, 1)).quantize(2, Image.Quantize.LIBIMAGEQUANT),
        lambda: Image.frombytes("RGB", (1, 1), b"abc", "raw", "YCC;P"),
    ],
)
def test_what_is_not_offered_says_so(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="not supported|not offered|unknown raw mode"):
        call()


def test_codecs_that_are_not_offered_say_so() -> None:
    with pytest.raises(OSError, match="decoder packbits not available"):
        Image.frombytes("L", (1, 1), b"abc", "packbits", "L")
