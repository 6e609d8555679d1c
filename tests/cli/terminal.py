"""The command line as a person uses it, in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from hat.cli.main import main

ENGLISH = {"HAT_LANG": "en"}


@dataclass(frozen=True)
class Finished:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


def _paper() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _read(paper: io.TextIOWrapper) -> str:
    paper.flush()
    buffer = paper.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def hat(*arguments: str | Path, env: Mapping[str, str] = ENGLISH, folder: Path | None = None) -> Finished:
    """Run `hat` with arguments in a folder."""
    out, err = _paper(), _paper()
    sys.stdout.flush()
    with chdir(folder or Path.cwd()), redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments], env)
    return Finished(code, _read(out), _read(err))
