"""Parts of a request that other tools write down as it goes over the wire: query, headers, body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from hat.error import FormatError
from hat.formats.decode import load_text

Pair = tuple[str, str]

_ORIGIN = re.compile(r"(?i)[a-z][a-z0-9+.-]*://[^/?#]+")

FORM = "application/x-www-form-urlencoded"


def pairs(items: Iterable[Pair]) -> dict[str, str] | list[dict[str, str]]:
    """Pairs as a mapping; as rows where a name comes twice."""
    found = list(items)
    if len({name for name, _ in found}) == len(found):
        return dict(found)
    return [{"name": name, "value": value} for name, value in found]


def split_url(url: str) -> tuple[str, list[Pair]]:
    """A URL without its query, and the query as pairs; one that is not made of pairs stays where it is."""
    head, mark, query = url.partition("#")[0].partition("?")
    found = parse_qsl(query, keep_blank_values=True)
    return (head, found) if mark and "=" in query else (url.partition("#")[0], [])


def origin_of(url: str) -> str:
    """Scheme and host of a URL; nothing where it has none."""
    match = _ORIGIN.match(url)
    return match[0] if match else ""


def path_of(url: str) -> str:
    """The path of a URL, or what stands for one."""
    return url.removeprefix(origin_of(url)).partition("?")[0]


def header(headers: dict[str, str], name: str) -> str:
    """A header of any case of letters; nothing where it is missing."""
    return next((value for key, value in headers.items() if key.lower() == name), "")


def drop_header(headers: dict[str, str], name: str) -> str:
    """Take a header away that HAT writes by itself."""
    found = [key for key in headers if key.lower() == name]
    return [headers.pop(key) for key in found][-1] if found else ""


def put_body(request: dict[str, Any], text: str, headers: dict[str, str], *, is_json: bool = False) -> None:
    """A body as `json` or a form where it is one, else as text; a Content-Type that follows from it goes."""
    kind = header(headers, "content-type").partition(";")[0].strip().lower()
    if is_json or "json" in kind or (not kind and text.lstrip()[:1] in ("{", "[")):
        value = json_of(text)
        if value is not None:
            request["json"] = value
            if kind == "application/json":
                drop_header(headers, "content-type")
            return
    fields = parse_qsl(text, keep_blank_values=True)
    if fields and kind in ("", FORM) and "\n" not in text and all(name for name, _ in fields):
        request["data"] = pairs(fields)
        if kind == FORM:
            drop_header(headers, "content-type")
    elif text:
        request["data"] = text


def json_of(text: str) -> Any:
    """The value of a JSON text; None for null and for any other text."""
    try:
        return load_text(text, is_json=True)
    except FormatError:
        return None


def cookies_of(text: str) -> dict[str, str]:
    """The pairs of a Cookie header."""
    found = (part.strip().partition("=") for part in text.split(";") if part.strip())
    return {name: value for name, _, value in found}


def mapping(value: Any) -> Mapping[str, Any]:
    """A value that should be a mapping; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The mappings of a value that should be a list of them."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
