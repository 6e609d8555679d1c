"""The steps of a case in order: which are left out, repeated, tried again, or hold steps themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic, perf_counter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.case import Case, Retry
from hat.engine.attempt import Attempt
from hat.engine.condition import seen, step_skip_reason, written
from hat.engine.earlier import Earlier
from hat.engine.hooks import run_hooks
from hat.engine.loop import CancelledError, current_task, spawn
from hat.engine.needs import attach
from hat.engine.opening import close_case, exported, open_case
from hat.engine.origin import origins_of
from hat.engine.plan import StepPlan
from hat.engine.renewal import carry_out_accepted, renew
from hat.engine.rounds import Round, rounds
from hat.engine.scope import Scope
from hat.engine.step import Record, judge_call, rendered_name, run_step, shown_name
from hat.engine.template import RenderError, Template, fixed_value
from hat.engine.waiting import sleep, timeout_at
from hat.result import Outcome, StepError, StepResult

_BAD = (Outcome.FAILED, Outcome.ERROR)
_MOST_ATTEMPTS = 10_000
_LONGEST_WAIT_S = 86_400
_TEARDOWN_S = 8.0  # what steps that always run have together once the run is cancelled
CANCELLED = "the run was cancelled"


class Begun(Struct):
    """The beginning of a case: what there is to show already, and whether its steps run."""

    steps: list[StepResult] = []
    error: StepError | None = None
    is_ready: bool = False


async def begin_case(attempt: Attempt, given: Mapping[str, Any]) -> Begun:
    """Get what a case needs, then open it; without what it needs all its steps are left out."""
    try:
        results = await attach(attempt, given)
    except RenderError as problem:
        return Begun(error=attempt.error(problem))
    reason = next((f"{one.name} {one.outcome.value}" for one in results if one.outcome in _BAD), "")
    if reason:
        return Begun([*results, *(_skipped(step, reason) for step in attempt.plan.steps)])
    error = await open_case(attempt, given)
    return Begun(results, error, error is None)


async def run_steps(
    attempt: Attempt, steps: Sequence[StepPlan], begin: Callable[[int, str], None] | None = None
) -> AsyncIterator[StepResult]:
    """Run steps in order; what follows a failure depends on the dialect and on the step.

    `begin` hears the place, from 1, and the written name of each step that is about to run.
    """
    stopped = ""
    for number, step in enumerate(steps, 1):
        if attempt.is_cancelled:
            stopped = CANCELLED
            _cut_short(attempt)
        if stopped and not step.source.always:
            if attempt.dialect.name == "hat" or stopped == CANCELLED:
                yield _skipped(step, stopped)
            continue
        if begin is not None:
            begin(number, shown_name(step))
        try:
            if attempt.fresh_until < perf_counter():
                attempt.renewed.extend(await renew(attempt))
            if step.repeats:
                async for result in _run_rounds(step, attempt):
                    yield result
                    stopped = stopped or _ending(step, result, attempt)
            else:
                result = await _run(step, attempt)
                for renewed in attempt.take_renewed():
                    yield renewed
                yield result
                stopped = stopped or _ending(step, result, attempt)
        except CancelledError:
            yield _cut_off(step, attempt)
            stopped = CANCELLED


def _ending(step: StepPlan, result: StepResult, attempt: Attempt) -> str:
    """Why no further step runs; empty when they do."""
    if result.outcome not in _BAD or step.source.goes_on:
        return ""
    if attempt.dialect.goes_on and not attempt.fail_fast:
        return ""
    return f"step '{result.name}' {result.outcome.value}"


def _cut_off(step: StepPlan, attempt: Attempt) -> StepResult:
    """The result of a step that was under way when the run was cancelled; steps that always run still do."""
    if not attempt.is_cancelled:
        raise  # noqa: PLE0704 - called where the cancellation is caught
    current_task().uncancel()
    _cut_short(attempt)
    return _broken(step, StepError("cancelled", CANCELLED, step.source.place))


def _cut_short(attempt: Attempt) -> None:
    """Note that the run was cancelled: from now on steps that always run have little time."""
    attempt.is_cut_short = True
    if attempt.teardown_until is None:
        attempt.teardown_until = monotonic() + _TEARDOWN_S


def _broken(step: StepPlan, error: StepError) -> StepResult:
    return StepResult(
        name=shown_name(step),
        outcome=Outcome.ERROR,
        id=step.source.id,
        place=step.source.place,
        error=error,
        phase=step.source.phase,
    )


def _skipped(step: StepPlan, reason: str) -> StepResult:
    source = step.source
    return StepResult(
        name=shown_name(step),
        outcome=Outcome.SKIPPED,
        id=source.id,
        place=source.place,
        skip_reason=reason,
        phase=source.phase,
    )


async def _run_rounds(step: StepPlan, attempt: Attempt) -> AsyncIterator[StepResult]:
    """The results of a step that runs several times, or not at all."""
    if not step.source.enabled:
        yield _skipped(step, "disabled")
        return
    ran = False
    try:
        async for one in rounds(step, attempt):
            ran = True
            result = _numbered(await _run(one.plan, attempt), one)
            for renewed in attempt.take_renewed():
                yield renewed
            yield result
            if _ending(step, result, attempt) or (attempt.is_cancelled and not step.source.always):
                return
    except RenderError as error:
        yield _broken(step, attempt.error(error))
        return
    if not ran and step.items is not None:
        yield _skipped(step, "for_each: the list is empty")
    elif not ran and step.loop is not None:
        yield _skipped(step, f"while: {written(step.loop)}")


def _numbered(result: StepResult, one: Round) -> StepResult:
    if one.row is None and not one.number:
        return result
    return replace(result, row=one.row, iteration=one.number)


async def _run(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run a step once; one that always runs is not cut off by a cancel, but has only so long after it."""
    if not step.source.always or attempt.cancelled is None:
        return await _run_once(step, attempt)
    work = spawn(_run_once(step, attempt))
    try:
        while not work.is_done:
            try:
                async with timeout_at(attempt.teardown_until):
                    return await work
            except CancelledError:
                if not attempt.is_cancelled:
                    raise
                current_task().uncancel()
                _cut_short(attempt)
        return await work
    except TimeoutError:
        message = f"not done {_TEARDOWN_S:g} s after the run was cancelled"
        return _broken(step, StepError("cancelled", message, step.source.place))
    finally:
        work.cancel()


