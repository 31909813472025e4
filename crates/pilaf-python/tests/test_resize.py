"""`resize` and `reduce` beside Pillow 13.0.0: the same pixels, and the same words for refusals.

The cases are drawn from a seed, so a failure names a case that can be run again. `make test` runs
a few thousand, `make test-slow` 20,000 at every level of the CPU.
"""

from __future__ import annotations

import itertools
import os
import random
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import twins

from pilaf import Image

pytestmark = pytest.mark.oracle

PIL_Image = pytest.importorskip("PIL.Image")

#: Bytes of a pixel, for every mode whose bytes mean the same to Pillow.
PIXEL_BYTES = {
    "1": 1, "L": 1, "LA": 2, "La": 2, "P": 1, "PA": 2, "RGB": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4,
    "CMYK": 4, "YCbCr": 3, "LAB": 3, "HSV": 3, "I": 4, "F": 4, "I;16": 2, "I;16L": 2,
}  # fmt: skip
FILTERS = list(Image.Resampling)
LEVELS = ["scalar", "sse41", "avx2", "avxvnni", "avx512", "neon"]


class Case:
    """One call, and the picture it is made on."""

    def __init__(self, seed: int, longest: int) -> None:
        self.random = random.Random(seed)
        self.longest = longest
        self.mode = self.random.choice(list(PIXEL_BYTES))
        self.size = (self.side(), self.side())
        self.data = self.content()
        if self.mode in ("LA", "RGBA") and self.random.random() < 0.5:
            self.data = self.partly_opaque()
        self.name, self.arguments = self.reduce() if seed % 7 == 0 else self.resize()

    def __repr__(self) -> str:
        return f"{self.mode} {self.size} {self.name}{self.arguments}"

    def side(self) -> int:
        return self.random.randint(1, self.random.choice([20, self.longest, self.longest]))

    def content(self) -> bytes:
        count = self.size[0] * self.size[1]
        if self.mode == "1":
            return bytes(self.random.choices([0, 255], k=count))
        if self.mode == "F":
            spread = self.random.choice([1.0, 300.0, 1e6])
            return struct.pack(f"={count}f", *(self.random.gauss(0, spread) for _ in range(count)))
        if self.mode == "I":
            noise = self.random.randbytes(count * 4)
            keep = self.random.choice([1, 2, 3])
            return b"".join(noise[i : i + keep] + bytes(4 - keep) for i in range(0, count * 4, 4))
        count *= PIXEL_BYTES[self.mode]
        kind = self.random.choice(["noise", "extremes", "flat", "gradient"])
        if kind == "extremes":
            return bytes(self.random.choices([0, 255], k=count))
        if kind == "flat":
            return bytes([self.random.randrange(256)]) * count
        if kind == "gradient":
            step = self.random.choice([1, 3, 7])
            return bytes(i * step // 3 % 256 for i in range(count))
        return self.random.randbytes(count)

    def partly_opaque(self) -> bytes:
        """Some rows opaque: those go another way than the others."""
        data, bands = bytearray(self.data), PIXEL_BYTES[self.mode]
        top, bottom = sorted(self.random.randint(0, self.size[1]) for _ in range(2))
        rows = slice(top * self.size[0] * bands, bottom * self.size[0] * bands)
        alphas = slice(rows.start + bands - 1, rows.stop, bands)
        data[alphas] = bytes([255]) * len(range(*alphas.indices(len(data))))
        return bytes(data)

    def resize(self) -> tuple[str, tuple[Any, ...]]:
        size = [self.side(), self.side()]
        for axis in range(2):
            if self.random.random() < 0.15:
                size[axis] = self.size[axis]
        box: tuple[float, ...] | None = None
        choice = self.random.random()
        if choice < 0.3:
            box = self.box(self.random.uniform)
        elif choice < 0.45:
            box = self.box(self.random.randint)
            if self.random.random() < 0.3:
                size = [max(1, int(box[2] - box[0])), max(1, int(box[3] - box[1]))]
        elif choice < 0.5:
            box = tuple(self.random.uniform(-3, side + 3) for side in self.size * 2)
        gap = None
        if self.random.random() < 0.25:
            gap = self.random.choice([0.5, 1, 1.0, 1.1, 1.5, 2, 3, self.random.uniform(1, 4)])
        return "resize", (tuple(size), self.random.choice(FILTERS).value, box, gap)

    def box(self, draw: Callable[[int, int], float]) -> tuple[float, ...]:
        x, y = (sorted((draw(0, side), draw(0, side))) for side in self.size)
        return (x[0], y[0], x[1], y[1])

    def reduce(self) -> tuple[str, tuple[Any, ...]]:
        factors = [1, 2, 3, 4, 5, self.random.randint(1, 40), self.random.randint(0, 400)]
        factor = self.random.choice(factors), self.random.choice(factors)
        # Factor (1, 1) with a box is Pillow's `crop`, which allows boxes outside of the image.
        plain = factor == (1, 1) or self.random.random() < 0.5
        return "reduce", (factor, None if plain else self.box(self.random.randint))


def outcome(call: Callable[[], Any]) -> tuple[str, Any, Any]:
    try:
        image = call()
    except ValueError as error:
        return "refused", str(error), None
    return image.mode, image.size, image.tobytes()


def compare(case: Case) -> None:
    if case.mode == "1":
        theirs = PIL_Image.frombytes("L", case.size, case.data).convert("1", dither=0)
        data = theirs.tobytes()
    else:
        theirs, data = PIL_Image.frombytes(case.mode, case.size, case.data), case.data
    ours = Image.frombytes(case.mode, case.size, data)
    wanted = outcome(lambda: getattr(theirs, case.name)(*case.arguments))
    got = outcome(lambda: getattr(ours, case.name)(*case.arguments))
    assert got[:2] == wanted[:2], case
    assert got[2] == wanted[2], f"other pixels: {case}"


def cases(count: int, longest: int, start: int) -> Iterator[Case]:
    return (Case(seed, longest) for seed in range(start, start + count))


@pytest.mark.parametrize("part", range(5))
def test_random_cases(part: int) -> None:
    for case in cases(500, 300 if part == 0 else 120, 10_000 * part):
        compare(case)


def test_each_mode_with_each_filter() -> None:
    data = bytes(range(256)) * 8
    for mode, resampling in itertools.product(PIXEL_BYTES, FILTERS):
        if mode in ("1", "F", "I"):
            continue  # these bytes overflow I, and are no numbers in F
        size = (13, 11)
        part = data[: 13 * 11 * PIXEL_BYTES[mode]]
        theirs = PIL_Image.frombytes(mode, size, part)
        ours = Image.frombytes(mode, size, part)
        for target in [(5, 4), (5, 40), (40, 3), (13, 4)]:
            wanted = theirs.resize(target, resampling.value)
            assert ours.resize(target, resampling).tobytes() == wanted.tobytes(), (mode, target)


@pytest.mark.parametrize("size", [(37, 9), (9, 37), (211, 40), (3, 3)])
def test_what_is_not_finite_stays_in_its_windows(size: tuple[int, int]) -> None:
    values = [float(at * 37 % 101) for at in range(100 * 40)]
    for at, odd in ((5, "inf"), (777, "-inf"), (1234, "nan"), (3000, "3e38"), (3001, "3e38")):
        values[at] = float(odd)
    data = struct.pack("4000f", *values)
    ours, theirs = (module.frombytes("F", (100, 40), data) for module in (Image, PIL_Image))
    for resample in FILTERS[1:]:
        pixels = [
            # A NaN has more than one form in memory, and one in a text.
            repr(struct.unpack(f"{size[0] * size[1]}f", image.resize(size, resample).tobytes()))
            for image in (ours, theirs)
        ]
        assert pixels[0] == pixels[1], resample


def test_16_bits_of_other_byte_order_are_read_in_their_order() -> None:
    """COMPAT.md: Pillow on a little-endian machine reads I;16B as if it were I;16."""
    numbers = [i * 1871 % 65536 for i in range(35)]
    little = b"".join(n.to_bytes(2, "little") for n in numbers)
    big = b"".join(n.to_bytes(2, "big") for n in numbers)
    wanted = PIL_Image.frombytes("I;16", (7, 5), little).resize((4, 9), 1).tobytes()
    got = Image.frombytes("I;16B", (7, 5), big).resize((4, 9), 1).tobytes()
    assert [got[i + 1 : i - 1 : -1] or got[1::-1] for i in range(0, len(got), 2)] == [
        wanted[i : i + 2] for i in range(0, len(wanted), 2)
    ]


def test_sizes_below_one_are_refused() -> None:
    image = Image.new("RGB", (10, 8))
    for size in [(0, 5), (5, 0), (-1, 5), (5, -7)]:
        with pytest.raises(ValueError, match="height and width must be > 0"):
            image.resize(size)
        with pytest.raises(ValueError, match="height and width must be > 0"):
            image.resize(size, reducing_gap=2.0)
    with pytest.raises(ValueError, match="height and width must be > 0"):
        image.thumbnail((0, 5))


SIZES = [
    *[[5, 4], np.array([5, 4]), (np.int64(5), np.uint8(4)), range(5, 7), b"54", (True, 2)],
    *[(5.9, 4.1), (10.0, 8.0), np.array([5.0, 4.0]), ("5", "4"), "54", (5,), (5, 4, 3), 5, None],
    *[(float("nan"), 5), (float("inf"), 5), (2**70, 5)],
]


@pytest.mark.parametrize("size", SIZES, ids=repr)
def test_sizes_are_what_pillow_takes_for_sizes(size: Any) -> None:
    for mode in ("RGB", "LA", "P"):
        ours, theirs = twins.twins(mode, (10, 8))
        twins.assert_same(lambda: ours.resize(size), lambda: theirs.resize(size), mode)


BOXES = [
    *[(0, 0, 10), (0, 0, 5, 5, 5), "all", 5, (None, 0, 5, 5), range(4), {0, 1, 2, 3}],
    *[b"\0\0\5\5", bytearray(b"\0\0\5\5"), {0: 0, 1: 1, 5: 5, 6: 6}, np.array([0, 0, 5, 5])],
]


@pytest.mark.parametrize("box", BOXES, ids=repr)
def test_boxes_are_what_pillow_takes_for_boxes(box: Any) -> None:
    ours, theirs = twins.twins("RGB", (10, 8))
    twins.assert_same(lambda: ours.resize((5, 4), 1, box), lambda: theirs.resize((5, 4), 1, box))
    twins.assert_same(lambda: ours.reduce(2, box), lambda: theirs.reduce(2, box))


@pytest.mark.parametrize("resample", [1.0, 3.5, True, "1", 99, np.int64(1), None], ids=repr)
def test_filters_are_what_pillow_takes_for_filters(resample: Any) -> None:
    ours, theirs = twins.twins("RGB", (10, 8))
    twins.assert_same(
        lambda: ours.resize((5, 4), resample), lambda: theirs.resize((5, 4), resample)
    )


@pytest.mark.parametrize("factor", [(2,), (2, 2, 2), (2.5, 1), "2", None, (0, 1), [2, 3]], ids=repr)
def test_factors_are_what_pillow_takes_for_factors(factor: Any) -> None:
    ours, theirs = twins.twins("RGB", (10, 8))
    twins.assert_same(lambda: ours.reduce(factor), lambda: theirs.reduce(factor))


@pytest.mark.parametrize("size", [(5,), (5, 4, 3), 5, (5.9, 4.1), [5, 4]], ids=repr)
def test_thumbnails_take_the_sizes_that_pillow_takes(size: Any) -> None:
    def thumbnail(image: Any) -> Any:
        image.thumbnail(size)
        return image

    ours, theirs = twins.twins("RGB", (10, 8))
    twins.assert_same(lambda: thumbnail(ours), lambda: thumbnail(theirs))


def test_a_box_in_a_list_is_a_box() -> None:
    """COMPAT.md: Pillow takes another way for it, which loses what alpha hides."""
    image, _ = twins.twins("RGBA", (10, 8))
    assert image.resize((10, 8), box=[0, 0, 10, 8]).tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "F"])
