"""Which rows of parameters run: by their numbers, and by the values they give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from hat.engine.shown import show

MOST_TERMS = 1000


class WrongRowsError(ValueError):
    """Raised for a choice of rows that cannot be read; its text says what is wrong."""


class Choice(Struct, frozen=True):
    """Rows by ranges of numbers, from 1, and by values as text; without either: every row."""

    ranges: tuple[tuple[int, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing was chosen, so that every row runs."""
        return not (self.ranges or self.values)

    def takes(self, number: int, row: Mapping[str, Any]) -> bool:
        """Whether a row runs: one of the terms names it."""
        if self.is_everything or any(first <= number <= last for first, last in self.ranges):
            return True
        return any(name in row and _plain(row[name]) == value for name, value in self.values)


def read_choice(text: str) -> Choice:
    """Read terms such as `2`, `4-6` and `user=ann`, with commas between them; raises WrongRowsError."""
    ranges: list[tuple[int, int]] = []
    values: list[tuple[str, str]] = []
    terms = [term.strip() for term in text.replace("，", ",").split(",")]
    if len(terms) > MOST_TERMS:
        raise WrongRowsError(f"at most {MOST_TERMS:,} rows or values can be named, got {len(terms):,}")
    for term in filter(None, terms):
        name, is_value, value = term.partition("=")
        if is_value and name.strip():
            values.append((name.strip(), value.strip()))
        else:
            ranges.append(_range(term))
    return Choice(tuple(ranges), tuple(values))


def _range(term: str) -> tuple[int, int]:
    first, has_end, last = (part.strip() for part in term.partition("-"))
    numbers = (first, last if has_end else first)
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        raise WrongRowsError(f"'{term[:100]}' names no row: write 2, 4-6 or user=ann")
    begin, end = map(int, numbers)
    if begin < 1 or end < begin:
        raise WrongRowsError(f"rows are counted from 1, and the smaller number stands first, got '{term}'")
    return begin, end


def _plain(value: Any) -> str:
    """A value as one would write it after the `=`."""
    return value if isinstance(value, str) else show(value)
