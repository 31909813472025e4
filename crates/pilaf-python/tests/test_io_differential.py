"""Random sequences of operations on pilaf's file objects and on the standard library's."""

from __future__ import annotations

import io
import itertools
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pilaf.io

#: Before 3.11 the standard library's spooled file lacks methods and results of IOBase
#: (`truncate()` returns None); pilaf's behaves as from 3.11 on everywhere, see COMPAT.md.
SINCE_3_11 = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="pilaf's spooled file is that of Python 3.11 and later"
)

LINES = st.lists(st.sampled_from([b"\n", b"a", b"bc", b"\x00", b"\xff" * 9]), max_size=12).map(
    b"".join
)
SMALL = st.integers(-5, 60)
HUGE = st.sampled_from([2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1])
SIZE = SMALL | st.none() | HUGE
NONSENSE = st.sampled_from([1.5, "1", b"1", object])
PAYLOAD = LINES | LINES.map(bytearray) | LINES.map(memoryview)

Operation = tuple[str, tuple[Any, ...]]


def call(name: str, *arguments: Any) -> st.SearchStrategy[Operation]:
    return st.tuples(st.just(name), st.tuples(*arguments))


COMMON = [
    call("read"),
    call("read", st.integers(-1, 60) | st.none()),
    call("readline"),
    call("readline", st.integers(-1, 60) | st.none()),
    call("readlines"),
    call("readlines", SMALL | st.none()),
    call("readinto", st.integers(0, 40).map(lambda size: memoryview(bytearray(size)))),
    call("write", PAYLOAD),
    call("write", PAYLOAD),
    call("write", PAYLOAD),
    call("write", st.sampled_from(["text", None, 3])),
    call("writelines", st.lists(PAYLOAD, max_size=4)),
    call("seek", SMALL),
    call("seek", SMALL, st.integers(0, 2)),
    call("tell"),
    call("flush"),
    call("readable"),
    call("writable"),
    call("seekable"),
    call("isatty"),
    call("__next__"),
]
BYTES_IO = [
    *COMMON,
    call("read", SIZE | NONSENSE),
    call("readline", SIZE),
    call("read1", SIZE),
    call("readinto1", st.integers(0, 40).map(lambda size: memoryview(bytearray(size)))),
    call("seek", HUGE | NONSENSE),
    call("seek", SMALL, st.integers(-1, 4)),
    call("seek"),
    call("seek", SMALL, SMALL, SMALL),
    call("truncate"),
    call("truncate", SIZE | NONSENSE),
    call("getvalue"),
    call("detach"),
    call("fileno"),
    call("__init__"),
    call("__init__", PAYLOAD | st.sampled_from([None, "text", 7])),
    call("__getstate__"),
    call(
        "__setstate__",
        st.tuples(PAYLOAD | NONSENSE, SMALL | NONSENSE, st.none() | st.just({"a": 1})),
    ),
    call("__setstate__", st.sampled_from([(b"",), None, [b"", 0, None]])),
    call("close"),
]
# Past max_size the standard library's class is another one: it has other words for errors, takes
# no count below -1, and an unlimited read1 returns what happens to be buffered. Ours is one class,
# so that none of these is compared.
SPOOLED = [
    *COMMON,
    call("truncate"),
    call("truncate", st.integers(0, 60)),
    call("rollover"),
]


def outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        result = function(*arguments)
    except Exception as error:
        text = str(error).replace("_io.", "").replace("pilaf.io.", "")
        return type(error), text
    for argument in arguments:
        if isinstance(argument, memoryview) and not argument.readonly:
            return result, bytes(argument)
    return result


# A closed file says so before it looks at what it is to hold.
@example(start=b"", steps=[("close", ()), ("__init__", ("text",))])
@settings(max_examples=400, deadline=None)
@given(start=PAYLOAD, steps=st.lists(st.one_of(BYTES_IO), max_size=60))
def test_bytes_io_does_what_the_standard_librarys_does(
    start: bytes, steps: list[Operation]
) -> None:
    theirs, ours = io.BytesIO(start), pilaf.io.BytesIO(start)
    for name, arguments in steps:
        before = None if ours.closed else ours.__getstate__()
        expected = outcome(getattr(theirs, name), arguments)
        assert outcome(getattr(ours, name), arguments) == expected, (name, arguments)
        if failed(expected) and expected[0] is MemoryError:
            # The standard library's is closed by that, ours is as it was.
            assert ours.__getstate__() == before
            theirs = io.BytesIO(ours.getvalue())
            theirs.seek(ours.tell())
        assert ours.closed == theirs.closed
        if name in ("__init__", "__setstate__") and failed(expected) and not theirs.closed:
            # The standard library's is half changed by then, ours as it was.
            theirs.__setstate__(ours.__getstate__())
        if not theirs.closed:
            assert ours.tell() == theirs.tell()
            assert ours.getvalue() == theirs.getvalue()


