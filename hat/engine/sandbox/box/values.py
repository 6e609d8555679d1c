"""Values as plain JSON and back, with tags for what JSON has no word for; both sides use it."""

from __future__ import annotations

import base64
import datetime
import decimal
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

TAG: Final = "$"
MAX_DEPTH: Final = 200
MAX_EXPONENT: Final = 10_000
MAX_COLLISIONS: Final = 64  # names of a dict with the same hash; other ones hardly meet

_TIMES: Final = (datetime.datetime, datetime.date, datetime.time)
_PLAIN: Final = frozenset({str, int, bool, type(None)})


def pack(value: Any, other: Callable[[Any], Any], depth: int = 0) -> Any:
    """The value as what `json` can write; `other` packs what has no tag of its own."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth > MAX_DEPTH:
        raise ValueError(f"the value is nested deeper than {MAX_DEPTH}")
    if kind is float:
        return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}
    if kind is list:
        return [pack(one, other, depth + 1) for one in value]
    if kind is dict:
        return _pack_dict(value, other, depth)
    if kind is tuple:
        return {TAG: "tuple", "v": [pack(one, other, depth + 1) for one in value]}
    return _pack_rare(value, other, depth)


def unpack(value: Any, other: Callable[[dict[str, Any]], Any]) -> Any:
    """The value again; `other` unpacks a tag that is not known here."""
    kind = type(value)
    if kind is list:
        return [unpack(one, other) for one in value]
    if kind is not dict:
        return value
    tag = value.get(TAG)
    if tag is None:
        return {name: unpack(one, other) for name, one in value.items()}
    if tag == "tuple":
        return tuple(unpack(one, other) for one in value["v"])
    if tag == "dict":
        pairs = [(unpack(name, other), unpack(one, other)) for name, one in value["v"]]
        _refuse_collisions([name for name, _ in pairs])
        return dict(pairs)
    read = _READERS.get(tag)
    return read(value["v"]) if read else other(value)


def _pack_dict(value: dict[Any, Any], other: Callable[[Any], Any], depth: int) -> Any:
    if TAG not in value and all(type(name) is str for name in value):
        return {name: pack(one, other, depth + 1) for name, one in value.items()}
    pairs = [[pack(name, other, depth + 1), pack(one, other, depth + 1)] for name, one in value.items()]
    return {TAG: "dict", "v": pairs}


def _pack_rare(value: Any, other: Callable[[Any], Any], depth: int) -> Any:
    """Subclasses of plain types, bytes, times; the order matters, a datetime is a date."""
    if isinstance(value, (bytes, bytearray)):
        return {TAG: "bytes", "v": base64.b64encode(value).decode("ascii")}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return pack(float(value), other, depth)
    for kind in _TIMES:
        if isinstance(value, kind):
            return {TAG: kind.__name__, "v": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {TAG: "timedelta", "v": value.total_seconds()}
    if isinstance(value, decimal.Decimal):
        return {TAG: "decimal", "v": str(value)}
    if type(value).__name__ == "UUID":
        return str(value)
    if isinstance(value, dict):
        return _pack_dict(dict(value), other, depth)
    if isinstance(value, (set, frozenset)):
        return [pack(one, other, depth + 1) for one in _ordered(value)]
    if isinstance(value, list):
        return [pack(one, other, depth + 1) for one in value]
    if isinstance(value, tuple):
        return {TAG: "tuple", "v": [pack(one, other, depth + 1) for one in value]}
    return other(value)


def _ordered(values: set[Any] | frozenset[Any]) -> list[Any]:
    try:
        return sorted(values)
    except TypeError:
        return list(values)


def _refuse_collisions(names: list[Any]) -> None:
    """Numbers can be chosen so that a dict compares each with every other: a minute for 60,000 of them."""
    if len(names) > MAX_COLLISIONS and max(Counter(map(hash, names)).values()) > MAX_COLLISIONS:
        raise ValueError("the names of a dict were chosen to be slow")


def _decimal(text: str) -> decimal.Decimal:
    """A decimal whose digits can be written out; one of a trillion digits would end whoever tries."""
    value = decimal.Decimal(text)
    if value.is_finite() and abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"a decimal with an exponent beyond {MAX_EXPONENT} cannot be passed")
    return value


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "float": float,
    "bytes": base64.b64decode,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda seconds: datetime.timedelta(seconds=seconds),
    "decimal": _decimal,
}
