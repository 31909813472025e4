"""The protocol between ``compare.py`` and a peer; it is told in ``bench/src/serve.rs``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .base import Peer


class Server:
    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.verb = ""
        self.arguments: list[Any] = []
        self.inputs: list[Any] = []

    def ready(self, _: str) -> str:
        return "ok"

    def load(self, text: str) -> str:
        job, _, paths = text.partition(" -- ")
        self.verb, *arguments = job.split()
        self.arguments = [int(a) if a.isdigit() else a for a in arguments]
        files = [Path(path).read_bytes() for path in paths.split()]
        try:
            takes_pixels = self.verb in ("resize", "encode")
            self.inputs = (
                [self.peer.picture(*read_ppm(f)) for f in files] if takes_pixels else files
            )
            self.do()
        except NotImplementedError:
            return "unsupported"
        return "ok"

    def run(self, times: str) -> str:
        start = time.perf_counter()
        for _ in range(int(times)):
            self.do()
        return f"{time.perf_counter() - start:.9f}"

    def results(self, folder: str) -> str:
        for index, result in enumerate(self.do()):
            Path(folder, str(index)).write_bytes(self.as_bytes(result))
        return "ok"

    def do(self) -> list[Any]:
        work: Callable[..., Any] = getattr(self.peer, self.verb)
        return [work(item, *self.arguments) for item in self.inputs]

    def as_bytes(self, result: Any) -> bytes:
        if self.verb == "probe":
            return "{} {}".format(*result).encode()
        if self.verb in ("decode", "resize"):
            width, height, rgb = self.peer.pixels(result)
            return f"P6\n{width} {height}\n255\n".encode() + rgb
        return result


def read_ppm(data: bytes) -> tuple[int, int, bytes]:
    kind, size, depth, rgb = data.split(b"\n", 3)
    assert (kind, depth) == (b"P6", b"255")
    width, height = map(int, size.split())
    return width, height, rgb


def serve(peer: Peer) -> None:
    server = Server(peer)
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        print(getattr(server, command)(rest), flush=True)
