"""Bytes in, smaller bytes out."""

from __future__ import annotations

from typing import Any

from . import _pilaf
from ._image.geometry import Profile
from ._image.options import encoder_options
from ._source import ImageSource, streamed

__all__ = ["thumbnail"]


def thumbnail(
    source: ImageSource,
    size: tuple[int, int],
    *,
    format: str | None = None,
    geometry: str = "fit",
    filter: str = "lanczos",
    enlarge: bool = False,
    upright: bool = True,
    exact: bool = False,
    background: tuple[int, int, int] = (255, 255, 255),
    limits: _pilaf.Limits | None = None,
    threads: int = 1,
    linear_light: bool = False,
    profile: Profile = "pillow",
    **options: Any,
) -> bytes:
    """Makes a thumbnail in one call: opens, decodes, resizes, turns upright and encodes.

    The GIL is released throughout, so that threads make thumbnails at the same time. A path or file
    object that holds a sequential JPEG is read while it is decoded, a few megabytes at a time, and
    no further than to the end of the image.

    :param source: raw bytes, a path, or an object with ``read()``.
    :param size: width and height of the box in pixels. A side of 0 is free.
    :param format: ``"JPEG"`` or ``"PNG"``. Default: that of the source.
    :param geometry: ``"fit"`` (all of it inside the box, proportions kept), ``"fill"`` (stretched
        to the box) or ``"cover"`` (the box is filled, what overhangs is cut off).
    :param filter: name of a filter, such as ``"lanczos"``, ``"bicubic"`` or ``"box"``.
    :param enlarge: whether an image smaller than the box grows. Default: no.
    :param upright: whether the EXIF orientation is applied. Default: yes.
    :param exact: whether pixels are those of ``Image.open`` and ``resize``. By default a JPEG's
        planes are resized each from its own resolution: faster, and close (above 45 dB).
    :param background: the colour under transparent pixels where the format has no alpha.
    :param limits: what the input may cost, in place of the safe defaults.
    :param threads: how many threads may work on one large image. Default: 1. A JPEG that is
        resized while it is decoded uses two at most, one to decode and one to resize, if it is
        `exact` or the decoder does not shrink it. The bytes do not depend on it.
    :param linear_light: average light instead of samples, as :meth:`Image.resize` does.
    :param profile: the library whose pixels to give, as :meth:`Image.resize` does. What a cover
        cuts off is then rounded to whole pixels; ``"torch-antialias"`` needs `filter`.
    :param options: those of :meth:`Image.save`, such as ``quality=80``.
    :returns: the encoded image.
    :raises UnidentifiedImageError: the bytes are no image, or a broken one; the message says why.
    :raises DecompressionBombError: the image asks for more than the limits allow.
    :raises ValueError: an argument makes no sense.

    >>> from pilaf import Image
    >>> body = Image.new("RGB", (400, 300)).encode("PNG")
    >>> Image.open(thumbnail(body, (100, 100), format="JPEG", quality=80)).size
    (100, 75)
    """
    if threads < 1:
        raise ValueError("threads must be 1 or greater")
    width, height = size
    with streamed(source, limits) as data:
        return _pilaf.thumbnail(
            data,
            (int(width), int(height)),
            format,
            geometry,
            filter,
            enlarge,
            upright,
            exact,
            background,
            encoder_options(format, options, {}),
            limits,
            threads=threads,
            linear_light=linear_light,
            profile=profile,
        )
