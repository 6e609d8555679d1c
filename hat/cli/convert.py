"""hat convert: turn a case file of any layout into a HAT case."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from hat import formats
from hat.cli.exit import Exit
from hat.error import UsageError
from hat.formats.files import read_file


def carry_out(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Read one file and write it as a case document."""
    source = Path(chosen.source)
    if not source.is_file():
        raise UsageError(f"no such file: '{source}'")
    text = formats.dump(formats.parse(read_file(source)))
    if chosen.target == "-":
        sys.stdout.write(text)
        return Exit.PASSED
    try:
        Path(chosen.target).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{chosen.target}: {problem.strerror}") from problem
    return Exit.PASSED
