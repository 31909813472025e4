"""Images, shaped like `PIL.Image`.

>>> from pilaf import Image
>>> img = Image.new("RGB", (640, 480))
>>> img.resize((64, 48)).size
(64, 48)
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from . import ImageColor, ImagePalette, _pilaf
from ._formats import (
    EXTENSION,
    ID,
    MIME,
    OPEN,
    SAVE,
    SAVE_ALL,
    files,
    init,
    open_registered,
    preinit,
    register_extension,
    register_extensions,
    register_mime,
    register_open,
    register_save,
    register_save_all,
    registered_extensions,
)
from ._image.constants import Dither, Palette, Quantize, Resampling, Transform, Transpose
from ._image.convert import Convert
from ._image.display import Display
from ._image.exif import Exif
from ._image.frames import Frames
from ._image.geometry import Geometry
from ._image.metadata import Metadata
from ._image.neighbours import Neighbours
from ._image.palette import Palettes
from ._image.paste import Paste
from ._image.pixels import Pixels
from ._image.point import ImagePointHandler, ImagePointTransform, Point
from ._image.raw import Raw, unpacked
from ._image.sharing import Sharing, _pillow
from ._image.statistics import Statistics
from ._image.warp import ImageTransformHandler, Warp
from ._pilaf import DecompressionBombError, Limits, UnidentifiedImageError
from ._source import ImageSource, Start, located, moved, name_of, position_of
from .ImageMode import getmode

__all__ = [
    "DecompressionBombError",
    "DecompressionBombWarning",
    "Dither",
    "EXTENSION",
    "Exif",
    "ID",
    "Image",
    "ImagePointHandler",
    "ImagePointTransform",
    "ImageTransformHandler",
    "MIME",
    "MODES",
    "OPEN",
    "Palette",
    "Quantize",
    "Resampling",
    "SAVE",
    "SAVE_ALL",
    "Transform",
    "Transpose",
    "UnidentifiedImageError",
    "alpha_composite",
    "blend",
    "composite",
    "effect_mandelbrot",
    "effect_noise",
    "eval",
    "from_dlpack",
    "from_pil",
    "fromarray",
    "fromarrow",
    "frombuffer",
    "frombytes",
    "getmodebandnames",
    "getmodebands",
    "getmodebase",
    "getmodetype",
    "init",
    "linear_gradient",
    "merge",
    "new",
    "open",
    "preinit",
    "radial_gradient",
    "register_extension",
    "register_extensions",
    "register_mime",
    "register_open",
    "register_save",
    "register_save_all",
    "registered_extensions",
]

NEAREST, BOX, BILINEAR = Resampling.NEAREST, Resampling.BOX, Resampling.BILINEAR
HAMMING, BICUBIC, LANCZOS = Resampling.HAMMING, Resampling.BICUBIC, Resampling.LANCZOS
MKS2013, MKS2021 = Resampling.MKS2013, Resampling.MKS2021

MAX_IMAGE_PIXELS: int | None = 1024 * 1024 * 1024 // 4 // 3
"""As in Pillow: more pixels than this warn, more than twice as many raise, None allows any
number. It is the default of `open`; `limits=` of a call goes before it."""


FLIP_LEFT_RIGHT, FLIP_TOP_BOTTOM = Transpose.FLIP_LEFT_RIGHT, Transpose.FLIP_TOP_BOTTOM
ROTATE_90, ROTATE_180, ROTATE_270 = (
    Transpose.ROTATE_90,
    Transpose.ROTATE_180,
    Transpose.ROTATE_270,
)
TRANSPOSE, TRANSVERSE = Transpose.TRANSPOSE, Transpose.TRANSVERSE
AFFINE, EXTENT, PERSPECTIVE = Transform.AFFINE, Transform.EXTENT, Transform.PERSPECTIVE
QUAD, MESH = Transform.QUAD, Transform.MESH
NONE, ORDERED, RASTERIZE, FLOYDSTEINBERG = Dither
WEB, ADAPTIVE = Palette
MEDIANCUT, MAXCOVERAGE, FASTOCTREE, LIBIMAGEQUANT = Quantize
# How zlib compresses: values of `compress_type` when a PNG is saved.
DEFAULT_STRATEGY, FILTERED, HUFFMAN_ONLY, RLE, FIXED = range(5)

MODES = "1 CMYK F HSV I I;16 I;16B I;16L I;16N L LA La LAB P PA RGB RGBA RGBa RGBX YCbCr".split()


class DecompressionBombWarning(RuntimeWarning):
    """The image has more pixels than `MAX_IMAGE_PIXELS`, less than twice as many."""


class Image(
    Geometry,
    Warp,
    Convert,
    Palettes,
    Pixels,
    Paste,
    Point,
    Raw,
    Statistics,
    Neighbours,
    Frames,
    Metadata,
    Sharing,
    Display,
):
    """A picture: made by `open`, `new`, `frombytes`, or from another one."""


Image._plain = Image


def open(
    fp: ImageSource,
    mode: str = "r",
    formats: list[str] | tuple[str, ...] | None = None,
    *,
    limits: Limits | None = None,
    truncated: bool = False,
    start: Start | None = None,
) -> Image:
    """Opens an image: reads its header now, its pixels when they are first needed.

    :param fp: raw bytes (`bytes`, `bytearray`, `memoryview`, `mmap`), a path, or any object with
        `read()`, seekable or not. A seekable object is read from its beginning, wherever it stands,
        and stands there again afterwards; another one is read to its end, once. The image keeps
        what it needs: the object may be closed right away.
    :param mode: `"r"`.
    :param formats: the only formats that may be read, such as `["JPEG"]`. Default: all.
    :param limits: what the image may cost. Default: safe for hostile input.
    :param truncated: whether a JPEG that is cut off or broken is decoded as far as it goes, as
        Pillow does under `ImageFile.LOAD_TRUNCATED_IMAGES`. Default: no, loading it raises.
    :param start: the byte at which the image begins, or `"current"` for the position where a file
        object stands: for an image within a larger file. `encoded_size` of the image then says how
        many bytes it took, and a seekable object stands right behind them.
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
    >>> many = io.BytesIO(body + body)            # one after the other
    >>> [Image.open(many, start="current").size for _ in range(2)], many.read()
    ([(20, 10), (20, 10)], b'')
    """
    if mode != "r":
        raise ValueError(f"bad mode {mode!r}")
    preinit()
    limits_of_call = limits or _default_limits()
    source, skip, file_start = located(fp, start, limits_of_call)
    try:
        file = _pilaf.open(source, _engine_formats(formats), limits_of_call, truncated, skip)
    except UnidentifiedImageError:
        image = open_registered(source, skip, fp, formats)
        if image is None:
            raise
        _decompression_bomb_check(image.size)
        return image
    if limits is None:
        _warn_of_bombs(file.size[0] * file.size[1])
    image = files[file.format]._opened(file, name_of(fp))
    if start is not None:
        image.encoded_size = file.encoded_len()
        if image.encoded_size is not None and position_of(fp) is not None:
            moved(fp, file_start + image.encoded_size)
    return image


def _engine_formats(formats: list[str] | tuple[str, ...] | None) -> list[str] | None:
    if formats is None:
        return None
    if not isinstance(formats, (list, tuple)):
        raise TypeError("formats must be a list or tuple")
    return list(formats)


def new(
    mode: str,
    size: tuple[int, int] | list[int],
    color: float | tuple[float, ...] | str | None = 0,
) -> Image:
    """A new image of one colour.

    :param mode: such as `"RGB"`.
    :param size: width and height in pixels.
    :param color: a number, a tuple of one number a band, or a colour as
        :mod:`pilaf.ImageColor` knows it. Default: 0. For mode P a tuple is a colour, which
        becomes the first of the palette.
    :raises ValueError: the mode is unknown or a side is negative.

    >>> from pilaf import Image
    >>> Image.new("RGB", (1, 1), (1, 2, 3)).tobytes()
    b'\\x01\\x02\\x03'
    >>> Image.new("L", (1, 1), "white").getpixel((0, 0))
    255
    """
    width, height = _check_size(size)
    if color is None:
        return Image._from_core(_pilaf.Core(mode, (width, height)))
    if isinstance(color, str):
        color = ImageColor.getcolor(color, mode)
    palette = None
    if (
        mode == "P"
        and isinstance(color, (list, tuple))
        and len(color) in (3, 4)
        and all(isinstance(band, int) for band in color)
    ):
        palette = ImagePalette.ImagePalette()
        color = palette.getcolor(tuple(color))  # type: ignore[arg-type]
    image = Image._from_core(_pilaf.Core.filled(mode, (width, height), color))
    if palette is not None:
        image.palette = palette
    return image


def _check_size(size: Any) -> tuple[int, int]:
    if not isinstance(size, (list, tuple)):
        raise ValueError("Size must be a list or tuple")
    if len(size) != 2:
        raise ValueError("Size must be a sequence of length 2")
    if size[0] < 0 or size[1] < 0:
        raise ValueError("Width and height must be >= 0")
    return size[0], size[1]


def frombytes(
    mode: str, size: tuple[int, int], data: Any, decoder_name: str = "raw", *args: Any
) -> Image:
    """An image of pixels in bytes, row after row.

    :param mode: the mode of the image.
    :param size: width and height in pixels.
    :param data: bytes, or anything with the buffer protocol. More than are needed are ignored.
    :param decoder_name: `"raw"`.
    :param args: the raw mode, such as `"BGR"`; then the bytes from one row to the next (0: no
        gap), and -1 for the lowest row first. Default: the mode itself, in which mode 1 has eight
        pixels a byte.
    :raises ValueError: there are too few bytes, or the raw mode does not suit the mode.

    >>> from pilaf import Image
    >>> Image.frombytes("RGB", (1, 1), b"abc", "raw", "BGR").tobytes()
    b'cba'
    """
    width, height = _check_size(size)
    if width == 0 or height == 0:
        return new(mode, size, None)
    return Image._from_core(unpacked(mode, (width, height), data, decoder_name, args))


# Raw modes of which Pillow's `frombuffer` takes the rows as they are, with the bytes of a pixel.
_MAPPED = {"L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "RGBX": 4, "RGBA": 4, "CMYK": 4}


def frombuffer(
    mode: str, size: tuple[int, int], data: Any, decoder_name: str = "raw", *args: Any
) -> Image:
    """As :func:`frombytes`; the pixels are copied, so that the image does not change with `data`.

    :param args: raw mode, bytes from one row to the next, 1 or -1: all three or none.
    """
    _check_size(size)
    if len(args) == 1 and isinstance(args[0], tuple):
        args = args[0]
    if decoder_name == "raw":
        args = args or (mode, 0, 1)
        if args[0] in _MAPPED:
            rawmode, stride, step = args
            stride = max(stride, size[0] * _MAPPED[rawmode])
            if stride * size[1] > memoryview(data).nbytes:
                raise ValueError("buffer is not large enough")
            if stride == size[0] * _MAPPED[rawmode]:
                stride = 0
            return frombytes(rawmode, size, data, "raw", rawmode, stride, 1 if step > 0 else -1)
    return frombytes(mode, size, data, decoder_name, *args)


# Shape without height and width, and type, of an array: the mode, the raw mode, and other modes
# that may be asked for.
_ARRAYS: dict[tuple[tuple[int, ...], str], tuple[str, str, tuple[str, ...]]] = {
    ((), "|b1"): ("1", "1;8", ()),
    ((), "|u1"): ("L", "L", ("P",)),
    ((), "|i1"): ("I", "I;8", ()),
    ((), "<u2"): ("I", "I;16", ()),
    ((), ">u2"): ("I", "I;16B", ()),
    ((), "<i2"): ("I", "I;16S", ()),
    ((), ">i2"): ("I", "I;16BS", ()),
    ((), "<u4"): ("I", "I;32", ()),
    ((), ">u4"): ("I", "I;32B", ()),
    ((), "<i4"): ("I", "I;32S", ()),
    ((), ">i4"): ("I", "I;32BS", ()),
    ((), "<f4"): ("F", "F;32F", ()),
    ((), ">f4"): ("F", "F;32BF", ()),
    ((), "<f8"): ("F", "F;64F", ()),
    ((), ">f8"): ("F", "F;64BF", ()),
    ((2,), "|u1"): ("LA", "LA", ("La", "PA")),
    ((3,), "|u1"): ("RGB", "RGB", ("YCbCr", "LAB", "HSV")),
    ((4,), "|u1"): ("RGBA", "RGBA", ("RGBa", "RGBX", "CMYK")),
}


def fromarray(obj: Any, mode: str | None = None) -> Image:
    """An image of an array, by its `__array_interface__`: rows, columns, and bands if there are
    several.

    :param obj: such as an array of numpy, of 8-bit, 16-bit or 32-bit integers, floats or
        booleans. The pixels are copied.
    :param mode: another mode of as many bands. Default: 1, L, I, F, LA, RGB or RGBA.
    :raises TypeError: no mode is like the array.
    :raises ValueError: the array has too many dimensions, or `mode` does not suit it.
    """
    interface = obj.__array_interface__
    shape, kind = interface["shape"], interface.get("typestr")
    if kind is None:
        raise TypeError("Cannot handle this data type")
    try:
        default, rawmode, others = _ARRAYS[tuple(shape[2:]), kind]
    except KeyError as error:
        raise TypeError(f"Cannot handle this data type: {(1, 1, *shape[2:])}, {kind}") from error
    if mode is None:
        mode = default
    elif mode != default and mode not in others:
        raise ValueError("Invalid mode for data type")
    else:
        rawmode = mode
    most = 2 if mode in ("1", "L", "I", "P", "F") else 3 if mode == "RGB" else 4
    if len(shape) > most:
        raise ValueError(f"Too many dimensions: {len(shape)} > {most}.")
    size = (1 if len(shape) == 1 else shape[1], shape[0])
    data = obj
    if interface.get("strides") is not None:
        to_bytes = getattr(obj, "tobytes", None) or getattr(obj, "tostring", None)
        if to_bytes is None:
            raise ValueError("'strides' requires either tobytes() or tostring()")
        data = to_bytes()
    return frombuffer(mode, size, data, "raw", rawmode, 0, 1)


def from_dlpack(obj: Any, mode: str | None = None) -> Image:
    """An image of a tensor of numpy, torch or another library that speaks DLPack, on the CPU.

    :param obj: rows, columns, and bands if there are several, as for :func:`fromarray`. The pixels
        are copied.
    :param mode: as for :func:`fromarray`.
    :raises BufferError: the tensor is not on the CPU.
    :raises TypeError: no mode is like the tensor, or `obj` does not speak DLPack.
    """
    if not hasattr(obj, "__dlpack__"):
        raise TypeError(f"{type(obj).__name__} has no __dlpack__")
    if obj.__dlpack_device__()[0] != 1:
        raise BufferError("the tensor is on another device: copy it to the CPU first")
    try:
        capsule = obj.__dlpack__(max_version=(1, 0))
    except TypeError:
        capsule = obj.__dlpack__()
    shape, typestr, data = _pilaf.from_dlpack(capsule)
    return fromarray(_Elements(data, tuple(shape), typestr), mode)


class _Elements(bytes):
    """Bytes that are an array."""

    __array_interface__: dict[str, Any]

    def __new__(cls, data: bytes, shape: tuple[int, ...], typestr: str) -> _Elements:
        made = super().__new__(cls, data)
        made.__array_interface__ = {"shape": shape, "typestr": typestr, "version": 3}
        return made


def fromarrow(obj: Any, mode: str, size: tuple[int, int]) -> Image:
    """An image of an Arrow array, such as pyarrow's, or one that an image gave.

    :param obj: an object with `__arrow_c_array__`. For a mode of one band as many numbers as there
        are pixels: unsigned bytes, for mode I and F 32-bit integers and floats, for 16-bit modes
        16-bit integers. For the others lists of four bytes, or of as many as there are bands; or
        unsigned 32-bit integers; or four times as many bytes as there are pixels. The pixels are
        copied.
    :raises ValueError: the array does not suit the mode and the size.
    """
    if not hasattr(obj, "__arrow_c_array__"):
        raise ValueError("arrow_c_array interface not found")
    schema, array = obj.__arrow_c_array__()
    width, height = size
    if width < 0 or height < 0:
        raise ValueError("bad image size")
    return Image._from_core(_pilaf.from_arrow(mode, (width, height), schema, array))


def from_pil(image: Any) -> Image:
    """An image of one of Pillow: mode, pixels, palette and info. Its pixels are copied.

    :raises TypeError: `image` is none of Pillow.
    """
    if not isinstance(image, _pillow().Image):
        raise TypeError(f"from_pil takes an image of Pillow, not {type(image).__name__}")
    made = frombytes(image.mode, image.size, image.tobytes())
    if image.palette is not None and image.mode in ("P", "PA"):
        mode = image.im.getpalettemode()
        made.putpalette(image.im.getpalette(mode, mode), mode)
    made.info = dict(image.info)
    return made


def alpha_composite(im1: Image, im2: Image) -> Image:
    """`im2` laid over `im1`, each with its alpha.

    :raises ValueError: the images are not both RGBA or both LA, or their sizes differ.
    """
    return im1._new(_pilaf.alpha_composite(im1.core, im2.core))


def blend(im1: Image, im2: Image, alpha: float) -> Image:
    """`im1 * (1 - alpha) + im2 * alpha` in every band.

    :param alpha: below 0 and above 1 go beyond the images; what is below 0 or above 255 then is
        cut off.
    :raises ValueError: bands or sizes differ, or are not of 8 bits.
    """
    return im1._new(_pilaf.blend(im1.core, im2.core, alpha))


def composite(image1: Image, image2: Image, mask: Image) -> Image:
    """`image1` where `mask` is 255, `image2` where it is 0, mixed between: see `Image.paste`."""
    image = image2.copy()
    image.paste(image1, None, mask)
    return image


def eval(image: Image, *args: Callable[[int], float]) -> Image:  # noqa: A001  (Pillow's name)
    """Every sample through a function: `image.point(function)`."""
    return image.point(args[0])


def merge(mode: str, bands: Sequence[Image]) -> Image:
    """One image of several of one band each.

    :param bands: images of the same size, one for each band of `mode`.
    :raises ValueError: there are more or fewer, or they do not suit each other.

    >>> from pilaf import Image
    >>> red, green, blue = (Image.new("L", (1, 1), value) for value in (1, 2, 3))
    >>> Image.merge("RGB", (red, green, blue)).getpixel((0, 0))
    (1, 2, 3)
    """
    if getmodebands(mode) != len(bands):
        raise ValueError("wrong number of bands")
    for band in bands[1:]:
        if band.mode != getmodetype(mode):
            raise ValueError("mode mismatch")
        if band.size != bands[0].size:
            raise ValueError("size mismatch")
    return bands[0]._new(_pilaf.merge(mode, [band.core for band in bands]))


def effect_mandelbrot(
    size: tuple[int, int], extent: tuple[float, float, float, float], quality: int
) -> Image:
    """The Mandelbrot set in mode L.

    :param extent: the part of the plane to show: (left, top, right, bottom).
    :param quality: how many steps are tried before a point counts as one of the set; at least 2.
    :raises ValueError: the extent is negative, or the quality too low.
    """
    return Image._from_core(_pilaf.mandelbrot(size, extent, quality))


def effect_noise(size: tuple[int, int], sigma: float) -> Image:
    """Normally distributed noise around 128 in mode L.

    Chance is that of :mod:`random`, whose `seed` makes it the same again; Pillow has another.

    :param sigma: the standard deviation.
    """
    return Image._from_core(_pilaf.noise(size, sigma, random.getrandbits(64)))


def linear_gradient(mode: str) -> Image:
    """256x256 pixels from 0 at the top to 255 at the bottom, in mode 1, L, P, I or F."""
    return Image._from_core(_pilaf.linear_gradient(mode))


def radial_gradient(mode: str) -> Image:
    """256x256 pixels from 0 in the centre to 255 at the edges, in mode 1, L, P, I or F."""
    return Image._from_core(_pilaf.radial_gradient(mode))


def getmodebase(mode: str) -> str:
    """`"L"`, `"RGB"` or `"P"`: what images of `mode` can be reduced to.

    :raises KeyError: there is no such mode.
    """
    return getmode(mode).basemode


def getmodetype(mode: str) -> str:
    """`"L"`, `"I"` or `"F"`: the mode of a single band.

    :raises KeyError: there is no such mode.
    """
    return getmode(mode).basetype


def getmodebandnames(mode: str) -> tuple[str, ...]:
    """The names of the bands.

    :raises KeyError: there is no such mode.
    """
    return getmode(mode).bands


def getmodebands(mode: str) -> int:
    """The number of bands.

    :raises KeyError: there is no such mode.
    """
    return len(getmode(mode).bands)


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
