"""The steps of a document wherever they stand, and where it refers to other cases: calls and needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PARTS = ("setup", "teststeps", "teardown")


@dataclass(frozen=True, slots=True)
class Link:
    """One place of a document that refers to a case; `holder[key]` is the reference."""

    path: str
    holder: Any
    key: str | int

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    @property
    def is_need(self) -> bool:
        return self.path.startswith("config.")

    def put(self, value: Any) -> None:
        """Refer to another case."""
        self.holder[self.key] = value


def steps_of(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step with its path: setup, the case's own, teardown, and those inside groups."""
    for part in PARTS:
        yield from _steps(document.get(part), part)


def _steps(steps: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield f"{path}[{index}]", step
            yield from _steps(step.get("steps"), f"{path}[{index}].steps")


def links(document: Mapping[str, Any]) -> Iterator[Link]:
    """Every place that refers to a case."""
    config = document.get("config")
    needs = config.get("needs") if isinstance(config, dict) else None
    if isinstance(needs, list):
        yield from (Link(f"config.needs[{index}]", needs, index) for index in range(len(needs)))
    elif needs not in (None, ""):
        yield Link("config.needs", config, "needs")
    for path, step in steps_of(document):
        if step.get("testcase") is not None:
            yield Link(f"{path}.testcase", step, "testcase")


def linked_ids(document: Mapping[str, Any]) -> set[int]:
    """The cases a document calls or needs."""
    return {link.value for link in links(document) if type(link.value) is int and 0 < link.value < 2**63}
