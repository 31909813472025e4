"""What the jobs work on: a photograph that the project makes, and real ones where there are."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

#: Photos narrower than this would be enlarged by the jobs.
NARROWEST = 721


@dataclass(frozen=True)
class Files:
    name: str
    jpegs: list[Path]
    pixels: list[Path]
    description: str


def prepare(root: Path, folder: Path, photos: Path) -> tuple[dict[str, Files], list[str]]:
    """Sets of inputs by name, and notices about what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    sets = {"synthetic": synthetic(root, folder)}
    real = photograph_set(photos)
    if real is None:
        return sets, [f"No photos in {photos.name}/ (--photos): the synthetic photograph alone."]
    return sets | {"photos": real}, []


def synthetic(root: Path, folder: Path) -> Files:
    """Pixels by the generator; the JPEG by libjpeg-turbo, as most photos are made by its kind."""
    pixels, jpeg = folder / "synthetic.ppm", folder / "synthetic.jpg"
    subprocess.run([root / "target/release/examples/synthetic", pixels], check=True)
    Image.open(pixels).save(jpeg, "JPEG", quality=90, subsampling="4:2:0")
    body = jpeg.read_bytes()
    width, height = Image.open(jpeg).size
    digest = hashlib.sha256(body).hexdigest()[:16]
    described = f"{width}x{height}, JPEG quality 90 4:2:0, {len(body)} bytes, SHA-256 {digest}..."
    return Files("synthetic", [jpeg], [pixels], described)


def photograph_set(folder: Path) -> Files | None:
    """The upright RGB JPEGs of a folder that are wide enough to be made smaller."""
    paths = []
    for path in sorted(folder.glob("*.jpg")):
        with Image.open(path) as image:
            upright = image.getexif().get(0x0112, 1) == 1
            if image.mode == "RGB" and image.width >= NARROWEST and upright:
                paths.append(path)
    if not paths:
        return None
    described = ", ".join(f"{p.name} {'x'.join(map(str, Image.open(p).size))}" for p in paths)
    return Files("photos", paths, [], f"all of these, one after the other: {described}")
