"""What this version can do, under the names by which programs ask Pillow.

>>> from pilaf import features
>>> features.check("jpg"), features.check("avif")
(True, False)
"""

from __future__ import annotations

import sys
import warnings
from typing import IO

from . import Image, _pilaf

modules = {"pil": True, "tkinter": False, "freetype2": False, "littlecms2": False}
modules |= {"webp": "WEBP" in _pilaf.MEDIA_TYPES, "avif": False}
"""Modules of Pillow, and whether pilaf has their like."""

codecs = {"jpg": True, "jpg_2000": False, "zlib": True, "libtiff": False}
"""Codecs of Pillow, by the libraries that it has them from; those of pilaf are its own."""

features = {"raqm": False, "fribidi": False, "harfbuzz": False, "libjpeg_turbo": True}
features |= {"mozjpeg": False, "zlib_ng": False, "libimagequant": False, "xcb": False}
"""Properties of Pillow's libraries. That of libjpeg_turbo is: the same pixels and bytes."""


def _look_up(table: dict[str, bool], kind: str, feature: str) -> bool:
    if feature not in table:
        raise ValueError(f"Unknown {kind} {feature}")
    return table[feature]


def check_module(feature: str) -> bool:
    """Whether pilaf has what one of :data:`modules` is for.

    :raises ValueError: there is no such module.
    """
    return _look_up(modules, "module", feature)


def check_codec(feature: str) -> bool:
    """Whether pilaf has one of :data:`codecs`.

    :raises ValueError: there is no such codec.
    """
    return _look_up(codecs, "codec", feature)


def check_feature(feature: str) -> bool:
    """Whether pilaf has one of :data:`features`.

    :raises ValueError: there is no such feature.
    """
    return _look_up(features, "feature", feature)


def check(feature: str) -> bool:
    """Whether pilaf has a module, codec or feature; False, with a warning, for an unknown one."""
    for table in (modules, codecs, features):
        if feature in table:
            return table[feature]
    warnings.warn(f"Unknown feature '{feature}'.", stacklevel=2)
    return False


def version(feature: str) -> str | None:
    """The version of pilaf for what it has, as its codecs are its own; None for the rest."""
    known = modules | codecs | features
    return _pilaf.__version__ if known.get(feature) else None


version_module = version_codec = version_feature = version


def get_supported_modules() -> list[str]:
    """Those of :data:`modules` that pilaf has."""
    return [name for name, has in modules.items() if has]


def get_supported_codecs() -> list[str]:
    """Those of :data:`codecs` that pilaf has."""
    return [name for name, has in codecs.items() if has]


def get_supported_features() -> list[str]:
    """Those of :data:`features` that pilaf has."""
    return [name for name, has in features.items() if has]


def get_supported() -> list[str]:
    """All that pilaf has."""
    return [*get_supported_modules(), *get_supported_features(), *get_supported_codecs()]


def pilinfo(out: IO[str] | None = None, supported_formats: bool = True) -> None:
    """Prints what there is.

    :param out: where to. Default: standard output.
    :param supported_formats: whether to list the formats.
    """
    out = out or sys.stdout
    print(f"pilaf {_pilaf.__version__}, Python {sys.version.split()[0]}", file=out)
    for name, has in (modules | codecs | features).items():
        print("---" if has else "***", name, "ok" if has else "not there", file=out)
    if supported_formats:
        for id in Image.MIME:
            known = [ext for ext, of in Image.registered_extensions().items() if of == id]
            print(id, Image.MIME[id], ", ".join(known), file=out)
