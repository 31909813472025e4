"""Operations on images in memory, pilaf beside Pillow, in turns, in one process.

    python bench/operations.py [--rounds N] [--size WIDTHxHEIGHT] [NAME ...]

Each round times a call in one library, then in the other, and so on for every operation; what is
printed is the median of the rounds, and the median of the ratios of neighbouring timings, which
hold even if the machine is busy. Both sides are checked to give equal pixels first.
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
import PIL.ImageFilter

import pilaf
from pilaf import Image, ImageFilter


class Library(NamedTuple):
    """What both sides have in common."""

    Image: Any
    ImageFilter: Any


PILAF, PILLOW = Library(Image, ImageFilter), Library(PIL.Image, PIL.ImageFilter)

Call = Callable[[], Any]


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


def operations(inputs: Inputs) -> dict[str, Call]:
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
        "crop": lambda: rgb.crop(middle),
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


def seconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def check_equal(name: str, ours: Any, theirs: Any) -> None:
    if hasattr(ours, "tobytes"):
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
    times = [[(seconds(ours[name]), seconds(theirs[name])) for name in names] for _ in range(options.rounds)]
    print(f"pilaf {pilaf.__version__}, Pillow {PIL.__version__}, {platform.machine()}, {width}x{height} RGB,")
    print(f"medians of {options.rounds} rounds in turns; ratio above 1: pilaf is faster\n")
    print(f"{'operation':22} {'pilaf ms':>9} {'Pillow ms':>10} {'ratio':>7}")
    ratios = []
    for name, rounds in zip(names, zip(*times, strict=True), strict=True):
        pilaf_ms, pillow_ms = (1000 * statistics.median(side) for side in zip(*rounds, strict=True))
        ratios.append(statistics.median(theirs / ours for ours, theirs in rounds))
        print(f"{name:22} {pilaf_ms:9.3f} {pillow_ms:10.3f} {ratios[-1]:7.2f}")
    print(f"{'median of the ratios':43} {statistics.median(ratios):7.2f}")
    slower = [name for name, ratio in zip(names, ratios, strict=True) if ratio < 1]
    print("slower than Pillow:", ", ".join(slower) if slower else "none")


if __name__ == "__main__":
    main()
