"""What changed between two states of an object, field by field, without its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model

HIDDEN = "***"
MOST = 100
LONGEST = 500

_WORDS = r"(?:passw(?:or)?d|pwd|secret|token|api[-_]?key|authorization|cookie|credential|signature|private)"
_SOUNDS_SECRET = re.compile(_WORDS, re.IGNORECASE)
_IN_QUERY = re.compile(rf"([?&][^=&#]*{_WORDS}[^=&#]*=)[^&#]*", re.IGNORECASE)
_IN_HOST = re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+@")
_GONE = object()


def fields_of(row: Model, *names: str) -> dict[str, Any]:
    """Some fields of a row as they are now; a row behind a field by its name."""
    values = {name: getattr(row, name) for name in names}
    return {name: str(value) if isinstance(value, Model) else value for name, value in values.items()}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that differ, deep ones by their path; what sounds like a secret is hidden.

    At most a hundred; the last line then says in `after` how many more there are.
    """
    found = list(_compared(before, after, ""))
    if len(found) <= MOST:
        return found
    return [*found[:MOST], {"field": "*", "before": None, "after": len(found) - MOST}]


def _compared(before: Any, after: Any, path: str) -> Iterator[dict[str, Any]]:
    if before == after:
        return
    old, new = _branches(before), _branches(after)
    if (old is None and new is None) or (not old and not new):
        yield {"field": path, "before": _shown(before, path), "after": _shown(after, path)}
        return
    for key in dict.fromkeys([*(old or {}), *(new or {})]):
        deeper = f"{path}.{key}" if path and not key.startswith("[") else f"{path}{key}"
        yield from _compared((old or {}).get(key, _GONE), (new or {}).get(key, _GONE), deeper)


def _branches(value: Any) -> dict[str, Any] | None:
    """The parts of an object or list by their names; None for a plain value."""
    if isinstance(value, Mapping):
        return {str(key): part for key, part in value.items()}
    if not isinstance(value, (list, tuple)):
        return None
    named = [_name(part) for part in value]
    if all(named) and len(set(named)) == len(named):
        return {name: _content(part) for name, part in zip(named, value, strict=True)}
    return {f"[{index}]": part for index, part in enumerate(value)}


def _name(part: Any) -> str:
    """The name of a row or step, so that its path survives another order."""
    name = part.get("name") if isinstance(part, Mapping) else None
    return f"[{name}]" if isinstance(name, str) and name else ""


def _content(part: Mapping[str, Any]) -> Any:
    return part["value"] if set(part) == {"name", "value"} else part


def _shown(value: Any, path: str) -> Any:
    if value is _GONE or value is None:
        return None
    if _SOUNDS_SECRET.search(path):
        return HIDDEN
    if isinstance(value, (bool, int, float)):
        return value
    text = _IN_HOST.sub(rf"\1{HIDDEN}@", _IN_QUERY.sub(rf"\1{HIDDEN}", str(value)))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
