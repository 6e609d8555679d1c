"""The table of comparators, and the judging of one check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hat.engine.extract import ExtractError
from hat.result import CheckResult


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparator by its canonical name; `holds` may raise TypeError or ValueError, `judge` knows what that means."""

    name: str
    holds: Callable[[Any, Any], bool]
    phrase: str


COMPARATORS: Mapping[str, Mapping[str, Comparator]] = {}  # dialect -> name or alias -> comparator


def compile_comparator(name: str, dialect: str = "hat") -> Comparator | None:
    """The built-in comparator of that name or alias; None: it may be a function of the project."""
    return COMPARATORS[dialect].get(name)


def suggest_comparator(name: str, dialect: str = "hat", functions: Iterable[str] = ()) -> str:
    """A hint for an unknown name such as "did you mean 'equals'?", or an empty text."""
    raise NotImplementedError


def judge(
    comparator: Comparator,
    actual: Any | ExtractError,
    expected: Any,
    *,
    expression: str,
    dialect: str = "hat",
    message: str = "",
    place: str = "",
) -> CheckResult:
    """Judge one check; never raises. An ExtractError as `actual` says the value could not be read."""
    raise NotImplementedError


def judge_own(
    name: str,
    actual: Any | ExtractError,
    expected: Any,
    *,
    expression: str,
    value: Any = None,
    error: tuple[str, str] | None = None,
    dialect: str = "hat",
    place: str = "",
) -> CheckResult:
    """The verdict of a project function called as comparator(actual, expected): its `value`, or its `error`
    as (exception type, "text" or "f() in debugtalk.py:12 raised ..."). In dialect hat False is a failure."""
    raise NotImplementedError
