"""Regular expressions of cases, with a time limit: one that never ends must not stop the whole process."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

LIMIT_S: Final = 2.0
# What the library behind would take for "nearly so many", and Python takes as it stands.
_BRACE: Final = re.compile(r"(?<!\\N)((?<!\\)(?:\\\\)*)\{(?=[deis])")


class SlowPatternError(ValueError):
    """Raised when a search takes longer than the limit."""


class Pattern:
    """An expression as Python's `re` understands it; `re.error` when it is none."""

    def __init__(self, text: str) -> None:
        import regex  # noqa: PLC0415  costs 17 ms at start-up, and few cases use expressions

        self.groups = re.compile(text).groups
        self._compiled = regex.compile(_BRACE.sub(r"\1\\{", text), regex.VERSION0)

    def search(self, text: str) -> Any:
        """The first place that fits; None without one."""
        return self._limited(self._compiled.search, text)

    def match(self, text: str) -> Any:
        """What fits at the beginning of the text; None when nothing does."""
        return self._limited(self._compiled.match, text)

    def _limited(self, find: Any, text: str) -> Any:
        try:
            return find(text, timeout=LIMIT_S, concurrent=True)
        except TimeoutError:
            raise SlowPatternError(f"the search takes longer than {LIMIT_S:g} s") from None


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The expression, compiled once."""
    return Pattern(text)
