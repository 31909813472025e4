"""What the README shows works as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import synthetic
from conftest import ROOT


def blocks(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for name in ("photo.jpg", "photos/one.jpg", "photos/two.jpg"):
        synthetic.image(900, 700).save(tmp_path / name)
    return tmp_path


def test_python_examples(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = blocks("python")
    assert len(examples) >= 4
    names: dict[str, object] = {}
    for example in examples:
        if "install_as_PIL" not in example:
            exec(compile(example, "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "(900, 700) RGB JPEG" in printed
    assert "404" in printed


def test_taking_the_place_of_pillow() -> None:
    (example,) = (example for example in blocks("python") if "install_as_PIL" in example)
    # In a process of its own: in this one Pillow may be imported.
    program = example + "\nassert Image is pilaf.Image and ImageOps.invert is pilaf.ImageOps.invert"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_shell_examples(folder: Path) -> None:
    # The command that the wheel installed, beside the interpreter that runs the tests.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    (example,) = (block for block in blocks("sh") if "pilaf resize" in block)
    for line in example.splitlines():
        done = subprocess.run(
            line, shell=True, env={**os.environ, "PATH": path}, capture_output=True
        )
        assert done.returncode == 0, (line, done.stderr.decode())
    assert synthetic.Image.open(folder / "small.jpg").size == (300, 233)
    assert synthetic.Image.open(folder / "icon.png").size == (64, 64)
    assert sorted(p.name for p in (folder / "thumbs").iterdir()) == ["one.jpg", "two.jpg"]
