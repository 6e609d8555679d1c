"""CASE -> RESULT: run cases, emitting events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime

from hat.case import Case, Environment
from hat.engine import loop as loops
from hat.engine.loop import Loop
from hat.engine.options import Options
from hat.engine.runner import batches
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
    loop = Loop()
    found = batches(cases, environment, options, every_s=_EVERY_S)
    try:
        while batch := loop.run(_next(found)):
            yield from batch
    finally:
        loop.run(found.aclose())
        loop.close()


async def _next(found: AsyncGenerator[list[Event], None]) -> list[Event]:
    """The next events; none at the end."""
    async for batch in found:
        if batch:
            return batch
    return []


async def stream(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> AsyncIterator[Event]:
    """The events of a run, for callers on an asyncio loop; any number of streams run side by side."""
    from hat.engine.guest import heard  # noqa: PLC0415  it needs asyncio, and nothing else does

    async with aclosing(heard(batches(cases, environment, options, every_s=0.0))) as found:
        async for batch in found:
            for event in batch:
                yield event


def run_all(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> RunResult:
    """The whole result of a run, its cases in the order written."""
    return collect(run(cases, environment, options), name=options.name if options else "")


def examine(cases: Iterable[Case], environment: Environment | None = None) -> list[FormatError]:
    """What is wrong with cases that only the engine knows: comparators, functions, names; nothing is sent."""
    return loops.run(_examine(list(cases), environment or Environment()))


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
