"""Limits every box has: memory, processor time, core files, own session, an end when the parent ends."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_KINDS: Final = {
    "memory": resource.RLIMIT_AS,
    "cpu": resource.RLIMIT_CPU,
    "file": resource.RLIMIT_FSIZE,
    "files": resource.RLIMIT_NOFILE,
    "processes": resource.RLIMIT_NPROC,
    "core": resource.RLIMIT_CORE,
}


def set_limits(limits: Mapping[str, int]) -> None:
    """Lower each limit that is above the one asked for."""
    for name, value in limits.items():
        kind = _KINDS[name]
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit))


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def own_session() -> None:
    """Leave the terminal and the parent's process group; interrupts there are not for us."""
    os.setsid()
