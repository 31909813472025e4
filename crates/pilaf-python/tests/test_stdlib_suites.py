"""CPython's own tests of BytesIO and SpooledTemporaryFile, with every interpreter at hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pilaf

RUNNER = Path(__file__).parent / "stdlib" / "run_suites.py"
VERSIONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]


def interpreter(version: str) -> str | None:
    """The newest installed CPython of `version`: this one, one of pyenv, or one on the PATH."""
    if version == ".".join(map(str, sys.version_info[:2])):
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    return str(found[-1]) if found else shutil.which(f"python{version}")


@pytest.mark.parametrize("version", VERSIONS)
def test_cpythons_own_tests_pass(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no CPython {version} here")
    # Only the package itself: what else is installed is for another version.
    (tmp_path / "pilaf").symlink_to(Path(pilaf.__file__).parent, target_is_directory=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    probe = "import test.test_memoryio, test.test_tempfile, pilaf.io"
    if (result := run(python, environment, "-c", probe)).returncode:
        pytest.skip(f"{python} cannot run them: {result.stderr.splitlines()[-1]}")

    result = run(python, environment, str(RUNNER))
    assert result.stdout, result.stderr
    report = json.loads(result.stdout)
    assert report["failed"] == {}
    assert report["run"] >= 85
    assert set(report["excepted"]) == {"BytesIOTest.test_sizeof"}


def run(python: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *arguments], env=environment, capture_output=True, text=True, timeout=300
    )
