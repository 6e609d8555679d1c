"""The steps of a case in order: which are left out, repeated, tried again, or call another case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import repeat
from time import perf_counter
from typing import Any

from msgspec.structs import replace

from hat.case import Case, Retry
from hat.engine.attempt import Attempt
from hat.engine.hooks import run_hooks
from hat.engine.opening import close_case, exported, open_case
from hat.engine.parameters import rows_of
from hat.engine.plan import SkipPlan, StepPlan
from hat.engine.scope import Scope
from hat.engine.step import Record, run_request, shown_name, wait
from hat.engine.template import RenderError
from hat.result import Outcome, StepError, StepResult

_BAD = (Outcome.FAILED, Outcome.ERROR)
_MOST_ATTEMPTS = 10_000
CANCELLED = "the run was cancelled"


async def run_steps(attempt: Attempt) -> AsyncIterator[StepResult]:
    """Run the steps of a case in order; what follows a failure depends on the dialect and on the step."""
    stopped = ""
    for step in attempt.plan.steps:
        if not stopped and attempt.is_cancelled:
            stopped, attempt.is_cut_short = CANCELLED, True
        if stopped and not step.source.always:
            if attempt.dialect.name == "hat" or stopped == CANCELLED:
                yield _skipped(step, stopped)
            continue
        try:
            for one in await _repetitions(step, attempt):
                result = one if isinstance(one, StepResult) else await _run_once(one, attempt)
                yield result
                if result.outcome in _BAD and not step.source.goes_on and _ends_case(attempt):
                    stopped = stopped or f"step '{result.name}' {result.outcome.value}"
                    break
        except asyncio.CancelledError:
            yield _cut_off(step, attempt)
            stopped = CANCELLED


def _cut_off(step: StepPlan, attempt: Attempt) -> StepResult:
    """The result of a step that was under way when the run was cancelled; steps that always run still do."""
    task = asyncio.current_task()
    if not attempt.is_cancelled or task is None:
        raise  # noqa: PLE0704 - called where the cancellation is caught
    task.uncancel()
    return StepResult(
        name=shown_name(step),
        outcome=Outcome.ERROR,
        id=step.source.id,
        place=step.source.place,
        error=StepError("cancelled", CANCELLED, step.source.place),
    )


def _ends_case(attempt: Attempt) -> bool:
    return not attempt.dialect.goes_on or attempt.fail_fast


def _skipped(step: StepPlan, reason: str, name: str = "") -> StepResult:
    source = step.source
    return StepResult(
        name=name or shown_name(step),
        outcome=Outcome.SKIPPED,
        id=source.id,
        place=source.place,
        skip_reason=reason,
    )


async def _repetitions(step: StepPlan, attempt: Attempt) -> Iterable[StepPlan | StepResult]:
    """What runs for a step: itself once or more, or once a row; a result where there is nothing to run."""
    if not step.source.enabled:
        return (_skipped(step, "disabled"),)
    if step.source.parameters is None:
        return repeat(step, step.source.times)
    place = f"{step.source.place}.parameters"
    try:
        rows = await rows_of(
            step.source.parameters, attempt.dialect, attempt.caller, attempt.scope.outer, place
        )
    except RenderError as error:
        failed = StepResult(
            name=shown_name(step),
            outcome=Outcome.ERROR,
            id=step.source.id,
            place=place,
            error=attempt.error(error),
        )
        return (failed,)
    return (_with_row(step, row or {}) for row in rows for _ in range(step.source.times))


def _with_row(step: StepPlan, row: Mapping[str, Any]) -> StepPlan:
    """The step with a row in place of its own variables of those names."""
    return replace(step, variables=step.variables.with_values(row))


async def _run_once(step: StepPlan, attempt: Attempt) -> StepResult:
    try:
        reason = await _skip_reason(step.skips, attempt, _skip_scope(step, attempt))
        if not reason and step.condition is not None:
            held = await attempt.caller.render(step.condition, attempt.scope.outer)
            reason = "" if truth(held, attempt) else f"if: {step.source.condition}"
    except RenderError as error:
        return StepResult(
            name=shown_name(step),
            outcome=Outcome.ERROR,
            id=step.source.id,
            place=step.source.place,
            error=attempt.error(error),
        )
    if reason:
        return _skipped(step, reason)
    if step.source.case is not None:
        return await call_case(step, step.source.case, attempt)
    if step.source.wait_s is not None:
        return await wait(step, attempt)
    if step.source.retry is not None:
        return await _run_retried(step, attempt)
    return await run_request(step, attempt)


def _skip_scope(step: StepPlan, attempt: Attempt) -> Mapping[str, Any]:
    """What a condition sees: the step's own plain variables, in HttpRunner 2 those of the step before."""
    scope = attempt.scope
    if not attempt.dialect.step_wins:
        return {**scope.environment, **scope.last, **scope.session}
    if step.variables.values:
        return {**scope.outer, **step.variables.values}
    return scope.outer


