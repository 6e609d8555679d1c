"""The exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of `hat` says."""

    PASSED = 0  # all passed
    FAILED = 1  # something failed or could not be carried out
    USAGE = 2  # wrong usage, or a case that cannot be read
    INTERNAL = 3  # a fault of HAT itself
    INTERRUPTED = 130  # stopped by Ctrl-C