def failed(outcome: Any) -> bool:
    return isinstance(outcome, tuple) and isinstance(outcome[0], type)


def same_kind(ours: Any, theirs: Any) -> bool:
    """Whether both are the same result, or exceptions of which ours is at least as specific."""
    if failed(theirs):
        return failed(ours) and (issubclass(ours[0], theirs[0]) or issubclass(theirs[0], ours[0]))
    return bool(ours == theirs)


@SINCE_3_11
@settings(max_examples=300, deadline=None)
@given(max_size=st.sampled_from([0, 1, 20, 100]), steps=st.lists(st.one_of(SPOOLED), max_size=60))
def test_spooled_file_does_what_the_standard_librarys_does(
    max_size: int, steps: list[Operation]
) -> None:
    theirs = tempfile.SpooledTemporaryFile(max_size)
    ours = pilaf.io.SpooledTemporaryFile(max_size)
    with theirs, ours:
        for name, arguments in steps:
            function = next_of(theirs) if name == "__next__" else getattr(theirs, name)
            expected = outcome(function, arguments)
            result = outcome(getattr(ours, name), arguments)
            assert same_kind(result, expected), (name, arguments, result, expected)
            assert ours._rolled == theirs._rolled, (name, arguments)
            assert ours.mode == theirs.mode
            assert ours.tell() == theirs.tell(), (name, arguments)
        theirs.seek(0)
        assert ours.getvalue() == theirs.read()


def next_of(file: Any) -> Callable[[], bytes]:
    return lambda: next(iter(file))


TEXT = st.lists(st.sampled_from(["\n", "a", "é", "\r\n", "漢字", "\U0001f600"]), max_size=10).map(
    "".join
)
# Reading begins at the beginning and writing at the end: in between, the standard library reads
# what a write has not yet replaced.
START, END = ("seek", (0,)), ("seek", (0, 2))
TEXT_STEPS = [
    call("write", TEXT).map(lambda write: [END, write]),
    call("write", TEXT).map(lambda write: [END, write]),
    st.just([START, ("read", ())]),
    st.just([START, ("readline", ()), ("readline", (3,)), ("read", (5,))]),
    st.just([START, ("readlines", ())]),
    st.just([START, ("truncate", ())]),
    st.just([("rollover", ())]),
    st.just([("flush", ())]),
]


@SINCE_3_11
@settings(max_examples=200, deadline=None)
@given(
    max_size=st.sampled_from([0, 8, 30]),
    encoding=st.sampled_from(["utf-8", "utf-16", "latin-1"]),
    newline=st.sampled_from([None, "", "\n", "\r\n"]),
    steps=st.lists(st.one_of(TEXT_STEPS), max_size=30),
)
def test_spooled_text_does_what_the_standard_librarys_does(
    max_size: int, encoding: str, newline: str | None, steps: list[list[Operation]]
) -> None:
    options: dict[str, Any] = dict(encoding=encoding, newline=newline, errors="replace")
    theirs = tempfile.SpooledTemporaryFile(max_size, "w+", **options)
    ours = pilaf.io.SpooledTemporaryFile(max_size, "w+", **options)
    with theirs, ours:
        for name, arguments in itertools.chain.from_iterable(steps):
            expected = outcome(getattr(theirs, name), arguments)
            result = outcome(getattr(ours, name), arguments)
            assert same_kind(result, expected), (name, arguments, result, expected)
            assert ours._rolled == theirs._rolled, (name, arguments)
        assert (ours.encoding, ours.errors, ours.mode) == (theirs.encoding, theirs.errors, "w+")
        theirs.seek(0)
        ours.seek(0)
        assert ours.read() == theirs.read()
