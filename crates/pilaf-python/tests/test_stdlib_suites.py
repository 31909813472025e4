"""CPython's own tests of BytesIO and SpooledTemporaryFile, of the Python that runs this.

`make test` runs it under every CPython on the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).parent / "stdlib" / "run_suites.py"


def test_cpythons_own_tests_pass() -> None:
    probe = run("-c", "import test.test_memoryio, test.test_tempfile")
    if probe.returncode:
        pytest.skip(f"this Python is without its tests: {probe.stderr.splitlines()[-1]}")
    result = run(str(RUNNER))
    assert result.stdout, result.stderr
    report = json.loads(result.stdout)
    assert report["failed"] == {}
    assert report["run"] >= 85
    assert set(report["excepted"]) == {"BytesIOTest.test_sizeof"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=300)
