"""Libraries written for Pillow, unchanged, on `install_as_PIL`: each program in `libraries/` prints
the same as on Pillow itself. In processes of their own, since a process has one PIL."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import synthetic

from pilaf import Image

pytestmark = pytest.mark.oracle

PROGRAMS = Path(__file__).parent / "libraries"

#: The module of each library. They are installed for the newest Python only.
LIBRARIES = {
    "imagehash": "imagehash",
    "willow": "willow",
    "easy_thumbnails": "easy_thumbnails",
    "imageio": "imageio",
    "matplotlib": "matplotlib",
    "qrcode": "qrcode",
    "torchvision": "torchvision",
}
REASONS = {
    "torchvision": "no torchvision here: PyPI's torch comes with gigabytes of CUDA; make "
    "test-torchvision takes Debian's"
}

START = """
import runpy, sys
if sys.argv.pop(1) == "pilaf":
    import pilaf
    pilaf.install_as_PIL()
program = sys.argv.pop(1)
sys.argv.insert(0, program)
sys.argv.remove("-c")
runpy.run_path(program, run_name="__main__")
import PIL.Image
print("on", PIL.Image.__name__, file=sys.stderr)
"""


def files(folder: Path) -> None:
    """What the programs work on: the same bytes for both."""
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = synthetic.image(160, 120)
    body = photo.encode("JPEG", quality=90, exif=exif, dpi=(72, 72))
    (folder / "photo.jpg").write_bytes(body)
    (folder / "cut.jpg").write_bytes(body[:200])
    (folder / "text.jpg").write_bytes(b"this is no image")
    logo = photo.convert("RGBA")
    logo.putalpha(photo.getchannel(1).point(lambda value: 255 if value > 120 else value))
    (folder / "logo.png").write_bytes(logo.encode("PNG"))
    (folder / "grey.png").write_bytes(photo.convert("L").encode("PNG"))
    deep = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64) * 21
    (folder / "deep.png").write_bytes(Image.fromarray(deep).convert("I;16").encode("PNG"))


def run(library: str, pil: str, folder: Path) -> str:
    folder.mkdir()
    files(folder)
    program = PROGRAMS / f"use_{library}.py"
    environment = {
        "PYTHONPATH": f"{PROGRAMS}:{':'.join(sys.path)}",
        "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        "MPLCONFIGDIR": str(folder),
        "HOME": str(folder),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", START, pil, str(program), str(folder)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
    )
    assert done.returncode == 0, f"{library} on {pil}:\n{done.stderr[-3000:]}"
    assert f"on {'pilaf.Image' if pil == 'pilaf' else 'PIL.Image'}" in done.stderr
    return done.stdout


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_does_the_same_on_pilaf(library: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(LIBRARIES[library]) is None:
        pytest.skip(REASONS.get(library, f"no {library} here: see tests/requirements.txt"))
    ours = run(library, "pilaf", tmp_path / "ours")
    theirs = run(library, "pillow", tmp_path / "theirs")
    assert len(theirs.splitlines()) > 10
    assert ours.splitlines() == theirs.splitlines()
