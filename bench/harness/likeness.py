"""How far the result of a peer is from Pillow's."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy
from PIL import Image


def describe(kind: str, folder: Path, reference: Path, count: int) -> str:
    """``equal``, a PSNR in dB (the worst of all files), or what else is wrong."""
    worst = math.inf
    for index in range(count):
        theirs, ours = ((f / str(index)).read_bytes() for f in (folder, reference))
        if theirs == ours:
            continue
        if kind == "size":
            return f"says {theirs.decode()}, not {ours.decode()}"
        a, b = (
            numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for data in (theirs, ours)
        )
        if a.shape != b.shape:
            return f"is {a.shape[1]}x{a.shape[0]}, not {b.shape[1]}x{b.shape[0]}"
        worst = min(worst, psnr(a, b))
    return "equal" if worst == math.inf else f"{worst:.1f} dB"


def psnr(a: numpy.ndarray, b: numpy.ndarray) -> float:
    error = ((a.astype(numpy.float64) - b) ** 2).mean()
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)
