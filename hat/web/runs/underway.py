"""What a worker is at right now: the cases under way with the step each is in, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any

from hat.event import CaseFinished, CaseStarted, Event, StepStarted

MOST_SHOWN = 5


class Underway:
    """Heard on the engine's loop, read by the thread that writes the run's row."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cases: dict[int, dict[str, Any]] = {}

    def hear(self, events: Iterable[Event]) -> None:
        """Note which cases and steps began, and which cases ended."""
        with self._lock:
            for event in events:
                if isinstance(event, StepStarted):
                    if (case := self._cases.get(event.index)) is not None:
                        case |= {"number": event.number, "step": event.name}
                elif isinstance(event, CaseStarted):
                    began = {"name": event.name, "step": "", "number": 0, "steps": event.steps}
                    self._cases[event.index] = began
                elif isinstance(event, CaseFinished):
                    self._cases.pop(event.case.index, None)

    def column(self) -> dict[str, Any]:
        """How many cases are under way, and those that are so for the longest time."""
        with self._lock:
            shown = [dict(case) for case, _ in zip(self._cases.values(), range(MOST_SHOWN), strict=False)]
            return {"count": len(self._cases), "cases": shown} if shown else {}


def joined(columns: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What several workers are at, as one."""
    given = [column for column in columns if column]
    cases = [case for column in given for case in column["cases"]]
    return {"count": sum(column["count"] for column in given), "cases": cases[:MOST_SHOWN]}
