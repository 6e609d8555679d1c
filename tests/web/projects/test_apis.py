"""An api definition of HttpRunner 2 put into the step that names it."""

from __future__ import annotations

from typing import Any

import pytest

from hat.web.projects.transfer.apis import with_api

API = {
    "name": "read it",
    "request": {"method": "GET", "url": "/read"},
    "variables": {"a": 1, "b": 1},
    "validate": [{"eq": ["status_code", 200]}, {"check": "content.n", "comparator": "lt", "expect": 9}],
    "setup_hooks": ["${one()}", "${two()}"],
}


def test_the_request_is_that_of_the_file() -> None:
    step = with_api({"name": "mine", "api": "read", "request": {"url": "/thrown/away"}}, API)

    assert step["request"] == API["request"]
    assert "api" not in step


@pytest.mark.parametrize(
    ("step", "word", "expected"),
    [
        ({}, "name", "read it"),
        ({"name": "mine"}, "name", "mine"),
        ({"variables": [{"b": 2}, {"c": 3}]}, "variables", {"a": 1, "b": 2, "c": 3}),
        ({"setup_hooks": "${two()}"}, "setup_hooks", ["${one()}", "${two()}"]),
        ({"extract": [{"n": "content.n"}]}, "extract", {"n": "content.n"}),
    ],
)
def test_the_step_adds_and_wins(step: dict[str, Any], word: str, expected: Any) -> None:
    assert with_api({"api": "read", **step}, API)[word] == expected


def test_a_check_of_the_step_replaces_that_of_the_file() -> None:
    own = [{"eq": ["status_code", 201]}, {"check": "content.n", "comparator": "lt", "expect": 5}]

    assert with_api({"api": "read", "validate": own}, API)["validate"] == own


def test_checks_on_other_things_stay_side_by_side() -> None:
    own = [{"gt": ["status_code", 1]}, "odd"]

    assert with_api({"api": "read", "validate": own}, API)["validate"] == [*API["validate"], *own]


def test_verify_goes_into_the_request() -> None:
    step = with_api({"api": "read"}, {**API, "verify": False, "base_url": ""})

    assert step["request"]["verify"] is False
    assert "base_url" not in step


def test_an_empty_file_leaves_the_step() -> None:
    assert with_api({"api": "read"}, {}) == {"name": "api"}
