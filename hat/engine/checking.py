"""Judge the checks of a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from hat.case import Step
from hat.engine.attempt import Attempt
from hat.engine.check import Raised, judge, judge_own, suggest_comparator
from hat.engine.comparator import UnusableError
from hat.engine.extract import ExtractError, compile_extract
from hat.engine.pattern import PATIENCE
from hat.engine.plan import CheckPlan
from hat.engine.response import ResponseView
from hat.engine.sandbox import Call, ResponseFacts
from hat.engine.schema import problems
from hat.engine.template import RenderError, literal
from hat.engine.waiting import sleep
from hat.result import CheckResult, Outcome

_MOST_PROBLEMS = 5


async def judge_checks(
    checks: Sequence[CheckPlan],
    attempt: Attempt,
    view: ResponseView,
    variables: Mapping[str, Any],
    results: list[CheckResult],
) -> None:
    """Judge checks in order; results are added one by one, so that an error leaves the earlier ones."""
    for check in checks:
        actual: Any = None
        try:
            actual = await _actual(check, attempt, view, variables)
            result = await _judged(check, actual, attempt, variables)
        except RenderError as error:
            if attempt.dialect.stops_at_error:
                raise
            result = _unrendered(check, error)
        results.append(result)
        await breathe()
        is_end = result.outcome is Outcome.ERROR or isinstance(actual, ExtractError)
        if is_end and attempt.dialect.stops_at_error:
            return


async def breathe() -> None:
    """After a slow search, let other cases have a turn before the next one."""
    if PATIENCE.owes:
        PATIENCE.owes = False
        await sleep(0.001)


async def judge_script(
    step: Step, attempt: Attempt, view: ResponseView, variables: Mapping[str, Any]
) -> CheckResult:
    """Run the lines of `validate_script` in the sandbox; what does not hold there is a failure."""
    seen = {
        **variables,
        "status_code": view.status_code,
        "response_json": view.body,
        "response": ResponseFacts(view.for_hooks()),
    }
    (answer,) = await attempt.caller.call([Call("validate_script", [list(step.script), seen])])
    complaint = answer.error.sentence("validate_script") if answer.error else str(answer.value)
    return CheckResult(
        "validate_script",
        "holds",
        True,
        not complaint,
        Outcome.FAILED if complaint else Outcome.PASSED,
        f"validate_script: {complaint}" if complaint else "",
        f"{step.place}.validate_script",
    )


async def judge_check(
    check: CheckPlan, attempt: Attempt, view: ResponseView, variables: Mapping[str, Any]
) -> CheckResult:
    """Judge one check; RenderError when one of its sides cannot be rendered."""
    return await _judged(check, await _actual(check, attempt, view, variables), attempt, variables)


async def _judged(
    check: CheckPlan, actual: Any, attempt: Attempt, variables: Mapping[str, Any]
) -> CheckResult:
    """The verdict on a value, or on the ExtractError that says why there is none."""
    expect, message = check.expect.value, ""
    if isinstance(actual, ExtractError) and attempt.dialect.stops_at_error:
        expect = await _expected_of_none(check, attempt, variables)
    elif not check.expect.constant:
        expect = await attempt.caller.render(check.expect, variables)
    if check.source.message:
        message = str(await attempt.caller.render(check.message, variables))
    dialect, place = attempt.dialect.name, check.source.place
    name = check.source.comparator
    if check.comparator is not None and not (attempt.dialect.own_comparators and attempt.caller.is_own(name)):
        if check.comparator.key == "json_schema" and not isinstance(actual, ExtractError):
            return _judge_schema(check, actual, expect, message, attempt)
        return judge(
            check.comparator,
            actual,
            expect,
            expression=check.expression,
            dialect=dialect,
            message=message,
            place=place,
        )
    answer: Any = None
    if not isinstance(actual, ExtractError):
        answer = await _ask_own(name, actual, expect, attempt, place)
    return judge_own(
        name, actual, expect, expression=check.expression, answer=answer, dialect=dialect, place=place
    )


async def _expected_of_none(check: CheckPlan, attempt: Attempt, variables: Mapping[str, Any]) -> Any:
    """What was expected of a value that is not there: HttpRunner 2 ends before it calls a function for it."""
    if not check.expect.calls:
        with suppress(RenderError):
            return await attempt.caller.render(check.expect, variables)
    return check.source.expect


def _judge_schema(check: CheckPlan, actual: Any, expect: Any, message: str, attempt: Attempt) -> CheckResult:
    """Whether a value matches a schema; the message names each place where it does not."""
    name, outcome, text = "json_schema", Outcome.PASSED, ""
    try:
        found = problems(actual, expect, check.expression, attempt.root, confined=attempt.confined)
    except UnusableError as problem:
        outcome, text = Outcome.ERROR, f"{check.expression}: {problem}"
    else:
        if found:
            outcome, text = Outcome.FAILED, "\n  ".join(_few(found, check.expression))
    said = f"{text} ({message})" if text and message else text
    return CheckResult(check.expression, name, expect, actual, outcome, said, check.source.place)


def _few(found: list[str], expression: str) -> list[str]:
    """The first problems, with how many there are."""
    if len(found) == 1:
        return found
    more = [f"and {len(found) - _MOST_PROBLEMS} more"] if len(found) > _MOST_PROBLEMS else []
    return [f"{expression}: does not match the schema in {len(found)} places", *found[:_MOST_PROBLEMS], *more]


async def _actual(
    check: CheckPlan, attempt: Attempt, view: ResponseView, variables: Mapping[str, Any]
) -> Any:
    """The value on the left side, or the ExtractError that says why there is none."""
    read = check.extract
    if read is None:
        value = check.actual.value
        if not check.actual.constant:
            value = await attempt.caller.render(check.actual, variables)
        if check.reads == "value":
            return value
        if attempt.dialect.reads_twice:
            value = literal(value) if isinstance(value, str) else value
            if not isinstance(value, str) or not value:
                return value
        read = compile_extract(value, attempt.dialect.name, rewrite=False)
    try:
        return read(view)
    except ExtractError as error:
        return error


async def _ask_own(name: str, actual: Any, expect: Any, attempt: Attempt, place: str) -> Any:
    """What a comparator of the project answers."""
    (answer,) = await attempt.caller.call([Call(name, [actual, expect])])
    error = answer.error
    if error is None:
        return answer.value
    if error.type == "NotFound":
        hint = suggest_comparator(name, attempt.dialect.name, attempt.caller.names())
        raise RenderError(f"unknown comparator '{name}'", place, hint=hint)
    if error.is_assertion:
        return Raised("AssertionError", error.message)
    return Raised("TypeError" if error.is_type_error else error.type, error.message)


def _unrendered(check: CheckPlan, error: RenderError) -> CheckResult:
    text = f"{error.message}; {error.hint}" if error.hint else error.message
    return CheckResult(
        check.expression, check.source.comparator, None, None, Outcome.ERROR, text, check.source.place
    )
