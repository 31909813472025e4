from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    #: What the peers are told: a method of the signature and its arguments.
    command: str
    #: "jpeg" or "pixels".
    takes: str
    #: "jpeg", "pixels" or "size".
    gives: str
    #: Names of sets of inputs.
    inputs: tuple[str, ...] = ("synthetic",)
    #: What a reader of the table must know.
    note: str = ""
