"""What all tests share: the oracle, the corpus, synthetic pictures."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

# Its checks show what they compared, as those of tests do.
pytest.register_assert_rewrite("sources")

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"

try:
    import PIL.Image
except ImportError:
    PIL = None

#: Pillow 13 is the specification; on a Python for which it does not exist there is no oracle.
HAS_ORACLE = PIL is not None and PIL.__version__ == "13.0.0"


#: Files that compare with the oracle throughout: without it they are not even collected.
collect_ignore = (
    []
    if HAS_ORACLE
    else [
        path.name
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        if re.search(
            r"^(import PIL|from PIL|from twins|import twins)", path.read_text(), re.MULTILINE
        )
    ]
)


def pytest_report_header() -> str | None:
    """Says what is left out."""
    if not collect_ignore:
        return None
    return f"without Pillow 13.0.0, its oracle, not run: {', '.join(collect_ignore)}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "oracle: compares with Pillow 13.0.0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skips = {
        "slow": (not os.environ.get("PILAF_TEST_SLOW"), "a slow tier: make test-slow runs it"),
        "oracle": (not HAS_ORACLE, "Pillow 13.0.0 does not exist for this Python"),
    }
    for item in items:
        for name, (skip, reason) in skips.items():
            if skip and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files beside the checkout."""
    if not CORPUS.is_dir():
        pytest.skip("no corpus beside the checkout (../shared/corpus)")
    return CORPUS
