"""Operations on images in memory, pilaf beside Pillow, in turns, in one process.

    python bench/operations.py [--rounds N] [--size WIDTHxHEIGHT] [NAME ...]

Each round times a call in one library, then in the other, and so on for every operation; what is
printed is the median of the rounds, and the median of the ratios of neighbouring timings, which
hold even if the machine is busy. Both sides are checked to give equal pixels first.

Where the pixels are decides half of these operations, so each is timed in both states, which are
the same for both sides:

    near   the same call was just made, three times: pixels are in the caches
    far    256 MB of other memory were just written to: pixels come from memory
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import PIL
import PIL.Image
import PIL.ImageChops
import PIL.ImageFilter
import PIL.ImageOps

import pilaf
from pilaf import Image, ImageChops, ImageFilter, ImageOps


class Library(NamedTuple):
    """What both sides have in common."""

    Image: Any
    ImageFilter: Any
    ImageChops: Any
    ImageOps: Any


PILAF = Library(Image, ImageFilter, ImageChops, ImageOps)
PILLOW = Library(PIL.Image, PIL.ImageFilter, PIL.ImageChops, PIL.ImageOps)

Call = Callable[[], Any]


class Row(NamedTuple):
    """What is printed of an operation."""

    pilaf_ms: float
    pillow_ms: float
    ratio: float


class Inputs:
    """The same pictures in one of the libraries."""

    def __init__(self, library: Library, size: tuple[int, int]) -> None:
        self.library = library
        width, height = size
        rng = np.random.default_rng(6)
        ramp = np.linspace(0, 200, width)[None, :, None] + np.zeros((height, 1, 1))
        noise = rng.integers(0, 55, (height, width, 4))
        self.array = (ramp + noise).astype(np.uint8)
        make = library.Image.frombytes
        self.rgb = make("RGB", size, self.array[..., :3].tobytes())
        self.rgba = make("RGBA", size, self.array.tobytes())
        self.mask = self.rgba.getchannel("A")
        self.rgb_array = np.ascontiguousarray(self.array[..., :3])
        self.grey = self.rgb.convert("L")
        self.flipped = self.rgba.transpose(library.Image.Transpose.FLIP_LEFT_RIGHT)
        self.bytes = self.rgb_array.tobytes()


def operations(inputs: Inputs) -> dict[str, Call]:
    """What issue 6 of the project names, and what else is called often."""
    return _named(inputs) | _often(inputs)


def _named(inputs: Inputs) -> dict[str, Call]:
    rgb, rgba = inputs.rgb, inputs.rgba
    module, filters = inputs.library.Image, inputs.library.ImageFilter
    width, height = rgb.size
    middle = (width // 8, height // 8, width - width // 8, height - height // 8)
    canvas = rgb.copy()

    def paste() -> Any:
        canvas.paste(rgba, (0, 0), rgba)
        return canvas

    return {
        "convert RGB->L": lambda: rgb.convert("L"),
        "convert RGB->CMYK": lambda: rgb.convert("CMYK"),
        "convert RGB->RGBA": lambda: rgb.convert("RGBA"),
        "convert RGBA->RGB": lambda: rgba.convert("RGB"),
        "paste RGBA with mask": paste,
        "crop": lambda: rgb.crop(middle).getpixel((0, 0)),
        "crop, not looked at": lambda: rgb.crop(middle),
        "transpose": lambda: rgb.transpose(module.Transpose.TRANSPOSE),
        "flip left to right": lambda: rgb.transpose(module.Transpose.FLIP_LEFT_RIGHT),
        "rotate 90": lambda: rgb.rotate(90, expand=True),
        "rotate 30": lambda: rgb.rotate(30),
        "rotate 30 bicubic": lambda: rgb.rotate(30, module.Resampling.BICUBIC),
        "Gaussian blur 3": lambda: rgb.filter(filters.GaussianBlur(3)),
        "histogram": lambda: rgb.histogram(),
        "numpy.asarray": lambda: np.asarray(rgb),
        "fromarray": lambda: module.fromarray(inputs.rgb_array),
    }


def _often(inputs: Inputs) -> dict[str, Call]:
    rgb, rgba, grey, flipped = inputs.rgb, inputs.rgba, inputs.grey, inputs.flipped
    module, filters, chops, ops = inputs.library
    size, bands = rgb.size, rgb.split()
    rgb_flipped = flipped.convert("RGB")
    table = [255 - i for i in range(256)]
    framed = ops.expand(
        grey.crop((200, 200, size[0] - 200, size[1] - 200)).point(lambda v: v | 1), 200
    )
    alpha = flipped.getchannel("A")

    def putalpha() -> Any:
        image = rgb.copy()
        image.putalpha(alpha)
        return image

    return {
        "convert RGB->YCbCr": lambda: rgb.convert("YCbCr"),
        "convert RGB->HSV": lambda: rgb.convert("HSV"),
        "convert RGB->P": lambda: rgb.convert("P"),
        "convert L->RGB": lambda: grey.convert("RGB"),
        "convert L->1": lambda: grey.convert("1"),
        "quantize": lambda: rgb.quantize(64),
        "split": lambda: rgb.split(),
        "merge": lambda: module.merge("RGB", bands),
        "getchannel": lambda: rgba.getchannel("A"),
        "putalpha": putalpha,
        "point RGB": lambda: rgb.point(table * 3),
        "invert": lambda: ops.invert(rgb),
        "autocontrast": lambda: ops.autocontrast(rgb),
        "alpha_composite": lambda: module.alpha_composite(rgba, flipped),
        "blend": lambda: module.blend(rgb, rgb_flipped, 0.3),
        "composite": lambda: module.composite(rgb, rgb_flipped, alpha),
        "multiply": lambda: chops.multiply(rgb, rgb_flipped),
        "difference": lambda: chops.difference(rgb, rgb_flipped),
        "add": lambda: chops.add(rgb, rgb_flipped, 2, 3),
        "getbbox": lambda: framed.getbbox(),
        "getextrema": lambda: rgb.getextrema(),
        "getcolors": lambda: grey.getcolors(),
        "rotate 180": lambda: rgb.rotate(180),
        "flip top to bottom": lambda: rgb.transpose(module.Transpose.FLIP_TOP_BOTTOM),
        "box blur 2": lambda: rgb.filter(filters.BoxBlur(2)),
        "sharpen": lambda: rgb.filter(filters.SHARPEN),
        "unsharp mask": lambda: rgb.filter(filters.UnsharpMask()),
        "median 3": lambda: grey.filter(filters.MedianFilter(3)),
        "maximum 3": lambda: grey.filter(filters.MaxFilter(3)),
        "tobytes": lambda: rgb.tobytes(),
        "tobytes BGR": lambda: rgb.tobytes("raw", "BGR"),
        "frombytes": lambda: module.frombytes("RGB", size, inputs.bytes),
        "new": lambda: module.new("RGB", size, (9, 8, 7)),
        "copy": lambda: rgb.copy().getpixel((0, 0)),
    }


OTHER_MEMORY = np.zeros(256 << 20, np.uint8)


def seconds(call: Call, *, near: bool) -> float:
    if near:
        for _ in range(3):
            call()
    else:
        np.add(OTHER_MEMORY, 1, out=OTHER_MEMORY)
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def check_equal(name: str, ours: Any, theirs: Any) -> None:
    if isinstance(ours, tuple) and hasattr(ours[0], "tobytes"):
        ours, theirs = ([band.tobytes() for band in bands] for bands in (ours, theirs))
    elif hasattr(ours, "tobytes"):
        ours, theirs = ours.tobytes(), theirs.tobytes()
    if ours != theirs:
        raise SystemExit(f"{name}: the results differ, so their speeds cannot be compared")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of names of operations")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--size", default="1600x1200")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    width, height = map(int, options.size.split("x"))
    ours, theirs = (operations(Inputs(library, (width, height))) for library in (PILAF, PILLOW))
    names = [name for name in ours if not options.names or any(n in name for n in options.names)]
    for name in names:
        check_equal(name, ours[name](), theirs[name]())
    print(
        f"pilaf {pilaf.__version__}, Pillow {PIL.__version__}, {platform.machine()},"
        f" {width}x{height} RGB,"
    )
    print(f"medians of {options.rounds} rounds in turns; ratio above 1: pilaf is faster\n")
    print(f"{'':22} {'near':^26}  {'far':^26}")
    print(f"{'operation':22}" + f" {'pilaf ms':>9} {'Pillow ms':>10} {'ratio':>6} " * 2)
    print_rows(
        names, *(measure(ours, theirs, names, options.rounds, near) for near in (True, False))
    )


def measure(
    ours: dict[str, Call], theirs: dict[str, Call], names: list[str], rounds: int, near: bool
) -> list[Row]:
    """A row for each name."""
    times = [
        [tuple(seconds(side[name], near=near) for side in (ours, theirs)) for name in names]
        for _ in range(rounds)
    ]
    return [row_of(pairs) for pairs in zip(*times, strict=True)]


def row_of(pairs: tuple[tuple[float, ...], ...]) -> Row:
    pilaf_ms, pillow_ms = (1000 * statistics.median(side) for side in zip(*pairs, strict=True))
    return Row(pilaf_ms, pillow_ms, statistics.median(theirs / ours for ours, theirs in pairs))


def print_rows(names: list[str], near: list[Row], far: list[Row]) -> None:
    for name, *rows in zip(names, near, far, strict=True):
        cells = (f" {row.pilaf_ms:9.3f} {row.pillow_ms:10.3f} {row.ratio:6.2f} " for row in rows)
        print(f"{name:22}" + "".join(cells))
    medians = (statistics.median(row.ratio for row in rows) for rows in (near, far))
    print(f"{'median of the ratios':22}" + "".join(f"{median:27.2f} " for median in medians))
    for state, rows in (("near", near), ("far", far)):
        slower = [name for name, row in zip(names, rows, strict=True) if row.ratio < 1]
        print(f"slower than Pillow, {state}:", ", ".join(slower) if slower else "none")


if __name__ == "__main__":
    main()
