"""hat convert: turn a case file of any layout, or a file of another tool, into cases of HAT."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from hat import formats
from hat.case import Environment
from hat.cli.exit import Exit
from hat.error import FormatError, UsageError
from hat.formats.conversion import Conversion, read_text
from hat.formats.conversion.conversion import file_name
from hat.formats.files import read_file

_FUNCTIONS = "# Functions that the cases of this folder may call.\n"


def carry_out(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Read one file and write what it becomes: a case, or a folder of cases."""
    source = Path(chosen.source)
    if not source.is_file():
        raise UsageError(f"no such file: '{source}'")
    text = read_file(source)
    found = read_text(text, source.name)
    try:
        if found is None:
            _write(chosen.target, formats.dump(formats.parse(text)))
        else:
            _write_conversion(found, chosen.target)
    except OSError as problem:
        raise UsageError(f"{problem.filename or chosen.target}: {problem.strerror}") from problem
    return Exit.PASSED


def _write_conversion(found: Conversion, target: str) -> None:
    """One case into a file, more of them into a folder; what is not as it was goes to the standard error."""
    if not found.cases and not found.environments:
        raise FormatError("nothing in it can become a case", file=found.file)
    if len(found.cases) == 1 and (target == "-" or target.endswith((".yml", ".yaml"))):
        _write(target, formats.dump(next(iter(found.cases.values()))))
        folder = None if target == "-" else Path(target).parent
    elif target == "-" or Path(target).is_file():
        hint = f"{len(found.cases)} cases need a folder: hat convert IN FOLDER"
        raise UsageError(f"'{target}' is no folder", hint=hint)
    else:
        folder = Path(target)
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / "debugtalk.py", _FUNCTIONS)
        for path, document in found.cases.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            _write(str(folder / path), formats.dump(document))
    made = _write_environments(folder, found.environments) if folder is not None else []
    for note in found.notes:
        print(f"warning: {note}", file=sys.stderr)
    told = [f"{len(found.cases)} cases", *(f"environment {name}" for name in made)]
    if target != "-":
        print(f"{target}: {', '.join(told)}, {len(found.notes)} notes", file=sys.stderr)


def _write_environments(folder: Path, environments: Iterable[Environment]) -> list[str]:
    """A `.env.NAME` for each environment with values; one that is there already stays as it is."""
    made = []
    for environment in environments:
        values = {"BASE_URL": environment.base_url} if environment.base_url else {}
        lines = {**values, **environment.variables, **environment.secrets}
        text = "".join(f"{name}={_line(value)}\n" for name, value in lines.items())
        name = file_name(environment.name).replace(" ", "_")
        if text and _write_new(folder / f".env.{name}", text):
            made.append(name)
    return made


def _line(value: object) -> str:
    return " ".join(str(value).split("\n"))


def _write_new(path: Path, text: str) -> bool:
    if path.exists():
        return False
    path.write_text(text, encoding="utf-8")
    return True


def _write(target: str, text: str) -> None:
    if target == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, encoding="utf-8")
