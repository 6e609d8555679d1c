"""Schemas of OpenAPI: as JSON Schema for a check, and as a sample value for a request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from hat.formats.conversion.request import mapping
from hat.formats.conversion.text import literal

LONGEST: Final = 30_000  # characters of a schema that a check still shows
_DEEPEST = 8
_ONLY_OPENAPI = {"example", "examples", "xml", "discriminator", "externalDocs", "nullable", "deprecated"}
_SAMPLES: Mapping[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
_FORMATS: Mapping[str, str] = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T08:00:00Z",
    "time": "08:00:00Z",
    "email": "ann@example.com",
    "uuid": "3f2c8a54-1b7e-4d0a-9c55-0e6d2f9b7a11",
    "uri": "https://example.com",
    "url": "https://example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aGF0",
    "password": "secret",
}


def resolve(root: Mapping[str, Any], value: Any) -> Any:
    """What stands behind a `$ref` inside the document; None where it leads nowhere or outside."""
    for _ in range(20):
        if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
            return value
        reference = value["$ref"]
        if not reference.startswith("#/"):
            return None
        value = root
        for part in reference[2:].split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            value = value.get(key) if isinstance(value, Mapping) else None
    return None


def json_schema(root: Mapping[str, Any], schema: Any) -> dict[str, Any] | None:
    """A schema that stands alone, what it refers to in `$defs`; None where it says nothing or is too long."""
    definitions: dict[str, Any] = {}
    made = _translated(root, schema, definitions)
    if not isinstance(made, dict) or not made:
        return None
    if definitions:
        made["$defs"] = definitions
    return made if len(json.dumps(made, default=str)) <= LONGEST else None


def _translated(root: Mapping[str, Any], schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_translated(root, item, definitions) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        if name not in definitions:
            definitions[name] = True  # its own place, should it refer to itself
            definitions[name] = _translated(root, resolve(root, schema) or {}, definitions)
        return {"$ref": f"#/$defs/{name}"}
    made = {
        key: _named(root, item, definitions)
        if key in ("properties", "patternProperties")
        else _translated(root, item, definitions)
        for key, item in schema.items()
        if key not in _ONLY_OPENAPI and not str(key).startswith("x-")
    }
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(word), bool):  # as drafts before 2019 wrote it
            is_open = made.pop(word)
            if is_open and bound in made:
                made[word] = made.pop(bound)
    return _or_null(made) if schema.get("nullable") is True else made


def _named(root: Mapping[str, Any], value: Any, definitions: dict[str, Any]) -> Any:
    """Properties by their names, which may be any word."""
    if not isinstance(value, Mapping):
        return value
    return {str(name): _translated(root, item, definitions) for name, item in value.items()}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that null fits, too."""
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    return {"anyOf": [schema, {"type": "null"}]}


def sample(root: Mapping[str, Any], schema: Any, open_: tuple[str, ...] = ()) -> Any:
    """A value that fits a schema: its example where it has one, else the simplest one.

    None where nothing fits, such as a schema inside itself; `open_` are the references on the way here.
    """
    if isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str):
        if schema["$ref"] in open_:
            return None
        open_ = (*open_, schema["$ref"])
    schema = resolve(root, schema)
    if not isinstance(schema, Mapping) or len(open_) > _DEEPEST:
        return None
    for given in _given(schema):
        return _as_text(given)
    if isinstance(parts := schema.get("allOf"), list):
        made = [sample(root, part, open_) for part in [*parts, _rest(schema)]]
        return {k: v for part in made if isinstance(part, dict) for k, v in part.items()} or made[0]
    for word in ("oneOf", "anyOf"):
        choices = schema.get(word)
        if isinstance(choices, list) and choices:
            return sample(root, choices[0], open_)
    return _by_type(root, schema, open_)


def _given(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values that the schema itself names, the best one first."""
    if "example" in schema:
        yield schema["example"]
    examples = schema.get("examples")
    yield from examples[:1] if isinstance(examples, list) else []
    for word in ("const", "default"):
        if word in schema:
            yield schema[word]
    choices = schema.get("enum")
    yield from choices[:1] if isinstance(choices, list) else []


def _rest(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in schema.items() if key != "allOf"}


def _by_type(root: Mapping[str, Any], schema: Mapping[str, Any], open_: tuple[str, ...]) -> Any:
    kind = schema.get("type")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object" or isinstance(schema.get("properties"), Mapping):
        return _sample_object(root, schema, open_)
    if kind == "array" or "items" in schema:
        item = sample(root, schema.get("items"), open_)
        return [] if item is None else [item] * max(1, min(3, int(_number(schema.get("minItems"), 1))))
    if kind in ("integer", "number"):
        return max(_number(schema.get("minimum"), 1), _SAMPLES[kind])
    if kind == "string":
        text = _FORMATS.get(str(schema.get("format")), "text")
        least, most = _number(schema.get("minLength"), 0), _number(schema.get("maxLength"), len(text))
        return text[: max(0, int(most))].ljust(min(int(least), 200), "x")
    return _SAMPLES.get(str(kind))


def _sample_object(
    root: Mapping[str, Any], schema: Mapping[str, Any], open_: tuple[str, ...]
) -> dict[str, Any]:
    """The properties a client may send; one that nothing fits is left out."""
    fields = mapping(schema.get("properties"))
    made = {str(k): sample(root, item, open_) for k, item in fields.items() if not _is_read_only(root, item)}
    return {name: value for name, value in made.items() if value is not None}


def _is_read_only(root: Mapping[str, Any], schema: Any) -> bool:
    found = resolve(root, schema)
    return isinstance(found, Mapping) and found.get("readOnly") is True


def _number(value: Any, otherwise: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise


def _as_text(value: Any) -> Any:
    """An example as the file means it: its dollars are no variables."""
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, Mapping):
        return {str(key): _as_text(item) for key, item in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list) else value
