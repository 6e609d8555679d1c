"""JSONPath as RFC 9535 describes it."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine.jsonpath import PathError, compile_path

STORE: dict[str, Any] = {
    "book": [
        {"title": "A", "price": 8.95, "tags": ["x"]},
        {"title": "B", "price": 12.99, "isbn": "0-553"},
        {"title": "C", "price": 22.99, "isbn": None},
    ],
    "bicycle": {"color": "red", "price": 399},
    "": 1,
    'a"b': 2,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.book[0].title", ["A"]),
        ("$['book'][-1]['title']", ["C"]),
        ("$.book[*].title", ["A", "B", "C"]),
        ("$.book[0,2].title", ["A", "C"]),
        ("$.book[1:].title", ["B", "C"]),
        ("$.book[:-1].title", ["A", "B"]),
        ("$.book[::-1].title", ["C", "B", "A"]),
        ("$.book[::0].title", []),
        ("$..price", [8.95, 12.99, 22.99, 399]),
        ("$..[0]", [STORE["book"][0], "x"]),
        ("$..book[?@.price < 10].title", ["A"]),
        ("$.book[?@.isbn].title", ["B", "C"]),
        ("$.book[?!@.isbn].title", ["A"]),
        ("$.book[?@.price > 10 && @.isbn == null].title", ["C"]),
        ("$.book[?@.title == 'A' || @.price >= 22.99].title", ["A", "C"]),
        ("$.book[?(@.price > 10 || @.title == 'A') && @.title != 'B'].title", ["A", "C"]),
        ("$.book[?@.price < $.bicycle.price].title", ["A", "B", "C"]),
        ("$.book[?@.title > 5].title", []),
        ('$[""]', [1]),
        ("$['a\\\"b']", [2]),
        ('$["\\u0062icycle"].color', ["red"]),
        ("$.book[9].title", []),
        ("$.bicycle[0]", []),
        ("$.bicycle.*", ["red", 399]),
        ("$.nothing.at.all", []),
        ("$.book[?@.tags[0] == 'x'].title", ["A"]),
        ("$.book[?@.price == 8.95e0].title", ["A"]),
        ("$.book[?true == true].title", ["A", "B", "C"]),
    ],
)
def test_it_finds(path: str, found: list[Any]) -> None:
    assert compile_path(path).find(STORE) == found


@pytest.mark.parametrize(
    ("path", "single"),
    [("$.a.b[0]", True), ("$['a']", True), ("$.a[*]", False), ("$..a", False), ("$[0,1]", False)],
)
def test_it_knows_whether_a_path_leads_to_one_place(path: str, single: bool) -> None:
    assert compile_path(path).is_single is single


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a", "expected '$' at column 1"),
        ("$.", "expected a name at column 3"),
        ("$[1.5]", "expected a whole number before column 6"),
        ("$[?]", "expected a value at column 4"),
        ("$[?@.a ==]", "expected a value at column 10"),
        ("$.a]", "unexpected ']' at column 4"),
        ("$[#]", "unexpected '#' at column 3"),
        ("$['a'", "expected ']' at column 6"),
    ],
)
def test_it_says_what_is_wrong(path: str, message: str) -> None:
    with pytest.raises(PathError, match="^" + __import__("re").escape(message)):
        compile_path(path)
