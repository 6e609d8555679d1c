"""The demo API in a process of its own, on a free port."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASES = ROOT / "demo" / "cases"


@contextmanager
def demo_api() -> Iterator[str]:
    """Serve the demo API while inside; gives its address."""
    command = [sys.executable, str(ROOT / "demo" / "server.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
