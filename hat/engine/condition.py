"""Whether a condition holds: of `if`, `while`, `skip`, `skipIf` and `skipUnless`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hat.engine.attempt import Attempt
from hat.engine.checking import judge_check
from hat.engine.plan import CheckPlan, ConditionPlan, SkipPlan, StepPlan
from hat.engine.response import ResponseView
from hat.engine.shown import show
from hat.engine.template import RenderError
from hat.result import CheckResult, Outcome

_FALSE = ("", "false", "no", "off", "0", "none", "null")


async def holds(condition: ConditionPlan, attempt: Attempt, variables: Mapping[str, Any]) -> bool:
    """Whether a condition holds; RenderError when that cannot be said."""
    check = condition.check
    if check is None:
        return truth(await attempt.caller.render(condition.template, variables), attempt)
    view = attempt.view
    if view is None:
        if check.reads != "value":
            message = f"no step has an answer yet in which '{check.expression}' could be looked up"
            raise RenderError(message, condition.place, hint="compare a variable, such as $state")
        view = ResponseView(None)
    result = await judge_check(check, attempt, view, variables)
    if result.outcome is Outcome.ERROR or _is_beyond_compare(check, result):
        raise RenderError(result.message, condition.place)
    return result.outcome is Outcome.PASSED


def _is_beyond_compare(check: CheckPlan, result: CheckResult) -> bool:
    """Whether a check that fails does so because the value is of a kind it cannot judge, such as "9" < 10.

    As a check that is a failure; a condition would quietly end a loop. What is not there at all is false.
    """
    if check.comparator is None or result.actual is None or result.outcome is Outcome.PASSED:
        return False
    try:
        check.comparator.holds(result.actual, result.expected)
    except TypeError:
        return True
    return False


def truth(value: Any, attempt: Attempt) -> bool:
    """Whether a value is true: in dialect hat the texts false, no, off, 0 and the empty text are not."""
    if attempt.dialect.name == "hat" and isinstance(value, str):
        return value.strip().lower() not in _FALSE
    return bool(value)


def written(condition: ConditionPlan) -> str:
    """A condition as messages show it."""
    return condition.source if isinstance(condition.source, str) else show(condition.source)


def _as_written(condition: ConditionPlan, attempt: Attempt) -> str:
    """A condition in the reason of a skip: HttpRunner 2 shows `True` and `None`, as Python does."""
    return written(condition) if attempt.dialect.name == "hat" else str(condition.source)


async def step_skip_reason(step: StepPlan, attempt: Attempt) -> str:
    """Why a step is left out; empty when it runs."""
    variables = seen(step, attempt)
    reason = await skip_reason(step.skips, attempt, variables)
    if not reason and step.condition is not None and not await holds(step.condition, attempt, variables):
        reason = f"if: {written(step.condition)}"
    return reason


def seen(step: StepPlan, attempt: Attempt) -> Mapping[str, Any]:
    """What a condition sees: the step's own plain variables, in HttpRunner 2 those of the step before."""
    scope = attempt.scope
    if not attempt.dialect.step_wins:
        return {**scope.environment, **scope.last, **scope.session}
    templates = step.variables.templates
    if not templates:
        return scope.outer
    own = {name: template.value for name, template in templates.items() if template.constant}
    return {**scope.outer, **own}


async def skip_reason(skips: tuple[SkipPlan, ...], attempt: Attempt, variables: Mapping[str, Any]) -> str:
    """The first condition that leaves something out; empty when none does."""
    for skip in skips:
        kind, said = skip.source.kind, skip.source.condition
        if kind == "skip" and attempt.dialect.name != "hat":
            if said:
                return str(said)
            continue
        if kind == "skip":
            value = await attempt.caller.render(skip.condition.template, variables)
            if truth(value, attempt):
                return str(value) if isinstance(value, str) else "skip"
        elif await holds(skip.condition, attempt, variables) == (kind == "skipIf"):
            return f"{_as_written(skip.condition, attempt)} evaluate to {kind == 'skipIf'}"
    return ""
