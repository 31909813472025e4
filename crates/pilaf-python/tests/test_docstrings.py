"""The examples in docstrings do what they show."""

from __future__ import annotations

import doctest
import importlib

import pytest

#: Modules that have examples.
MODULES = """
pilaf pilaf.Image pilaf.io pilaf._async pilaf._explain pilaf._probe pilaf._repair pilaf._thumbnail
""".split()


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0 and result.failed == 0


def test_the_builtin_classes() -> None:
    import pilaf

    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    examples = finder.find(pilaf.io.BytesIO, "BytesIO", globs={})
    assert any(example.examples for example in examples)
    assert sum(runner.run(example).failed for example in examples) == 0
