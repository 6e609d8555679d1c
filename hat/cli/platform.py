"""Start the platform: its commands belong to the web face, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys


def become(arguments: list[str]) -> int:
    """Replace this process by `python -m hat.web`; where that is not possible, wait for it."""
    command = [sys.executable, "-m", "hat.web", *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(sys.executable, command)
    return subprocess.call(command)
