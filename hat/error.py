"""What can go wrong before a run.

HatError
├── FormatError     a file or document cannot be read as what it should be
├── FormatErrors    one document has several problems, all told at once
├── TemplateError   a text holds an expression that cannot be compiled
├── FunctionsError  the project's functions (debugtalk.py) cannot be loaded
└── UsageError      a command, option or path is wrong
"""

from __future__ import annotations

from typing import Literal


class HatError(Exception):
    """A problem a person can mend: where it is, what is the fact, and the way out if we know it."""

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class FormatError(HatError):
    """Raised when a file or document cannot be read as cases, environment or data."""

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        path: str = "",
        hint: str = "",
        level: Literal["error", "warning"] = "error",
    ) -> None:
        self.level = level
        self.file = file
        self.line = line
        self.path = path
        head = f"{file}:{line}" if file and line else file
        super().__init__(message, place=": ".join(part for part in (head, path) if part), hint=hint)


class FormatErrors(HatError):  # noqa: N818 - several of one kind
    """Raised when a document cannot be read as a case: all its problems at once."""

    def __init__(self, problems: list[FormatError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class TemplateError(HatError):
    """Raised when `$name` or `${function(...)}` in a text cannot be compiled."""


class FunctionsError(HatError):
    """Raised when the project's functions cannot be loaded: syntax error, failing import, no sandbox."""


class UsageError(HatError):
    """Raised when a command, an option or a path is wrong."""
