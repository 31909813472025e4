"""pilaf under the name of Pillow: `install_as_PIL`."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

PILLOW_VERSION = "13.0.0"
"""The version of Pillow that pilaf is like."""

_METADATA = f"""\
Metadata-Version: 2.1
Name: pillow
Version: {PILLOW_VERSION}
Summary: pilaf under the name of Pillow (pilaf.install_as_PIL)
"""


def install_as_PIL() -> Installed:  # noqa: N802  (as pymysql's install_as_MySQLdb)
    """Makes `import PIL` mean pilaf in this process: libraries written for Pillow run on it.

    Call it before anything imports PIL, for instance in the first lines of a program. From then on
    `from PIL import Image, ImageOps, ...` gives the modules of pilaf, `PIL.__version__` is
    `"13.0.0"`, the version whose behaviour they have, and so is the version of the distribution
    `pillow`, for programs that ask `importlib.metadata`. A module that pilaf lacks raises
    ModuleNotFoundError with its name. Calling it again changes nothing.

    :returns: an object that undoes it: `uninstall()`, or the end of a `with` block. Modules that
        were imported meanwhile keep what they imported.
    :raises RuntimeError: Pillow itself was imported before: its images and those of pilaf cannot
        be mixed.

    >>> import pilaf
    >>> with pilaf.install_as_PIL():
    ...     from PIL import Image
    ...     Image.new("RGB", (2, 1)).__class__.__module__
    'pilaf.Image'
    """
    if isinstance(_finder(), Finder):
        return Installed()
    if (pillow := sys.modules.get("PIL")) is not None:
        raise RuntimeError(
            f"Pillow was imported already, from {getattr(pillow, '__file__', 'an unknown place')}: "
            "call pilaf.install_as_PIL() before the first import of PIL, at the very beginning of "
            "the program"
        )
    sys.meta_path.insert(0, Finder())
    return Installed()


class Installed:
    """Undoes `install_as_PIL`."""

    def uninstall(self) -> None:
        """Makes `import PIL` mean what it meant before."""
        if (finder := _finder()) is not None:
            sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name == "PIL" or name.startswith("PIL.")]:
            del sys.modules[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.uninstall()


def _finder() -> Finder | None:
    return next((finder for finder in sys.meta_path if isinstance(finder, Finder)), None)


class Finder(importlib.metadata.DistributionFinder):
    """Finds PIL, its modules, and the distribution pillow."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module of pilaf behind a name.

        :raises ModuleNotFoundError: Pillow has the module and pilaf does not, or neither has.
        """
        package, _, name = fullname.partition(".")
        if package != "PIL":
            return None
        if not name:
            return importlib.machinery.ModuleSpec("PIL", _Package(), is_package=True)
        ours = f"pilaf.{name}"
        offered = name[0].isupper() or name == "features"
        if not offered or "." in name or importlib.util.find_spec(ours) is None:
            raise ModuleNotFoundError(
                f"pilaf has no {name}: {fullname} was asked for, and pilaf stands for PIL in this "
                "process (pilaf.install_as_PIL); where it is needed, leave PIL to Pillow and "
                "import pilaf by its own name",
                name=ours,
            )
        return importlib.machinery.ModuleSpec(fullname, _Alias(ours))

    def find_distributions(
        self, context: importlib.metadata.DistributionFinder.Context | None = None
    ) -> Iterable[importlib.metadata.Distribution]:
        """The distribution pillow, when all or that one is asked for."""
        name = None if context is None else context.name
        return [_Distribution()] if name is None or name.lower() == "pillow" else []


class _Package(importlib.abc.Loader):
    """Makes the package PIL, whose modules are found when they are asked for."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        from . import UnidentifiedImageError

        module.__doc__ = "pilaf under the name of Pillow."
        module.__dict__.update(
            __version__=PILLOW_VERSION, UnidentifiedImageError=UnidentifiedImageError
        )


class _Alias(importlib.abc.Loader):
    """Gives the module of pilaf itself, so that there is one of each."""

    def __init__(self, ours: str) -> None:
        self._ours = ours

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module = importlib.import_module(self._ours)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has put its own there.
        module.__spec__ = self._spec


class _Distribution(importlib.metadata.Distribution):
    """What `importlib.metadata` tells of pillow."""

    def read_text(self, filename: str) -> str | None:
        return _METADATA if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return Path(__file__).parent.parent / path
