"""What all conversions share: paths, needs, and files that are not what they should be."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hat import formats
from hat.formats.conversion import Conversion, convert_value
from hat.formats.conversion.conversion import case_document, file_name, link_needs
from tests.formats.conversion.samples import COLLECTION, ENVIRONMENT, PETS, RECORDING, SWAGGER

ODD: list[Any] = [None, 0, True, "x", [], {}, [None], [[]], {"a": None}, [{"a": 1}], "https://[x"]


def gives(name: str) -> dict[str, Any]:
    return {"name": name, "request": {"url": "/"}, "extract": {name: "body.x"}}


def uses(name: str) -> dict[str, Any]:
    return {"name": name, "request": {"url": f"/${name}"}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/b: c?", "a_b_ c_"), ("..", "case"), ("登录", "登录"), (" x. ", "x"), ("n" * 200, "n" * 80)],
)
def test_names_become_names_of_files(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_cases_of_one_name_get_files_of_their_own() -> None:
    conversion = Conversion("x", "x")
    for _ in range(3):
        conversion.add(("a",), case_document("same", []))

    assert list(conversion.cases) == ["a/same.yml", "a/same 2.yml", "a/same 3.yml"]


def test_cases_that_would_need_each_other_do_not() -> None:
    conversion = Conversion("x", "x")
    conversion.add((), case_document("one", [gives("a"), uses("b")]))
    conversion.add((), case_document("two", [gives("b"), uses("a")]))
    link_needs(conversion)

    assert conversion.cases["one.yml"]["config"]["needs"] == ["two.yml"]
    assert "needs" not in conversion.cases["two.yml"]["config"]
    assert conversion.notes[0].message == "'$a' comes from another case: one.yml"


def test_a_value_that_two_cases_give_is_told() -> None:
    conversion = Conversion("x", "x")
    conversion.add((), case_document("one", [gives("a")]))
    conversion.add((), case_document("two", [gives("a")]))
    conversion.add((), case_document("three", [uses("a")]))
    link_needs(conversion)

    assert [note.message for note in conversion.notes] == ["'$a' comes from another case: one.yml, two.yml"]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@pytest.mark.parametrize(
    "document",
    [COLLECTION, ENVIRONMENT, RECORDING, PETS, SWAGGER],
    ids=["collection", "environment", "recording", "OpenAPI 3", "Swagger 2"],
)
def test_whatever_stands_somewhere_makes_cases_or_none_and_never_a_fault(document: dict[str, Any]) -> None:
    odd = itertools.cycle(ODD)  # of eleven, so that all of them come to each kind of place
    for *way, last in [place for place in places(document) for _ in range(2)]:
        changed = copy.deepcopy(document)
        inside = changed
        for key in way:
            inside = inside[key]
        inside[last] = next(odd)
        found = convert_value(changed, "x.json")
        for made in found.cases.values() if found else ():
            assert isinstance(formats.problems(made), list)
