"""Cases that others need: each runs once per run, and what it exports is there for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from math import inf
from time import perf_counter

from msgspec import Struct, field

from hat.case import Case, Need
from hat.engine.attempt import Attempt, Held
from hat.result import Outcome, StepError, StepResult

_BAD = (Outcome.FAILED, Outcome.ERROR)
PLACE = "config.needs"
_EARLY_S = 5.0  # renewed so long before the end, so that no request leaves with what ends on its way
Work = Callable[[Case, str], Awaitable[Held]]


class _Turn(Struct):
    """One needed case in a run: who comes first does its work, the others wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: Held | None = None
    asked_by: str = ""


class Needs:
    """The needed cases of a run."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._turns: dict[str, _Turn] = {}

    async def obtain(self, need: Need, asked_by: str) -> tuple[Held, bool]:
        """What a needed case left, and whether it ran for this asking."""
        turn = self._turns.setdefault(need.key, _Turn())
        async with turn.lock:
            if turn.held is not None and turn.held.ends_at > perf_counter():
                return turn.held, False
            turn.held, turn.asked_by = await self._work(need.case, need.name), asked_by
            return turn.held, True


def ends_at(seconds: float) -> float:
    """When something that lasts so long is renewed."""
    return perf_counter() + seconds - min(_EARLY_S, seconds / 10)


async def attach(attempt: Attempt, needs: Sequence[Need]) -> list[StepResult]:
    """Get what a case needs: its values, its cookies, and a result each to show."""
    if attempt.obtain is None:
        return []
    attempt.needs = tuple({need.key: need for need in (*attempt.needs, *needs)}.values())
    attempt.fresh_until = inf
    asked = {need.key for need in needs}
    results = []
    for need in attempt.needs:
        held, ran = await attempt.obtain(need, attempt.plan.case.name)
        attempt.fresh_until = min(attempt.fresh_until, held.ends_at)
        attempt.scope.need(held.exported, held.result.name)
        attempt.jar.take(held.jar)
        if ran or need.key in asked:
            results.append(held.result if ran else _shown_again(held))
    return results


async def renew(attempt: Attempt) -> list[StepResult]:
    """Get what has ended meanwhile once more; only what ran again is shown."""
    return [result for result in await attach(attempt, ()) if result.steps or result.outcome in _BAD]


def _shown_again(held: Held) -> StepResult:
    """What others see of a needed case that has run: its values, not its steps."""
    result = held.result
    error = None
    if result.outcome in _BAD:
        error = StepError("case", f"{result.name}: {_reason(result)}", PLACE)
    return StepResult(
        name=result.name,
        place=PLACE,
        outcome=result.outcome,
        error=error,
        extracted=result.extracted,
        log="" if error else "it ran once for this run",
        phase="setup",
    )


def _reason(result: StepResult) -> str:
    """Why a case did not pass, in one line."""
    for step in _walk(result):
        if step.error is not None:
            return step.error.message
        for check in step.checks:
            if check.outcome in _BAD:
                return check.message
    return f"it is {result.outcome.value}"


def _walk(result: StepResult) -> Iterator[StepResult]:
    for step in result.steps:
        yield from _walk(step)
    yield result
