"""Paths of files inside a project folder: which are harmless, and which belong to HAT itself."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from hat.web.text import fault_in

FUNCTIONS = "debugtalk.py"
DOTENV = ".env"
MAX_PATH = 400
MAX_PARTS = 20
MAX_NAME = 255  # bytes; what file systems take
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LEFT_OUT = {"__MACOSX", "__pycache__", "node_modules", "venv", "reports", "logs"}


def path_fault(path: str) -> str:
    """Why a path cannot lie in a project folder; empty when it can."""
    if fault_in(path):
        return "the name holds a character that cannot be stored"
    if len(path) > MAX_PATH:
        return f"the path is longer than {MAX_PATH} characters"
    if "\\" in path or path.startswith("/") or path[1:2] == ":":
        return "the path is absolute or of another system; paths must stay inside the folder"
    parts = path.split("/")
    if ".." in parts:
        return "the path leaves its folder with '..'"
    if not PurePosixPath(path).parts:
        return "the file has no name"
    if any(len(part.encode()) > MAX_NAME for part in parts):
        return f"a name in the path is longer than {MAX_NAME} bytes"
    return f"the path is more than {MAX_PARTS} folders deep" if len(parts) > MAX_PARTS else ""


def is_left_out(path: str) -> bool:
    """Whether a file is hidden or lies where tools leave their own things; .env alone is wanted."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith(".") for part in parts[:-1]) or (
        parts[-1].startswith(".") and parts[-1] != DOTENV
    )
    return hidden or bool(_LEFT_OUT.intersection(parts[:-1]))


def tidy(path: str) -> str:
    """The path in its shortest spelling: without `.` and doubled slashes."""
    return str(PurePosixPath(path))


def folders_above(path: str) -> list[str]:
    """The folders a file lies in, nearest first, without the project folder itself."""
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def word(name: str) -> str:
    """A name as one part of a path on every system."""
    return _UNSAFE.sub("_", name).strip(" ._")[:80] or "case"
