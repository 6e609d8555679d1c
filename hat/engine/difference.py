"""The smallest difference of two structures: where they part, what was expected there, what is there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hat.engine import path
from hat.number import Written, exact

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__slots__": ()})()
_NUMBERS = (int, float, Decimal)


class Difference(Struct, frozen=True):
    """One place where two structures part; MISSING on one side says the place exists on the other only."""

    keys: tuple[path.Key, ...]
    expected: Any
    actual: Any


def same(expected: Any, actual: Any) -> bool:
    """Equality of JSON values: true is not 1, 1 is 1.0, the order of keys does not count."""
    if type(expected) is type(actual) and not isinstance(expected, (dict, list, tuple, Written)):
        return bool(expected == actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return len(expected) == len(actual) and all(
            key in actual and same(value, actual[key]) for key, value in expected.items()
        )
    if isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    return same_scalar(expected, actual)


def same_scalar(expected: Any, actual: Any) -> bool:
    """Equality of two values that hold no others."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, _NUMBERS) and isinstance(actual, _NUMBERS):
        return exact(expected) == exact(actual)
    return bool(expected == actual)


def differences(expected: Any, actual: Any, keys: tuple[path.Key, ...] = ()) -> Iterator[Difference]:
    """Every smallest place where two values part, in the order of what was expected."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _of_objects(expected, actual, keys)
    elif isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        yield from _of_lists(expected, actual, keys)
    elif not same(expected, actual):
        yield Difference(keys, expected, actual)


def _of_objects(
    expected: dict[Any, Any], actual: dict[Any, Any], keys: tuple[path.Key, ...]
) -> Iterator[Difference]:
    for key, value in expected.items():
        if key in actual:
            yield from differences(value, actual[key], (*keys, str(key)))
        else:
            yield Difference((*keys, str(key)), value, MISSING)
    for key, value in actual.items():
        if key not in expected:
            yield Difference((*keys, str(key)), MISSING, value)


def _of_lists(expected: Any, actual: Any, keys: tuple[path.Key, ...]) -> Iterator[Difference]:
    """What is equal at both ends is left aside, so that one item more or less is one difference."""
    end = min(len(expected), len(actual))
    head = 0
    while head < end and same(expected[head], actual[head]):
        head += 1
    tail = 0
    while tail < end - head and same(expected[-1 - tail], actual[-1 - tail]):
        tail += 1
    old, new = expected[head : len(expected) - tail], actual[head : len(actual) - tail]
    for offset, (left, right) in enumerate(zip(old, new, strict=False)):
        yield from differences(left, right, (*keys, head + offset))
    both = min(len(old), len(new))
    for offset, left in enumerate(old[both:], head + both):
        yield Difference((*keys, offset), left, MISSING)
    for offset, right in enumerate(new[both:], head + both):
        yield Difference((*keys, offset), MISSING, right)
