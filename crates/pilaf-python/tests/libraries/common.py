"""What the programs share: results as lines of text, the same whatever PIL is."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import PIL.Image

#: The folder with `photo.jpg` (turned by its EXIF orientation), `logo.png` (RGBA), `grey.png`.
FOLDER = Path(sys.argv[1])


def say(name: str, value: Any) -> None:
    """One result: an image by its mode, size and pixels, bytes by their digest."""
    if isinstance(value, PIL.Image.Image):
        value = f"{value.mode} {value.size} {digest(value.tobytes())}"
    elif isinstance(value, bytes):
        value = digest(value)
    elif hasattr(value, "dtype"):
        value = f"{value.dtype} {value.shape} {digest(value.tobytes())}"
    print(f"{name}: {value}")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def pixels(encoded: bytes) -> PIL.Image.Image:
    """The image in a file whose bytes depend on the compressor."""
    image = PIL.Image.open(io.BytesIO(encoded))
    image.load()
    return image
