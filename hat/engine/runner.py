"""Order, concurrency, stop and cancel: one pass over cases, emitting events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from hat.case import Case, Environment
from hat.engine.loop import Task, spawn
from hat.engine.options import Options
from hat.engine.running import Prepared, Running
from hat.engine.waiting import Event as Flag
from hat.engine.waiting import all_ended, sleep, timeout
from hat.event import CaseFinished, Event, RunFinished, RunStarted
from hat.result import Counts, Outcome, StepResult, Tally, worst

_POLL_S = 0.2


async def batches(
    cases: Iterable[Case],
    environment: Environment | None = None,
    options: Options | None = None,
    *,
    every_s: float,
) -> AsyncGenerator[list[Event], None]:
    """The events of a run, those of about `every_s` seconds together."""
    chosen, options, environment = list(cases), options or Options(), environment or Environment()
    started = perf_counter()
    began = datetime.now(UTC)
    counts = Counter()
    running = Running(environment, options)
    try:
        prepared = await running.prepare(chosen)
        yield [RunStarted(began, len(prepared), environment.name, tuple(running.rows))]
        runs = _run_all(running, prepared, _concurrency(chosen, options), options, every_s)
        async with aclosing(runs):
            async for batch in runs:
                counts.listen(batch)
                yield batch
    finally:
        await running.close()
    cancelled = options.cancelled is not None and options.cancelled()
    elapsed_ms = (perf_counter() - started) * 1000
    yield [RunFinished(worst(counts.outcomes), counts.total(), elapsed_ms, cancelled)]


def _concurrency(cases: Sequence[Case], options: Options) -> int:
    if options.concurrency is not None:
        return max(1, options.concurrency)
    return 10 if all(case.dialect == "hat" for case in cases) else 1


async def _run_all(
    running: Running, prepared: Sequence[Prepared], concurrency: int, options: Options, every_s: float
) -> AsyncGenerator[list[Event], None]:
    """Run cases side by side; events come as they happen."""
    heard = Heard()
    waiting = iter(prepared)
    stop = Flag()

    async def work() -> None:
        for item in waiting:
            if stop.is_set or (options.cancelled is not None and options.cancelled()):
                break
            result = await running.run(item, heard.tell)
            bad = result.outcome in (Outcome.FAILED, Outcome.ERROR)
            if bad and options.fail_fast and not running.fails_fast_by_case(item):
                stop.set()

    workers = [spawn(_guarded(work, heard)) for _ in range(min(concurrency, len(prepared)))]
    others = [spawn(_tell_end(workers, heard))]
    if options.cancelled:
        others.append(spawn(_watch(options.cancelled, stop, running)))
    try:
        while not heard.ended:
            yield await heard.next(every_s)
        for worker in workers:
            if worker.is_done:
                worker.result()
    finally:
        for task in [*workers, *others]:
            task.cancel()
        await all_ended([*workers, *others])


async def _guarded(work: Callable[[], Coroutine[Any, Any, None]], heard: Heard) -> None:
    """A fault of ours ends the run at once, also while others still work."""
    try:
        await work()
    except Exception:
        heard.end()
        raise


async def _tell_end(workers: Sequence[Task[None]], heard: Heard) -> None:
    await all_ended(workers)
    heard.end()


async def _watch(cancelled: Callable[[], bool], stop: Flag, running: Running) -> None:
    """Look whether the run was cancelled, also while steps wait for an answer."""
    while not cancelled():
        await sleep(_POLL_S)
    stop.set()
    running.interrupt()


class Heard:
    """Events told by running cases, taken in batches."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._something = Flag()
        self._end = Flag()

    @property
    def ended(self) -> bool:
        """Whether nothing is left and nothing will come."""
        return self._end.is_set and not self._events

    def tell(self, event: Event) -> None:
        """Take an event."""
        self._events.append(event)
        self._something.set()

    def end(self) -> None:
        """Say that no event will come."""
        self._end.set()
        self._something.set()

    async def next(self, every_s: float) -> list[Event]:
        """The events there are, at least one unless the end comes; more are waited for `every_s` seconds."""
        await self._something.wait()
        if every_s and not self._end.is_set:
            with suppress(TimeoutError):
                async with timeout(every_s):
                    await self._end.wait()
        events, self._events = self._events, []
        if not self._end.is_set:
            self._something.clear()
        return events


class Counter:
    """Counts outcomes of cases, steps (leaves) and checks as results come."""

    def __init__(self) -> None:
        self._cases = dict.fromkeys(Outcome, 0)
        self._steps = dict.fromkeys(Outcome, 0)
        self._checks = dict.fromkeys(Outcome, 0)
        self._flaky = 0

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcomes that cases had."""
        return [outcome for outcome, count in self._cases.items() if count]

    def listen(self, events: Iterable[Event]) -> None:
        """Count the cases that ended, with their steps."""
        for event in events:
            if isinstance(event, CaseFinished):
                self._cases[event.case.outcome] += 1
                self._flaky += event.case.is_flaky
                self._add_steps(event.case.steps)

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
        cases, steps, checks = (Tally(*tally.values()) for tally in (self._cases, self._steps, self._checks))
        return Counts(cases, steps, checks, self._flaky)
