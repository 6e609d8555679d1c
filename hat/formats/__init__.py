"""FILE -> CASE: find, read and write case files of every layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hat.case import Case
from hat.error import FormatError, HatError


@dataclass(frozen=True, slots=True)
class Loaded:
    """What paths hold: the cases that can run, in the order written, and the files that cannot."""

    cases: tuple[Case, ...] = ()
    problems: tuple[FormatError, ...] = ()


class FormatErrors(HatError):
    """Raised by `read`: all problems of one document at once."""

    def __init__(self, problems: list[FormatError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load(*paths: str | Path, dialect: str | None = None) -> Loaded:
    """The cases of files and folders; a bad file is a problem, a missing path raises UsageError."""
    raise NotImplementedError


def read(
    document: Mapping[str, Any],
    *,
    dialect: str | None = None,
    resolve: Callable[[Any], Mapping[str, Any] | Case | None] | None = None,
    file: str = "",
    root: str = "",
) -> Case:
    """A case document as a Case; `resolve` gives the case or document behind a `testcase:` id."""
    raise NotImplementedError


def problems(document: Mapping[str, Any]) -> list[FormatError]:
    """All problems of a document at once, each with its path such as `teststeps[0].validate[1]`."""
    raise NotImplementedError


def parse(text: str) -> dict[str, Any]:
    """The document of one case in YAML or JSON text of any layout; FormatError with its line."""
    raise NotImplementedError


def dump(document: Mapping[str, Any]) -> str:
    """A document as canonical, pleasant YAML."""
    raise NotImplementedError
