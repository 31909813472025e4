"""What pilaf's file objects promise beyond the standard library's behaviour."""

from __future__ import annotations

import copy
import gc
import io
import os
import pickle
import random
import re
import subprocess
import sys
import threading
import time
import weakref
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pilaf.io import BytesIO, SpooledTemporaryFile

BODY = bytes(range(256)) * 4096


def test_bytes_go_in_and_come_out_without_a_copy() -> None:
    references = sys.getrefcount(BODY)
    file = BytesIO(BODY)
    assert file.getvalue() is BODY and file.read() is BODY
    assert sys.getrefcount(BODY) == references + 1
    file.seek(10)
    file.write(b"changed")
    assert sys.getrefcount(BODY) == references
    assert BODY[10:17] != b"changed" == file.getvalue()[10:17]


def test_what_was_given_out_never_changes() -> None:
    file = BytesIO()
    file.write(b"one")
    first = file.getvalue()
    file.write(b"two")
    second = file.getvalue()
    file.seek(0)
    file.write(b"X")
    file.truncate(2)
    assert (first, second, file.getvalue()) == (b"one", b"onetwo", b"Xn")


@pytest.mark.parametrize(
    "make", [BytesIO, lambda body: spooled(body), lambda body: spooled(body, 10)]
)
def test_a_clone_has_its_own_position_and_contents(make) -> None:
    file = make(BODY)
    file.seek(5)
    clone = file.clone()
    assert type(clone) is type(file) and clone.tell() == 5
    clone.seek(0)
    assert clone.read(3) == BODY[:3] and file.read(3) == BODY[5:8]
    file.seek(0)
    file.write(b"mine")
    clone.seek(2)
    clone.write(b"theirs")
    assert file.getvalue() == b"mine" + BODY[4:]
    assert clone.getvalue() == BODY[:2] + b"theirs" + BODY[8:]
    file.close()
    assert clone.read(1) == BODY[8:9]


def spooled(body: bytes, max_size: int = 0) -> SpooledTemporaryFile:
    file = SpooledTemporaryFile(max_size)
    file.write(body)
    return file


@pytest.mark.parametrize("make", [BytesIO, lambda body: spooled(body)])
def test_a_clone_costs_nothing(make) -> None:
    file = make(bytes(64 << 20))
    clones = [file.clone() for _ in range(1000)]  # copies would take 64 GB
    assert all(clone.seek(0, 2) == 64 << 20 for clone in clones)
    if make is BytesIO:
        assert clones[0].getvalue() is clones[-1].getvalue() is file.getvalue()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_clones_of_a_file_on_the_disk_share_it() -> None:
    with spooled(BODY, 10) as file:
        before = len(os.listdir("/proc/self/fd"))
        clones = [file.clone() for _ in range(50)]
        assert len(os.listdir("/proc/self/fd")) == before
        clones[0].write(b"x")  # parts it from the others
        assert len(os.listdir("/proc/self/fd")) == before + 1
        for clone in clones:
            clone.close()
        assert file.getvalue() == BODY


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_file_has_no_name(tmp_path: Path) -> None:
    with SpooledTemporaryFile(1, dir=tmp_path) as file:
        file.write(b"12345")
        assert list(tmp_path.iterdir()) == []
        link = os.readlink(f"/proc/self/fd/{file.fileno()}")
    # What O_TMPFILE makes is "#", a number, "(deleted)"; a file that was removed keeps its name.
    assert re.fullmatch(rf"{re.escape(str(tmp_path))}/#\d+ \(deleted\)", link), link


def test_the_mode_only_tells_text_from_binary() -> None:
    for mode in ("rb", "w+b"):
        with SpooledTemporaryFile(mode=mode) as file:
            assert file.write(b"a") == 1 and file.getvalue() == b"a"


def test_text_is_cloned_with_its_encoding() -> None:
    with SpooledTemporaryFile(4, "w+", encoding="utf-16", newline="") as file:
        file.write("äöü\r\n")
        clone = file.clone()
        clone.write("more")
        clone.seek(0)
        file.seek(0)
        assert (file.read(), clone.read()) == ("äöü\r\n", "äöü\r\nmore")
        clone.close()


def test_a_view_fixes_the_size() -> None:
    file = BytesIO(b"12345")
    with file.getbuffer() as view:
        for change in (lambda: file.write(b"1"), file.truncate, file.close, file.__init__):
            with pytest.raises(BufferError):
                change()
        view[1] = ord("X")
        value = file.getvalue()
        view[2] = ord("Y")
        assert (value, file.getvalue()) == (b"1X345", b"1XY45")
        assert file.clone().getvalue() == b"1XY45"
    assert file.write(b"a") == 1