async def _run_once(step: StepPlan, attempt: Attempt) -> StepResult:
    if step.skips or step.condition is not None:
        try:
            reason = await step_skip_reason(step, attempt)
        except RenderError as error:
            return _broken(step, attempt.error(error))
        if reason:
            return await _left_out(step, attempt, reason)
    carry_out = _CARRY_OUT[step.kind]
    if attempt.needs and step.kind == "request":
        carry_out = partial(carry_out_accepted, carry_out=carry_out)
    if step.source.retry is not None:
        return await _run_retried(step, attempt, carry_out)
    return await carry_out(step, attempt)


async def _left_out(step: StepPlan, attempt: Attempt, reason: str) -> StepResult:
    """The result of a step that a condition leaves out, with what can be said of its name."""
    skipped = _skipped(step, reason)
    if not attempt.dialect.evaluates_names or step.name.constant:
        return skipped
    with suppress(RenderError):
        return replace(skipped, name=await rendered_name(step, attempt, seen(step, attempt)))
    return skipped


async def _run_retried(step: StepPlan, attempt: Attempt, carry_out: CarryOut) -> StepResult:
    """Run a step until it passes, its time is over or the run is cancelled."""
    retry = step.source.retry or Retry()
    tried = replace(step, checks=(*step.checks, step.until)) if step.until else step
    started, tries, earlier = perf_counter(), 1, Earlier(attempt.mask)
    while True:
        result = await carry_out(tried, attempt)
        over = perf_counter() - started + retry.interval > retry.timeout or tries >= _MOST_ATTEMPTS
        if result.outcome is Outcome.PASSED or over or attempt.is_cancelled:
            elapsed_ms = (perf_counter() - started) * 1000
            return replace(result, attempts=tries, earlier=earlier.kept, elapsed_ms=elapsed_ms)
        earlier.add(tries, result)
        await sleep(retry.interval)
        tries += 1


