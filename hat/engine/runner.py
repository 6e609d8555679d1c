"""Order, concurrency, stop and cancel: one pass over cases, emitting events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter

from hat.case import Case, Environment
from hat.engine.options import Options
from hat.engine.running import Prepared, Running
from hat.event import CaseFinished, Event, RunFinished, RunStarted
from hat.result import Counts, Outcome, StepResult, Tally, worst

_POLL_S = 0.2


async def stream(
    cases: Iterable[Case], environment: Environment | None = None, options: Options | None = None
) -> AsyncIterator[Event]:
    """The events of a run; any number of streams share one loop."""
    chosen, options, environment = list(cases), options or Options(), environment or Environment()
    started = perf_counter()
    began = datetime.now(UTC)
    outcomes: list[Outcome] = []
    counts = Counter()
    running = Running(environment, options)
    try:
        prepared = await running.prepare(chosen)
        yield RunStarted(began, len(prepared), environment.name)
        async for event in _run_all(running, prepared, _concurrency(chosen, options), options):
            if isinstance(event, CaseFinished):
                outcomes.append(event.case.outcome)
                counts.add(event.case.outcome, event.case.steps)
            yield event
    finally:
        await running.close()
    cancelled = options.cancelled is not None and options.cancelled()
    elapsed_ms = (perf_counter() - started) * 1000
    yield RunFinished(worst(outcomes), counts.total(), elapsed_ms, cancelled)


def _concurrency(cases: Sequence[Case], options: Options) -> int:
    if options.concurrency is not None:
        return max(1, options.concurrency)
    return 10 if all(case.dialect == "hat" for case in cases) else 1


async def _run_all(
    running: Running, prepared: Sequence[Prepared], concurrency: int, options: Options
) -> AsyncIterator[Event]:
    """Run cases side by side; events come as they happen."""
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    waiting = iter(prepared)
    stop = asyncio.Event()

    async def work() -> None:
        for item in waiting:
            if stop.is_set():
                break
            result = await running.run(item, queue.put_nowait)
            bad = result.outcome in (Outcome.FAILED, Outcome.ERROR)
            if bad and options.fail_fast and not running.fails_fast_by_case(item):
                stop.set()
        queue.put_nowait(None)

    workers = [asyncio.create_task(work()) for _ in range(min(concurrency, len(prepared)))]
    watcher = asyncio.create_task(_watch(options.cancelled, stop, running)) if options.cancelled else None
    left = len(workers)
    try:
        while left:
            event = await queue.get()
            if event is None:
                left -= 1
            else:
                yield event
    finally:
        for task in [*workers, *([watcher] if watcher else [])]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _watch(cancelled: Callable[[], bool], stop: asyncio.Event, running: Running) -> None:
    """Look whether the run was cancelled, also while steps wait for an answer."""
    while not cancelled():
        await asyncio.sleep(_POLL_S)
    stop.set()
    running.interrupt()


class Counter:
    """Counts outcomes of cases, steps (leaves) and checks as results come."""

    def __init__(self) -> None:
        self._cases = dict.fromkeys(Outcome, 0)
        self._steps = dict.fromkeys(Outcome, 0)
        self._checks = dict.fromkeys(Outcome, 0)

    def add(self, outcome: Outcome, steps: Iterable[StepResult]) -> None:
        """Count a case with its steps."""
        self._cases[outcome] += 1
        self._add_steps(steps)

    def _add_steps(self, steps: Iterable[StepResult]) -> None:
        for step in steps:
            if step.steps:
                self._add_steps(step.steps)
            else:
                self._steps[step.outcome] += 1
            for check in step.checks:
                self._checks[check.outcome] += 1

    def total(self) -> Counts:
        """The counts so far."""
        return Counts(*(Tally(*tally.values()) for tally in (self._cases, self._steps, self._checks)))
