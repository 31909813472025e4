"""Every public name of Pillow's modules of images is there, or in COMPAT.md; signatures agree."""

from __future__ import annotations

import importlib
import inspect
import re
from types import FunctionType, UnionType
from typing import Any

import PIL.Image
import pytest
from conftest import ROOT

MODULES = """Image ImageOps ImageChops ImageFilter ImageEnhance ImageMath ImageStat ImageSequence
ImageColor ImagePalette ImageMode ImageTransform""".split()

#: Functions that take more than Pillow's, by keyword only.
WIDER = {
    "Image.open": {"limits", "truncated", "start"},
    "Image.Image.resize": {"threads", "linear_light", "profile"},
}


def missing() -> set[str]:
    """The names that COMPAT.md lists, as `module.name` or `module.class.name`."""
    text = (ROOT / "COMPAT.md").read_text().split("## Names that are missing")[1]
    rows = re.findall(r"^\| `([\w.]+)` \| (.*?) \|", text.split("\n## ")[0], re.MULTILINE)
    return {f"{of}.{name}" for of, names in rows for name in re.findall(r"`(\w+)`", names)}


def public(thing: Any) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def own(module: Any) -> set[str]:
    """Public names that the module of Pillow defines, not those that it imports."""
    names = public(module) - {"TYPE_CHECKING", "annotations"}
    return {name for name in names if _home(module, name) == module.__name__}


def _home(module: Any, name: str) -> str:
    thing = getattr(module, name)
    if inspect.ismodule(thing):
        return ""
    if isinstance(thing, UnionType) or getattr(thing, "_is_protocol", False):
        return "typing"
    if isinstance(thing, (type, FunctionType)):
        return thing.__module__
    return str(module.__name__)


def pairs() -> list[tuple[str, Any, Any]]:
    """Modules, and the classes in them, of Pillow and of pilaf."""
    found = []
    for name in MODULES:
        theirs, ours = (importlib.import_module(f"{top}.{name}") for top in ("PIL", "pilaf"))
        found.append((name, theirs, ours))
        for member in sorted(own(theirs) & public(ours)):
            if inspect.isclass(getattr(theirs, member)):
                found.append((f"{name}.{member}", getattr(theirs, member), getattr(ours, member)))
    return found


@pytest.mark.parametrize("name, theirs, ours", pairs(), ids=lambda value: str(value)[:40])
def test_names(name, theirs, ours):
    wanted = own(theirs) if inspect.ismodule(theirs) else public(theirs)
    listed = {full.rpartition(".")[2] for full in missing() if full.rpartition(".")[0] == name}
    lacking = wanted - public(ours)
    assert lacking - listed == set(), f"{name}: neither there nor in COMPAT.md"
    assert listed - lacking == set(), f"{name}: in COMPAT.md, but there (or not in Pillow)"


def parameters(function: Any, wider: set[str]) -> list[tuple[str, Any, Any]]:
    return [
        (parameter.name, parameter.kind, _comparable(parameter.default))
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in wider
    ]


def _comparable(default: Any) -> Any:
    """Defaults that mean the same in both: numbers, texts, None, members of enumerations."""
    if isinstance(default, (int, float, str, type(None))):
        return default
    return type(default).__name__


@pytest.mark.parametrize("name, theirs, ours", pairs(), ids=lambda value: str(value)[:40])
def test_signatures(name, theirs, ours):
    wanted = own(theirs) if inspect.ismodule(theirs) else public(theirs)
    for member in sorted(wanted & public(ours)):
        function = getattr(theirs, member)
        if not isinstance(function, FunctionType) or not function.__module__.startswith("PIL"):
            continue
        wider = WIDER.get(f"{name}.{member}", set())
        mine = parameters(getattr(ours, member), wider)
        assert mine == parameters(function, set()), f"{name}.{member}"
        kinds = inspect.signature(getattr(ours, member)).parameters
        assert all(kinds[extra].kind == inspect.Parameter.KEYWORD_ONLY for extra in wider)


def test_instances_have_what_classes_have_not():
    theirs, ours = PIL.Image.Image(), importlib.import_module("pilaf.Image").Image()
    listed = {name.rpartition(".")[2] for name in missing() if name.startswith("Image.Image.")}
    assert public(theirs) - public(ours) - listed == set()
