"""File objects over raw bytes, implemented in Rust: drop-in for the standard library's.

`BytesIO` does what `io.BytesIO` does, and `SpooledTemporaryFile` what
`tempfile.SpooledTemporaryFile` does; both have `clone()`, which gives another reader of the same
contents in constant time, and may be used from several threads.

>>> from pilaf.io import BytesIO, SpooledTemporaryFile
>>> body = BytesIO(b"GIF89a...")            # copies nothing
>>> other = body.clone()
>>> body.read(3), other.read(6)
(b'GIF', b'GIF89a')
>>> with SpooledTemporaryFile(max_size=4) as file:
...     _ = file.write(b"12345")            # more than max_size: goes to an unnamed file
...     _ = file.seek(0)
...     file.read(), file._rolled
(b'12345', True)
"""

from __future__ import annotations

import io
import types
import warnings
from typing import Any

from . import _pilaf
from ._pilaf import BytesIO

__all__ = ["BytesIO", "SpooledTemporaryFile"]


class SpooledTemporaryFile(_pilaf.SpooledTemporaryFile):
    """A temporary file that stays in memory until it is larger than `max_size` bytes.

    Everything that `tempfile.SpooledTemporaryFile` does, with every method of `io.IOBase` on
    every version of Python. The size is checked before a write; when the disk is full the write
    fails and what was there stays readable. Which of reading and writing `mode` asks for makes no
    difference, and `buffering`, `suffix` and `prefix` none either: the file has no name.

    :param max_size: bytes held in memory at most; 0 for any number.
    :param mode: `"w+b"`, or a mode without `b` for text.
    :param encoding: of text; so are `newline` and `errors`, as for `open`.
    :param dir: the directory for the temporary file. Default: `tempfile.gettempdir()`.
    """

    __class_getitem__: Any = classmethod(types.GenericAlias)

    def __del__(self) -> None:
        if not self.closed:
            warnings.warn(f"Unclosed file {self!r}", ResourceWarning, stacklevel=2, source=self)
            self.close()


io.BufferedIOBase.register(BytesIO)
io.IOBase.register(SpooledTemporaryFile)
