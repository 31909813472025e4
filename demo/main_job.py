"""The main job, once: JPEG bytes in memory become a smaller JPEG, beside Pillow.

Run by `make demo` from the folder of the project.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

import pilaf
from pilaf import Image

SIZE, SMALL = (2725, 2225), (720, 588)
OUT = Path("out")
sys.path.insert(0, str(Path("crates/pilaf-python/tests")))


def best(work: Callable[[], Any], runs: int = 5) -> tuple[float, Any]:
    """Shortest time of some runs in milliseconds, and the result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(1000 * (time.perf_counter() - start))
    return min(times), result


def row(step: str, ours: float, theirs: float) -> None:
    print(f"  {step:<34} {ours:8.2f} ms {theirs:8.2f} ms   {theirs / ours:5.2f} x")


def saved(image: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def python_steps(body: bytes) -> None:
    print(f"\n  {'step, best of 5':<34} {'pilaf':>11} {'Pillow':>11}   faster")
    ours, theirs = (
        best(lambda: Image.open(io.BytesIO(body))),
        best(lambda: PIL.Image.open(io.BytesIO(body))),
    )
    row("open (header)", ours[0], theirs[0])

    def decoded(opener: Any) -> Any:
        image = opener(io.BytesIO(body))
        image.load()
        return image

    a, mine = best(lambda: decoded(Image.open))
    b, pillows = best(lambda: decoded(PIL.Image.open))
    row("decode", a, b)
    lanczos = Image.Resampling.LANCZOS
    a, small = best(lambda: mine.resize(SMALL, lanczos))
    b, pillows_small = best(lambda: pillows.resize(SMALL, int(lanczos)))
    row("resize, Lanczos", a, b)
    a, jpeg = best(lambda: saved(small, quality=80))
    b, _ = best(lambda: saved(pillows_small, quality=80))
    row("encode, quality 80", a, b)
    a, thumb = best(lambda: pilaf.thumbnail(body, (720, 720), format="JPEG", quality=80))
    b, _ = best(lambda: pillow_thumbnail(body))
    row("all of it in one call", a, b)

    decoded_differ = np.count_nonzero(np.asarray(mine) != np.asarray(pillows))
    same_source = PIL.Image.frombytes("RGB", mine.size, mine.tobytes())
    resized = np.asarray(same_source.resize(SMALL, int(lanczos)))
    resized_differ = np.count_nonzero(np.asarray(small) != resized)
    print(
        f"\nsamples that differ from Pillow's: {decoded_differ} of {mine.width * mine.height * 3}"
        f" decoded, {resized_differ} of {resized.size} resized"
    )
    (OUT / "python.jpg").write_bytes(jpeg)
    (OUT / "thumbnail.jpg").write_bytes(thumb)


def pillow_thumbnail(body: bytes) -> bytes:
    image = PIL.Image.open(io.BytesIO(body))
    return saved(image.resize(SMALL, PIL.Image.Resampling.LANCZOS), quality=80)


def command(body: bytes) -> None:
    source, target = OUT / "photo.jpg", OUT / "command.jpg"
    source.write_bytes(body)
    words = [
        "target/release/pilaf",
        "resize",
        source,
        "-o",
        target,
        "--width",
        "720",
        "--quality",
        "80",
    ]
    taken, _ = best(lambda: subprocess.run([str(word) for word in words], check=True), 3)
    print(f"\n$ {' '.join(map(str, words))}\n  {taken:.2f} ms, the whole process")


def main() -> None:
    import synthetic  # the tests' own photograph

    OUT.mkdir(exist_ok=True)
    pixels = synthetic.photograph(*SIZE)
    body = Image.frombytes("RGB", SIZE, pixels.tobytes()).encode("JPEG", quality=85)
    print(f"a synthetic photograph, {SIZE[0]}x{SIZE[1]}, as JPEG in memory: {len(body)} bytes")
    print(f"pilaf {pilaf.__version__}, Pillow {PIL.__version__}, one thread")
    python_steps(body)
    command(body)
    print("\nlook at:")
    for name in ("photo.jpg", "python.jpg", "thumbnail.jpg", "command.jpg"):
        path = OUT / name
        size = Image.open(path).size
        print(f"  {path}  {size[0]}x{size[1]}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
