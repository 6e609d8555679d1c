"""Operations of OpenAPI documents become cases with a sample request and checks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hat import formats
from hat.formats.conversion import Conversion, convert_value
from hat.formats.conversion.schema import json_schema, sample
from tests.formats.conversion.samples import PETS, SWAGGER


def converted(value: dict[str, Any]) -> Conversion:
    found = convert_value(value, "api.json")
    assert found is not None
    assert [formats.problems(document) for document in found.cases.values()] == [[]] * len(found.cases)
    return found


def test_each_operation_is_a_case_in_the_folder_of_its_tag() -> None:
    assert list(converted(PETS).cases) == ["pets/Read a pet.yml", "pets/changePet.yml"]


def test_parameters_have_values_and_optional_ones_are_switched_off() -> None:
    document = converted(PETS).cases["pets/Read a pet.yml"]

    assert document["config"]["variables"] == {"petId": 1}
    assert document["teststeps"][0]["request"] == {
        "method": "GET",
        "url": "/pets/$petId",
        "params": [{"name": "full", "value": True, "enabled": False, "description": "all fields"}],
    }


def test_the_answer_is_checked_by_status_and_schema() -> None:
    document = converted(PETS).cases["pets/Read a pet.yml"]

    status, schema = document["teststeps"][0]["validate"]
    assert status == {"eq": ["status_code", 200]}
    pet = schema["json_schema"][1]["$defs"]["Pet"]["properties"]
    assert pet["name"] == {"type": ["string", "null"]}
    assert pet["price"] == {"type": "number", "exclusiveMinimum": 0}
    assert pet["children"]["items"] == {"$ref": "#/$defs/Pet"}


def test_a_body_is_a_sample_of_its_schema() -> None:
    document = converted(PETS).cases["pets/changePet.yml"]

    assert document["teststeps"][0]["request"]["json"] == {
        "name": "Rex $$1",
        "price": 1.5,
        "kind": "cat",
        "children": [],
    }


def test_servers_become_environments_and_credentials_variables_of_them() -> None:
    found = converted(PETS)

    assert [(one.name, one.base_url) for one in found.environments] == [
        ("Pets", "https://pets.test/v1"),
        ("Pets: local", "http://127.0.0.1:8000/v1"),
    ]
    assert found.environments[0].variables == {"key": ""}
    assert found.cases["pets/Read a pet.yml"]["config"]["auth"] == {
        "type": "api_key",
        "name": "X-Key",
        "value": "$key",
        "in": "header",
    }
    assert found.cases["pets/changePet.yml"]["config"]["auth"] == "none"


def test_swagger_2_is_read_too() -> None:
    found = converted(SWAGGER)

    post = found.cases["Old/POST _orders.yml"]
    assert post["config"]["base_url"] == "/api"
    assert post["config"]["auth"] == {
        "type": "basic",
        "username": "$login_user",
        "password": "$login_password",
    }
    assert post["teststeps"][0]["request"] == {
        "method": "POST",
        "url": "/orders",
        "json": {"items": ["text"]},
    }
    get = found.cases["Old/GET _orders.yml"]["teststeps"][0]
    assert get["request"]["params"] == {"page": 1}
    assert get["validate"] == [{"lt": ["status_code", 400]}]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": ["null", "integer"], "minimum": 18}, 18),
        (
            {"allOf": [{"properties": {"a": {"type": "boolean"}}}, {"properties": {"b": {"default": 2}}}]},
            {"a": True, "b": 2},
        ),
        ({"oneOf": [{"enum": ["x", "y"]}, {"type": "integer"}]}, "x"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"examples": [{"price": "$5"}]}, {"price": "$$5"}),
        ({}, None),
        (True, None),
    ],
)
def test_a_sample_fits_its_schema(schema: Any, value: Any) -> None:
    assert sample({}, schema) == value


def test_a_reference_out_of_the_document_is_not_followed() -> None:
    assert json_schema({}, {"$ref": "https://other.test/schema.json"}) == {
        "$ref": "#/$defs/schema.json",
        "$defs": {"schema.json": {}},
    }


def test_a_schema_too_long_to_read_is_left_out_and_told() -> None:
    long = {"type": "object", "properties": {f"field{n}": {"type": "string"} for n in range(2000)}}
    get = {"responses": {"200": {"content": {"application/json": {"schema": long}}}}}
    found = converted({"openapi": "3.1.0", "info": {"title": "x"}, "paths": {"/a": {"get": get}}})

    assert [note.message for note in found.notes] == ["the schema of the answer is long and not checked"]
    assert len(json.dumps(found.cases)) < 1000