async def run_group(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run the steps of a group; they see its variables in front of all but their own."""
    started, scope = perf_counter(), attempt.scope
    record = Record(shown_name(step))
    outside, paths, auth = scope.around, scope.around_paths, attempt.auth
    inner: list[StepResult] = []
    try:
        own = await step.variables.resolve(attempt.caller, scope.outer)
        place = f"{step.source.place}.variables"
        scope.stand_in({**outside, **own}, {**paths, **{name: f"{place}.{name}" for name in own}})
        record.name = await rendered_name(step, attempt, scope.outer)
        attempt.auth = step.auth or auth
        async for result in run_steps(attempt, step.steps):
            inner.append(result)
    except RenderError as error:
        record.fail(attempt.error(error))
    finally:
        scope.stand_in(outside, paths)
        attempt.auth = auth
    record.steps = tuple(inner)
    return record.result(step, (perf_counter() - started) * 1000)


async def call_case(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run the case a step calls: same cookies, own scope; what it exports is extracted by the step."""
    started = perf_counter()
    record = Record(shown_name(step))
    try:
        if step.source.case is not None:
            await _call(step, step.source.case, attempt, record)
    except RenderError as error:
        record.fail(attempt.error(error))
    record.take_from(attempt)
    return record.result(step, (perf_counter() - started) * 1000)


async def _given_auth(step: StepPlan, attempt: Attempt, given: dict[str, Any]) -> Template | None:
    """The credentials a called case begins with: those of the step that calls, else the caller's."""
    if step.auth is None:
        return attempt.auth
    return fixed_value(await attempt.caller.render(step.auth, {**attempt.scope.environment, **given}))


async def _call(step: StepPlan, case: Case, attempt: Attempt, record: Record) -> None:
    dialect, scope = attempt.dialect, attempt.scope
    given: dict[str, Any] = scope.session
    if dialect.step_wins:
        given = await scope.for_step(step.variables, attempt.caller)
        for name in scope.environment:
            if name not in step.variables.templates and name not in scope.session:
                given.pop(name, None)
    if attempt.explain:
        record.origins = origins_of(step, attempt, given)
    if dialect.evaluates_names and not step.name.constant:
        try:
            record.name = str(await attempt.caller.render(step.name, {**scope.environment, **given}))
        except RenderError:
            pass  # shown as written
    if step.setup_hooks:
        await run_hooks(step.setup_hooks, given, attempt.caller)
    inner = _inside(case, attempt, given)
    inner.auth = await _given_auth(step, attempt, given)
    begun = await begin_case(inner, given)
    record.steps = tuple(begun.steps)
    error = begun.error
    if error is not None:
        record.fail(replace(error, kind="case") if error.kind == "internal" else error)
    if not begun.is_ready:
        return
    steps = begun.steps
    async for result in run_steps(inner, inner.plan.steps):
        steps.append(result)
    attempt.is_cut_short |= inner.is_cut_short
    attempt.teardown_until = inner.teardown_until
    record.steps = tuple(steps)
    if any(result.outcome in _BAD for result in steps):
        return
    error = await close_case(inner)
    if error is not None:
        record.fail(error)
    record.extracted = exported(inner, (*case.export, *step.source.export))
    if dialect.name == "hat" and (step.extract or step.checks):
        await judge_call(step, attempt, given, record, inner.view)
    scope.extract(record.extracted, record.name)
    if step.teardown_hooks:
        await run_hooks(step.teardown_hooks, given, attempt.caller)


def _inside(case: Case, attempt: Attempt, given: dict[str, Any]) -> Attempt:
    """The attempt at a called case."""
    plan, scope = attempt.plans.of(case), attempt.scope
    return replace(
        attempt,
        plan=plan,
        scope=Scope(
            plan.dialect,
            scope.environment,
            leaked={} if attempt.dialect.step_wins else scope.last,
            given=dict.fromkeys(given, "caller"),
            needed=scope.needed,
            below_needed=scope.below_needed,
        ),
        verify=attempt.verify if case.verify is None else case.verify,
        fail_fast=True,
        view=None,
        around=attempt,
    )


async def wait(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run a step that only waits."""
    started = perf_counter()
    record = Record(shown_name(step))
    try:
        variables = await attempt.scope.for_step(step.variables, attempt.caller)
        seconds = await attempt.caller.render(step.wait, variables) if step.wait else 0
        length = float(seconds)
        if not 0 <= length <= _LONGEST_WAIT_S:
            raise ValueError
        await sleep(length)
    except RenderError as error:
        record.fail(attempt.error(error))
    except (TypeError, ValueError, OverflowError):
        place = attempt.plan.case.place(f"{step.source.place}.wait")
        message = f"wait is a number of seconds between 0 and {_LONGEST_WAIT_S}"
        record.fail(StepError("template", message, place))
    record.take_from(attempt)
    return record.result(step, (perf_counter() - started) * 1000)


CarryOut = Callable[[StepPlan, Attempt], Awaitable[StepResult]]
_CARRY_OUT: dict[str, CarryOut] = {
    "request": run_step,
    "function": run_step,
    "call": call_case,
    "group": run_group,
    "wait": wait,
}
