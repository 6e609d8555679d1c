"""Every field and parameter of the OpenAPI document, with values nobody expects there."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from hat.web.api import openapi_document
from tests.web.people import Asker

API = openapi_document()
METHODS = ("get", "post", "put", "patch", "delete")
OPERATIONS = [
    (method, path, operation)
    for path, known in API["paths"].items()
    for method, operation in known.items()
    if method in METHODS
]


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": [value]}
    return value


VALUES: list[Any] = [
    None,
    "\0",
    "\ud800",
    "💥<script>'\"/..\\",
    -1,
    2**70,
    10**400,
    1e308,
    True,
    [None],
    {"": [[]]},
]
BODIES: list[Any] = [*VALUES, "", [], {}, [[]], deep(40), deep(60), [1] * 20_000, {"document": deep(29)}]
TEXTS = ["", "x", "-1", "0", "1.5", "9" * 30, "10" * 5000, "\0", "%", "🎩", "1,2", "null", "2020-02-30", "١"]


def body_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    return _shape(content["application/json"]["schema"]) if "application/json" in content else None


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = API["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _choices(schema: dict[str, Any]) -> list[dict[str, Any]]:
    schema = _shape(schema)
    return [_shape(one) for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, [])] or [schema]


def fields(schema: dict[str, Any], depth: int = 3) -> Iterator[tuple[str | int, ...]]:
    """The path of every field, also of those inside others."""
    for shape in _choices(schema):
        inner: dict[str | int, Any] = dict(shape.get("properties", {}))
        if shape.get("type") == "array":
            inner[0] = shape.get("items", {})
        if shape.get("additionalProperties"):
            inner.update({"k": shape["additionalProperties"], "": {}, "\0\ud800": {}})
        for name, child in inner.items() if depth else ():
            yield (name,)
            yield from ((name, *rest) for rest in fields({} if child is True else child, depth - 1))


def acceptable(schema: dict[str, Any], name: str, places: dict[str, Any]) -> Any:
    """The least that a field may be."""
    shape = _choices(schema)[0]
    if name in places or name.removesuffix("s") + "_id" in places:
        value = places.get(name, places.get(name.removesuffix("s") + "_id"))
        return [value] if shape.get("type") == "array" else value
    if shape.get("type") == "object":
        needed = {key: shape["properties"][key] for key in shape.get("required", [])}
        return {key: acceptable(child, key, places) for key, child in needed.items()}
    plain = {"array": [], "integer": 1, "boolean": False}
    return shape.get("enum", [plain.get(shape.get("type", ""), "x")])[0]


def placed(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the body with a value at a path; what is not there on the way is made."""
    root = [copy.deepcopy(body)]
    holder: Any = root
    key: str | int = 0
    for part in path:
        kind = list if isinstance(part, int) else dict
        if not isinstance(holder[key] if _has(holder, key) else None, kind):
            holder[key] = kind()
        holder, key = holder[key], part
        if isinstance(holder, list) and not holder:
            holder.append(None)
    holder[key] = value
    return root[0]


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else bool(holder)


def complaint(answer: Any, heads: set[str]) -> str:
    """What is wrong with an answer, '' if nothing: 4xx has the one shape, and faults name fields."""
    if answer.status_code < 400:
        return ""
    if answer.status_code >= 500:
        return str(answer.status_code)
    told = json.loads(answer.content)
    faults = [(fault["path"], fault["message"]) for fault in told["errors"]]
    known = all(message and re.split(r"[.\[]", path)[0] in heads for path, message in faults)
    whole = told["ok"] is False and told["error"] and told["code"] and told["status"] == answer.status_code
    return "" if whole and known and (faults or answer.status_code != 422) else answer.content.decode()


@pytest.fixture
def here(places: dict[str, Any], root: Asker) -> dict[str, Any]:
    """Real ids for every parameter, the run among them one that can be repeated."""
    run = root.post(f"/projects/{places['project_id']}/runs", {"all": True}).json()["id"]
    words = {"username": "dora", "role": "reader", "scope": "read", "only": "all", "cron": "@daily"}
    return {**places, **words, "pk": run}


def url_of(path: str, here: dict[str, Any], **other: Any) -> str:
    places = {**here, **({"pk": here["project_id"]} if "/projects/{pk}" in path else {}), **other}
    return re.sub(r"\{(\w+)\}", lambda found: quote(str(places.get(found[1], 1)), safe=""), path)


WITH_BODY = [pytest.param(*one, id=f"{one[0]} {one[1]}") for one in OPERATIONS if body_of(one[2])]
WITH_PARAMETERS = [
    pytest.param(*one, id=f"{one[0]} {one[1]}") for one in OPERATIONS if one[2].get("parameters")
]


@pytest.mark.parametrize(("method", "path", "operation"), WITH_BODY)
def test_a_strange_field_is_refused_at_its_place(
    method: str, path: str, operation: dict[str, Any], here: dict[str, Any], root: Asker
) -> None:
    schema = body_of(operation) or {}
    good = acceptable(schema, "", here)
    asked = [(field, value) for field in dict.fromkeys(fields(schema)) for value in VALUES]
    heads = {*schema["properties"], "", "config", "teststeps", "schema", "dialect", "only", "k", "a"}

    bad = []
    for field, value in [*asked, *(((), value) for value in BODIES)]:
        body = json.dumps(placed(good, field, value)).encode()
        answer = root.client.generic(method.upper(), url_of(path, here), body, "application/json")
        bad += [(field, str(value)[:50], words) for words in [complaint(answer, heads)] if words]

    assert bad == []


@pytest.mark.parametrize(("method", "path", "operation"), WITH_PARAMETERS)
def test_a_strange_parameter_is_refused_by_its_name(
    method: str, path: str, operation: dict[str, Any], here: dict[str, Any], root: Asker
) -> None:
    heads = {parameter["name"] for parameter in operation["parameters"]} | set(fields_of_body(operation))

    bad = []
    for parameter in operation["parameters"]:
        name, place = parameter["name"], parameter["in"]
        for text in TEXTS:
            query = urlencode({name: text}) if place == "query" else ""
            url = url_of(path, here, **({name: text or "%00"} if place == "path" else {}))
            headers = {name: text} if place == "header" and text.isascii() and text.isprintable() else {}
            answer = root.client.generic(
                method.upper(), url, b"{}", "application/json", QUERY_STRING=query, headers=headers
            )
            bad += [(name, text[:50], words) for words in [complaint(answer, heads)] if words]

    assert bad == []


def fields_of_body(operation: dict[str, Any]) -> list[str]:
    """Names that an empty body may be told to lack."""
    return ["", *(body_of(operation) or {}).get("properties", {}), "files"]
