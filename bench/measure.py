"""Run programs and tell what they cost: processor time, wall clock, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one whole process cost, its children included."""

    cpu_s: float
    wall_s: float
    memory_mb: float
    code: int


def run(command: Sequence[str], folder: Path, log: Path) -> Cost:
    """Run a program to its end; what it prints goes to the log.

    Compiled Python files are kept in the folder, as an installed program has them.
    """
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings["PYTHONPYCACHEPREFIX"] = str(folder / "pycache")
    started = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=settings, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, wall, usage.ru_maxrss / 1024, process.returncode)


@contextmanager
def server(delay_ms: float = 0) -> Iterator[str]:
    """The address of a server that runs as long as the block."""
    script = Path(__file__).parent / "server.py"
    process = subprocess.Popen(
        [sys.executable, str(script), str(delay_ms)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
