"""What every area of `Image` stands on: pixels that are decoded when they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .. import _pilaf
from .._pilaf import Core, File, PixelAccess

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..Image import Image
    from ..ImagePalette import ImagePalette
    from .exif import Exif


class BaseImage:
    """Size, mode and the pixels behind them, which an opened image decodes on first use."""

    format: str | None = None
    """The file format the image was read from, `"JPEG"` or `"PNG"`; None if it was made."""

    format_description: str | None = None
    """The name of the format in words."""

    filename: str = ""
    """The path the image was opened from, if it was."""

    encoded_size: int | None = None
    """How many bytes of its source the image took, if it was opened with `start=`; None if the
    source ends before the image does."""

    quantization: dict[int, list[int]] | None = None
    """The quantization tables of the JPEG file the image was read from, row by row."""

    subsampling: int | None = None
    """0, 1 or 2 if the image was read from a JPEG file in 4:4:4, 4:2:2 or 4:2:0."""

    _plain: ClassVar[type[Image]]
    """The class of images that were made; set where it is defined."""

    readonly: int = 0
    """0: the pixels can be written to. Of Pillow's images some cannot."""

    def __init__(self) -> None:
        self.info: dict[Any, Any] = {}
        """What the file carries beside its pixels, under Pillow's keys."""
        self._core: Core | None = None
        self._file: File | None = None
        self._size = (0, 0)
        self._mode = ""
        self._closed = False
        self._drafted = False
        self._palette: ImagePalette | None = None
        self._exif: Exif | None = None
        self.encoderinfo: dict[str, Any] = {}

    @classmethod
    def _from_core(cls, core: Core, info: dict[Any, Any] | None = None) -> Image:
        image = cls._plain()
        image._set_core(core)
        if info:
            image.info = {k: v.copy() if isinstance(v, list) else v for k, v in info.items()}
        return image

    def _new(self, core: Core) -> Image:
        """An image of other pixels that keeps what this one carries beside them. It is a plain
        one: what is known of a file is not known of what was made of it."""
        return self._from_core(core, self.info)

    def _set_core(self, core: Core) -> None:
        self._core = core
        self._size = core.size
        self._mode = core.mode

    @property
    def core(self) -> Core:
        """The pixels, decoded now if they were not yet.

        :raises ValueError: the image was closed.
        :raises OSError: the file is truncated or broken.
        """
        if self._closed:
            raise ValueError("Operation on closed image")
        # The file is looked at first: another thread that decodes sets `_core` before it lets go
        # of `_file`.
        file = self._file
        core = self._core
        if core is None:
            core = self._decode(file)
            self._set_core(core)
            self._file = None
        if self._palette is not None and self._palette.dirty:
            self._take_palette(core, self._palette)
        return core

    def _decode(self, file: File | None) -> Core:
        """The pixels of an opened file; none if there is no file."""
        return Core("L", (0, 0)) if file is None else file.load()

    @staticmethod
    def _take_palette(core: Core, palette: ImagePalette) -> None:
        """Brings the pixels' palette up to what was changed in Python."""
        rawmode, data = palette.getdata()
        _pilaf.put_palette(core, palette.mode, rawmode, data)
        palette.dirty = 0
        palette.rawmode = None
        if palette.mode != rawmode:
            palette.palette = _pilaf.palette_bytes(core, palette.mode, palette.mode)

    @property
    def palette(self) -> ImagePalette | None:
        """The colours of an image of mode P or PA; None for other modes."""
        if self._palette is None and self.mode in ("P", "PA"):
            from ..ImagePalette import ImagePalette

            core = self.core
            mode = _pilaf.palette_mode(core) or "RGB"
            self._palette = ImagePalette(mode, _pilaf.palette_bytes(core, mode, mode))
        return self._palette

    @palette.setter
    def palette(self, palette: ImagePalette | None) -> None:
        self._palette = palette

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._size

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self._size[0]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self._size[1]

    @property
    def mode(self) -> str:
        """What a pixel is made of: `"RGB"`, `"L"`, ..."""
        return self._mode

    def load(self) -> Any:
        """Decodes the pixels now; otherwise it happens when they are first needed.

        :returns: an object for access to single pixels: `access[x, y]`, `access[x, y] = color`.
            Negative coordinates count from the right and from below.
        :raises OSError: the file is truncated or broken; the message says where.

        >>> from pilaf import Image
        >>> pixels = Image.new("RGB", (2, 2)).load()
        >>> pixels[1, 0] = (1, 2, 3)
        >>> pixels[1, 0]
        (1, 2, 3)
        """
        return PixelAccess(self.core)

    def verify(self) -> None:
        """Looks for damage in the file; an image that comes from none has none."""

    def close(self) -> None:
        """Gives up the pixels and the encoded bytes. The image cannot be used any more."""
        self._core = None
        self._file = None
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        # As in Pillow, leaving the block closes the file, not the image. An image of pilaf owns
        # what it still needs, so there is no file to close.
        pass

    def copy(self) -> Image:
        """The same image, to be changed on its own. Pixels are shared until one is written to."""
        return self._new(self.core.copy())

    __copy__ = copy

    def __repr__(self) -> str:
        return (
            f"<{type(self).__module__}.{type(self).__name__} image mode={self.mode} "
            f"size={self.width}x{self.height} at 0x{id(self):X}>"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For notebooks: as `repr`, without the address, so that output is stable."""
        printer.text(
            f"<{type(self).__module__}.{type(self).__name__} image mode={self.mode} "
            f"size={self.width}x{self.height}>"
        )
