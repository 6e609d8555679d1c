"""Collections and environments of Postman become cases and environments."""

from __future__ import annotations

from typing import Any

import pytest

from hat import formats
from hat.formats.conversion import Conversion, convert_value
from tests.formats.conversion.samples import COLLECTION, ENVIRONMENT


def converted(value: dict[str, Any]) -> Conversion:
    found = convert_value(value, "shop.postman_collection.json")
    assert found is not None
    return found


def one(request: Any, **item: Any) -> dict[str, Any]:
    """The step that a request becomes."""
    collection = {"info": {"name": "x"}, "item": [{"name": "a", "request": request, **item}]}
    (document,) = converted(collection).cases.values()
    assert formats.problems(document) == []
    step: dict[str, Any] = document["teststeps"][0]
    return step


def test_each_folder_becomes_a_case_of_its_requests() -> None:
    found = converted(COLLECTION)

    assert list(found.cases) == ["Shop API/Auth.yml", "Shop API/Users.yml"]
    assert [step["name"] for step in found.cases["Shop API/Users.yml"]["teststeps"]] == [
        "Read",
        "Add",
        "Picture",
    ]
    assert [formats.problems(document) for document in found.cases.values()] == [[], []]


def test_the_case_that_uses_a_value_needs_the_one_that_extracts_it() -> None:
    found = converted(COLLECTION)

    assert found.cases["Shop API/Auth.yml"]["teststeps"][0]["extract"] == {"token": "body.token"}
    assert found.cases["Shop API/Users.yml"]["config"]["needs"] == ["Shop API/Auth.yml"]


def test_a_script_becomes_checks_and_what_cannot_is_told_with_its_place() -> None:
    found = converted(COLLECTION)

    step = found.cases["Shop API/Auth.yml"]["teststeps"][0]
    assert step["validate"] == [{"eq": ["status_code", 200, "Status code is 200"]}]
    told = [note for note in found.notes if note.path == "Auth/Log in: test"]
    assert [note.message for note in told] == [
        "the script line is left out: if (data.admin) {",
        "the script line is left out: pm.environment.set('role', 'admin')",
    ]


def test_variables_are_named_as_here_and_dollars_stay_dollars() -> None:
    step = converted(COLLECTION).cases["Shop API/Auth.yml"]["teststeps"][0]

    assert step["request"] == {
        "method": "POST",
        "url": "$baseUrl/login",
        "json": {"user": "$user", "costs": "$$5"},
    }
    assert step["auth"] == "none"


def test_a_variable_outside_of_quotes_keeps_the_text_of_the_body() -> None:
    add = converted(COLLECTION).cases["Shop API/Users.yml"]["teststeps"][1]

    assert add["request"]["data"] == '{"age": $age}'
    assert add["request"]["headers"] == {"Content-Type": "application/json"}


def test_path_variables_rows_and_descriptions_are_kept() -> None:
    read = converted(COLLECTION).cases["Shop API/Users.yml"]["teststeps"][0]

    assert read["variables"] == {"id": "7"}
    assert read["request"]["url"] == "$baseUrl/users/$id"
    assert read["request"]["params"] == [
        {"name": "full", "value": "1"},
        {"name": "page", "value": "2", "enabled": False},
    ]
    assert read["request"]["headers"] == [
        {"name": "X-Trace", "value": "${uuid()}", "description": "who asks"}
    ]


def test_variables_of_the_collection_become_an_environment_with_secrets_apart() -> None:
    (environment,) = converted(COLLECTION).environments

    assert environment.name == "Shop API"
    assert environment.variables == {"baseUrl": "http://shop.test"}
    assert environment.secrets == {"my_api_key": "k-1"}


def test_an_environment_comes_alone() -> None:
    found = converted(ENVIRONMENT)

    (environment,) = found.environments
    assert (environment.name, environment.variables, environment.secrets) == (
        "Staging",
        {"baseUrl": "https://staging.test"},
        {"pin": "1234"},
    )
    assert found.cases == {}


