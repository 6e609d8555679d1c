"""Cases that others need: each runs once per run, and what it exports is there for all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from math import inf
from time import perf_counter

from msgspec import Struct, field

from hat.case import Case, Need, Step
from hat.engine.attempt import Attempt, Held
from hat.engine.condition import skip_reason
from hat.engine.template import RenderError
from hat.engine.waiting import Lock
from hat.result import Outcome, StepError, StepResult

_BAD = (Outcome.FAILED, Outcome.ERROR)
PLACE = "config.needs"
_EARLY_S = 5.0  # renewed so long before the end, so that no request leaves with what ends on its way
Work = Callable[[Need], Awaitable[Held]]


class _Turn(Struct):
    """One needed case in a run: who comes first does its work, the others wait for it."""

    lock: Lock = field(default_factory=Lock)
    held: Held | None = None


class Needs:
    """The needed cases of a run."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._turns: dict[str, _Turn] = {}

    async def obtain(self, need: Need, refused: Held | None = None) -> tuple[Held, bool]:
        """What a needed case left, in place of what was `refused`; and whether it ran for this asking."""
        turn = self._turns.setdefault(need.key, _Turn())
        async with turn.lock:
            held = turn.held
            if held is not None and held is not refused and held.ends_at > perf_counter():
                return held, False
            turn.held = await self._work(need)
            return turn.held, True


def needed_keys(cases: Iterable[Case]) -> frozenset[str]:
    """The keys of all that cases need, themselves, through others or in cases they call."""
    found: set[str] = set()
    waiting = list(cases)
    while waiting:
        case = waiting.pop()
        for need in case.needs:
            if need.key not in found:
                found.add(need.key)
                waiting.append(need.case)
        waiting.extend(called_cases(case.steps))
    return frozenset(found)


def called_cases(steps: Iterable[Step]) -> Iterator[Case]:
    """The cases that steps call, also in groups."""
    for step in steps:
        if step.case is not None:
            yield step.case
        if step.steps:
            yield from called_cases(step.steps)


def ends_at(seconds: float) -> float:
    """When something that lasts so long is renewed."""
    return perf_counter() + seconds - min(_EARLY_S, seconds / 10)


async def attach(attempt: Attempt, given: Mapping[str, object]) -> list[StepResult]:
    """Get what a case needs before it is opened: its values, its cookies, and a result each to show."""
    needs = attempt.plan.case.needs
    if not needs or attempt.obtain is None or await _is_left_out(attempt, given):
        return []
    attempt.needs = tuple({need.key: need for need in (*attempt.needs, *needs)}.values())
    asked = {need.key for need in needs}
    return [result for need, result in await obtain_all(attempt) if result.steps or need.key in asked]


async def _is_left_out(attempt: Attempt, given: Mapping[str, object]) -> bool:
    """Whether a case is skipped for reasons that are known before anything runs."""
    if not attempt.plan.skips:
        return False
    plain = {
        name: template.value
        for name, template in attempt.plan.variables.templates.items()
        if template.constant
    }
    try:
        seen = {**attempt.scope.environment, **plain, **given}
        return bool(await skip_reason(attempt.plan.skips, attempt, seen))
    except RenderError:
        return False


async def obtain_all(
    attempt: Attempt, refused: Mapping[str, Held] | None = None
) -> list[tuple[Need, StepResult]]:
    """Get all that an attempt needs, and what to show of each; the `refused` ones are not taken again."""
    if attempt.obtain is None:
        return []
    attempt.fresh_until = inf
    results = []
    for need in attempt.needs:
        held, ran = await attempt.obtain(need, (refused or {}).get(need.key))
        attempt.held = {**attempt.held, need.key: held}
        attempt.fresh_until = min(attempt.fresh_until, held.ends_at)
        attempt.scope.need(held.exported, held.result.name)
        attempt.jar.take(held.jar)
        results.append((need, held.result if ran and not held.is_shown else _shown_again(held)))
    return results


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
