"""Times in turns, and the memory of whole processes."""

from __future__ import annotations

import math
import statistics
import tempfile
from pathlib import Path

from . import likeness, machine
from .worker import Worker


def times(job, files, workers, args) -> dict:
    """Every peer does the job in every round; the order turns, so that none is always first."""
    paths = files.jpegs if job.takes == "jpeg" else files.pixels
    able = [worker for worker in workers if worker.load(job.command, paths)]
    repeats = {worker: math.ceil(args.slice / worker.run(1)) for worker in able}
    seconds = {worker: [] for worker in able}
    for turn in range(args.rounds):
        start = turn % len(able)
        for worker in able[start:] + able[:start]:
            seconds[worker].append(worker.run(repeats[worker]))
    alike = compare_results(job, able, len(paths))
    ours = {w.peer.language: seconds[w] for w in able if w.peer.name == "pilaf"}
    rows = [
        {
            "peer": worker.peer.name,
            "language": worker.peer.language,
            "versions": worker.peer.versions,
            "median_s": statistics.median(seconds[worker]),
            "best_s": min(seconds[worker]),
            "ratio": ratio(seconds[worker], ours[worker.peer.language]),
            "against_pillow": alike[worker],
            "rounds_s": seconds[worker],
        }
        for worker in able
    ]
    return {
        "job": job.name,
        "title": job.title,
        "note": job.note,
        "input": files.name,
        "command": job.command,
        "rows": rows,
    }


def ratio(theirs: list[float], ours: list[float]) -> float:
    """The median of the ratios within each round: what slows the machine slows both."""
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


def compare_results(job, workers, count: int) -> dict[Worker, str]:
    """How each result differs from that of Pillow, if Pillow takes part."""
    with tempfile.TemporaryDirectory() as name:
        folders = {}
        for index, worker in enumerate(workers):
            folders[worker] = Path(name) / str(index)
            folders[worker].mkdir()
            worker.results(folders[worker])
        reference = next((folders[w] for w in workers if w.peer.name == "Pillow"), None)
        if reference is None:
            return dict.fromkeys(workers, "")
        return {w: likeness.describe(job.gives, folders[w], reference, count) for w in workers}


def memory(job, files, peers) -> dict:
    """The most memory that a fresh process has while it does the job once."""
    rows = []
    for peer in peers:
        worker = Worker(peer)
        try:
            worker.ask("ready")
            before = machine.peak_bytes(worker.process.pid)
            if before is not None and worker.load(job.command, files.jpegs):
                peak = machine.peak_bytes(worker.process.pid)
                rows.append(
                    {
                        "peer": peer.name,
                        "language": peer.language,
                        "peak_bytes": peak,
                        "before_bytes": before,
                    }
                )
        finally:
            worker.close()
    return {"job": job.name, "title": job.title, "input": files.name, "rows": rows}