def test_it_is_an_ordinary_object() -> None:
    class Named(BytesIO):
        name = "upload.jpg"

        def __init__(self, body: bytes, size: int) -> None:
            super().__init__(body[:size])

    file = Named(BODY, 6)
    file.owner = "me"  # type: ignore[attr-defined]
    file.seek(3)
    assert isinstance(file, (io.BufferedIOBase, io.IOBase)) and weakref.ref(file)() is file
    twin = copy.copy(file)
    assert (type(twin), twin.read(), twin.owner) == (Named, BODY[3:6], "me")
    plain = pickle.loads(pickle.dumps(BytesIO(b"abc")))
    assert type(plain) is BytesIO and plain.read() == b"abc"
    file.itself = file  # type: ignore[attr-defined]
    gone = weakref.ref(file)
    del file
    gc.collect()
    assert gone() is None


def test_closing_is_left_to_subclasses_when_they_are_dropped() -> None:
    closed = []

    class Watched(BytesIO):
        def close(self) -> None:
            closed.append(self.getvalue())
            super().close()

    Watched(b"abc")
    assert closed == [b"abc"]


def test_sizeof_counts_what_nobody_else_has() -> None:
    shared, own = BytesIO(BODY), BytesIO()
    own.write(BODY)
    assert sys.getsizeof(shared) < 300 < len(BODY) <= sys.getsizeof(own)


def test_other_layers_stack_on_top() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.bin", BODY)
    with zipfile.ZipFile(archive.clone()) as source:
        assert source.read("a.bin") == BODY
    with io.TextIOWrapper(BytesIO("ä\nö".encode()), "utf-8") as text:
        assert list(text) == ["ä\n", "ö"]
    assert io.BufferedReader(BytesIO(BODY)).peek(1)[:1] == BODY[:1]


IOBASE = {
    "fileno", "seek", "truncate", "close", "closed", "__enter__", "__exit__", "flush", "isatty",
    "__iter__", "__next__", "readable", "readline", "readlines", "seekable", "tell", "writable",
    "writelines", "detach", "read", "read1", "write", "readinto", "readinto1",
}  # fmt: skip


def test_the_interface_of_iobase_is_complete() -> None:
    for kind in (BytesIO, SpooledTemporaryFile):
        assert IOBASE <= set(dir(kind))
    assert set(dir(io.BytesIO)) <= set(dir(BytesIO))
    assert isinstance(SpooledTemporaryFile(), io.IOBase)


