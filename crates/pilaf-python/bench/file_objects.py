"""pilaf.io beside the standard library's classes, and opening beside Pillow's: time of one
operation each, and the ratio.

    python crates/pilaf-python/bench/file_objects.py [--check]        part of make bench

Both sides are measured in turns; the figure is the least of many rounds. `--check` fails when an
operation of BytesIO, or a thousand small writes to a spooled file on the disk, takes more than 1.3
times as long as the standard library's, or opening longer than Pillow's.
"""

from __future__ import annotations

import argparse
import io
import platform
import sys
import tempfile
import timeit

import pilaf.io

MEGABYTE = b"\x01" * (1 << 20)
LINES = (b"x" * 60 + b"\n") * 1000
TEN = b"0123456789"
BOUND = 1.3
ROUNDS = 25

# name, statement, calls per round, whether the bound applies (it does to what issue 5 lists)
BYTES_IO = [
    ("construct from 1 MB", "new(MEGABYTE)", 20_000, True),
    ("construct empty", "new()", 20_000, True),
    ("read(1)", "file.read(1)", 50_000, True),
    ("read(10)", "file.seek(0); file.read(10)", 10_000, True),
    ("read 1 MB", "new(MEGABYTE).read()", 10_000, True),
    ("write(10), in place", "file.seek(0); file.write(TEN)", 10_000, True),
    (
        "1000 x write(10)",
        "file = new(); write = file.write\nfor _ in range(1000): write(TEN)",
        30,
        True,
    ),
    ("readline", "file.readline()", 1000, True),
    ("1000 lines by for", "file.seek(0)\nfor line in file: pass", 30, False),
    ("getvalue", "file.getvalue()", 20_000, True),
    (
        "16 x 64 KB, getvalue",
        "file = new()\nfor _ in range(16): file.write(CHUNK)\nfile.getvalue()",
        30,
        False,
    ),
    ("seek", "file.seek(5)", 20_000, True),
    ("tell", "file.tell()", 20_000, True),
]
SPOOLED = [
    ("construct", "new(); ", 2000, False),
    ("write(10), in memory", "file.seek(0); file.write(TEN)", 5000, False),
    ("read(10), in memory", "file.seek(0); file.read(10)", 5000, False),
    ("write(10), on disk", "disk.seek(0); disk.write(TEN)", 2000, False),
    ("1000 x write(10), on disk", "disk.seek(0)\nfor _ in range(1000): disk.write(TEN)", 5, True),
    (
        "the same, at its end",
        "disk.truncate(0); disk.seek(0)\nfor _ in range(1000): disk.write(TEN)",
        5, True,
    ),
    ("1000 lines, on disk", "disk.seek(0)\nwhile disk.readline(): pass", 5, False),
]  # fmt: skip
SETUP = "file = make(); file.write(LINES); file.seek(0)"
SETUP_SPOOLED = SETUP + "; disk = make(); disk.write(LINES); disk.rollover()"


# What is opened: name, mode, size, format, options. The statement makes the file object and opens
# it.
IMAGES: list[tuple[str, str, tuple[int, int], str, dict[str, object]]] = [
    ("JPEG 64x48", "RGB", (64, 48), "JPEG", {}),
    ("JPEG 1440x1080", "RGB", (1440, 1080), "JPEG", {}),
    ("JPEG 1440x1080, profile", "RGB", (1440, 1080), "JPEG", {"icc_profile": bytes(3144)}),
    ("JPEG progressive", "RGB", (1440, 1080), "JPEG", {"progressive": True}),
    ("PNG 64x48", "RGB", (64, 48), "PNG", {}),
    ("PNG 1440x1080", "RGB", (1440, 1080), "PNG", {}),
    ("PNG 1440x1080, profile", "RGB", (1440, 1080), "PNG", {"icc_profile": bytes(3144)}),
    ("PNG palette", "P", (640, 480), "PNG", {}),
]


def race() -> list[str]:
    """Construct and open: Pillow's with io.BytesIO, pilaf's with its own and with io.BytesIO."""
    import PIL.Image

    from pilaf import Image

    print(
        f"\n{'BytesIO and Image.open':28} {'Pillow':>11} {'pilaf':>11} {'ratio':>6}"
        f" {'io.BytesIO':>11}"
    )
    slow = []
    ways = [
        (PIL.Image.open, io.BytesIO),
        (Image.open, pilaf.io.BytesIO),
        (Image.open, io.BytesIO),
    ]
    for name, mode, size, format, options in IMAGES:
        body = Image.linear_gradient("L").resize(size).convert(mode).encode(format, **options)
        timers = [
            timeit.Timer("opened(new(body))", globals={"opened": opened, "new": new, "body": body})
            for opened, new in ways
        ]
        times = [[timer.timeit(200) / 200 for timer in timers] for _ in range(ROUNDS)]
        theirs, ours, others = (min(column) for column in zip(*times, strict=True))
        if max(ours, others) > theirs:
            slow.append(f"opening {name}")
        print(
            f"{name:28} {theirs * 1e6:8.1f} us {ours * 1e6:8.1f} us {ours / theirs:6.2f} "
            f"{others * 1e6:8.1f} us"
        )
    return slow


def measure(statement: str, setup: str, number: int, makers: list[object]) -> list[float]:
    timers = [
        timeit.Timer(
            statement,
            setup,
            globals={**globals(), "new": maker, "make": maker, "CHUNK": MEGABYTE[:65536]},
        )
        for maker in makers
    ]
    times = [[timer.timeit(number) / number for timer in timers] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*times, strict=True)]


def table(
    title: str, rows: list[tuple[str, str, int, bool]], setup: str, makers: list[object]
) -> list[str]:
    print(f"\n{title:28} {'stdlib':>11} {'pilaf':>11} {'ratio':>6}")
    slow = []
    for name, statement, number, bounded in rows:
        theirs, ours = measure(statement, setup, number, makers)
        if bounded and ours > BOUND * theirs:
            slow.append(name)
        print(f"{name:28} {theirs * 1e9:8.0f} ns {ours * 1e9:8.0f} ns {ours / theirs:6.2f}")
    return slow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help=f"fail above {BOUND}")
    check = parser.parse_args().check
    print(f"Python {platform.python_version()}, {platform.machine()}, pilaf {pilaf.__version__}")
    slow = table("BytesIO", BYTES_IO, SETUP, [io.BytesIO, pilaf.io.BytesIO])
    makers = [tempfile.SpooledTemporaryFile, pilaf.io.SpooledTemporaryFile]
    slow += table("SpooledTemporaryFile", SPOOLED, SETUP_SPOOLED, makers)
    slow += race()
    if check and slow:
        sys.exit(f"over its bound: {', '.join(slow)}")


if __name__ == "__main__":
    main()
