"""Where this machine has a Chromium."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")


def find_chromium() -> str | None:
    """The program HAT_TEST_CHROMIUM names, else the one that has no windows, which costs the least."""
    return os.environ.get("HAT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
