"""Notice a box that starts processes without end; limits of the system do not count those of root."""

from __future__ import annotations

import os
from typing import Final

MANY: Final = 256


def population() -> int:
    """How many processes and threads the whole system has; 0 where nobody can tell."""
    try:
        with open("/proc/loadavg") as file:
            return int(file.read().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return 0


def is_crowd(session: int) -> bool:
    """Whether a session has more processes than any honest function needs."""
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and _session(name) == session:
            count += 1
    return count > MANY


def _session(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[3])
    except (OSError, ValueError, IndexError):
        return 0
