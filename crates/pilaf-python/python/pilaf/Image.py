"""Images, shaped like `PIL.Image`.

>>> from pilaf import Image
>>> img = Image.new("RGB", (640, 480))
>>> img.resize((64, 48)).size
(64, 48)
"""

from __future__ import annotations

import os
import warnings
from typing import Any

from . import _pilaf
from ._image.constants import Resampling, Transform, Transpose
from ._image.exchange import Exchange
from ._image.frames import Frames
from ._image.geometry import Geometry
from ._image.ink import ink
from ._image.neighbours import Neighbours
from ._image.warp import ImageTransformHandler, Warp
from ._pilaf import DecompressionBombError, Limits, UnidentifiedImageError
from ._source import ImageSource, encoded

__all__ = [
    "DecompressionBombError",
    "DecompressionBombWarning",
    "Image",
    "ImageTransformHandler",
    "Resampling",
    "Transform",
    "Transpose",
    "UnidentifiedImageError",
    "frombytes",
    "new",
    "open",
]

NEAREST, BOX, BILINEAR = Resampling.NEAREST, Resampling.BOX, Resampling.BILINEAR
HAMMING, BICUBIC, LANCZOS = Resampling.HAMMING, Resampling.BICUBIC, Resampling.LANCZOS

MAX_IMAGE_PIXELS: int | None = 1024 * 1024 * 1024 // 4 // 3
"""As in Pillow: more pixels than this warn, more than twice as many raise, None allows any
number. It is the default of `open`; `limits=` of a call goes before it."""


class DecompressionBombWarning(RuntimeWarning):
    """The image has more pixels than `MAX_IMAGE_PIXELS`, less than twice as many."""


class Image(Geometry, Warp, Neighbours, Frames, Exchange):
    """A picture: made by `open`, `new`, `frombytes`, or from another one."""


def open(
    fp: ImageSource,
    mode: str = "r",
    formats: list[str] | tuple[str, ...] | None = None,
    *,
    limits: Limits | None = None,
    truncated: bool = False,
) -> Image:
    """Opens an image: reads its header now, its pixels when they are first needed.

    :param fp: raw bytes (`bytes`, `bytearray`, `memoryview`, `mmap`), a path, or any object with
        `read()`, seekable or not. A seekable object is read from its beginning. The image keeps
        what it needs: the object may be closed right away.
    :param mode: `"r"`.
    :param formats: the only formats that may be read, such as `["JPEG"]`. Default: all.
    :param limits: what the image may cost. Default: safe for hostile input.
    :param truncated: whether a JPEG that is cut off or broken is decoded as far as it goes, as
        Pillow does under `ImageFile.LOAD_TRUNCATED_IMAGES`. Default: no, loading it raises.
    :raises UnidentifiedImageError: the bytes are no image, or its header is broken; the message
        says why and where.
    :raises DecompressionBombError: the image asks for more than the limits allow.
    :raises FileNotFoundError: there is no file at the path.
    :raises TypeError: `fp` is nothing that holds bytes, or gives text.

    >>> import io
    >>> from pilaf import Image
    >>> body = Image.new("L", (20, 10)).encode("PNG")
    >>> Image.open(body).size == Image.open(io.BytesIO(body)).size == (20, 10)
    True
    """
    if mode != "r":
        raise ValueError(f"bad mode {mode!r}")
    source = encoded(fp)
    allowed = None if formats is None else list(formats)
    file = _pilaf.open(source, allowed, limits or _default_limits(), truncated)
    image = Image()
    image._file = file
    image._size, image._mode = file.size, file.mode
    image.format, image.info = file.format, file.metadata()
    if file.format == "JPEG":
        image.quantization = dict(enumerate(file.quantization))
        image.subsampling = file.subsampling
    if isinstance(source, str):
        image.filename = source
    elif isinstance(name := getattr(fp, "name", None), (str, bytes)):
        image.filename = os.fsdecode(name)
    if limits is None:
        _warn_of_bombs(file.size[0] * file.size[1])
    return image


def new(
    mode: str,
    size: tuple[int, int] | list[int],
    color: float | tuple[float, ...] | str | None = 0,
) -> Image:
    """A new image of one colour.

    :param mode: such as `"RGB"`.
    :param size: width and height in pixels.
    :param color: a number, or a tuple of one number a band. Default: 0.
    :raises ValueError: the mode is unknown or a side is negative.

    >>> from pilaf import Image
    >>> Image.new("RGB", (1, 1), (1, 2, 3)).tobytes()
    b'\\x01\\x02\\x03'
    """
    width, height = size
    if width < 0 or height < 0:
        raise ValueError("Width and height must be >= 0")
    return Image._from_core(_pilaf.Core.filled(mode, (width, height), ink(mode, color)))


def frombytes(
    mode: str, size: tuple[int, int], data: Any, decoder_name: str = "raw", *args: Any
) -> Image:
    """An image of packed pixels, row after row. Mode `1` has eight pixels a byte.

    :raises ValueError: `data` is shorter or longer than `mode` and `size` say.

    >>> from pilaf import Image
    >>> Image.frombytes("L", (2, 1), b"ab").tobytes()
    b'ab'
    """
    if decoder_name != "raw" or args not in ((), (mode,), (mode, 0, 1)):
        raise ValueError(f"pilaf unpacks raw {mode} bytes only, not {decoder_name} {args}")
    data = bytes(data)
    make = _pilaf.Core.unpack_bits if mode == "1" else _pilaf.Core.from_raw
    return Image._from_core(make(mode, (size[0], size[1]), data))


def _default_limits() -> Limits:
    if MAX_IMAGE_PIXELS is None:
        return Limits(max_pixels=2**63)
    return Limits(max_pixels=2 * MAX_IMAGE_PIXELS)


def _decompression_bomb_check(size: tuple[int, int]) -> None:
    """Warns of, or refuses, an image of more pixels than `MAX_IMAGE_PIXELS` allows."""
    pixels = max(1, size[0]) * max(1, size[1])
    if MAX_IMAGE_PIXELS is not None and pixels > 2 * MAX_IMAGE_PIXELS:
        raise DecompressionBombError(
            f"Image size ({pixels} pixels) exceeds limit of {2 * MAX_IMAGE_PIXELS} pixels, "
            "could be decompression bomb DOS attack."
        )
    _warn_of_bombs(pixels)


def _warn_of_bombs(pixels: int) -> None:
    if MAX_IMAGE_PIXELS is not None and pixels > MAX_IMAGE_PIXELS:
        warnings.warn(
            f"Image size ({pixels} pixels) exceeds limit of {MAX_IMAGE_PIXELS} pixels, "
            "could be decompression bomb DOS attack.",
            DecompressionBombWarning,
            stacklevel=3,
        )
