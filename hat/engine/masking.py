"""Hide secrets in the results of steps and cases."""

from __future__ import annotations

from operator import is_not

from msgspec.structs import replace

from hat.engine.mask import Mask
from hat.result import CaseResult, CheckResult, Connection, EarlierAttempt, Origin, StepError, StepResult

__all__ = ["Mask", "mask_case", "mask_step"]


def mask_step(step: StepResult, mask: Mask) -> StepResult:
    """The result of a step without the values of secrets."""
    if not mask.hides_values:
        return _without_credentials(step, mask)
    return replace(
        step,
        name=mask.text(step.name),
        error=_error(step.error, mask),
        skip_reason=mask.text(step.skip_reason),
        earlier=tuple(_earlier(one, mask) for one in step.earlier),
        exchanges=tuple(mask.exchange(exchange) for exchange in step.exchanges),
        extracted=mask.value(step.extracted),
        checks=tuple(_check(check, mask) for check in step.checks),
        origins=tuple(_origin(origin, mask) for origin in step.origins),
        steps=tuple(mask_step(inner, mask) for inner in step.steps),
        log=mask.text(step.log),
        connections=tuple(_connection(one, mask) for one in step.connections),
        row=mask.row(step.row),
        returned=mask.value(step.returned),
    )


def _without_credentials(step: StepResult, mask: Mask) -> StepResult:
    """The result of a step where only names give secrets away; copied only if there are any."""
    exchanges = tuple(map(mask.exchange, step.exchanges))
    steps = tuple([mask_step(inner, mask) for inner in step.steps])
    changed = any(map(is_not, exchanges, step.exchanges))
    if not (changed or steps or step.row or step.earlier):
        return step
    earlier = tuple(_earlier(one, mask) for one in step.earlier)
    return replace(step, earlier=earlier, exchanges=exchanges, steps=steps, row=mask.row(step.row))


def mask_case(case: CaseResult, mask: Mask) -> CaseResult:
    """The result of a case, its steps masked before, without the values of secrets."""
    return replace(
        case,
        name=mask.text(case.name),
        row=mask.row(case.row),
        error=_error(case.error, mask),
        skip_reason=mask.text(case.skip_reason),
        exported=mask.value(case.exported),
    )


def _earlier(attempt: EarlierAttempt, mask: Mask) -> EarlierAttempt:
    exchanges = tuple(mask.exchange(exchange) for exchange in attempt.exchanges)
    return replace(attempt, reason=mask.text(attempt.reason), exchanges=exchanges)


def _error(error: StepError | None, mask: Mask) -> StepError | None:
    if error is None:
        return None
    return replace(error, message=mask.text(error.message), hint=mask.text(error.hint))


def _connection(connection: Connection, mask: Mask) -> Connection:
    return replace(connection, host=mask.text(connection.host), refusal=mask.text(connection.refusal))


def _check(check: CheckResult, mask: Mask) -> CheckResult:
    return replace(
        check,
        expression=mask.text(check.expression),
        expected=mask.value(check.expected),
        actual=mask.value(check.actual),
        message=mask.text(check.message),
    )


def _origin(origin: Origin, mask: Mask) -> Origin:
    return replace(
        origin,
        value=mask.value(origin.value),
        written=mask.text(origin.written),
        hides=tuple(replace(hidden, value=mask.value(hidden.value)) for hidden in origin.hides),
    )
