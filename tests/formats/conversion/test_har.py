"""A recording of a browser becomes a case of its calls."""

from __future__ import annotations

from hat import formats
from hat.formats.conversion import Conversion, convert_value
from tests.formats.conversion.samples import RECORDING, entry


def converted() -> Conversion:
    found = convert_value(RECORDING, "shop.har")
    assert found is not None
    return found


def test_calls_become_steps_and_parts_of_pages_do_not() -> None:
    (document,) = converted().cases.values()

    assert formats.problems(document) == []
    assert [step["name"] for step in document["teststeps"]] == ["POST /login", "GET /state", "POST /form"]


def test_the_most_frequent_address_is_that_of_the_environment() -> None:
    found = converted()
    (document,) = found.cases.values()

    assert found.environments[0].base_url == "https://shop.test"
    assert [step["request"]["url"] for step in document["teststeps"]] == [
        "/login",
        "https://pay.test/state",
        "/form",
    ]


def test_headers_of_the_browser_go_and_credentials_become_secrets() -> None:
    found = converted()
    (document,) = found.cases.values()
    login = document["teststeps"][0]["request"]

    assert login["headers"] == {"Authorization": "$authorization", "X-Team": "qa"}
    assert login["params"] == {"from": "web", "x": "$$1"}
    assert login["json"] == {"user": "ann", "id": 9007199254740993}
    assert found.environments[0].secrets == {"authorization": "Bearer t-77"}


def test_the_recorded_answer_becomes_checks() -> None:
    (document,) = converted().cases.values()

    assert [step["validate"] for step in document["teststeps"]] == [
        [{"eq": ["status_code", 200]}, {"eq": ["body.code", 0]}],
        [{"eq": ["status_code", 404]}, {"eq": ["body.status", "open"]}],
        [{"eq": ["status_code", 200]}, {"eq": ["body.code", 0]}],
    ]


def test_a_form_field_that_is_there_twice_is_sent_twice() -> None:
    (document,) = converted().cases.values()

    assert document["teststeps"][2]["request"]["data"] == [
        {"name": "a", "value": "1"},
        {"name": "a", "value": "2"},
    ]


def test_what_is_left_out_is_told() -> None:
    assert [note.message for note in converted().notes] == [
        "2 requests of pages for their own parts are left out",
        "cookies of the browser are left out",
    ]


def test_a_recording_without_a_call_says_so() -> None:
    picture = entry("GET", "https://shop.test/a.png", _resourceType="image")
    found = convert_value({"log": {"entries": [picture]}}, "empty.har")

    assert found is not None
    assert (found.cases, found.notes[-1].message) == ({}, "no call of an API was recorded")