def test_threads_change_no_pixels(mode: str) -> None:
    size = (1300, 1100)  # large enough to be worth five threads in mode RGB
    data = random.Random(mode).randbytes(1300 * 1100) * (1 if mode == "L" else 4)
    if mode == "F":
        data = bytes(byte & 0x3F for byte in data)  # small positive numbers
    image = Image.frombytes(mode, size, data[: 1300 * 1100 * PIXEL_BYTES[mode]])
    for target in [(500, 300), (500, 1400), (1400, 300), (1300, 7)]:
        for resampling in (Image.Resampling.LANCZOS, Image.Resampling.BOX):
            wanted = image.resize(target, resampling)
            for threads in (2, 3, 64):
                got = image.resize(target, resampling, threads=threads)
                assert got.tobytes() == wanted.tobytes(), (target, resampling, threads)
    boxed: dict[str, Any] = {
        "box": (10.5, 3, 1200, 1099.5),
        "reducing_gap": None if mode == "F" else 1.5,
    }
    wanted = image.resize((100, 90), **boxed)
    assert image.resize((100, 90), **boxed, threads=2).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("threads", [0, -1])
def test_no_threads_are_refused(threads: int) -> None:
    with pytest.raises(ValueError, match="threads must be 1 or greater"):
        Image.new("L", (3, 3)).resize((2, 2), threads=threads)


def test_threads_of_the_caller_share_plans() -> None:
    """Plans are handed on between calls; here from several threads at once."""
    images = [Image.frombytes("RGB", (90, 80), bytes([i]) * 21600) for i in range(16)]

    def resize(image: Any) -> list[bytes]:
        return [image.resize((30, side), 1).tobytes() for side in range(10, 30)]

    wanted = [resize(image) for image in images]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(resize, images)) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_20000_cases_at_each_level(level: str) -> None:
    """In a process of its own, since PILAF_SIMD is read once."""
    script = (
        "import sys, pilaf._pilaf, test_resize as t\n"
        f"if pilaf._pilaf.LEVEL != {level!r}: sys.exit(77)\n"
        "for case in t.cases(19_000, 300, 1_000_000): t.compare(case)\n"
        "for case in t.cases(1_000, 1500, 2_000_000): t.compare(case)\n"
    )
    here = os.path.dirname(os.path.abspath(__file__))
    environment = {**os.environ, "PILAF_SIMD": level, "PYTHONPATH": here}
    done = subprocess.run([sys.executable, "-c", script], env=environment)
    if done.returncode == 77:
        pytest.skip(f"this CPU has no level {level}")
    assert done.returncode == 0
