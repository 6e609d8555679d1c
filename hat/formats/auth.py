"""Read `auth`: which credentials requests carry, and what is wrong with what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hat.case import AUTH_TYPES
from hat.error import UsageError
from hat.formats.decode import load_text
from hat.formats.reading import Reading, kind

_CHOICES = {
    "in": ("header", "query", "cookie"),
    "grant": ("client_credentials", "password", "refresh_token"),
    "client_auth": ("header", "body"),
}


def read_auth(reading: Reading, value: Any, path: str) -> Any:
    """Credentials as written; `none` says that there are none, nothing that the next floor counts."""
    if value is None or value == "":
        return None
    for place, message, hint in auth_problems(value, path):
        reading.problem(place, message, hint)
    return value


def parse_auth(text: str, place: str) -> Any:
    """Credentials in one line: `bearer:TOKEN`, `basic:USER:PASSWORD`, `none`, or `{type: ...}`."""
    kind_, separator, rest = text.partition(":")
    if text == "none":
        return "none"
    if kind_ == "bearer" and separator:
        return {"type": "bearer", "token": rest}
    if kind_ in ("basic", "digest") and ":" in rest:
        user, _, password = rest.partition(":")
        return {"type": kind_, "username": user, "password": password}
    value = load_text(text, place) if text.lstrip().startswith(("{", "[")) else None
    problem = next(auth_problems(value, "auth"), None) if value else ("", "it is none of the forms", "")
    if problem:
        told = f"{problem[0]}: {problem[1]}".removeprefix(": ")
        hint = problem[2] or "bearer:TOKEN, basic:USER:PASSWORD, digest:USER:PASSWORD, none, or {type: ...}"
        raise UsageError(f"{place}: {told}", hint=hint)
    return value


def auth_problems(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Place, fact and hint of everything wrong with `auth`."""
    if value is None or value is False or (isinstance(value, str) and (value == "none" or "$" in value)):
        return
    if isinstance(value, Mapping):
        yield from _problems(value, path)
    elif isinstance(value, (list, tuple)) and value and all(isinstance(one, Mapping) for one in value):
        for index, one in enumerate(value):
            yield from _problems(one, f"{path}[{index}]")
    elif not (isinstance(value, (list, tuple)) and len(value) == 2):
        yield path, f"expected type and its fields, or [user, password], got {kind(value)}", ""


def _problems(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    name = value.get("type", value.get("kind", "basic"))
    if isinstance(name, str) and "$" in name:
        return
    fields = AUTH_TYPES.get(name) if isinstance(name, str) else None
    if fields is None:
        yield f"{path}.type", f"unknown type '{name}'", f"one of {', '.join(AUTH_TYPES)}"
        return
    for word in fields.needed:
        if value.get(word) in (None, ""):
            yield f"{path}.{word}", f"{name} needs '{word}'", ""
    known = ("type", "kind", *fields.needed, *fields.optional)
    for word, item in value.items():
        if word not in known:
            yield (
                f"{path}.{word}",
                f"{name} has no field '{word}'",
                f"known here: {', '.join(sorted({*known} - {'kind', 'user'}))}",
            )
        choices = _CHOICES.get(word)
        if choices and isinstance(item, str) and item and "$" not in item and item not in choices:
            yield f"{path}.{word}", f"expected one of {', '.join(choices)}, got '{item}'", ""
