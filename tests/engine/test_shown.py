"""Values as messages show them."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine.response import HeaderMap
from hat.engine.shown import kind, show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("王", '"王"'),
        (b"ab", "b'ab'"),
        ({1: "a"}, '{"1": "a"}'),
        ({(1,): "a"}, "{(1,): 'a'}"),
        (HeaderMap([("A", "1")]), '{"A": "1"}'),
        (1j, '"1j"'),
    ],
)
def test_it_shows(value: Any, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("x" * 5000, "… (5000 characters)"),
        (b"x" * 5000, "… (5000 bytes)"),
        (list(range(500)), "… (500 entries)"),
        ({str(n): n for n in range(500)}, "… (500 entries)"),
        (10**500, "… (shortened)"),
    ],
)
def test_what_is_left_out_is_counted(value: Any, end: str) -> None:
    assert show(value).endswith(end)
    assert len(show(value)) < 230


@pytest.mark.parametrize(
    ("value", "word"),
    [(None, "null"), (True, "true or false"), (1.5, "number"), (b"", "bytes"), ((), "list"), (1j, "complex")],
)
def test_it_names_the_sort_of_a_value(value: Any, word: str) -> None:
    assert kind(value) == word
