"""Pictures and sizes on which the profile `torch-antialias` is held against PyTorch, and the script
that records what PyTorch makes of them:

    python torch_cases.py > golden/torch_antialias.json

It needs torch and numpy. The CPU build of torch is not on PyPI, and the other one brings
gigabytes; so the tests read the record, and compare live only where torch is installed.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

MODES = ["L", "LA", "RGB", "RGBA"]


class Case(NamedTuple):
    """One call of `interpolate`, and the seed of its picture."""

    seed: int
    mode: str
    size: tuple[int, int]
    target: tuple[int, int]
    filter: str

    def data(self) -> bytes:
        """Noise, or the extremes that overshoot."""
        rng = random.Random(self.seed)
        count = self.size[0] * self.size[1] * (MODES.index(self.mode) + 1)
        noise = rng.randbytes(count)
        return noise if self.seed % 3 else bytes(byte // 128 * 255 for byte in noise)


def cases(count: int, longest: int, start: int = 0) -> Iterator[Case]:
    for seed in range(start, start + count):
        rng = random.Random(-1 - seed)
        size = (rng.randint(1, longest), rng.randint(1, longest))
        target = [rng.randint(1, longest), rng.randint(1, longest)]
        if seed % 5 == 0:
            target[seed // 5 % 2] = size[seed // 5 % 2]  # one pass only
        mode = MODES[seed % 4]
        yield Case(seed, mode, size, (target[0], target[1]), ["bilinear", "bicubic"][seed // 4 % 2])


def by_torch(case: Case) -> bytes:
    import numpy as np
    import torch

    width, height = case.size
    array = np.frombuffer(case.data(), np.uint8).reshape(height, width, -1).transpose(2, 0, 1)
    tensor: Any = torch.from_numpy(array.copy())[None]
    if case.seed % 7 < 3:  # another path through torch, with the same pixels
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    result = torch.nn.functional.interpolate(
        tensor, size=case.target[::-1], mode=case.filter, antialias=True, align_corners=False
    )
    return bytes(result[0].numpy().transpose(1, 2, 0).tobytes())


def main() -> None:
    import platform

    import torch

    record = {
        "producer": f"torch {torch.__version__}, {platform.machine()}",
        "why": "profile torch-antialias: torch.nn.functional.interpolate, uint8, antialias=True",
        "pixels": {str(case.seed): by_torch(case).hex() for case in cases(48, 24)},
    }
    json.dump(record, sys.stdout, indent=0)
    print()


if __name__ == "__main__":
    main()
