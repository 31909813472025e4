"""Instructions that decoding a JPEG takes: pilaf (AVX2) beside libjpeg-turbo, by callgrind.

    bench/run instructions                      # the photograph of bench/run jpeg
    bench/run instructions PHOTO.jpg "400 px"   # another one, some cases (named as there)

Needs valgrind, which has no AVX-512. A count is the difference between a run of three decodings and
a run of one, halved: it has the decoding alone, and none of the input's making. Counts hardly vary;
times do, and depend on more than counts.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = [
    f"{case} {scale}"
    for case in ("whole", "400 px", "341 progressive")
    for scale in ("1/1", "1/2", "1/4", "1/8")
]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench/run instructions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("photo", type=Path)
    parser.add_argument("cases", nargs="*", default=CASES)
    args = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("bench: valgrind is not installed: on Debian, apt-get install valgrind")
    print(f"{'millions of instructions':24} {'turbo':>8} {'pilaf':>8} {'ratio':>6}")
    for case in args.cases:
        theirs, ours = (per_decoding(args.photo, case, who) for who in ("turbo", "avx2"))
        print(f"{case:24} {theirs / 1e6:8.2f} {ours / 1e6:8.2f} {theirs / ours:6.2f}", flush=True)


def per_decoding(photo: Path, case: str, who: str) -> float:
    one, three = (instructions(photo, rounds, case, who) for rounds in (1, 3))
    return (three - one) / 2


def instructions(photo: Path, rounds: int, case: str, who: str) -> int:
    jpeg = ROOT / "bench/target/release/jpeg"
    command = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        jpeg,
        photo,
        str(rounds),
        case,
        who,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(done.stderr)
    return int(found[1])


if __name__ == "__main__":
    main()
