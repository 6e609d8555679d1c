"""The light rows of a case result: what lists, live pages and groups show without the full detail."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hat.result import CaseResult, CheckResult, Outcome, StepError, StepResult

COLUMNS = (
    "path",
    "depth",
    "name",
    "method",
    "url",
    "status_code",
    "outcome",
    "elapsed_ms",
    "reason",
    "checks_passed",
    "checks_failed",
)
REASON_LENGTH = 500
URL_LENGTH = 2000

_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{8,}|\d+(?:\.\d+)?")


def outline(case: CaseResult) -> list[list[Any]]:
    """One row per step, in the order run; the steps of a called case follow the step that called it."""
    return [_row(step, path) for path, step in _walk(case.steps)]


def counts(case: CaseResult) -> dict[str, dict[str, int]]:
    """How many steps and checks ended with each outcome, and how often the case ran again.

    A called case counts as its inner steps.
    """
    leaves = [step for _, step in _walk(case.steps) if not step.steps]
    checks = [check for _, step in _walk(case.steps) for check in step.checks]
    counted = {
        "steps": dict(Counter(step.outcome.value for step in leaves)),
        "checks": dict(Counter(check.outcome.value for check in checks)),
    }
    return counted if case.attempts == 1 else {**counted, "retries": {case.outcome.value: case.attempts - 1}}


def reason(case: CaseResult) -> str:
    """Why a case is not green, in one line; empty when it is."""
    if case.outcome is Outcome.PASSED:
        return ""
    if case.error:
        return _error_reason(case.error)
    if case.skip_reason:
        return _short(case.skip_reason)
    steps = [step for _, step in _walk(case.steps) if not step.steps or step.error]
    worst = next((step for step in steps if step.outcome is case.outcome), None)
    return step_reason(worst) if worst else ""


def step_reason(step: StepResult) -> str:
    """Why a step is not green, in one line."""
    if step.error:
        return _error_reason(step.error)
    if step.outcome is Outcome.SKIPPED:
        return _short(step.skip_reason)
    wrong = (check for check in step.checks if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED))
    check = next(wrong, None)
    return _short(_check_reason(check)) if check else ""


def fingerprint(reason: str) -> str:
    """The same for reasons that differ in numbers only; empty for no reason."""
    if not reason:
        return ""
    return hashlib.sha256(_NUMBERS.sub("#", reason).encode("utf-8", "replace")).hexdigest()[:16]


def _walk(steps: Sequence[StepResult], prefix: str = "") -> Iterator[tuple[str, StepResult]]:
    for number, step in enumerate(steps):
        path = f"{prefix}{number}"
        yield path, step
        yield from _walk(step.steps, f"{path}.")


def _row(step: StepResult, path: str) -> list[Any]:
    exchange = step.exchanges[-1] if step.exchanges else None
    response = exchange.response if exchange else None
    passed = sum(check.outcome is Outcome.PASSED for check in step.checks)
    skipped = sum(check.outcome is Outcome.SKIPPED for check in step.checks)
    return [
        path,
        path.count("."),
        step.title,
        exchange.request.method if exchange else "",
        exchange.request.url[:URL_LENGTH] if exchange else "",
        response.status_code if response else None,
        step.outcome.value,
        round(step.elapsed_ms, 3),
        step_reason(step),
        passed,
        len(step.checks) - passed - skipped,
    ]


def _error_reason(error: StepError) -> str:
    # The line of a function is part of why; the path inside a case is where.
    in_functions = error.place.startswith("debugtalk.py") and not error.message.startswith("debugtalk.py")
    return _short(f"{error.place}: {error.message}" if in_functions else error.message)


def _check_reason(check: CheckResult) -> str:
    if check.message:
        return check.message
    return f"{check.expression}: expected {check.expected!r}, got {check.actual!r}"


def _short(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= REASON_LENGTH else line[: REASON_LENGTH - 1] + "…"