def test_a_credential_that_is_written_out_goes_among_the_secrets() -> None:
    request = {
        "method": "GET",
        "url": "http://x.test",
        "auth": {"type": "basic", "basic": {"username": "ann", "password": "p-1"}},
    }
    found = converted({"info": {"name": "x"}, "item": [{"name": "a", "request": request}]})

    step = found.cases["x/x.yml"]["teststeps"][0]
    assert step["auth"] == {"type": "basic", "username": "ann", "password": "$basic_password"}
    assert found.environments[0].secrets == {"basic_password": "p-1"}


def _pairs(**fields: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in fields.items()]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (
            "apikey",
            _pairs(key="X", value="{{k}}", **{"in": "query"}),
            {"type": "api_key", "name": "X", "value": "$k", "in": "query"},
        ),
        ("oauth2", _pairs(accessToken="{{t}}"), {"type": "bearer", "token": "$t"}),
        (
            "oauth2",
            {
                "grant_type": "client_credentials",
                "accessTokenUrl": "https://id.test/token",
                "clientId": "me",
                "clientSecret": "{{s}}",
            },
            {
                "type": "oauth2",
                "grant": "client_credentials",
                "token_url": "https://id.test/token",
                "client_id": "me",
                "client_secret": "$s",
            },
        ),
    ],
    ids=["API key", "token at hand", "client credentials"],
)
def test_credentials_are_those_of_hat(kind: str, fields: Any, expected: dict[str, Any]) -> None:
    auth = {"type": kind, kind: fields}

    assert one({"method": "GET", "url": "http://x.test", "auth": auth})["auth"] == expected


def test_credentials_hat_does_not_know_are_told() -> None:
    request = {"method": "GET", "url": "http://x.test", "auth": {"type": "hawk", "hawk": []}}
    found = converted({"info": {"name": "x"}, "item": [{"name": "a", "request": request}]})

    assert [note.message for note in found.notes] == ["credentials of the kind 'hawk' are left out"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{b}}"}]}, {"data": {"a": "$b"}}),
        (
            {"mode": "graphql", "graphql": {"query": "{ me { id } }", "variables": '{"id": 7}'}},
            {"json": {"query": "{ me { id } }", "variables": {"id": 7}}},
        ),
        (
            {"mode": "raw", "raw": "<a/>", "options": {"raw": {"language": "xml"}}},
            {"data": "<a/>", "headers": {"Content-Type": "application/xml"}},
        ),
        ({"mode": "raw", "raw": "[1, 2]"}, {"json": [1, 2]}),
        ({"mode": "raw", "raw": "{", "disabled": True}, {}),
    ],
    ids=["form", "GraphQL", "XML", "JSON without a type", "switched off"],
)
def test_bodies_of_each_kind(body: dict[str, Any], expected: dict[str, Any]) -> None:
    request = one({"method": "POST", "url": "http://x.test", "body": body})["request"]

    assert request == {"method": "POST", "url": "http://x.test", **expected}


def test_settings_of_a_request_are_kept() -> None:
    step = one("x.test/a", protocolProfileBehavior={"followRedirects": False, "strictSSL": False})

    assert step["request"] == {
        "method": "GET",
        "url": "http://x.test/a",
        "allow_redirects": False,
        "verify": False,
    }


def test_scripts_of_a_folder_go_with_each_of_its_requests() -> None:
    script = {"listen": "test", "script": {"exec": "pm.response.to.have.status(200)"}}
    request = {"method": "GET", "url": "http://x.test"}
    items = [{"name": "a", "request": request}, {"name": "b", "request": request}]
    found = converted({"info": {"name": "x"}, "item": [{"name": "f", "event": [script], "item": items}]})

    steps = found.cases["x/f.yml"]["teststeps"]
    assert [step["validate"] for step in steps] == [[{"eq": ["status_code", 200]}]] * 2
