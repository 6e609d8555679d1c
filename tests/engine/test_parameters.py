"""Rows that parameters make."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine import loop
from hat.engine.calls import Caller
from hat.engine.dialect import DIALECT
from hat.engine.parameters import rows_of
from hat.engine.template import RenderError


def rows(parameters: Any, dialect: str = "hat") -> list[dict[str, Any] | None]:
    """The rows of a case."""
    return loop.run(
        rows_of(parameters, DIALECT[dialect], Caller(dialect), {"n": [1, 2]}, "config.parameters")
    )


ROWS: list[tuple[str, Any, Any]] = [
    ("nothing is one row without values", None, [None]),
    ("a list", {"a": [1, 2]}, [{"a": 1}, {"a": 2}]),
    ("lists by position", {"u-p": [["ann", 1], ["bob", 2]]}, [{"u": "ann", "p": 1}, {"u": "bob", "p": 2}]),
    ("objects by name", {"u-p": [{"p": 1, "u": "ann", "x": 0}]}, [{"u": "ann", "p": 1}]),
    ("a product, the last fastest", {"a": [1, 2], "b": "$n"},
     [{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 2, "b": 2}]),
    ("a list of objects", [{"a": [1]}, {"b": [2]}], [{"a": 1, "b": 2}]),
    ("lists side by side", {"zip": {"u": ["ann", "bob"], "p": "$n"}},
     [{"u": "ann", "p": 1}, {"u": "bob", "p": 2}]),
    ("a mapping of lists for several names", {"u-p": {"p": [1, 2], "u": ["ann", "bob"]}},
     [{"u": "ann", "p": 1}, {"u": "bob", "p": 2}]),
    ("lists side by side times another", {"zip": {"u": ["a"], "p-q": [[1, 2]]}, "l": [8, 9]},
     [{"u": "a", "p": 1, "q": 2, "l": 8}, {"u": "a", "p": 1, "q": 2, "l": 9}]),
    ("a parameter may be called zip", {"zip": [1]}, [{"zip": 1}]),
    ("an empty list is no row", {"a": []}, []),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_parameters_make_rows(parameters: Any, expected: Any) -> None:
    assert rows(parameters) == expected


WRONG = [
    ("no list", {"a": 5}, "parameters 'a' are no list, got 5"),
    ("a text", "abc", "parameters are names with their values"),
    ("too short", {"a-b": [[1]]}, "a row of parameters 'a-b' has 1 values, expected 2"),
    ("a scalar for two names", {"a-b": [1]}, "a row of parameters 'a-b' has 1 value, got 1"),
    ("a missing name", {"a-b": [{"a": 1}]}, "a row of parameters 'a-b' has no 'b'"),
    (
        "sides of other lengths",
        {"zip": {"a": [1], "b": [1, 2]}},
        "lists side by side are of one length, got a 1, b 2",
    ),
    ("too many", {"a": [1] * 1000, "b": [1] * 1000}, "parameters make 1,000,000 rows, at most 100,000 run"),
]


@pytest.mark.parametrize(("parameters", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_parameters_are_told(parameters: Any, message: str) -> None:
    with pytest.raises(RenderError) as caught:
        rows(parameters)

    assert caught.value.message == message


@pytest.mark.parametrize("dialect", ["httprunner2", "httprunner25", "httprunner3", "httprunner4"])
def test_httprunner_cuts_rows_in_the_file_to_the_names(dialect: str) -> None:
    assert rows({"a-b": [[1, 2, 3], [4], 5]}, dialect) == [{"a": 1, "b": 2}, {"a": 4}, {"a": 5}]
    assert rows({"a": [[1, 2]]}, dialect) == [{"a": 1}]