async def _skip_reason(skips: tuple[SkipPlan, ...], attempt: Attempt, variables: Mapping[str, Any]) -> str:
    """Why a step or case is left out; empty when it runs."""
    for skip in skips:
        kind, written = skip.source.kind, skip.source.condition
        if kind == "skip" and attempt.dialect.name != "hat":
            if written and not skip.template.constant:
                return str(written)
            if written:
                return str(written)
            continue
        value = await attempt.caller.render(skip.template, variables)
        if kind == "skip":
            if truth(value, attempt):
                return str(value) if isinstance(value, str) else "skip"
        elif truth(value, attempt) == (kind == "skipIf"):
            return f"{written} evaluate to {kind == 'skipIf'}"
    return ""


async def case_skip_reason(attempt: Attempt) -> str:
    """Why a whole case is left out; empty when it runs."""
    reason = await _skip_reason(attempt.plan.skips, attempt, attempt.scope.outer)
    if (
        attempt.dialect.name == "httprunner4"
        and len(reason) > 1
        and reason[0] == reason[-1]
        and reason[0] in "'\""
    ):
        return reason[1:-1]
    return reason


def truth(value: Any, attempt: Attempt) -> bool:
    """Whether a condition holds: in dialect hat the texts false, no, off, 0 and the empty text do not."""
    if attempt.dialect.name == "hat" and isinstance(value, str):
        return value.strip().lower() not in ("", "false", "no", "off", "0", "none", "null")
    return bool(value)


async def _run_retried(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run a step until it passes, its time is over or the run is cancelled."""
    retry = step.source.retry or Retry()
    tried = replace(step, checks=(*step.checks, step.until)) if step.until else step
    started, tries = perf_counter(), 1
    while True:
        result = await run_request(tried, attempt)
        over = perf_counter() - started + retry.interval > retry.timeout or tries >= _MOST_ATTEMPTS
        if result.outcome is Outcome.PASSED or over or attempt.is_cancelled:
            return replace(result, attempts=tries, elapsed_ms=(perf_counter() - started) * 1000)
        await asyncio.sleep(retry.interval)
        tries += 1


async def call_case(step: StepPlan, case: Case, attempt: Attempt) -> StepResult:
    """Run the case a step calls: same cookies, own scope; what it exports is extracted by the step."""
    started = perf_counter()
    record = Record(shown_name(step))
    try:
        await _call(step, case, attempt, record)
    except RenderError as error:
        record.fail(attempt.error(error))
    record.log.extend(attempt.caller.take_log())
    return record.result(step, (perf_counter() - started) * 1000)


async def _call(step: StepPlan, case: Case, attempt: Attempt, record: Record) -> None:
    dialect, scope = attempt.dialect, attempt.scope
    given: dict[str, Any] = scope.session
    if dialect.step_wins:
        given = await scope.for_step(step.variables, attempt.caller)
        for name in scope.environment:
            if name not in step.variables.templates and name not in scope.session:
                given.pop(name, None)
    if dialect.evaluates_names and not step.name.constant:
        try:
            record.name = str(await attempt.caller.render(step.name, {**scope.environment, **given}))
        except RenderError:
            pass  # shown as written
    if step.setup_hooks:
        await run_hooks(step.setup_hooks, given, attempt.caller)
    leaked = {} if dialect.step_wins else scope.last
    inner = replace(
        attempt,
        plan=attempt.plans.of(case),
        scope=Scope(
            attempt.plans.of(case).dialect,
            scope.environment,
            leaked=leaked,
            given=dict.fromkeys(given, "caller"),
        ),
        verify=attempt.verify if case.verify is None else case.verify,
        fail_fast=True,
    )
    error = await open_case(inner, given)
    if error is not None:
        record.fail(replace(error, kind="case") if error.kind == "internal" else error)
        return
    steps = []
    async for result in run_steps(inner):
        steps.append(result)
    record.steps = tuple(steps)
    if any(result.outcome in _BAD for result in steps):
        return
    error = await close_case(inner)
    if error is not None:
        record.fail(error)
    record.extracted = exported(inner, (*case.export, *step.source.export))
    scope.extract(record.extracted, record.name)
    if step.teardown_hooks:
        await run_hooks(step.teardown_hooks, given, attempt.caller)
