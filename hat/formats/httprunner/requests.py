"""Read the fields of `request`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hat.case import HTTPRUNNER_2, Request
from hat.formats.auth import read_auth
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, is_row, kind, read_mapping, read_multi, shared

_METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
_KNOWN_3 = (
    "method url params headers json req_json data cookies timeout allow_redirects verify upload".split()  # noqa: SIM905
)


def read_request(reading: Reading, value: Any, path: str) -> Request | None:
    """The request of a step with the fields its dialect knows."""
    if not isinstance(value, (dict, Mapping)):
        reading.problem(path, f"expected a mapping with method and url, got {kind(value)}")
        return None
    examine_words(reading, value, "request", path)
    value = _with_mappings(reading, value, path)
    if reading.dialect in HTTPRUNNER_2:
        return Request({_lower(key): item for key, item in value.items()})
    if reading.dialect == "hat":
        return _read_hat(reading, value, path)
    return _read_strict(reading, value, path)


def _with_mappings(reading: Reading, value: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The request with the rows of the platform as mappings; in HAT's dialect lists of pairs too."""
    fields = dict(value)
    for key in ("params", "headers", "cookies", "data", "files", "upload"):
        rows = fields.get(key)
        if isinstance(rows, list) and all(is_row(row) for row in rows) and (rows or key != "data"):
            once = key in ("headers", "cookies")
            read = read_mapping if once else read_multi
            fields[key] = read(reading, rows, f"{path}.{key}")
    return fields


def _lower(key: Any) -> Any:
    return key.lower() if isinstance(key, str) else key


def _read_hat(reading: Reading, value: Mapping[str, Any], path: str) -> Request:
    fields = {key: item for key, item in value.items() if item or not _is_blank(key, item)}
    for key in ("headers", "cookies", "params"):
        if key in fields and not isinstance(fields[key], (str, Mapping)):
            fields[key] = read_mapping(reading, fields[key], f"{path}.{key}")
    if "auth" in fields:
        read_auth(reading, fields["auth"], f"{path}.auth")
    if isinstance(fields.get("headers"), dict):
        fields["headers"] = shared(fields["headers"])
    if not fields.get("url"):
        reading.problem(f"{path}.url", "a request needs a url")
    method = fields.setdefault("method", "GET")
    if not isinstance(method, str):
        reading.problem(f"{path}.method", f"expected text, got {kind(method)}")
    return Request(fields)


def _is_blank(key: str, item: Any) -> bool:
    """What an editor leaves behind when a field is emptied."""
    if key == "json":
        return False
    return item is None or item == "" or (item in ([], {}) and key != "data")


def _read_strict(reading: Reading, value: Mapping[str, Any], path: str) -> Request | None:
    before = len(reading.problems)
    known = [*_KNOWN_3, "body"] if reading.dialect == "httprunner4" else _KNOWN_3
    fields = {key: item for key, item in value.items() if key in known}
    method = fields.get("method")
    if method not in _METHODS:
        hint = f"one of {', '.join(_METHODS)}"
        reading.problem(
            f"{path}.method", f"unknown method '{method}'" if method else "method is missing", hint
        )
    if not isinstance(fields.get("url"), str):
        reading.problem(f"{path}.url", "url is missing" if "url" not in fields else "url is not text")
    _need_texts(reading, fields, "params", path)
    _need_texts(reading, fields, "headers", path)
    if isinstance(fields.get("data"), list):
        reading.problem(f"{path}.data", "data is a mapping or text, got a list")
    if _holds_date(fields.get("json")):
        reading.problem(f"{path}.json", "JSON has no dates", "put the date in quotes")
    if "req_json" in fields:
        fields["json"] = fields.pop("req_json")
    if reading.dialect == "httprunner4":
        _read_body(fields)
        if isinstance(fields.get("headers"), dict):
            fields["headers"] = {k: v for k, v in fields["headers"].items() if not str(k).startswith(":")}
    return Request(fields) if len(reading.problems) == before else None


def _need_texts(reading: Reading, fields: Mapping[str, Any], name: str, path: str) -> None:
    value = fields.get(name)
    if value is None:
        return
    if not isinstance(value, Mapping):
        reading.problem(f"{path}.{name}", f"expected a mapping, got {kind(value)}")
        return
    for key, item in value.items():
        if not isinstance(key, str):
            reading.problem(f"{path}.{name}.{key}", f"a name is text, got {kind(key)}", "put it in quotes")
        if item is None or isinstance(item, (list, dict)):
            reading.problem(f"{path}.{name}.{key}", f"expected text or a number, got {kind(item)}")


def _holds_date(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_date(item) for item in value.values())
    return any(map(_holds_date, value)) if isinstance(value, list) else isinstance(value, date)


def _read_body(fields: dict[str, Any]) -> None:
    if "body" not in fields:
        return
    body = fields.pop("body")
    headers = fields.get("headers")
    content_type = headers.get("Content-Type", "") if isinstance(headers, Mapping) else ""
    fields["json" if str(content_type).startswith("application/json") else "data"] = body
