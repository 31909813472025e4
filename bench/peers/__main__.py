"""``python -m peers NAME`` does what it is told; with ``--list`` it says which there are"""

from __future__ import annotations

import importlib
import sys

from .base import Peer
from .serve import serve

#: The class of each peer, by name; pilaf first: the others are measured against it. A process
#: imports its own peer alone, for its memory is measured.
PEERS = {
    "pilaf": "pilaf_.Pilaf",
    "Pillow": "pillow.Pillow",
    "Pillow draft": "pillow.PillowDraft",
    "pyvips": "libvips.Libvips",
    "pyvips thumbnail": "libvips.LibvipsThumbnail",
    "OpenCV": "opencv.OpenCV",
    "OpenCV reduced": "opencv.OpenCVReduced",
    "simplejpeg": "simplejpeg_.SimpleJpeg",
}


def make(name: str) -> Peer:
    module, _, cls = PEERS[name].partition(".")
    return getattr(importlib.import_module(f".{module}", __package__), cls)()


if sys.argv[1] == "--list":
    for name in PEERS:
        print(name, ",".join(make(name).versions()), sep="\t")
else:
    serve(make(sys.argv[1]))
