"""The parts of a Postman request: its address, pairs, raw body and credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hat.formats.conversion.request import header, json_of, rows
from hat.formats.conversion.text import template, templates, variable

_BARE = re.compile(r"\{\{[^{}]+\}\}")
_IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"')
_LANGUAGES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "javascript": "application/javascript",
}


def _bearer_or_oauth(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    if fields.get("accessToken"):
        return {"type": "bearer", "token": fields["accessToken"]}
    grants = {"client_credentials": "client_credentials", "password_credentials": "password"}
    grant = grants.get(str(fields.get("grant_type")))
    if grant is None or not fields.get("accessTokenUrl"):
        return None
    made = {"type": "oauth2", "grant": grant, "token_url": fields["accessTokenUrl"]}
    names = {"client_id": "clientId", "client_secret": "clientSecret", "scope": "scope"}
    named = names | ({"username": "username", "password": "password"} if grant == "password" else {})
    return made | {ours: fields.get(theirs) for ours, theirs in named.items()}


AUTHS = {
    "noauth": lambda _: None,
    "basic": lambda f: {"type": "basic", "username": f.get("username"), "password": f.get("password")},
    "digest": lambda f: {"type": "digest", "username": f.get("username"), "password": f.get("password")},
    "bearer": lambda f: {"type": "bearer", "token": f.get("token")},
    "apikey": lambda f: {
        "type": "api_key", "name": f.get("key"), "value": f.get("value"), "in": f.get("in", "header")
    },
    "oauth2": _bearer_or_oauth,
}  # fmt: skip


def put_raw(request: dict[str, Any], raw: str, headers: Any, language: str) -> None:
    """A raw body: JSON whose variables stand in quotes is `json`, any other text is sent as it is written."""
    kind = _content_type(headers) or _LANGUAGES.get(language, "")
    if not raw:
        return
    if "json" in kind or (not kind and raw.lstrip()[:1] in ("{", "[")):
        bare = _BARE.search(_IN_QUOTES.sub("", raw))
        value = None if bare else json_of(raw)
        if value is not None:
            request["json"] = templates(value)
            return
    request["data"] = template(raw)
    if kind and not _content_type(headers):
        if isinstance(headers, dict):
            headers["Content-Type"] = kind
        else:
            headers.append({"name": "Content-Type", "value": kind})


def _content_type(headers: Any) -> str:
    named = headers if isinstance(headers, dict) else {row["name"]: str(row["value"]) for row in headers}
    return header({name: str(value) for name, value in named.items()}, "content-type").lower()


def address(said: Any) -> tuple[str, list[Mapping[str, Any]], dict[str, Any]]:
    """The address of a request, the rows of its query, and the values of the variables in its path."""
    parts = said if isinstance(said, Mapping) else {"raw": str(said or "")}
    head, _, query = str(parts.get("raw") or _joined(parts)).partition("?")
    values = {
        str(row.get("key") or row.get("id") or ""): row.get("value") for row in rows(parts.get("variable"))
    }
    pieces = head.split("/")
    named = {name: value for name, value in values.items() if f":{name}" in pieces}
    url = template("/".join(f"{{{{{piece[1:]}}}}}" if piece[1:] in named else piece for piece in pieces))
    asked = rows(parts.get("query"))
    if not asked and query:
        asked = [
            dict(zip(("key", "value"), pair.partition("=")[::2], strict=True)) for pair in query.split("&")
        ]
    if url and not re.match(r"(?i)[a-z][\w+.-]*://|[$/]", url):
        url = f"http://{url}"
    return (
        url,
        asked,
        {variable(name): templates(value) for name, value in named.items() if value is not None},
    )


def _joined(parts: Mapping[str, Any]) -> str:
    """An address written in parts only."""
    host, path = parts.get("host"), parts.get("path")
    names = [".".join(map(str, host)) if isinstance(host, list) else str(host or "")]
    for piece in path if isinstance(path, list) else [path or ""]:
        names.append(str(piece.get("value")) if isinstance(piece, Mapping) else str(piece))
    scheme = f"{parts['protocol']}://" if parts.get("protocol") else ""
    return scheme + "/".join(name for name in names if name)


def named_pairs(said: Any) -> dict[str, Any] | list[dict[str, Any]]:
    """Headers, fields or parameters: a mapping, or rows where some are off, described or there twice."""
    if isinstance(said, str):  # headers of old exports
        lines = (line.partition(":") for line in said.splitlines() if ":" in line)
        said = [{"key": name.strip(), "value": value.strip()} for name, _, value in lines]
    found = [_row(row) for row in rows(said)]
    is_plain = len({row["name"] for row in found}) == len(found) and all(len(row) == 2 for row in found)
    return {row["name"]: row["value"] for row in found} if is_plain else found


def _row(said: Mapping[str, Any]) -> dict[str, Any]:
    value = said.get("src") if said.get("type") == "file" else said.get("value")
    value = value[0] if isinstance(value, list) and value else value
    row = {"name": template(str(said.get("key") or "")), "value": "" if value is None else templates(value)}
    is_off = said.get("disabled") or said.get("enabled") is False
    told = description(said)
    return {**row, **({"enabled": False} if is_off else {}), **({"description": told} if told else {})}


def auth_fields(said: Any) -> dict[str, Any]:
    """The fields of credentials: pairs in version 2.1, a mapping in 2.0."""
    if isinstance(said, Mapping):
        return dict(said)
    return {str(row.get("key")): row.get("value") for row in rows(said)}


def description(value: Mapping[str, Any]) -> str:
    said = value.get("description")
    text = said.get("content") if isinstance(said, Mapping) else said
    return str(text or "").strip()
