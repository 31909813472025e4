"""The resampler alone: beside other crates at two levels, beside Pillow, and through Python.

    bench/run resizer                        # everything, some minutes
    bench/run resizer --cases "RGB lanczos"  # some cases
    bench/run resizer --parts pillow         # one part: crates, pillow or python

One thread, one CPU. The level can only be lowered: --levels avx512,avx2 is every level that has
an aim, as far as the CPU has it. Crates: bench/resizer says how it is measured, and why some
calls in a row; all have their memory in huge pages, as images of pilaf's have. Pillow: the two
take turns of some calls in a row, of which the least time counts; the ratio is the median over the
turns of Pillow's time by ours, "first calls" the same with the first of each row alone. Both make a
new image.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = (2725, 2225)
SIZES = [(720, 588), (224, 224), (4000, 3000)]
FILTERS = ["box", "bilinear", "bicubic", "lanczos"]
IN_A_ROW = 3
MODES = {"L": 1, "RGB": 3, "RGBA": 4, "I;16": 2, "F": 4}

#: Memory of glibc's in pages of 2 MiB, for all crates alike: where pilaf's images lie on Linux.
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench/run resizer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", default="", help="only cases whose name contains this")
    parser.add_argument("--levels", default="avx512,avx2", help="[%(default)s]")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each [%(default)s]")
    parser.add_argument("--parts", default="crates,pillow,python", help="[%(default)s]")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        beside_pillow(args)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for level in args.levels.split(","):
        environment = os.environ | {"PILAF_SIMD": level}
        if "crates" in args.parts:
            folder = "" if level == "avx512" else "at-avx2/"
            program = ROOT / f"bench/target/{folder}release/pilaf-bench-resizer"
            subprocess.run(
                [program, str(args.rounds), args.cases], env=environment | HUGE_PAGES, check=True
            )
        if "pillow" in args.parts or "python" in args.parts:
            subprocess.run(
                [sys.executable, __file__, *sys.argv[1:], "--here"], env=environment, check=True
            )


def beside_pillow(args: argparse.Namespace) -> None:
    """In a process of its own, since PILAF_SIMD is read once."""
    from pilaf import Image, _pilaf

    if "pillow" in args.parts:
        compare(args)
    if "python" in args.parts:
        print(f"\nlevel {_pilaf.LEVEL}: `Image.resize` from Python, microseconds, least of many\n")
        small, large = Image.new("RGB", (16, 16)), Image.new("RGB", (4000, 3000))
        box = (0, 0, 16, 16)
        whole = least(lambda: small.resize((8, 8), Image.Resampling.LANCZOS))
        part = least(lambda: large.resize((8, 8), Image.Resampling.LANCZOS, box))
        print("| call | time | aim |\n|---|--:|--:|")
        print(f"| 16x16 RGB to 8x8, Rust call and all | {whole:.1f} | 50.0 |")
        print(f"| as much of 4000x3000 RGB (36 MB, which a copy would show) | {part:.1f} | 50.0 |")


def compare(args: argparse.Namespace) -> None:
    import PIL
    from PIL import Image as Theirs

    from pilaf import Image, _pilaf

    print(f"\nlevel {_pilaf.LEVEL} and Pillow {PIL.__version__}, milliseconds\n")
    print("| case | pilaf | Pillow | ratio | first calls | aim | pixels |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for mode, size in MODES.items():
        data = pixels(mode, SOURCE[0] * SOURCE[1] * size)
        ours, theirs = Image.frombytes(mode, SOURCE, data), Theirs.frombytes(mode, SOURCE, data)
        for target in SIZES:
            for name in FILTERS:
                case = f"{mode} {name} {target[0]}x{target[1]}"
                if args.cases not in case:
                    continue
                kind = Image.Resampling[name.upper()]
                calls: list[Callable[[], object]] = [
                    lambda: ours.resize(target, kind),
                    lambda: theirs.resize(target, kind.value),
                ]
                same = calls[0]().tobytes() == calls[1]().tobytes()  # type: ignore[attr-defined]
                turns = [[in_a_row(call) for call in calls] for _ in range(args.rounds)]
                ratio = statistics.median(min(b) / min(a) for a, b in turns)
                first = statistics.median(b[0] / a[0] for a, b in turns)
                aim = aim_of(_pilaf.LEVEL, mode, name)
                verdict = "" if aim is None else f"{aim}" if ratio >= aim else f"{aim} missed"
                best = [min(map(min, times)) * 1e3 for times in zip(*turns, strict=True)]
                print(
                    f"| {case} | {best[0]:.2f} | {best[1]:.2f} | {ratio:.1f} | {first:.1f} | "
                    f"{verdict} | {'equal' if same else 'DIFFER'} |",
                    flush=True,
                )


def aim_of(level: str, mode: str, name: str) -> int | None:
    if mode in ("I;16", "F"):
        return None
    if level == "avx512":
        return 20 if name == "lanczos" else None
    return 6 if level in ("avx2", "avxvnni") else None


def pixels(mode: str, count: int) -> bytes:
    """Noise on slopes; numbers that are numbers in mode F."""
    noise = os.urandom(1 << 16)
    if mode == "F":
        noise = bytes(byte & 0x3F for byte in noise)
    return (noise * (count // len(noise) + 1))[:count]


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_a_row(call: Callable[[], object]) -> list[float]:
    return [seconds(call) for _ in range(IN_A_ROW)]


def least(call: Callable[[], object]) -> float:
    return min(seconds(call) for _ in range(2000)) * 1e6


if __name__ == "__main__":
    main()
