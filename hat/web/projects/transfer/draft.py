"""A case between its file and its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hat.error import FormatError


@dataclass(slots=True)
class Draft:
    """A case file on its way to become a case: `document` still calls others by path.

    An entry of a suite has a `file` of its own making; `suite` is the file it was read from.
    """

    file: str
    document: dict[str, Any]
    locate: Callable[[str], int | None] | None
    suite: str = ""
    module: str = ""

    @property
    def is_of_suite(self) -> bool:
        return self.suite != ""

    def problem(self, path: str, message: str, hint: str = "") -> FormatError:
        line = self.locate(path) if self.locate else None
        return FormatError(message, file=self.suite or self.file, line=line, path=path, hint=hint)
