"""The changes there are: replace texts, add a header, add a check; each proposes before it is applied."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Protocol

from hat.web.projects.edits.pattern import Match, Pattern, replaced
from hat.web.projects.edits.places import Part, Place, shown, texts, with_texts
from hat.web.projects.links import steps_of

_AROUND = 60
_OWN = re.compile(r"teststeps\[(\d+)\]")
_SHOWN = 200

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would change at one place: `old` becomes `new` between `head` and `tail`."""

    at: str
    part: Part
    step: int | None
    path: str
    head: str = ""
    old: str = ""
    new: str = ""
    tail: str = ""
    count: int = 1


class Change(Protocol):
    """Something that can be done to any case."""

    def proposals(self, document: Mapping[str, Any]) -> Iterator[Proposal]:
        """Each place where it would change the document."""

    def applied(self, document: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        """The document changed at the wanted places; ValueError where that cannot be."""


class Replace:
    """One text for another, in the chosen parts."""

    def __init__(self, pattern: Pattern, parts: Set[str]) -> None:
        self._pattern = pattern
        self._parts = parts

    def proposals(self, document: Mapping[str, Any]) -> Iterator[Proposal]:
        for place, found in self._found(document):
            first = found[0]
            yield Proposal(
                at=place.at,
                part=place.part,
                step=place.step,
                path=shown(place.address),
                head=place.text[max(0, first.start - _AROUND) : first.start],
                old=place.text[first.start : first.end][:_SHOWN],
                new=first.new[:_SHOWN],
                tail=place.text[first.end : first.end + _AROUND],
                count=len(found),
            )

    def applied(self, document: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        found = self._found(document)
        new = [(place, replaced(place.text, matches)) for place, matches in found if wanted(place.at)]
        return with_texts(document, new)

    def _found(self, document: Mapping[str, Any]) -> Iterator[tuple[Place, list[Match]]]:
        for place in texts(document):
            if place.part in self._parts:
                found = self._pattern.matches(place.text)
                if replaced(place.text, found) != place.text:
                    yield place, found


@dataclass(frozen=True, slots=True)
class AddHeader:
    """A header for every request; one of that name is left alone unless it shall be replaced."""

    name: str
    value: str
    overwrite: bool

    def proposals(self, document: Mapping[str, Any]) -> Iterator[Proposal]:
        for path, step in _requests(document):
            before = self._before(step["request"])
            if before is None or (self.overwrite and before != self.value):
                yield Proposal(
                    at=f"{path}.request.headers",
                    part="headers",
                    step=number(path),
                    path=f"{below(path)}request.headers.{self.name}",
                    old="" if before is None else str(before)[:_SHOWN],
                    new=self.value[:_SHOWN],
                )

    def applied(self, document: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        twin = copy.deepcopy(dict(document))
        there = {one.at for one in self.proposals(document) if wanted(one.at)}
        for path, step in _requests(twin):
            if f"{path}.request.headers" in there:
                step["request"]["headers"] = self._with(step["request"].get("headers") or {})
        return twin

    def _before(self, request: Mapping[str, Any]) -> Any:
        """The value the request has for that header, None without one."""
        for name, value in _pairs(request.get("headers")):
            if self._is_named(name):
                return "" if value is None else value
        return None

    def _is_named(self, name: str) -> bool:
        return name.lower() == self.name.lower()

    def _with(self, headers: Any) -> Any:
        if isinstance(headers, list):
            kept = [row for row in headers if not any(self._is_named(name) for name, _ in _pairs([row]))]
            return [*kept, {"name": self.name, "value": self.value}]
        others = {name: value for name, value in headers.items() if not self._is_named(name)}
        return {**others, self.name: self.value}


@dataclass(frozen=True, slots=True)
class AddCheck:
    """A check for every request, unless it has one of that expression and comparator."""

    expression: str
    comparator: str
    expected: Any

    def proposals(self, document: Mapping[str, Any]) -> Iterator[Proposal]:
        for path, step in _requests(document):
            checks = step.get("validate") or []
            if isinstance(checks, list) and not any(map(self._is_alike, checks)):
                yield Proposal(
                    at=f"{path}.validate",
                    part="checks",
                    step=number(path),
                    path=f"{below(path)}validate[{len(checks)}]",
                    new=f"{self.expression} {self.comparator} {self.expected}"[:_SHOWN],
                )

    def applied(self, document: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
        twin = copy.deepcopy(dict(document))
        check = {self.comparator: [self.expression, self.expected]}
        there = {one.at for one in self.proposals(document) if wanted(one.at)}
        for path, step in _requests(twin):
            if f"{path}.validate" in there:
                step["validate"] = [*(step.get("validate") or []), check]
        return twin

    def _is_alike(self, check: Any) -> bool:
        if not isinstance(check, Mapping):
            return False
        if "check" in check:
            comparator = check.get("comparator", check.get("assert", "eq"))
            return bool(check["check"] == self.expression and comparator == self.comparator)
        operands = check.get(self.comparator)
        return isinstance(operands, list) and bool(operands) and bool(operands[0] == self.expression)


def _requests(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, step in steps_of(document):
        request = step.get("request")
        # Headers that are one `$variable` cannot be added to.
        if isinstance(request, Mapping) and not isinstance(request.get("headers"), str):
            yield path, step


def number(path: str) -> int | None:
    """The number of the step of a path such as `teststeps[3].steps[0]`."""
    found = _OWN.match(path)
    return int(found[1]) if found else None


def below(path: str) -> str:
    """What of a path follows its step among the case's own; all of it in other parts of the case."""
    found = _OWN.match(path)
    rest = path[found.end() :] if found else path
    return f"{rest.removeprefix('.')}." if rest else ""


def _pairs(headers: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(headers, Mapping):
        yield from headers.items()
    elif isinstance(headers, list):
        for row in headers:
            if isinstance(row, Mapping) and "name" in row:
                yield str(row["name"]), row.get("value")
            elif isinstance(row, Mapping):
                yield from row.items()
