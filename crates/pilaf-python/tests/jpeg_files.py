"""JPEG files of every kind, made from a seed: by Pillow, and by cjpeg where it is installed."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

#: Debian's libjpeg-turbo-progs. Without it the files are Pillow's only: no arithmetic coding, no
#: odd sampling factors, no scan scripts.
CJPEG = shutil.which("cjpeg")

SAMPLINGS = """1x1 2x1 1x2 2x2 4x1 1x4 4x2 2x4 3x1 1x3 3x2 4x4 2x1,1x1,2x1 2x2,1x1,2x2 2x2,2x1,1x2
    1x2,1x1,1x2 2x2,1x2,2x1 1x1,2x2,1x1 3x1,2x1,1x1 2x2,2x2,1x1 4x1,2x1,1x1 1x4,1x2,1x1
    4x2,1x1,2x1""".split()

#: Scan scripts: complete and incomplete, interleaved and not, sequential and progressive.
SCRIPTS = [
    "0 1 2: 0-0,0,1; 0: 1-5,0,2; 2: 1-63,0,1; 1: 1-63,0,1; 0: 6-63,0,2; 0: 1-63,2,1;"
    " 0 1 2: 0-0,1,0; 2: 1-63,1,0; 1: 1-63,1,0; 0: 1-63,1,0;",
    "0: 0-63,0,0; 1: 0-63,0,0; 2: 0-63,0,0;",
    "0 1: 0-63,0,0; 2: 0-63,0,0;",
    "1: 0-63,0,0; 0 2: 0-63,0,0;",
    "0 1 2: 0-0,0,0; 0: 1-63,0,0;",
    "0 1 2: 0-0,0,3; 0: 1-3,0,2; 0 1 2: 0-0,3,2;",
    "0: 0-0,0,0; 1: 0-0,0,0; 2: 0-0,0,0; 0: 1-63,0,3; 0: 1-63,3,2; 1: 1-20,0,1;",
    "0 1 2: 0-0,0,0;",
]


def sound(seed: int) -> tuple[bytes, str]:
    """A JPEG file and how it was made."""
    rng = random.Random(seed)
    while True:
        made = by_cjpeg(rng) if CJPEG and rng.random() < 0.6 else by_pillow(rng)
        if made is not None:
            return made


def damaged(seed: int) -> tuple[bytes, str]:
    """A JPEG file that is cut off, or has bits flipped or bytes removed or inserted."""
    data, how = sound(seed)
    rng = random.Random(seed + 1_000_000_007)
    broken, scan = bytearray(data), data.find(b"\xff\xda")
    kind = rng.choices(["cut", "no end", "flip", "remove", "insert"], [35, 10, 35, 10, 10])[0]
    if kind == "cut":
        del broken[rng.randint(scan, len(data)) :]
    elif kind == "no end":
        del broken[-2:]
    elif kind == "flip":
        for _ in range(rng.choice([1, 1, 2, 5, 20])):
            first = scan if rng.random() < 0.85 else 2
            broken[rng.randrange(first, len(data))] ^= 1 << rng.randrange(8)
    elif kind == "remove":
        at = rng.randrange(scan, len(data))
        del broken[at : at + rng.randint(1, 60)]
    else:
        at = rng.randrange(scan, len(data))
        extra = [[255], [255, 255], [0, 0, 0], [255, 0xD0 + rng.randrange(10)], [255, 0xC4]]
        broken[at:at] = bytes(rng.choice(extra))
    return bytes(broken), f"{how}, {kind}"


def picture(rng: random.Random, mode: str, width: int, height: int) -> np.ndarray:
    """Noise, one colour, or waves with a little noise."""
    bands = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    numbers = np.random.default_rng(rng.getrandbits(32))
    shape = (height, width, bands)
    kind = rng.choice(["noise", "flat", "waves", "waves"])
    if kind == "noise":
        pixels = numbers.integers(0, 256, shape)
    elif kind == "flat":
        pixels = np.broadcast_to(numbers.integers(0, 256, bands), shape)
    else:
        y, x = np.mgrid[0:height, 0:width]
        waves = [
            128
            + 60 * np.sin(x / rng.uniform(5, 45) + rng.uniform(0, 6))
            + 60 * np.cos(y / rng.uniform(5, 45) + x / 70)
            for _ in range(bands)
        ]
        pixels = np.stack(waves, axis=-1) + numbers.normal(0, rng.uniform(0.01, 12), shape)
    return np.clip(pixels, 0, 255).astype(np.uint8).squeeze(2 if bands == 1 else ())


def size(rng: random.Random) -> tuple[int, int]:
    most = (9, 9) if rng.random() < 0.3 else (200, 150)
    return rng.randint(1, most[0]), rng.randint(1, most[1])


def by_pillow(rng: random.Random) -> tuple[bytes, str] | None:
    """None if Pillow's encoder finds its own buffer too small, as it does for some noise."""
    import PIL.Image

    mode, (width, height) = rng.choice(["L", "RGB", "RGB", "RGB", "CMYK"]), size(rng)
    options: dict[str, object] = {
        "quality": rng.choice([1, 5, 20, 50, 75, 90, 95, 100]),
        "optimize": rng.random() < 0.5,
        "progressive": rng.random() < 0.4,
    }
    if rng.random() < 0.3:
        options["restart_marker_blocks"] = rng.randint(1, 20)
    if mode == "RGB":
        if rng.random() < 0.1:
            options["keep_rgb"] = True
        else:
            options["subsampling"] = rng.choice(["4:4:4", "4:2:2", "4:2:0"])
    image = PIL.Image.fromarray(picture(rng, mode, width, height), mode)
    buffer = io.BytesIO()
    try:
        image.save(buffer, "JPEG", **options)
    except OSError:
        return None
    return buffer.getvalue(), f"Pillow {mode} {width}x{height} {options}"


