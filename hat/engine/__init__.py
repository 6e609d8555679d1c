"""CASE -> RESULT: run cases, emitting events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from datetime import UTC, datetime

from hat.case import Case, Environment
from hat.engine.options import Options
from hat.engine.runner import batches, stream
from hat.engine.running import Running
from hat.error import FormatError
from hat.event import CaseFinished, Event, RunFinished, RunStarted
from hat.result import CaseResult, Counts, Outcome, RunResult

__all__ = ["Options", "collect", "examine", "run", "run_all", "stream"]

_EVERY_S = 0.02  # a person sees events at once, and the loop is not stopped for each


def run(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> Iterator[Event]:
    """The events of a run, for callers without a loop."""
    loop = asyncio.new_event_loop()
    found = batches(cases, environment, options, every_s=_EVERY_S)
    try:
        while batch := loop.run_until_complete(_next(found)):
            yield from batch
    finally:
        loop.run_until_complete(found.aclose())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _next(found: AsyncGenerator[list[Event], None]) -> list[Event]:
    """The next events; none at the end."""
    async for batch in found:
        if batch:
            return batch
    return []


def run_all(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> RunResult:
    """The whole result of a run, its cases in the order written."""
    return collect(run(cases, environment, options), name=options.name if options else "")


def examine(cases: Iterable[Case], environment: Environment | None = None) -> list[FormatError]:
    """What is wrong with cases that only the engine knows: comparators, functions, names; nothing is sent."""
    return asyncio.run(_examine(list(cases), environment or Environment()))


async def _examine(cases: list[Case], environment: Environment) -> list[FormatError]:
    running = Running(environment, Options())
    try:
        return await running.examine(cases)
    finally:
        await running.close()


def collect(events: Iterable[Event], name: str = "") -> RunResult:
    """The result that the events of a run add up to."""
    found: list[CaseResult] = []
    started, environment = datetime.now(UTC), ""
    end = RunFinished(Outcome.PASSED, Counts(), 0.0)
    for event in events:
        if isinstance(event, RunStarted):
            started, environment = event.started_at, event.environment
        elif isinstance(event, CaseFinished):
            found.append(event.case)
        elif isinstance(event, RunFinished):
            end = event
    return RunResult(
        outcome=end.outcome,
        counts=end.counts,
        started_at=started,
        elapsed_ms=end.elapsed_ms,
        environment=environment,
        name=name,
        cases=tuple(sorted(found, key=lambda case: case.index)),
        cancelled=end.cancelled,
    )
