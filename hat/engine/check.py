"""The table of comparators by name, and the judging of one check."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct

from hat.case import HTTPRUNNER_2
from hat.engine import comparator as asks
from hat.engine import path
from hat.engine.difference import MISSING, Difference, differences
from hat.engine.reader import ExtractError
from hat.engine.shown import kind, show
from hat.result import CheckResult, Outcome

_MOST_DIFFERENCES = 5


class Comparator(Struct, frozen=True):
    """A comparator of one dialect by its canonical name; `key` is its short name in every dialect.

    `holds` may raise: TypeError if the actual value does not suit it, ValueError if the expected one cannot.
    """

    name: str
    holds: asks.Holds
    key: str
    text: Callable[[Any], str] = str


class Raised(Struct, frozen=True):
    """The answer of a project function that raised; any kind of AssertionError is called just that."""

    kind: str
    text: str = ""


# key: (what was wanted, canonical name and aliases in HttpRunner 2, in 3 and 4, in dialect hat alone);
# dialect hat knows the key and the names of both other columns as well
_NAMES: dict[str, tuple[str, str, str, str]] = {
    "eq": ("", "equals eq == is", "equal eq equals", ""),
    "ne": ("anything but", "not_equals ne", "not_equal ne", "!="),
    "lt": ("less than", "less_than lt", "less_than lt", "<"),
    "le": ("at most", "less_than_or_equals le", "less_or_equals le", "<="),
    "gt": ("more than", "greater_than gt", "greater_than gt", ">"),
    "ge": ("at least", "greater_than_or_equals ge", "greater_or_equals ge", ">="),
    "str_eq": ("as text", "string_equals str_eq", "string_equals str_eq", ""),
    "len_eq": ("length", "length_equals len_eq count_eq", "length_equal len_eq", ""),
    "len_gt": (
        "length more than",
        "length_greater_than len_gt count_gt count_greater_than",
        "length_greater_than len_gt",
        "",
    ),
    "len_ge": (
        "length at least",
        "length_greater_than_or_equals len_ge count_ge count_greater_than_or_equals",
        "length_greater_or_equals len_ge",
        "",
    ),
    "len_lt": (
        "length less than",
        "length_less_than len_lt count_lt count_less_than",
        "length_less_than len_lt",
        "",
    ),
    "len_le": (
        "length at most",
        "length_less_than_or_equals len_le count_le count_less_than_or_equals",
        "length_less_or_equals len_le",
        "",
    ),
    "contains": ("to contain", "contains", "contains", ""),
    "contained_by": ("to be contained in", "contained_by", "contained_by", ""),
    "type_match": ("type", "type_match", "type_match", ""),
    "regex_match": ("to match from its start", "regex_match", "regex_match", ""),
    "startswith": ("to start with", "startswith", "startswith", "starts_with"),
    "endswith": ("to end with", "endswith", "endswith", "ends_with"),
    "not_contains": ("not to contain", "", "", ""),
    "one_of": ("one of", "", "", ""),
    "not_one_of": ("none of", "", "", ""),
    "approx": ("about", "", "", ""),
    "unordered_eq": ("in any order", "", "", "unordered_equals"),
    "regex_search": ("to match", "", "", ""),
    "equal_fold": ("in any case of letters", "", "", ""),
    "exists": ("a value", "", "", ""),
    "not_exists": ("no value", "", "", ""),
    "json_schema": ("to match the schema", "", "", "matches_schema"),
}


def _table(
    holds: Mapping[str, asks.Holds], columns: tuple[int, ...], *, short: bool
) -> dict[str, Comparator]:
    table: dict[str, Comparator] = {}
    for key, row in _NAMES.items():
        names = [name for column in columns for name in row[column].split()]
        if short:
            names.insert(0, key)
        for name in names:
            table[name] = Comparator(names[0], holds[key], key, asks.as_text if short else str)
    return table


COMPARATORS: Mapping[str, Mapping[str, Comparator]] = {
    "hat": _table(asks.HAT, (1, 2, 3), short=True),
    "httprunner2": _table(asks.HTTPRUNNER_2, (1,), short=False),
    "httprunner25": _table(asks.HTTPRUNNER_2, (1,), short=False),
    "httprunner3": _table(asks.HTTPRUNNER_34, (2,), short=False),
    "httprunner4": _table(asks.HTTPRUNNER_34, (2,), short=False),
}


def compile_comparator(name: str, dialect: str = "hat") -> Comparator | None:
    """The built-in comparator of that name or alias; None: it may be a function of the project."""
    found = COMPARATORS[dialect].get(name)
    if found is None and dialect in HTTPRUNNER_2 and name in _PYTHON_FUNCTIONS:
        return Comparator(name, _PYTHON_FUNCTIONS[name], name)
    return found


def _asserted_nothing(function: Callable[..., Any]) -> asks.Holds:
    """HttpRunner 2 takes any Python function as comparator and looks only whether it raises."""

    def holds(actual: Any, expected: Any) -> bool:
        function(actual, expected)
        return True

    return holds


_PYTHON_FUNCTIONS = {
    name: _asserted_nothing(getattr(builtins, name))
    for name in ("isinstance", "issubclass", "divmod", "format", "hasattr", "max", "min", "pow", "round")
}


def suggest_comparator(name: str, dialect: str = "hat", functions: Iterable[str] = ()) -> str:
    """A hint for an unknown name such as "did you mean 'equals'?", or an empty text."""
    from difflib import get_close_matches  # noqa: PLC0415  only failures ask

    known = [*COMPARATORS[dialect], *functions]
    near = get_close_matches(name, known, 1, 0.6) or get_close_matches(name.lower(), known, 1, 0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    elsewhere = [other for other in ("hat", "httprunner2", "httprunner4") if name in COMPARATORS[other]]
    if elsewhere:
        key = COMPARATORS[elsewhere[0]][name].key
        same = next((other for other, row in COMPARATORS[dialect].items() if row.key == key), "")
        return f"dialect {dialect} calls it '{same}'" if same else f"dialect {elsewhere[0]} knows it"
    return ""


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
    if isinstance(actual, ExtractError):
        if not (actual.may_be_null and comparator.key in ("eq", "ne", "type_match")):
            outcome, text = _judge_unread(comparator, actual, expected)
            return _result(comparator.name, None, expected, expression, outcome, _said(text, message), place)
        actual = None
    try:
        if comparator.holds(actual, expected):
            return CheckResult(expression, comparator.name, expected, actual, Outcome.PASSED, "", place)
        outcome, text = Outcome.FAILED, _failure(comparator, actual, expected, expression)
    except TypeError as problem:
        outcome = Outcome.ERROR if dialect in ("httprunner3", "httprunner4") else Outcome.FAILED
        text = f"{_failure(comparator, actual, expected, expression)} ({problem})"
    except (
        ValueError,
        LookupError,
        ArithmeticError,
        AttributeError,
        RecursionError,
        asks.PatternError,
    ) as problem:
        outcome, text = Outcome.ERROR, f"{expression} {comparator.name} {show(expected)}: {problem}"
    return _result(comparator.name, actual, expected, expression, outcome, _said(text, message), place)


def judge_own(
    name: str,
    actual: Any | ExtractError,
    expected: Any,
    *,
    expression: str,
    answer: Any | Raised = None,
    dialect: str = "hat",
    place: str = "",
) -> CheckResult:
    """The verdict of a project function called as comparator(actual, expected), by its answer.

    AssertionError and TypeError are failures, other exceptions errors; in dialect hat False is one, too.
    """
    if isinstance(actual, ExtractError):
        outcome = Outcome.ERROR if actual.kind == "error" else Outcome.FAILED
        return _result(name, None, expected, expression, outcome, _full(actual), place)
    asked = f"{expression}: {name}({show(actual, 80)}, {show(expected, 80)})"
    if isinstance(answer, Raised):
        outcome = Outcome.FAILED if answer.kind in ("AssertionError", "TypeError") else Outcome.ERROR
        said = f": {answer.text}" if answer.text else ""
        verb = "does not hold" if outcome is Outcome.FAILED else f"raised {answer.kind}"
        return _result(name, actual, expected, expression, outcome, f"{asked} {verb}{said}", place)
    if dialect == "hat" and answer is False:
        return _result(name, actual, expected, expression, Outcome.FAILED, f"{asked} gave false", place)
    return _result(name, actual, expected, expression, Outcome.PASSED, "", place)


def _result(
    name: str, actual: Any, expected: Any, expression: str, outcome: Outcome, text: str, place: str
) -> CheckResult:
    return CheckResult(expression, name, expected, actual, outcome, text, place)


def _said(text: str, message: str) -> str:
    """The fact, with what the author of the case wrote about it."""
    return f"{text} ({message})" if text and message else text


def _judge_unread(comparator: Comparator, problem: ExtractError, expected: Any) -> tuple[Outcome, str]:
    if problem.kind == "error":
        return Outcome.ERROR, _full(problem)
    is_absent_wanted = comparator.key == "not_exists" and expected is not False
    if is_absent_wanted or (comparator.key == "exists" and expected is False):
        return Outcome.PASSED, ""
    return Outcome.FAILED, _full(problem)


def _full(problem: ExtractError) -> str:
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


def _failure(comparator: Comparator, actual: Any, expected: Any, expression: str) -> str:
    """The fact of a failed check: "status_code: expected 200, got 404"."""
    key = comparator.key
    if key == "eq" and isinstance(expected, (dict, list)) and type(expected) is type(actual):
        return _parted(expression, expected, actual)
    if key in ("exists", "not_exists"):
        wanted = "a value" if (key == "exists") == (expected is not False) else "no value"
        return f"{expression}: expected {wanted}, got {show(actual)}"
    words = _NAMES[key][0] if key in _NAMES else key
    wanted, found = show(expected), show(actual)
    if key.startswith("len_") and hasattr(actual, "__len__"):
        found = f"length {len(actual)}: {found}"
    elif key == "type_match":
        wanted, found = str(expected), "null" if actual is None else f"{type(actual).__name__} {found}"
    elif key == "str_eq":
        wanted, found = show(comparator.text(expected)), show(comparator.text(actual))
    elif wanted.strip('"') == found.strip('"') and type(expected) is not type(actual):
        wanted, found = f"{wanted} ({kind(expected)})", f"{found} ({kind(actual)})"
    return f"{expression}: expected {words + ' ' if words else ''}{wanted}, got {found}"


def _parted(expression: str, expected: Any, actual: Any) -> str:
    """The smallest differences of two structures, one a line when there are several."""
    found = list(islice(differences(expected, actual), 1000))
    if not found:  # equal for a person, not for Python: dialects of HttpRunner compare as Python does
        return f"{expression}: expected {show(expected)}, got {show(actual)}"
    lines = [_place(expression, difference) for difference in found[:_MOST_DIFFERENCES]]
    if len(lines) == 1:
        return lines[0]
    more = [f"  and {len(found) - len(lines)} more"] if len(found) > len(lines) else []
    return "\n".join(
        [f"{expression}: differs in {len(found)} places", *(f"  {line}" for line in lines), *more]
    )


def _place(expression: str, difference: Difference) -> str:
    suffix = path.join(difference.keys)
    where = expression + (suffix if suffix.startswith("[") or not suffix else f".{suffix}")
    if difference.actual is MISSING:
        return f"{where}: expected {show(difference.expected)}, it is missing"
    if difference.expected is MISSING:
        return f"{where}: not expected, got {show(difference.actual)}"
    return f"{where}: expected {show(difference.expected)}, got {show(difference.actual)}"
