"""What changed, field by field, without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from hat.web.audit.change import HIDDEN, LONGEST, MOST, differences


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        pytest.param({"a": 1}, {"a": 1}, {}, id="nothing"),
        pytest.param({"a": 1}, {"a": 2, "b": 3}, {"a": (1, 2), "b": (None, 3)}, id="plain"),
        pytest.param({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, {"a.b.c": (1, 2)}, id="deep"),
        pytest.param({"a": [1, 2]}, {"a": [1]}, {"a[1]": (2, None)}, id="a list"),
        pytest.param({"a": None}, {"a": []}, {"a": (None, "[]")}, id="an empty list"),
        pytest.param(
            {"steps": [{"name": "x", "url": "/a"}, {"name": "y", "url": "/b"}]},
            {"steps": [{"name": "y", "url": "/c"}, {"name": "x", "url": "/a"}]},
            {"steps[y].url": ("/b", "/c")},
            id="named steps in another order",
        ),
    ],
)
def test_it_names_the_fields_that_differ(before: Any, after: Any, fields: dict[str, Any]) -> None:
    found = differences(before, after)

    assert {one["field"]: (one["before"], one["after"]) for one in found} == fields


@pytest.mark.parametrize(
    "state",
    [
        {"password": "kn0wn"},
        {"headers": {"Authorization": "Bearer kn0wn"}},
        {"headers": [{"name": "X-Api-Key", "value": "kn0wn"}]},
        {"variables": {"admin_token": {"deep": ["kn0wn"]}}},
        {"url": "http://shop/login?user=ann&password=kn0wn"},
        {"url": "http://ann:kn0wn@shop/"},
    ],
)
def test_what_sounds_like_a_secret_is_hidden(state: dict[str, Any]) -> None:
    found = differences({}, state)

    assert HIDDEN in str(found)
    assert "kn0wn" not in str(found)


def test_a_long_text_is_cut() -> None:
    (found,) = differences({}, {"text": "x" * 10_000})

    assert len(found["after"]) == LONGEST + 1


def test_many_fields_end_with_their_number() -> None:
    found = differences({}, {f"f{number}": number for number in range(MOST + 20)})

    assert len(found) == MOST + 1
    assert found[-1] == {"field": "*", "before": None, "after": 20}
