"""What HttpRunner 2.5 refuses when it loads a file: the shape it asks of cases, api files and suites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from hat.formats.httprunner.layout import Document, Layout
from hat.formats.reading import Reading, kind

_METHODS: Final = ("GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE")


class Shape(Struct, frozen=True):
    """What a field may be, in words and as a question."""

    words: str
    fits: Callable[[Any], bool]


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _is_call(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("$")


def _are_one_key_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and len(item) == 1 for item in value)


def _are_texts(value: Any) -> bool:
    items = value.values() if isinstance(value, Mapping) else [one for item in value for one in item.values()]
    return all(isinstance(item, str) for item in items)


def _is_extract(value: Any) -> bool:
    return (isinstance(value, Mapping) or _are_one_key_mappings(value)) and _are_texts(value)


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


TEXT: Final = Shape("text", _is(str))
MAPPING: Final = Shape("a mapping", _is(dict))
TEXT_OR_MAPPING: Final = Shape("a mapping or text", _is(dict, str))
BOOLEAN: Final = Shape("true or false", _is(bool))

_REQUEST: Final = {
    "method": Shape(f"one of {', '.join(_METHODS)}", lambda value: value in _METHODS),
    "url": TEXT,
    "params": MAPPING,
    "data": TEXT_OR_MAPPING,
    "json": Shape("a mapping, or text that begins with $", lambda it: isinstance(it, dict) or _is_call(it)),
    "headers": TEXT_OR_MAPPING,
    "cookies": MAPPING,
    "files": MAPPING,
    "proxies": MAPPING,
    "upload": MAPPING,
    "auth": Shape("a list", _is(list)),
    "timeout": Shape("a number", _is(int, float)),
    "allow_redirects": BOOLEAN,
    "stream": BOOLEAN,
    "verify": BOOLEAN,
}
_VARIABLES: Final = Shape(
    "a mapping, a list of name: value, or text that begins with $",
    lambda value: isinstance(value, dict) or _are_one_key_mappings(value) or _is_call(value),
)
_CONFIG: Final = {"name": TEXT, "variables": _VARIABLES, "base_url": TEXT, "verify": BOOLEAN}
_EXTRACT: Final = Shape("names with texts", _is_extract)
_NAMES: Final = Shape("a list of names, or names with texts", lambda it: _are_names(it) or _is_extract(it))
_STEP: Final = {"name": TEXT, "variables": _VARIABLES}
_KINDS: Final = ("request", "api", "testcase")


def examine(reading: Reading, value: Any, layout: Layout, document: Document) -> None:
    """Note what HttpRunner 2.5 would not load in a case or api file."""
    if layout == "api":
        examine_api(reading, value)
        return
    if layout == "list" and (len(value) < 2 or not all(_is_block(item) for item in value)):
        reading.problem("", "a list of one config and at least one test is expected, and nothing else")
    config = document.config
    if layout == "list" and not document.config_seen:
        config = {"name": ""}
    if not isinstance(config, Mapping) or "name" not in config:
        reading.problem("config.name", "a config needs a name")
    else:
        _look(reading, config, _CONFIG, "config")
    if not isinstance(document.steps, list) or not document.steps:
        reading.problem("teststeps", "at least one step is needed")
        return
    for index, step in enumerate(document.steps):
        _examine_step(reading, step, f"teststeps[{index}]")


def examine_suite(reading: Reading, suite: Mapping[str, Any]) -> None:
    """Note what HttpRunner 2.5 would not load in a test suite."""
    entries = suite.get("testcases")
    items = list(entries.items()) if isinstance(entries, Mapping) else list(enumerate(entries or []))
    for key, entry in items:
        path = f"testcases.{key}" if isinstance(entries, Mapping) else f"testcases[{key}]"
        if isinstance(entry, Mapping):
            _look(reading, entry, {"parameters": MAPPING, "variables": _VARIABLES}, path)


def examine_api(reading: Reading, api: Mapping[str, Any], path: str = "") -> None:
    """Note what HttpRunner 2.5 would not load in an api file."""
    if not isinstance(api.get("name"), str):
        reading.problem(path or "name", "an api file needs a name")
    _examine_request(reading, api.get("request"), f"{path}.request" if path else "request")


def _is_block(item: Any) -> bool:
    return isinstance(item, Mapping) and len(item) == 1 and next(iter(item)) in ("config", "test")


def _examine_step(reading: Reading, step: Any, path: str) -> None:
    if not isinstance(step, Mapping):
        return
    kinds = [word for word in _KINDS if word in step]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        reading.problem(path, f"a step has one of request, api and testcase, got {found}")
        return
    if "name" not in step:
        reading.problem(path, "a step needs a name")
    _look(reading, step, _STEP, path)
    if "extract" in step:
        _look(reading, step, {"extract": _EXTRACT if kinds == ["request"] else _NAMES}, path)
    _look_at_checks(reading, step.get("validate"), f"{path}.validate")
    if kinds == ["request"]:
        _examine_request(reading, step["request"], f"{path}.request")


def _examine_request(reading: Reading, request: Any, path: str) -> None:
    if not isinstance(request, Mapping):
        reading.problem(path, f"expected a mapping with method and url, got {kind(request)}")
        return
    for word in ("method", "url"):
        if word not in request:
            reading.problem(path, f"a request needs {word}")
    _look(reading, request, _REQUEST, path)


def _look(reading: Reading, value: Mapping[str, Any], shapes: Mapping[str, Shape], path: str) -> None:
    for word, shape in shapes.items():
        if word in value and not shape.fits(value[word]):
            got = f"'{value[word]}'" if isinstance(value[word], str) else kind(value[word])
            reading.problem(f"{path}.{word}", f"expected {shape.words}, got {got}")


def _look_at_checks(reading: Reading, checks: Any, path: str) -> None:
    for index, item in enumerate(checks if isinstance(checks, list) else []):
        if not _is_check(item):
            message = "expected {check: text, expect: value} or one comparator with two values"
            reading.problem(f"{path}[{index}]", message)


def _is_check(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    if "check" in item:
        return isinstance(item["check"], str) and "expect" in item
    values: Iterator[Any] = iter(item.values())
    operands = next(values, None)
    return len(item) == 1 and isinstance(operands, list) and len(operands) == 2
