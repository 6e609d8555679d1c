"""HAR files: what a browser or proxy recorded, as the steps of one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from hat.case import Environment
from hat.formats.conversion.conversion import Conversion, case_document
from hat.formats.conversion.request import (
    drop_header,
    json_of,
    mapping,
    origin_of,
    pairs,
    path_of,
    put_body,
    rows,
    split_url,
)
from hat.formats.conversion.text import literal, variable

_SHOWN = ("image/", "font/", "text/css", "javascript", "video/", "audio/", "text/html", "wasm", "woff")
_PARTS_OF_PAGES = {"image", "font", "stylesheet", "script", "media", "document", "manifest", "texttrack"}
# Headers that a browser or HAT itself writes, or that say nothing to the service.
_NOISE = {
    "host", "content-length", "connection", "accept-encoding", "user-agent", "cookie", "origin", "referer",
    "cache-control", "pragma", "upgrade-insecure-requests", "dnt", "te", "priority", "if-none-match",
    "if-modified-since", "accept-language", "keep-alive", "proxy-connection",
}  # fmt: skip
_CREDENTIALS = ("authorization", "x-api-key", "x-auth-token", "x-access-token", "token", "api-key")


def recognise(value: Any) -> bool:
    """Whether a value is a HAR file."""
    log = value.get("log") if isinstance(value, Mapping) else None
    return isinstance(log, Mapping) and isinstance(log.get("entries"), list)


def convert(value: Mapping[str, Any], file: str, name: str) -> Conversion:
    """The calls of a recording as one case; what only draws pages is left out."""
    conversion = Conversion(file, name)
    entries = [entry for entry in value["log"]["entries"] if _is_request(entry)]
    calls = [entry for entry in entries if not _is_part_of_page(entry)]
    if len(calls) < len(entries):
        conversion.note(
            "log.entries",
            f"{len(entries) - len(calls)} requests of pages for their own parts are left out",
        )
    origins = Counter(origin_of(entry["request"]["url"]) for entry in calls)
    base = origins.most_common(1)[0][0] if calls else ""
    conversion.environments.append(Environment(name=name, base_url=base))
    steps = [_step(conversion, entry, base) for entry in calls]
    if any(_header_pairs(entry, "cookie") for entry in calls):
        conversion.note("log.entries", "cookies of the browser are left out", "log in as a step of the case")
    if steps:
        conversion.add((), case_document(name, steps))
    else:
        conversion.note("log.entries", "no call of an API was recorded")
    return conversion


def _is_request(entry: Any) -> bool:
    request = entry.get("request") if isinstance(entry, Mapping) else None
    url = request.get("url") if isinstance(request, Mapping) else None
    return isinstance(url, str) and url.lower().startswith(("http://", "https://"))


def _is_part_of_page(entry: Mapping[str, Any]) -> bool:
    kind = entry.get("_resourceType")
    if isinstance(kind, str) and kind:
        return kind in _PARTS_OF_PAGES or kind == "preflight"
    if entry["request"].get("method") == "OPTIONS":
        return True
    return any(part in _mime(entry) for part in _SHOWN)


def _mime(entry: Mapping[str, Any]) -> str:
    return str(mapping(mapping(entry.get("response")).get("content")).get("mimeType") or "").lower()


def _step(conversion: Conversion, entry: Mapping[str, Any], base: str) -> dict[str, Any]:
    asked = entry["request"]
    method = str(asked.get("method") or "GET").upper()
    address, query = split_url(literal(asked["url"]))
    place = f"{method} {path_of(address)}"
    request: dict[str, Any] = {"method": method, "url": address.removeprefix(base) or "/"}
    if query:
        request["params"] = pairs(query)
    headers = {
        name: literal(value)
        for name, value in _pairs(asked.get("headers"))
        if name.lower() not in _NOISE and not name.lower().startswith((":", "sec-"))
    }
    for name, value in headers.items():
        if name.lower() in _CREDENTIALS:
            headers[name] = conversion.keep_secret(variable(name).lower(), value.replace("$$", "$"))
    _put_posted(conversion, request, mapping(asked.get("postData")), headers, place)
    if headers:
        request["headers"] = headers
    return {"name": place, "request": request, "validate": list(_checks(entry))}


def _put_posted(
    conversion: Conversion,
    request: dict[str, Any],
    posted: Mapping[str, Any],
    headers: dict[str, str],
    place: str,
) -> None:
    text, mime = posted.get("text"), str(posted.get("mimeType") or "")
    if mime.startswith("multipart/"):
        fields = [
            (str(one.get("name")), str(one.get("fileName") or one.get("value") or ""))
            for one in rows(posted.get("params"))
        ]
        request["upload"] = pairs((name, literal(value)) for name, value in fields)
        drop_header(headers, "content-type")
        conversion.note(
            place, "files that were uploaded are not in the recording", "put them into the project"
        )
    elif isinstance(text, str) and text:
        if mime and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = mime
        put_body(request, literal(text), headers)
    elif fields := [
        (str(one.get("name")), literal(str(one.get("value") or ""))) for one in rows(posted.get("params"))
    ]:
        request["data"] = pairs(fields)
        drop_header(headers, "content-type")


def _checks(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """How the recorded answer went: its status, and the values at the top of its JSON that say so."""
    answer = mapping(entry.get("response"))
    if isinstance(answer.get("status"), int) and answer["status"] > 0:
        yield {"eq": ["status_code", answer["status"]]}
    content = mapping(answer.get("content"))
    body = (
        json_of(content["text"]) if isinstance(content.get("text"), str) and "json" in _mime(entry) else None
    )
    for name in ("code", "errcode", "success", "ok", "status"):
        said = body.get(name) if isinstance(body, dict) else None
        if isinstance(said, (bool, int, str)):
            yield {"eq": [f"body.{name}", literal(said) if isinstance(said, str) else said]}


def _header_pairs(entry: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    return [pair for pair in _pairs(entry["request"].get("headers")) if pair[0].lower() == name]


def _pairs(value: Any) -> list[tuple[str, str]]:
    return [(str(row.get("name")), str(row.get("value"))) for row in rows(value)]