def test_the_size_is_checked_before_the_write(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with SpooledTemporaryFile(4, dir=missing) as file:
        file.write(b"abcd")
        with pytest.raises(FileNotFoundError):
            file.write(b"e")
        assert (file._rolled, file.tell(), file.getvalue()) == (False, 4, b"abcd")
        missing.mkdir()
        file.write(b"e")
        assert (file._rolled, file.getvalue()) == (True, b"abcde")
        assert list(missing.iterdir()) == []


FULL_DISK = """
import errno, resource, signal
from pilaf.io import SpooledTemporaryFile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for first in (b"a" * 990, b"a" * 2000):
    file = SpooledTemporaryFile(max_size=100 if len(first) < 1000 else 2000)
    file.write(first)
    for _ in range(3):
        try:
            file.write(b"b" * 50)
        except OSError as error:
            assert error.errno == errno.EFBIG and str(error).startswith("[Errno 27] "), error
        else:
            raise SystemExit("no error")
        assert file.tell() == len(first), file.tell()
        assert file.getvalue() == first
    assert file._rolled == (len(first) < 1000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
def test_a_full_disk_loses_nothing() -> None:
    subprocess.run([sys.executable, "-c", FULL_DISK], check=True)


FAILING_FLUSH = """
import errno, os, resource, signal
from pilaf.io import SpooledTemporaryFile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def refused(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        assert error.errno == errno.EFBIG, error
    else:
        raise SystemExit("no error")

hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
file = SpooledTemporaryFile(max_size=100)
file.write(b"a" * 9000)  # too much to be held
assert file.write(b"held") == 4
body = b"a" * 9000 + b"held"
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
for _ in range(3):
    refused(file.flush)
    refused(file.fileno)
    refused(file.write, b"b" * 20_000)
    file.seek(2000)
    refused(file.write, b"b")
    assert (file.tell(), file.getvalue(), file.clone().read()) == (2000, body, body[2000:])
    file.seek(0, 2)
    assert file.tell() == len(body)
assert file.write(b"!") == 1  # beside what is held there is room
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
file.flush()
assert os.pread(file.fileno(), 10_000, 0) == file.getvalue() == body + b"!"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
def test_what_a_failing_flush_holds_stays_readable() -> None:
    subprocess.run([sys.executable, "-c", FAILING_FLUSH], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="the name is a handle there")
@pytest.mark.parametrize("count", [1, 500, 3000])
def test_the_descriptor_shows_every_small_write(count: int) -> None:
    with SpooledTemporaryFile(1) as file:
        file.writelines([b"0123456789"] * count)
        body, descriptor = b"0123456789" * count, file.fileno()
        assert os.fstat(descriptor).st_size == len(body)
        assert os.pread(descriptor, len(body) + 1, 0) == body
        file.write(b"later")
        assert os.pread(descriptor, len(body) + 9, 0) == body + b"later"
        os.pwrite(descriptor, b"theirs", len(body) + 5)
        assert file.getvalue() == body + b"latertheirs"


@pytest.mark.skipif(sys.platform == "win32", reason="handles are passed otherwise")
def test_a_subprocess_reads_on_where_the_file_is() -> None:
    with SpooledTemporaryFile() as file:
        file.write(b"header\nbody\n")
        file.seek(7)
        result = subprocess.run(["cat"], stdin=file, capture_output=True, check=True)
        assert result.stdout == b"body\n"
        assert os.fstat(file.fileno()).st_size == 12


def test_detach_gives_up_the_file() -> None:
    with SpooledTemporaryFile(2) as file:
        with pytest.raises(io.UnsupportedOperation):
            file.detach()
        file.write(b"abc")
        file.seek(1)
        with file.detach() as raw:
            assert raw.read() == b"bc"
        assert file.closed


@pytest.mark.parametrize(
    "make", [BytesIO, SpooledTemporaryFile, lambda: SpooledTemporaryFile(1000)]
)
def test_threads_share_a_file(make) -> None:
    file, start = make(), threading.Barrier(4)

    def work(number: int) -> None:
        start.wait()
        for _ in range(500):
            file.write(bytes([number]) * 10)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    value = file.getvalue()
    pieces = [value[at : at + 10] for at in range(0, len(value), 10)]
    assert sorted(pieces) == sorted(bytes([number]) * 10 for number in range(4) for _ in range(500))
    file.close()


def test_threads_read_clones() -> None:
    with spooled(BODY, 10) as file, ThreadPoolExecutor(4) as pool:

        def read(_: int) -> bytes:
            with file.clone() as own:
                own.seek(0)
                return b"".join(iter(lambda: own.read(1000), b""))

        assert set(pool.map(read, range(8))) == {BODY}


MAKERS = [BytesIO, SpooledTemporaryFile, lambda: SpooledTemporaryFile(5000)]


@pytest.mark.parametrize("make", MAKERS)
def test_threads_do_not_corrupt(make) -> None:
    """All kinds of calls at once: every one of them happens as a whole, and none fails."""
    file, start = make(), threading.Barrier(6)
    record = 16

    def write(seed: int) -> None:
        start.wait()
        for _ in range(400):
            file.write(bytes([65 + seed]) * record)

    def look(seed: int) -> None:
        chance = random.Random(seed)
        start.wait()
        for _ in range(400):
            value = file.getvalue()
            assert len(value) % record == 0
            assert all(
                len(set(value[at : at + record])) == 1 for at in range(0, len(value), record)
            )
            with file.clone() as clone:
                assert clone.tell() % record == 0
                clone.seek(chance.randrange(100) * record)
                assert len(set(clone.read(record))) <= 1
                clone.write(b"!")
                clone.truncate(3)

    with ThreadPoolExecutor(6) as pool:
        work = [pool.submit(write, n) for n in range(3)] + [pool.submit(look, n) for n in range(3)]
        for one in work:
            one.result()
    assert len(file.getvalue()) == 3 * 400 * record
    file.close()


@pytest.mark.parametrize("make", MAKERS)
def test_closing_while_others_work_is_an_error_and_no_crash(make) -> None:
    for _ in range(30):
        file, start = make(), threading.Barrier(4)

        def work(file=file, start=start) -> int:
            start.wait()
            done = 0
            try:
                while done < 10_000:
                    file.write(b"0123456789")
                    file.seek(0)
                    assert file.read(10) in (b"0123456789", b"")
                    done += 1
            except ValueError as error:
                assert "closed" in str(error)
            return done

        def close(file=file, start=start) -> None:
            start.wait()
            time.sleep(0.0005)
            file.close()

        with ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(work) for _ in range(3)]
            pool.submit(close).result()
            assert all(worker.result() <= 10_000 for worker in workers)


def test_views_and_writers_do_not_meet() -> None:
    file, start = BytesIO(b"x" * 1000), threading.Barrier(4)

    def view() -> None:
        start.wait()
        for _ in range(1000):
            with file.getbuffer() as buffer:
                assert len(buffer) % 10 == 0
                buffer[0] = 120

    def write() -> None:
        start.wait()
        for _ in range(1000):
            try:
                file.write(b"0123456789")
            except BufferError:
                pass

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(view), pool.submit(view), pool.submit(write), pool.submit(write)]:
            one.result()
