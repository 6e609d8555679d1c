"""What is looked for in texts: plain words or a regular expression, never for longer than a deadline."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from hat.web.refusal import invalid

LONGEST = 2_000_000
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Match:
    """One find: where it is and what takes its place."""

    start: int
    end: int
    new: str


class Pattern:
    """Finds and replaces; the time of all its searches together is limited, whatever the expression."""

    def __init__(self, find: str, replacement: str, *, is_regex: bool, match_case: bool) -> None:
        flags = regex.VERSION0 | (0 if match_case else regex.IGNORECASE)
        try:
            self._compiled = regex.compile(find if is_regex else regex.escape(find), flags)
        except (regex.error, OverflowError, RecursionError, ValueError) as problem:
            raise invalid("change.find", f"not a regular expression: {problem}") from None
        self._plain = None if is_regex else replacement
        self._template = replacement
        self._until = time.monotonic() + SECONDS

    def matches(self, text: str) -> list[Match]:
        """All finds in a text, from left to right; a refusal when they take too long or grow too large."""
        left = self._until - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            return list(self._bounded(text, left))
        except TimeoutError:
            hint = "choose fewer cases, or a simpler expression"
            raise invalid("change.find", f"the search takes longer than {SECONDS:.0f} s", hint=hint) from None
        except (regex.error, IndexError) as problem:
            raise invalid("change.replacement", f"not a replacement: {problem}") from None

    def _bounded(self, text: str, left: float) -> Iterator[Match]:
        size = len(text)
        for found in self._compiled.finditer(text, timeout=left, concurrent=True):
            new = self._plain if self._plain is not None else found.expand(self._template)
            size += len(new)
            if size > LONGEST:
                raise invalid("change.replacement", "a text would grow beyond 2 MB")
            yield Match(found.start(), found.end(), new)


def replaced(text: str, matches: list[Match]) -> str:
    """The text with each find replaced."""
    parts = []
    end = 0
    for match in matches:
        parts += [text[end : match.start], match.new]
        end = match.end
    return "".join([*parts, text[end:]])