def by_cjpeg(rng: random.Random) -> tuple[bytes, str] | None:
    """None if cjpeg refuses the options, as it does for MCUs of more than ten blocks."""
    mode, (width, height) = rng.choice(["L", "RGB", "RGB", "RGB"]), size(rng)
    options = ["-quality", str(rng.choice([1, 10, 30, 60, 80, 95, 100]))]
    options += rng.choices([["-arithmetic"], ["-optimize"], []], [3, 2, 5])[0]
    script = None
    if mode == "RGB":
        options += ["-sample", rng.choice(SAMPLINGS)]
        options += rng.choices([["-rgb"], ["-grayscale"], []], [1, 1, 8])[0]
        if rng.random() < 0.3 and "-grayscale" not in options:
            script = rng.choice(SCRIPTS)
    elif rng.random() < 0.3:
        options += ["-sample", rng.choice(["2x2", "2x1", "1x2", "4x4"])]
    if script is None and rng.random() < 0.4:
        options += ["-progressive"]
    if rng.random() < 0.35:
        options += ["-restart", rng.choice(["1", "2", "1B", "3B", "7B"])]
    how = f"cjpeg {mode} {width}x{height} {' '.join(options)} {script or ''}"
    pixels = picture(rng, mode, width, height)
    try:
        if script is None:
            return run_cjpeg(options, pixels), how
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "scans")
            path.write_text(script)
            return run_cjpeg([*options, "-scans", str(path)], pixels), how
    except subprocess.CalledProcessError:
        return None


def run_cjpeg(options: list[str], pixels: np.ndarray) -> bytes:
    assert CJPEG is not None
    height, width = pixels.shape[:2]
    kind = b"P5" if pixels.ndim == 2 else b"P6"
    netpbm = b"%b %d %d 255\n%b" % (kind, width, height, pixels.tobytes())
    return subprocess.run([CJPEG, *options], input=netpbm, capture_output=True, check=True).stdout


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
