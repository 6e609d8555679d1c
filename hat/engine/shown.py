"""Values as messages show them: JSON on one line, cut where it gets long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hat.number import json_writer

LONGEST = 200
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "number"),
    (str, "text"),
    (bytes, "bytes"),
    (Mapping, "object"),
    ((list, tuple), "list"),
)


def show(value: Any, longest: int = LONGEST) -> str:
    """A value on one line; what is left out is counted."""
    text = _cheap(value, longest)
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1]}… ({_size(value)})"


def _cheap(value: Any, longest: int) -> str:
    if isinstance(value, str) and len(value) > 2 * longest:
        value = value[: 2 * longest]
    if isinstance(value, bytes):
        return repr(value[:longest])
    try:
        return _write(value)
    except (TypeError, ValueError, RecursionError):
        return repr(value)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


_write = json_writer(ensure_ascii=False, default=_plain)


def _size(value: Any) -> str:
    if isinstance(value, (str, bytes)):
        return f"{len(value)} {'characters' if isinstance(value, str) else 'bytes'}"
    return f"{len(value)} entries" if isinstance(value, (Mapping, list, tuple)) else "shortened"


def kind(value: Any) -> str:
    """What sort of value it is, in the words of JSON."""
    if value is None:
        return "null"
    for types, word in _KINDS:
        if isinstance(value, types):
            return word
    return type(value).__name__
