"""Measurements as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json


def as_json(facts, notices, results, memory) -> str:
    whole = {"machine": facts, "notices": notices, "times": results, "memory": memory}
    return json.dumps(whole, indent=1) + "\n"


def markdown(facts, notices, results, memory) -> str:
    parts = [header(facts, notices)]
    parts += [times_table(result) for result in results]
    if memory:
        parts.append(memory_table(memory))
    parts.append(versions(results))
    return "\n".join(parts)


def header(facts, notices) -> str:
    pinned = facts["pinned_to_cpu"]
    place = "not pinned" if pinned is None else f"all peers pinned to CPU {pinned}"
    lines = [
        "# pilaf beside its peers",
        "",
        f"- {facts['date']}, pilaf {facts['pilaf']}",
        f"- {facts['cpu']}, {facts['cpus']} CPUs ({' '.join(facts['features'])}), {place}, "
        f"load average {facts['load_average']:.1f}",
        f"- {facts['system']}, {facts['rustc']}, Python {facts['python']}",
        f"- one thread; {facts['rounds']} rounds, in each every peer in turn for "
        f"{facts['slice_s'] * 1000:.0f} ms or more, each in a process of its own",
        "- ratio: time of the peer / time of pilaf in the same language, median over the rounds; "
        "above 1 pilaf is faster",
        "- against Pillow: `equal` pixels, or the PSNR (of several files the worst)",
    ]
    lines += [f"- input {name}: {text}" for name, text in facts["inputs"].items()]
    lines += [f"- **{notice}**" for notice in notices]
    return "\n".join(lines) + "\n"


def times_table(result) -> str:
    lines = [f"## {result['title']} ({result['input']})", ""]
    if result["note"]:
        lines += [result["note"], ""]
    lines += [
        "| peer | language | median | best | ratio | against Pillow |",
        "|---|---|--:|--:|--:|---|",
    ]
    lines += [
        f"| {row['peer']} | {row['language']} | {duration(row['median_s'])} | "
        f"{duration(row['best_s'])} | {row['ratio']:.2f} | {row['against_pillow']} |"
        for row in result["rows"]
    ]
    return "\n".join(lines) + "\n"


def memory_table(memory) -> str:
    lines = [
        f"## Peak memory of the whole process: {memory['title']} ({memory['input']})",
        "",
        "| peer | language | peak | before the job | for the job |",
        "|---|---|--:|--:|--:|",
    ]
    for row in memory["rows"]:
        peak, before = (row[key] / 2**20 for key in ("peak_bytes", "before_bytes"))
        lines.append(
            f"| {row['peer']} | {row['language']} | {peak:.1f} MiB | {before:.1f} MiB | "
            f"{peak - before:.1f} MiB |"
        )
    if not memory["rows"]:
        lines.append("| not measured: this system has no /proc | | | | |")
    return "\n".join(lines) + "\n"


def versions(results) -> str:
    named = {v for result in results for row in result["rows"] for v in row["versions"]}
    return "Versions: " + ", ".join(sorted(named, key=str.lower)) + ".\n"


def duration(seconds: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}" if factor == 1 else f"{seconds * factor:.2f} ms"
    return f"{seconds * 1e6:.1f} µs"
