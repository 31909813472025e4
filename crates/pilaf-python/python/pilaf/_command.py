"""The command `pilaf`, as the wheel installs it."""

from __future__ import annotations

import signal
import sys

from . import _pilaf


def main() -> None:
    """Runs the command with the arguments of the process and exits with its status."""
    # The work is done in Rust, where Python's handler would be heard only at the end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_pilaf.run_command(sys.argv[1:]))
