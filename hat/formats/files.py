"""Find case files in a folder, the project folder around them, and read .env files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from hat.error import FormatError, UsageError
from hat.formats.decode import decode

SUFFIXES = (".yml", ".yaml", ".json")
_LEFT_OUT = {"node_modules", "__pycache__", "venv", "site-packages"}


def find_files(path: Path) -> Iterator[Path]:
    """The case files a path stands for: itself, or those below a folder in order of their names."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise UsageError(f"no such file or folder: '{path}'")
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in _LEFT_OUT)
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(folder, name)


def find_root(path: Path) -> Path:
    """The project folder of a file: the nearest one above with a debugtalk.py, else the current folder."""
    start = path.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        if (folder / "debugtalk.py").is_file():
            return folder
    return Path.cwd()


def read_file(path: Path, shown: str = "") -> str:
    """The text of a file; FormatError when it cannot be read."""
    shown = shown or str(path)
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            raw = stream.read() if size < 100 * 1024 * 1024 else b" " * (100 * 1024 * 1024)
    except OSError as error:
        raise FormatError(error.strerror or "cannot be read", file=shown) from None
    return decode(raw, shown)


def read_dotenv(path: Path, *, strict: bool = False) -> dict[str, str]:
    """The names and values of a .env file; `strict` refuses blank lines and comments (HttpRunner 2)."""
    values: dict[str, str] = {}
    for number, line in enumerate(read_file(path).splitlines(), 1):
        text = line.strip()
        if not strict and (not text or text.startswith("#")):
            continue
        separator = "=" if "=" in text else ":"
        if separator not in text:
            hint = "write NAME=value" + (
                "; HttpRunner 2 knows no blank lines and comments here" if strict else ""
            )
            raise FormatError("line is not NAME=value", file=str(path), line=number, hint=hint)
        name, _, value = text.partition(separator)
        values[name.strip()] = value.strip()
    return values
