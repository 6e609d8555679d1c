"""What each comparator asks, in the semantics of HttpRunner and in those of dialect hat."""

from __future__ import annotations

import builtins
import operator
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from hat.engine.difference import same
from hat.engine.pattern import Pattern, pattern
from hat.engine.shown import kind, show
from hat.number import Written, exact

Holds = Callable[[Any, Any], bool]
_CONTAINERS = (list, tuple, dict, str, bytes)
_NUMBERS = (int, float, Decimal)
_NULL_TYPES = ("None", "NoneType", None)
_TYPE_WORDS: dict[str, type | tuple[type, ...]] = {
    "text": str, "string": str, "number": (int, float, Decimal), "integer": int, "boolean": bool,
    "object": dict, "array": list, "float": (float, Decimal),
}  # fmt: skip


PatternError = re.error


class UnusableError(ValueError):
    """Raised when the expected value can never be compared with: the fault is the case's."""


# What HttpRunner does, with Python's own semantics


def contains(actual: Any, expected: Any) -> bool:
    return isinstance(actual, _CONTAINERS) and operator.contains(actual, expected)


def contained_by(actual: Any, expected: Any) -> bool:
    return isinstance(expected, _CONTAINERS) and actual in expected


def _by_length(compare: Holds, types: tuple[type, ...]) -> Holds:
    def holds(actual: Any, expected: Any) -> bool:
        return isinstance(expected, types) and compare(len(actual), expected)

    return holds


def python_type(name: Any) -> type:
    """The Python type of that name; ValueError for any other word, as HttpRunner has it."""
    if not (isinstance(name, str) and hasattr(builtins, name)):
        raise ValueError(f"{name!r} is no type")
    found = getattr(builtins, name)
    if not isinstance(found, type):
        raise TypeError(f"{name!r} is no type")
    return found


def type_match_2(actual: Any, expected: Any) -> bool:
    return isinstance(actual, python_type(expected))


def type_match_34(actual: Any, expected: Any) -> bool:
    if expected in _NULL_TYPES:
        return actual is None
    return (float if isinstance(actual, Written) else type(actual)) is python_type(expected)


def regex_match(actual: Any, expected: Any) -> bool:
    if not isinstance(actual, str) or not isinstance(expected, str):
        return False
    return pattern(expected).match(actual) is not None


def startswith(actual: Any, expected: Any) -> bool:
    return str(actual).startswith(str(expected))


def endswith(actual: Any, expected: Any) -> bool:
    return str(actual).endswith(str(expected))


# What dialect hat does: types are never mixed up silently


def _ordered(compare: Holds) -> Holds:
    def holds(actual: Any, expected: Any) -> bool:
        for value in (actual, expected):
            if isinstance(value, bool) or not isinstance(value, (*_NUMBERS, str)):
                raise TypeError(f"{kind(value)} has no order")
        if isinstance(actual, str) != isinstance(expected, str):
            raise TypeError(f"{kind(actual)} and {kind(expected)} have no order")
        return (
            compare(actual, expected) if isinstance(actual, str) else compare(exact(actual), exact(expected))
        )

    return holds


def _sized(compare: Holds) -> Holds:
    def holds(actual: Any, expected: Any) -> bool:
        if isinstance(expected, bool) or not isinstance(expected, _NUMBERS):
            raise UnusableError(f"a length is a number, not {show(expected)}")
        if not isinstance(actual, (*_CONTAINERS, Mapping)):
            raise TypeError(f"{kind(actual)} has no length")
        return compare(len(actual), expected)

    return holds


def hat_contains(actual: Any, expected: Any) -> bool:
    if isinstance(actual, (str, bytes)):
        if not isinstance(expected, type(actual)):
            raise TypeError(f"{kind(actual)} cannot contain {kind(expected)} {show(expected)}")
        return operator.contains(actual, expected)
    if isinstance(actual, Mapping):
        return expected in actual
    if isinstance(actual, (list, tuple)):
        return any(same(expected, item) for item in actual)
    raise TypeError(f"{kind(actual)} contains nothing")


def hat_contained_by(actual: Any, expected: Any) -> bool:
    if not isinstance(expected, _CONTAINERS):
        raise UnusableError(f"expected a list, an object or a text, not {show(expected)}")
    return hat_contains(expected, actual)


def one_of(actual: Any, expected: Any) -> bool:
    if not isinstance(expected, (list, tuple)):
        raise UnusableError(f"expected a list of allowed values, not {show(expected)}")
    return any(same(item, actual) for item in expected)


def hat_type_match(actual: Any, expected: Any) -> bool:
    if expected in (*_NULL_TYPES, "null"):
        return actual is None
    types: Any = _TYPE_WORDS.get(expected) if isinstance(expected, str) else None
    if types is None:
        try:
            types = python_type(expected)
        except (ValueError, TypeError) as problem:
            raise UnusableError(str(problem)) from problem
    if isinstance(actual, bool):
        return types is bool
    return isinstance(actual, types)


def hat_regex_match(actual: Any, expected: Any) -> bool:
    return _pattern(actual, expected).match(actual) is not None


def regex_search(actual: Any, expected: Any) -> bool:
    return _pattern(actual, expected).search(actual) is not None


def _pattern(actual: Any, expected: Any) -> Pattern:
    if not isinstance(expected, str):
        raise UnusableError(f"a regular expression is text, not {show(expected)}")
    if not isinstance(actual, str):
        raise TypeError(f"{kind(actual)} matches no regular expression")
    return pattern(expected)


