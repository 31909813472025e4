"""pilaf beside its peers: the same jobs, in turns, in one run."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from harness import inputs, machine, measure, report
from harness.worker import Worker, all_peers
from jobs import JOBS, MEMORY_JOB

ROOT = Path(__file__).resolve().parent.parent


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--jobs", default="", help="only jobs whose name contains this")
    parser.add_argument(
        "--peers", default="", help="only peers whose name contains this, and pilaf"
    )
    parser.add_argument("--rounds", type=int, default=9, help="turns of each peer [%(default)s]")
    parser.add_argument(
        "--slice",
        type=float,
        default=0.05,
        metavar="SECONDS",
        help="at least so long a turn [%(default)s]",
    )
    parser.add_argument("--quick", action="store_true", help="3 short rounds: a look, no figures")
    parser.add_argument("--no-pin", action="store_true", help="do not hold all peers on one CPU")
    parser.add_argument(
        "--photos",
        type=Path,
        default=ROOT.parent / "shared/corpus/photos",
        help="a folder of JPEG photos [../shared/corpus/photos]",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "out/bench", help="[out/bench]")
    parser.add_argument("--name", default="compare", help="name of the report [%(default)s]")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.slice = 3, 0.01
    return args


def main() -> None:
    args = parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    pinned = None if args.no_pin else machine.pin()
    sets, notices = inputs.prepare(ROOT, args.out / "inputs", args.photos)
    peers = [p for p in all_peers(ROOT) if args.peers in p.name or p.name == "pilaf"]
    jobs = [job for job in JOBS if args.jobs in job.name]
    if not jobs:
        sys.exit(f"bench: no job is named like {args.jobs!r}: {', '.join(j.name for j in JOBS)}")

    workers = [Worker(peer) for peer in peers]
    results = []
    try:
        for job in jobs:
            for name in job.inputs:
                if name in sets:
                    print(f"bench: {job.name} ({name})", file=sys.stderr, flush=True)
                    results.append(measure.times(job, sets[name], workers, args))
    finally:
        for worker in workers:
            worker.close()
    memory = None
    if not args.jobs:
        print("bench: memory", file=sys.stderr, flush=True)
        memory = measure.memory(MEMORY_JOB, sets["synthetic"], peers)

    facts = machine.facts(ROOT, pinned, args)
    facts["inputs"] = {name: files.description for name, files in sets.items()}
    text = report.markdown(facts, notices, results, memory)
    (args.out / f"{args.name}.md").write_text(text)
    (args.out / f"{args.name}.json").write_text(report.as_json(facts, notices, results, memory))
    print(text)
    print(f"written: {os.path.relpath(args.out)}/{args.name}.md and .json", file=sys.stderr)


if __name__ == "__main__":
    main()
