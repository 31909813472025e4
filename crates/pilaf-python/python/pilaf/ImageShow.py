"""Programs that show an image: `Image.show`.

The image is written to a temporary PNG file, whose path is an argument of the program: no shell is
involved. The file stays until the program has had 20 seconds to read it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import Any

from . import Image

_viewers: list[Viewer] = []

_SECONDS = 20.0
_DELETE = "import os, sys, time; time.sleep(float(sys.argv[2])); os.remove(sys.argv[1])"


def register(viewer: type[Viewer] | Viewer, order: int = 1) -> None:
    """Adds a viewer.

    :param order: above 0: it is asked last; otherwise first.
    """
    if isinstance(viewer, type):
        viewer = viewer()
    _viewers.insert(len(_viewers) if order > 0 else 0, viewer)


def show(image: Image.Image, title: str | None = None, **options: Any) -> bool:
    """Shows an image in the first viewer that takes it.

    :returns: whether there was one.
    """
    return any(viewer.show(image, title=title, **options) for viewer in _viewers)


class Viewer:
    """What shows images. Derive from it, override `show_image`, `show_file` or `get_arguments`, and
    :func:`register` it."""

    format: str | None = "PNG"
    """The format of the temporary file."""
    options: dict[str, Any] = {"compress_level": 1}
    """Arguments of `save` for it."""

    def show(self, image: Image.Image, **options: Any) -> int:
        """Shows an image, in a mode that people can look at.

        :returns: 1, or 0 if it could not.
        """
        keeps = image.mode in ("1", "RGBA") or (
            self.format == "PNG" and image.mode in ("I;16", "LA")
        )
        base = Image.getmodebase(image.mode)
        if not keeps and image.mode != base:
            image = image.convert(base)
        return self.show_image(image, **options)

    def get_format(self, image: Image.Image) -> str | None:
        """The format of the temporary file."""
        return self.format

    def save_image(self, image: Image.Image) -> str:
        """Writes the temporary file and returns its path. Only its owner may read it."""
        format = self.get_format(image) or "PNG"
        handle, path = tempfile.mkstemp(f".{format.lower()}")
        with os.fdopen(handle, "wb") as file:
            image.save(file, format, **self.options)
        return path

    def show_image(self, image: Image.Image, **options: Any) -> int:
        """Shows an image in a mode that people can look at."""
        return self.show_file(self.save_image(image), **options)

    def get_arguments(self, path: str, **options: Any) -> Sequence[str]:
        """The program and its arguments.

        :raises NotImplementedError: this viewer runs none.
        """
        raise NotImplementedError("unavailable in base viewer")

    def show_file(self, path: str, **options: Any) -> int:
        """Shows a file, and deletes it later.

        :raises FileNotFoundError: there is none.
        """
        if not os.path.exists(path):
            raise FileNotFoundError(path)
        _start(self.get_arguments(path, **options))
        _delete_later(path)
        return 1


def _start(arguments: Sequence[str]) -> None:
    process = subprocess.Popen(arguments)
    # Waited for, so that it does not stay as a zombie; the program may end before.
    threading.Thread(target=process.wait, daemon=True).start()


def _delete_later(path: str) -> None:
    """By another process: this one may end before."""
    with contextlib.suppress(OSError):
        _start([sys.executable, "-c", _DELETE, path, str(_SECONDS)])


class WindowsViewer(Viewer):
    """The program that Windows has for PNG files."""

    def show_file(self, path: str, **options: Any) -> int:
        if sys.platform == "win32":
            os.startfile(path)
            _delete_later(path)
            return 1
        return 0


class MacViewer(Viewer):
    """Preview."""

    def get_arguments(self, path: str, **options: Any) -> Sequence[str]:
        return ["open", "-a", "Preview.app", path]


class UnixViewer(Viewer):
    """A program by its name."""

    program: tuple[str, ...] = ()
    """It and the arguments before the path."""
    title_option: str | None = None

    def get_arguments(self, path: str, title: str | None = None, **options: Any) -> Sequence[str]:
        titled = (self.title_option, title) if self.title_option and title else ()
        return [*self.program, *titled, path]


class XDGViewer(UnixViewer):
    """Whatever the desktop opens PNG files with."""

    program = ("xdg-open",)


class DisplayViewer(UnixViewer):
    """ImageMagick's `display`."""

    program, title_option = ("display",), "-title"


class GmDisplayViewer(UnixViewer):
    """GraphicsMagick's `gm display`."""

    program = ("gm", "display")


class EogViewer(UnixViewer):
    """GNOME's image viewer."""

    program = ("eog", "-n")


class XVViewer(UnixViewer):
    """`xv`."""

    program, title_option = ("xv",), "-name"


class IPythonViewer(Viewer):
    """The notebook or terminal of IPython that the program runs in."""

    def show_image(self, image: Image.Image, **options: Any) -> int:
        ipython: Any = sys.modules.get("IPython")
        if ipython is None or ipython.get_ipython() is None:
            return 0
        ipython.display.display(image)
        return 1


def _register_all() -> None:
    if sys.platform == "win32":
        register(WindowsViewer)
    elif sys.platform == "darwin":
        register(MacViewer)
    else:
        for viewer in (XDGViewer, DisplayViewer, GmDisplayViewer, EogViewer, XVViewer):
            if shutil.which(viewer.program[0]):
                register(viewer)
    register(IPythonViewer)


_register_all()
