"""CASE -> RESULT: run cases, emitting events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from hat.case import Case, Environment
from hat.engine.runner import Options
from hat.event import Event
from hat.result import RunResult

__all__ = ["Options", "run", "run_all", "stream"]


def stream(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> AsyncIterator[Event]:
    """The events of a run; any number of streams share one loop."""
    raise NotImplementedError


def run(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> Iterator[Event]:
    """The events of a run, for callers without a loop."""
    raise NotImplementedError


def run_all(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> RunResult:
    """The whole result of a run."""
    raise NotImplementedError
