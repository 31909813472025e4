"""The machine and the versions, so that a figure can be read a year later."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import tomllib
from pathlib import Path

#: CPU features that kernels ask for.
FEATURES = ("sse4_1", "avx2", "fma", "avx512bw", "avx512_vnni", "avx_vnni", "asimd", "sve")


def pin() -> int | None:
    """Holds this process and its children on one CPU, the last that it may use."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    cpu = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpu})
    return cpu


def peak_bytes(pid: int) -> int | None:
    """The largest resident size of a process so far (Linux: VmHWM); None where it is not told.

    ``getrusage`` would count what the parent had at the fork, too.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def locked_versions(lock: Path) -> dict[str, str]:
    """Versions by crate; of several the newest."""
    packages = tomllib.loads(lock.read_text())["package"]
    return {package["name"]: package["version"] for package in packages}


def facts(root: Path, pinned: int | None, args) -> dict:
    info = cpu_info()
    flags = (info.get("flags") or info.get("Features") or "").split()
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "pilaf": output("git", "-C", str(root), "describe", "--always", "--dirty"),
        "cpu": info.get("model name") or platform.processor() or platform.machine(),
        "cpus": os.cpu_count(),
        "features": [feature for feature in FEATURES if feature in flags],
        "pinned_to_cpu": pinned,
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "rustc": output("rustc", "--version"),
        "python": platform.python_version(),
        "rounds": args.rounds,
        "slice_s": args.slice,
    }


def cpu_info() -> dict[str, str]:
    """The first CPU of /proc/cpuinfo."""
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