def approx(actual: Any, expected: Any) -> bool:
    """Near a number: `9.99`, or `[9.99, 0.01]` with the distance allowed (else a millionth of the number)."""
    near, distance = (
        expected if isinstance(expected, (list, tuple)) and len(expected) == 2 else (expected, None)
    )
    for value in (near, distance if distance is not None else 0):
        if isinstance(value, bool) or not isinstance(value, _NUMBERS):
            raise UnusableError(f"expected a number or [number, distance], not {show(expected)}")
    if isinstance(actual, bool) or not isinstance(actual, _NUMBERS):
        raise TypeError(f"{kind(actual)} is no number")
    allowed = abs(float(near)) * 1e-6 if distance is None else float(distance)
    return abs(float(actual) - float(near)) <= allowed + 1e-12 * abs(float(near))


def unordered_eq(actual: Any, expected: Any) -> bool:
    """The same items in any order, at every depth."""
    if isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        return len(expected) == len(actual) and _pair_off(list(actual), expected)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            unordered_eq(actual[key], value) for key, value in expected.items()
        )
    return same(expected, actual)


def _pair_off(left: list[Any], expected: Iterable[Any]) -> bool:
    """Whether each item has a partner of its own: looked up by what it holds, then searched for."""
    by_content: dict[Hashable, list[Any]] = {}
    for item in left:
        by_content.setdefault(_content(item), []).append(item)
    rest = []
    for item in expected:
        partners = by_content.get(_content(item))
        if partners:
            partners.pop()
        else:
            rest.append(item)
    left = [item for partners in by_content.values() for item in partners]
    for item in rest:
        at = next((i for i, other in enumerate(left) if unordered_eq(other, item)), None)
        if at is None:
            return False
        left.pop(at)
    return not left


def _content(value: Any) -> Hashable:
    """What a value holds, to look it up by: the same for the same items in any order."""
    if isinstance(value, dict):
        return "object", frozenset((key, _content(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return "list", frozenset(Counter(map(_content, value)).items())
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return "number", exact(value)
    return type(value).__name__, value if isinstance(value, Hashable) else repr(value)


def exists(actual: Any, expected: Any) -> bool:
    """There is such a value; with `false` expected, there is none."""
    return expected is not False


def names_schema(actual: Any, expected: Any) -> bool:
    """A schema is judged with the files of the project at hand, see schema.py; here is none."""
    raise UnusableError("a schema cannot be judged here")


def equal_fold(actual: Any, expected: Any) -> bool:
    if not isinstance(actual, str) or not isinstance(expected, str):
        raise TypeError(f"{kind(actual)} and {kind(expected)} are not both text")
    return actual.casefold() == expected.casefold()


# The tables: what is asked, by its short name


def _python(types: tuple[type, ...], types_eq: tuple[type, ...], type_match: Holds) -> dict[str, Holds]:
    return {
        "eq": lambda actual, expected: bool(actual == expected),
        "ne": lambda actual, expected: bool(actual != expected),
        "lt": lambda actual, expected: bool(actual < expected),
        "le": lambda actual, expected: bool(actual <= expected),
        "gt": lambda actual, expected: bool(actual > expected),
        "ge": lambda actual, expected: bool(actual >= expected),
        "str_eq": lambda actual, expected: str(actual) == str(expected),
        "len_eq": _by_length(lambda size, expected: bool(size == expected), types_eq),
        "len_gt": _by_length(lambda size, expected: bool(size > expected), types),
        "len_ge": _by_length(lambda size, expected: bool(size >= expected), types),
        "len_lt": _by_length(lambda size, expected: bool(size < expected), types),
        "len_le": _by_length(lambda size, expected: bool(size <= expected), types),
        "contains": contains,
        "contained_by": contained_by,
        "type_match": type_match,
        "regex_match": regex_match,
        "startswith": startswith,
        "endswith": endswith,
    }


HTTPRUNNER_2 = _python((int,), (int,), type_match_2)
HTTPRUNNER_34 = _python((int, float), (int,), type_match_34)
HAT: dict[str, Holds] = {
    "eq": lambda actual, expected: same(expected, actual),
    "ne": lambda actual, expected: not same(expected, actual),
    "lt": _ordered(HTTPRUNNER_2["lt"]),
    "le": _ordered(HTTPRUNNER_2["le"]),
    "gt": _ordered(HTTPRUNNER_2["gt"]),
    "ge": _ordered(HTTPRUNNER_2["ge"]),
    "str_eq": lambda actual, expected: as_text(actual) == as_text(expected),
    "len_eq": _sized(HTTPRUNNER_2["eq"]),
    "len_gt": _sized(HTTPRUNNER_2["gt"]),
    "len_ge": _sized(HTTPRUNNER_2["ge"]),
    "len_lt": _sized(HTTPRUNNER_2["lt"]),
    "len_le": _sized(HTTPRUNNER_2["le"]),
    "contains": hat_contains,
    "contained_by": hat_contained_by,
    "type_match": hat_type_match,
    "regex_match": hat_regex_match,
    "startswith": lambda actual, expected: as_text(actual).startswith(as_text(expected)),
    "endswith": lambda actual, expected: as_text(actual).endswith(as_text(expected)),
    "not_contains": lambda actual, expected: not hat_contains(actual, expected),
    "one_of": one_of,
    "not_one_of": lambda actual, expected: not one_of(actual, expected),
    "approx": approx,
    "unordered_eq": unordered_eq,
    "regex_search": regex_search,
    "equal_fold": equal_fold,
    "exists": exists,
    "not_exists": lambda actual, expected: not exists(actual, expected),
    "json_schema": names_schema,
}


def as_text(value: Any) -> str:
    """A value as text: texts as they are, the rest as JSON writes it."""
    return value if isinstance(value, str) else show(value, 1_000_000)
