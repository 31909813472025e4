"""`resize(..., linear_light=True)` beside two models in numpy: one in `float32`, which it equals,
and one in `float64`, from which it may differ where a sum lies on the border of a code.
"""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from pilaf import Image

np: Any = pytest.importorskip("numpy")

MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}


def sinc(x: float) -> float:
    return 1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x)


def cubic(x: float) -> float:
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return (((x - 5) * x + 8) * x - 4) * -0.5 if x < 2 else 0.0


#: Support and kernel, written down anew.
FILTERS: dict[Image.Resampling, tuple[float, Any]] = {
    Image.Resampling.BOX: (0.5, lambda x: float(-0.5 < x <= 0.5)),
    Image.Resampling.BILINEAR: (1.0, lambda x: max(0.0, 1 - abs(x))),
    Image.Resampling.BICUBIC: (2.0, cubic),
    Image.Resampling.LANCZOS: (3.0, lambda x: sinc(x) * sinc(x / 3) if -3 <= x < 3 else 0.0),
}


def weights(source: int, start: float, end: float, size: int, resample: Any, exact: bool) -> Any:
    """A matrix from source samples to target samples; with 22 bits unless `exact`."""
    support, kernel = FILTERS[resample]
    scale = (end - start) / size
    wide = max(scale, 1.0)
    matrix = np.zeros((size, source))
    for index in range(size):
        center = start + (index + 0.5) * scale
        first = max(int(center - support * wide + 0.5), 0)
        last = min(int(center + support * wide + 0.5), source)
        row = [kernel((tap - center + 0.5) / wide) for tap in range(first, last)]
        matrix[index, first:last] = np.array(row) / sum(row)
    if exact:
        return matrix
    fixed = np.trunc(matrix * 2**22 + np.copysign(0.5, matrix))
    return (fixed / 2**22).astype(np.float32)


def curve(code: Any) -> Any:
    """IEC 61966-2-1."""
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def apply(matrix: Any, numbers: Any, real: Any) -> Any:
    """The sums of a pass along the first axis, tap by tap in the type `real`."""
    result = np.zeros((matrix.shape[0], *numbers.shape[1:]), real)
    for row, target in zip(matrix, result, strict=True):
        for tap in np.flatnonzero(row):
            target += numbers[tap] * row[tap]
    return result


def model(image: Any, size: tuple[int, int], resample: Any, box: Any, real: Any) -> Any:
    width, height = image.size
    array = np.frombuffer(image.tobytes(), np.uint8).reshape(height, width, -1)
    bands = array.shape[2]
    colors = bands - 1 if bands in (2, 4) else bands
    light = curve(np.arange(256) / 255).astype(real)
    numbers = np.empty(array.shape, real)
    numbers[..., :colors] = light[array[..., :colors]]
    if colors < bands:
        numbers[..., colors] = array[..., colors].astype(real) / real(255)
        numbers[..., :colors] *= numbers[..., colors:]
    exact = real is np.float64
    left, top, right, bottom = (0, 0, width, height) if box is None else box
    if (left, right, width) != (0, width, size[0]):
        across = weights(width, left, right, size[0], resample, exact)
        numbers = apply(across, numbers.swapaxes(0, 1), real).swapaxes(0, 1)
    if (top, bottom, height) != (0, height, size[1]):
        numbers = apply(weights(height, top, bottom, size[1], resample, exact), numbers, real)
    borders = curve((np.arange(1, 256) - 0.5) / 255).astype(real)
    result = np.zeros(numbers.shape, np.uint8)
    if colors < bands:
        alpha = numbers[..., colors:]
        codes = np.clip(alpha, 0, 1) * real(255) + real(0.5)
        result[..., colors:] = codes
        with np.errstate(all="ignore"):
            numbers = np.where(result[..., colors:] > 0, numbers / alpha, 0)
    result[..., :colors] = np.searchsorted(borders, numbers[..., :colors], side="right")
    return result


def picture(rng: random.Random, mode: str, size: tuple[int, int]) -> Any:
    count = size[0] * size[1] * MODES[mode]
    kind = rng.randrange(3)
    data = rng.randbytes(count)
    if kind == 1:
        data = bytes(byte // 128 * 255 for byte in data)
    elif kind == 2:
        data = bytes(byte & 15 for byte in data)  # in the dark, where codes are dense
    return Image.frombytes(mode, size, data)


def test_pixels_are_those_of_the_models() -> None:
    rng = random.Random(5)
    differing = samples = 0
    for number in range(120):
        mode = list(MODES)[number % 4]
        resample = list(FILTERS)[number // 4 % 4]
        size, target = ((rng.randint(1, 60), rng.randint(1, 60)) for _ in range(2))
        image = picture(rng, mode, size)
        box: Any = None
        if number % 5 == 0:
            box = (0.25 * rng.random(), 0.0, size[0] - 0.25, float(size[1]))
            box = tuple(float(np.float32(edge)) for edge in box)
        got = image.resize(target, resample, box, linear_light=True)
        got = np.frombuffer(got.tobytes(), np.uint8).reshape(target[1], target[0], -1)
        if size == target and box is None:
            continue
        case = (mode, resample, size, target, box)
        assert (got == model(image, target, resample, box, np.float32)).all(), case
        off = np.abs(got.astype(int) - model(image, target, resample, box, np.float64))
        if mode in ("L", "RGB"):
            assert off.max() <= 1, case
        else:
            # Under the faintest alphas a code more or less of it moves colour by many.
            alpha = got[..., -1] > 8
            assert off[alpha].max(initial=0) <= 1 and off[..., -1].max() <= 1, case
        differing += int((off > 0).sum())
        samples += off.size
    assert differing < samples / 1000, f"{differing} of {samples}"


def test_light_adds_up() -> None:
    lines = Image.frombytes("L", (64, 64), bytes([0, 255] * 32) * 64)
    for resample in FILTERS:
        small = lines.resize((8, 8), resample, linear_light=True)
        assert set(small.tobytes()) <= set(range(180, 196)), resample
    assert lines.resize((1, 1), Image.Resampling.BOX, linear_light=True).getpixel((0, 0)) == 188


def test_flat_pictures_stay() -> None:
    for code in range(256):
        image = Image.new("RGBA", (7, 5), (code, 255 - code, 128, 255))
        for target in [(3, 2), (11, 9)]:
            got = image.resize(target, Image.Resampling.LANCZOS, linear_light=True)
            assert set(got.get_flattened_data()) == {(code, 255 - code, 128, 255)}


def test_threads_change_nothing() -> None:
    image = picture(random.Random(9), "RGBA", (1100, 900))
    for target in [(300, 200), (1200, 50)]:
        wanted = image.resize(target, linear_light=True).tobytes()
        assert image.resize(target, linear_light=True, threads=3).tobytes() == wanted


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB", "HSV", "RGBa", "RGBX", "I", "F", "I;16"])
def test_other_modes_are_refused(mode: str) -> None:
    with pytest.raises(ValueError, match="linear light is for modes L, LA, RGB and RGBA"):
        Image.new(mode, (4, 4)).resize((2, 2), linear_light=True)


def test_palettes_take_the_nearest_pixel() -> None:
    for mode in ("P", "1"):
        image = Image.new(mode, (8, 8), 1)
        wanted = image.resize((3, 3)).tobytes()
        assert image.resize((3, 3), linear_light=True).tobytes() == wanted
