"""Write a case document as canonical, pleasant YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from hat.formats.reading import is_row
from hat.number import Written

_TAG = "tag:yaml.org,2002:"
_TOP = ("schema", "dialect", "config", "setup", "teststeps", "teardown")
_PARTS = ("setup", "teststeps", "teardown", "steps")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CONFIG = _words(
    """name description tags base_url needs expires times variables parameters headers verify export
    setup_hooks teardown_hooks skip"""
)
_STEP = _words(
    """id name description enabled skip skipIf skipUnless if times parameters for_each while max_iterations
    variables testcase api function base_url request wait retry setup_hooks teardown_hooks extract export
    validate continue always steps"""
)
_REQUEST = _words(
    "method url params headers cookies auth json data body files upload timeout allow_redirects verify"
)
_BLANK: tuple[Any, ...] = (None, "", [], {})
_DEFAULTS: dict[str, Any] = {"enabled": True, "times": 1}
_MAY_GO = _words("description variables extract validate setup_hooks teardown_hooks export tags")


class _Flow(list[Any]):
    """A list that is written on one line."""


class _Row(dict[str, Any]):
    """A mapping that is written on one line."""


@cache
def _dumper() -> Any:
    """Safe YAML without anchors, texts of several lines as blocks."""
    import yaml  # noqa: PLC0415  as above

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    made: Any = type("_Dumper", (base,), {"ignore_aliases": lambda _dumper, _data: True})
    made.add_representer(str, _write_text)
    made.add_representer(Written, _write_number)
    made.add_representer(
        _Flow, lambda dumper, items: dumper.represent_sequence(_TAG + "seq", items, flow_style=True)
    )
    made.add_representer(
        _Row, lambda dumper, row: dumper.represent_mapping(_TAG + "map", row.items(), flow_style=True)
    )
    return made


def _write_text(dumper: Any, text: str) -> Any:
    text = text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair is no character
    blocks = "\n" in text and not any(line != line.rstrip() for line in text.split("\n"))
    return dumper.represent_scalar(_TAG + "str", text, style="|" if blocks else None)


def _write_number(dumper: Any, number: Written) -> Any:
    """Digits as they are; YAML 1.1 wants a point and the sign of an exponent."""
    mantissa, _, exponent = number.text.lower().partition("e")
    text = mantissa if "." in mantissa else mantissa + ".0"
    if exponent:
        text += "e" + (exponent if exponent[0] in "+-" else "+" + exponent)
    return dumper.represent_scalar(_TAG + "float", text)


def dump(document: Mapping[str, Any]) -> str:
    """A document as canonical, pleasant YAML; what it says is kept, blank fields are left out."""
    tidy: dict[str, Any] = {}
    plain = document.get("dialect", "hat") == "hat"
    for key in _ordered(document, _TOP):
        value = document[key]
        if key == "config":
            tidy[key] = _tidy_fields(value, _CONFIG, plain) if isinstance(value, Mapping) else value
        elif key in _PARTS:
            tidy[key] = [_tidy_step(step, plain) for step in value] if isinstance(value, list) else value
        elif not (key == "schema" and value == 1):
            tidy[key] = value
    import yaml  # noqa: PLC0415  costs 10 ms at start-up, and a run writes no YAML

    text: str = yaml.dump(tidy, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=110)
    return text


def _ordered(mapping: Mapping[str, Any], first: Iterable[str]) -> list[str]:
    known = [key for key in first if key in mapping]
    return known + [key for key in mapping if key not in known]


def _tidy_step(step: Any, plain: bool) -> Any:
    if not isinstance(step, Mapping):
        return step
    tidy = _tidy_fields(step, _STEP, plain)
    if isinstance(step.get("request"), Mapping):
        tidy["request"] = _tidy_fields(step["request"], _REQUEST, plain)
    if isinstance(step.get("steps"), list):
        tidy["steps"] = [_tidy_step(inner, plain) for inner in step["steps"]]
    if isinstance(tidy.get("validate"), list):
        tidy["validate"] = [_tidy_check(check) for check in tidy["validate"]]
    return tidy


def _tidy_fields(fields: Mapping[str, Any], first: Iterable[str], plain: bool) -> dict[str, Any]:
    """Blank fields go; in other dialects than HAT's own some of them mean something."""
    tidy: dict[str, Any] = {}
    for key in _ordered(fields, first):
        value = fields[key]
        blank = any(value is item or (value == item and type(value) is type(item)) for item in _BLANK)
        if (blank and (key in _MAY_GO or (plain and key not in ("json", "name")))) or (
            key in _DEFAULTS and value == _DEFAULTS[key]
        ):
            continue
        tidy[key] = _tidy_map(value)
    return tidy


def _tidy_map(value: Any) -> Any:
    """Rows become an object where nothing gets lost."""
    if not (isinstance(value, list) and value and all(is_row(item) for item in value)):
        return value
    names = [item["name"] for item in value]
    plain = all(item.get("enabled", True) is not False and not item.get("description") for item in value)
    if plain and len(set(map(str, names))) == len(names) and all(isinstance(name, str) for name in names):
        return {item["name"]: item["value"] for item in value}
    return [_tidy_row(item) for item in value]


def _tidy_row(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        key: item
        for key, item in row.items()
        if not (key == "enabled" and item is True) and not (key == "description" and not item)
    }
    return _Row(kept) if not isinstance(row["value"], (dict, list)) else kept


def _tidy_check(check: Any) -> Any:
    if not isinstance(check, Mapping):
        return check
    if len(check) == 1:
        ((comparator, operands),) = check.items()
        return {comparator: _one_line(operands)} if isinstance(operands, list) else check
    plain = check.get("enabled", True) is not False and not check.get("message")
    known = {"check", "comparator", "expect", "message", "enabled"}
    if plain and set(check) <= known and {"check", "expect"} <= set(check):
        comparator = str(check.get("comparator") or "eq")
        return {comparator: _one_line([check["check"], check["expect"]])}
    return {key: item for key, item in check.items() if not (key == "enabled" and item is True)}


def _one_line(operands: list[Any]) -> list[Any]:
    """Operands on one line unless one of them is long."""
    return _Flow(operands) if len(str(operands)) <= 160 else operands
