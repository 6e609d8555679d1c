"""The smallest difference of two structures."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine.difference import MISSING, differences, same


def places(expected: Any, actual: Any) -> list[tuple[tuple[str | int, ...], Any, Any]]:
    return [(one.keys, one.expected, one.actual) for one in differences(expected, actual)]


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        (1, 2, [((), 1, 2)]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [(("a", "b"), 1, 2)]),
        ({"a": 1, "b": 2}, {"a": 1}, [(("b",), 2, MISSING)]),
        ({"a": 1}, {"a": 1, "b": 2}, [(("b",), MISSING, 2)]),
        ([1, 2, 3], [1, 3], [((1,), 2, MISSING)]),
        ([1, 3], [1, 2, 3], [((1,), MISSING, 2)]),
        ([1, 2], [1, 3], [((1,), 2, 3)]),
        ([], [1], [((0,), MISSING, 1)]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], [((1, "a"), 2, 3)]),
        ({"a": [1]}, {"a": {"0": 1}}, [(("a",), [1], {"0": 1})]),
        ({"a": True}, {"a": 1}, [(("a",), True, 1)]),
    ],
)
def test_it_finds(expected: Any, actual: Any, found: list[Any]) -> None:
    assert places(expected, actual) == found


def test_equal_structures_are_the_same_whatever_the_order_of_keys() -> None:
    assert same({"a": [1, {"b": None}], "c": "x"}, {"c": "x", "a": [1, {"b": None}]})
