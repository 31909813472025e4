"""Peers as processes: one each, so that no allocator, cache or thread setting is shared."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import machine

#: One thread, whatever the library would like.
ENVIRONMENT = {
    "VIPS_CONCURRENCY": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "RAYON_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Peer:
    name: str
    language: str
    command: tuple[str, ...]
    versions: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name} ({self.language})"


def all_peers(root: Path) -> list[Peer]:
    """The peers that the two servers list, Rust first."""
    rust = (str(root / "bench/target/release/peer"),)
    python = (sys.executable, "-m", "peers")
    locked = machine.locked_versions(root / "bench/Cargo.lock")
    return [
        *list_peers("Rust", rust, root, lambda crate: f"{crate} {locked[crate]}"),
        *list_peers("Python", python, root, lambda library: library),
    ]


def list_peers(language, server, root, with_version) -> list[Peer]:
    listed = subprocess.run(
        [*server, "--list"], cwd=root / "bench", check=True, capture_output=True, text=True
    ).stdout
    peers = []
    for line in listed.splitlines():
        name, _, parts = line.partition("\t")
        versions = tuple(with_version(part) for part in parts.split(","))
        peers.append(Peer(name, language, (*server, name), versions))
    return peers


class Worker:
    """A running peer. The protocol is told in ``bench/src/serve.rs``."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.process = subprocess.Popen(
            peer.command,
            cwd=Path(__file__).parent.parent,
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def ask(self, line: str) -> str:
        self.process.stdin.write(line + "\n")
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.peer.label} broke off at: {line}")
        return answer.strip()

    def load(self, job: str, paths: list[Path]) -> bool:
        """Hands over a job and does it once. False if the peer does not offer it."""
        return self.ask(f"load {job} -- {' '.join(map(str, paths))}") == "ok"

    def run(self, times: int) -> float:
        """Seconds for one time."""
        return float(self.ask(f"run {times}")) / times

    def results(self, folder: Path) -> None:
        self.ask(f"results {folder}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
