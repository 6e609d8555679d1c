"""FILE -> CASE: find, read and write case files of every layout."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hat.case import DIALECTS, Case
from hat.error import FormatError, FormatErrors, UsageError
from hat.formats.document import parse, problems, read
from hat.formats.dump import dump
from hat.formats.files import find_files, find_root
from hat.formats.project import Project

__all__ = ["FormatErrors", "Loaded", "dump", "load", "parse", "problems", "read"]


class Loaded(Struct, frozen=True):
    """What paths hold: the cases that can run, in the order written, and the problems of the others.

    `warnings` are about cases that run, and are hardly meant so.
    """

    cases: tuple[Case, ...] = ()
    problems: tuple[FormatError, ...] = ()
    warnings: tuple[FormatError, ...] = ()


def load(
    *paths: str | Path, dialect: str | None = None, dotenv: str | Path | None = None, named: bool = True
) -> Loaded:
    """The cases of files and folders; a bad file is a problem, a missing path raises UsageError.

    `dialect` None takes for each file the one it says or shows; `dotenv` stands in for the project's .env.
    A path to a file that is no case is a problem, unless it is not `named` on purpose.
    """
    if dialect is not None and dialect not in DIALECTS:
        raise UsageError(f"unknown dialect '{dialect}'", hint=f"one of {', '.join(DIALECTS)}")
    projects: dict[Path, Project] = {}
    by_folder: dict[Path, Project] = {}
    cases: list[Case] = []
    found: list[FormatError] = []
    for path in map(Path, paths):
        for file in find_files(path):
            project = by_folder.get(file.parent)
            if project is None or file.is_symlink():
                root = find_root(file)
                project = projects.setdefault(
                    root, Project(root, dialect, Path(dotenv).resolve() if dotenv else None)
                )
                by_folder.setdefault(file.parent, project)
            for item in project.cases(file, str(file), asked=named and file == path):
                if isinstance(item, Case):
                    cases.append(item if item.name != "" else replace(item, name=f"testcase {len(cases)}"))
                else:
                    found.append(item)
    # A case that others call is read again with each of them, and says the same each time.
    told = {str(problem): problem for problem in found}
    warnings = {str(warning): warning for project in projects.values() for warning in project.warnings}
    return Loaded(tuple(cases), tuple(told.values()), tuple(warnings.values()))
