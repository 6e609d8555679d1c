"""The files of the project as git sees them: what is tracked, and what is new and not ignored."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def files() -> tuple[str, ...]:
    """List every file of the project, by its path from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))


def python_files(*parts: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of the Python files below some folders, migrations aside."""
    for name in files():
        if name.endswith(".py") and name.startswith(parts) and "/migrations/" not in name:
            yield name, (ROOT / name).read_text(encoding="utf-8")


def modules(*parts: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield name and syntax tree of the Python files below some folders."""
    for name, text in python_files(*parts):
        yield name, ast.parse(text)


PRODUCT = ("hat/", "tools/", "demo/", "bench/", "start.py", "hatch_build.py")
