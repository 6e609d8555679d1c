"""Where texts stand in a case document: each with its address and the part of a case it belongs to."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from hat.web.projects.links import PARTS as STEPS

Part = Literal["names", "urls", "headers", "bodies", "variables", "checks", "rest"]
Address = tuple[str | int, ...]
PARTS: tuple[Part, ...] = get_args(Part)

_CONFIG: dict[str, Part] = {
    "name": "names",
    "base_url": "urls",
    "variables": "variables",
    "parameters": "variables",
    "headers": "headers",
}
_STEP: dict[str, Part] = {
    "name": "names",
    "base_url": "urls",
    "variables": "variables",
    "parameters": "variables",
    "extract": "checks",
    "validate": "checks",
}
_REQUEST: dict[str, Part] = {
    "url": "urls",
    "params": "urls",
    "headers": "headers",
    "cookies": "headers",
    "json": "bodies",
    "data": "bodies",
    "body": "bodies",
    "files": "bodies",
    "upload": "bodies",
    "graphql": "bodies",
}
# Fields whose mappings hold names people chose; anywhere else the keys are words of the format.
_NAMED = {"variables", "parameters", "extract", "params", "headers", "cookies"}
_NAMED |= {field for field, part in _REQUEST.items() if part == "bodies"}
# A row of a grid; in a body these may be anybody's keys.
_ROW = {"name", "value", "enabled", "description", "type", "secret", "id"}


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a document, or the name of an entry (`is_key`) at that address."""

    address: Address
    part: Part
    text: str
    is_key: bool = False

    @property
    def at(self) -> str:
        """The address as one word: a JSON pointer, with `#` behind it for the name of an entry."""
        words = "".join("/" + _escaped(str(word)) for word in self.address)
        return f"{words}#" if self.is_key else words

    @property
    def step(self) -> int | None:
        """The number of its step among the case's own."""
        head, *rest = self.address
        return rest[0] if head == "teststeps" and rest and isinstance(rest[0], int) else None


def _escaped(word: str) -> str:
    return word.replace("~", "~0").replace("/", "~1").replace("#", "~2")


def texts(document: Mapping[str, Any]) -> Iterator[Place]:
    """Every text a person wrote, in the order of the document; ids of steps are not theirs."""
    config = document.get("config") or {}
    yield from _fields(config, ("config",), _CONFIG)
    for part in STEPS:
        yield from _steps(document.get(part), (part,))


def _steps(steps: Any, address: Address) -> Iterator[Place]:
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, Mapping):
            yield from _fields(step, (*address, index), _STEP)


def _fields(holder: Mapping[str, Any], address: Address, parts: Mapping[str, Part]) -> Iterator[Place]:
    for key, value in holder.items():
        inside = (*address, key)
        if key == "request" and isinstance(value, Mapping):
            yield from _fields(value, inside, _REQUEST)
        elif key == "steps" and isinstance(value, list):
            yield from _steps(value, inside)
        elif key not in ("id", "testcase"):
            yield from _inside(value, inside, parts.get(key, "rest"), named=key in _NAMED, rows=key != "json")


def _inside(value: Any, address: Address, part: Part, *, named: bool, rows: bool) -> Iterator[Place]:
    if isinstance(value, str):
        yield Place(address, part, value)
    elif isinstance(value, Mapping):
        is_row = rows and "name" in value and _ROW.issuperset(value)
        for key, item in value.items():
            if named and not is_row:
                yield Place((*address, key), part, key, is_key=True)
            yield from _inside(item, (*address, key), part, named=named, rows=rows)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _inside(item, (*address, index), part, named=named, rows=rows)


def with_texts(document: Mapping[str, Any], new: Sequence[tuple[Place, str]]) -> dict[str, Any]:
    """A copy of the document with other texts at these places; ValueError where two entries would be one."""
    twin: dict[str, Any] = copy.deepcopy(dict(document))
    for place, text in new:
        if not place.is_key:
            _at(twin, place.address[:-1])[place.address[-1]] = text
    keys = [(place, text) for place, text in new if place.is_key]
    # Deep ones first: an address leads through names that still are the old ones.
    for place, text in sorted(keys, key=lambda one: -len(one[0].address)):
        _rename(_at(twin, place.address[:-1]), str(place.address[-1]), text)
    return twin


def _at(holder: Any, address: Address) -> Any:
    for word in address:
        holder = holder[word]
    return holder


def _rename(holder: dict[str, Any], old: str, new: str) -> None:
    """In place and without changing the order."""
    if new != old and new in holder:
        raise ValueError(f"there would be two entries '{new}'")
    entries = [(new if key == old else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(entries)


def shown(address: Address) -> str:
    """An address as messages and pages show it: `request.headers.token`, from its step on."""
    words = address[2:] if address[0] == "teststeps" else address
    text = ""
    for word in words:
        text += f"[{word}]" if isinstance(word, int) else f".{word}" if text else word
    return text
