"""Images that were opened, and the settings of opening.

>>> from pilaf import Image, ImageFile
>>> parser = ImageFile.Parser()
>>> parser.feed(Image.new("L", (3, 2)).encode("PNG"))
>>> parser.image.size
(3, 2)
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, ClassVar, NamedTuple

from . import Image, _pilaf
from ._pilaf import Core, File, Limits
from ._source import ImageSource, encoded, in_memory, name_of

if TYPE_CHECKING:
    from typing_extensions import Self

MAXBLOCK = 65536
"""Kept because programs set it; pilaf reads and writes whole files."""

LOAD_TRUNCATED_IMAGES = False
"""Whether a JPEG or PNG file that is cut off or broken is decoded as far as it goes. Default: no,
loading it raises. Programs may change it; `truncated=` of :func:`pilaf.Image.open` is the same for
one image."""


class _Tile(NamedTuple):
    codec_name: str
    extents: tuple[int, int, int, int] | None
    offset: int = 0
    args: Any = None


class ImageFile(Image.Image):
    """An image that was opened from a file of a format.

    For a format that pilaf does not have, derive from it as for Pillow: `_open` reads the header
    from `self.fp`, sets `_size` and `_mode` and either `tile`, of the codec `"raw"`, or has `load`
    overridden. `Image.register_open` then makes `Image.open` know it.

    :param fp: as for :func:`pilaf.Image.open`.
    :param filename: the name to give the image when `fp` is no path.
    :raises SyntaxError: it is another format.
    """

    _open: Callable[[], None] | None = None  # by formats in Python
    fp: IO[bytes] | None = None
    custom_mimetype: str | None = None
    """The media type, where it is not the format's usual one."""
    _min_frame: ClassVar[int] = 0
    _loading = False  # whether a format in Python is at it

    def __init__(self, fp: ImageSource, filename: str | bytes | None = None) -> None:
        super().__init__()
        self.tile: list[_Tile] = []
        self.filename = name_of(fp if filename is None else filename)
        if self._open is None:
            source = encoded(fp)
            try:
                file = _pilaf.open(source, [self.format or ""], Image._default_limits(), False)
            except _pilaf.UnidentifiedImageError as error:
                raise SyntaxError(f"not a {self.format} file: {error}") from error
            self._take(file)
            return
        source = encoded(fp)
        self.fp = io.BytesIO(in_memory(source))
        try:
            self._open()
        except (IndexError, TypeError, KeyError, EOFError, ValueError) as error:
            raise SyntaxError(str(error)) from error
        if not self._mode or min(self._size) <= 0:
            raise SyntaxError("not identified by this driver")

    @classmethod
    def _opened(cls, file: File, filename: str) -> Self:
        """An image of a file that was opened already."""
        image = cls.__new__(cls)
        Image.Image.__init__(image)
        image.tile = []
        image.filename = filename
        image._take(file)
        return image

    def _take(self, file: File) -> None:
        self._file = file
        self._size, self._mode = file.size, file.mode
        self.info = file.metadata()

    def _decode(self, file: File | None) -> Core:
        if file is not None:
            return file.load(LOAD_TRUNCATED_IMAGES)
        if self.tile and self.fp is not None:
            return self._load_tiles(self.fp)
        if type(self).load is not ImageFile.load and not self._loading:
            self._loading = True
            try:
                self.load()
            finally:
                self._loading = False
            if self._core is not None:
                return self._core
        raise OSError("cannot load this image")

    def _load_tiles(self, file: IO[bytes]) -> Core:
        """Pixels as they are in the file: what a format in Python asks for."""
        core = Core(self._mode, self._size)
        for codec, extents, offset, args in self.tile:
            if codec != "raw" or extents not in (None, (0, 0, *self._size)):
                raise OSError(f"decoder {codec} not available")
            rawmode, stride, order = args if isinstance(args, tuple) else (args, 0, 1)
            file.seek(offset)
            _pilaf.unpack(core, rawmode or self._mode, file.read(), stride, order < 0)
        self.tile = []
        return core

    def load_prepare(self) -> None:
        """For formats in Python: makes the pixels that `load` fills."""
        if self._core is None:
            self._set_core(Core(self._mode, self._size))

    def get_format_mimetype(self) -> str | None:
        """The media type, such as `"image/png"`."""
        return self.custom_mimetype or Image.MIME.get((self.format or "").upper())

    def verify(self) -> None:
        """Looks for damage without decoding pixels, as far as the format has checksums: a PNG.

        :raises OSError: the file is broken; the message says where.
        """
        if self._file is not None:
            self._file.verify()

    def close(self) -> None:
        if self.fp is not None:
            self.fp.close()
            self.fp = None
        super().close()

    close.__doc__ = Image.Image.close.__doc__

    def __getstate__(self) -> list[Any]:
        return [*super().__getstate__(), self.filename]

    def __setstate__(self, state: list[Any]) -> None:
        super().__setstate__(state[:5])
        self.tile = []
        self.filename = state[5]


class StubImageFile(ImageFile):
    """A format whose pixels another program must read; kept for programs that derive from it."""


class Parser:
    """Opens an image from bytes that come in pieces.

    Feed it until `image` is not None; that tells size and mode. `close` returns the image with its
    pixels.

    :param limits: what the image may cost. Default: as for :func:`pilaf.Image.open`.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.image: Image.Image | None = None
        self._limits = limits
        self._data = bytearray()
        self._tried = 0

    def reset(self) -> None:
        """Allowed only before anything was fed, as in Pillow.

        :raises AssertionError: something was.
        """
        assert not self._data, "cannot reuse parsers"

    def feed(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._data += data
        # A header that goes on is tried again when there is half as much more of it, so that many
        # small pieces do not cost the square of their number.
        if self.image is None and len(self._data) >= self._tried + self._tried // 2:
            self._try()

    def _try(self) -> None:
        self._tried = len(self._data)
        try:
            self.image = Image.open(bytes(self._data), limits=self._limits)
        except OSError:
            pass  # not enough yet, or no image: `close` tells

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def close(self) -> Image.Image:
        """The image, decoded.

        :raises OSError: the bytes are no image, or there are not enough of them.
        """
        if self.image is None:
            self._try()
        if self.image is None:
            raise OSError("cannot parse this image")
        self.image = Image.open(bytes(self._data), limits=self._limits)
        self.image.load()
        return self.image
