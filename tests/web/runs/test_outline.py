"""The light rows of a result, its reason and its fingerprint."""

from __future__ import annotations

import pytest

from hat.result import (
    CaseResult,
    CheckResult,
    Exchange,
    Outcome,
    Response,
    SentRequest,
    StepError,
    StepResult,
    Timing,
)
from hat.web.runs.outline import COLUMNS, counts, fingerprint, outline, reason

PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
GET = Exchange(SentRequest("GET", "http://a/x"), Response(404), Timing())


def check(outcome: Outcome, message: str = "") -> CheckResult:
    return CheckResult("status_code", "eq", 200, 404, outcome, message)


def case(*steps: StepResult, outcome: Outcome = PASSED, error: StepError | None = None) -> CaseResult:
    return CaseResult(name="case", outcome=outcome, steps=steps, error=error)


def test_a_row_says_what_a_step_did() -> None:
    step = StepResult(
        name="get",
        outcome=FAILED,
        elapsed_ms=1.23456,
        exchanges=(GET,),
        checks=(check(PASSED), check(FAILED, "no")),
    )

    row = dict(zip(COLUMNS, outline(case(step))[0], strict=True))

    assert row == {
        "path": "0",
        "depth": 0,
        "name": "get",
        "method": "GET",
        "url": "http://a/x",
        "status_code": 404,
        "outcome": "failed",
        "elapsed_ms": 1.235,
        "reason": "no",
        "checks_passed": 1,
        "checks_failed": 1,
    }


def test_steps_of_called_cases_have_paths_and_count_as_leaves() -> None:
    inner = StepResult(name="inner", outcome=PASSED, checks=(check(PASSED),))
    deep = StepResult(name="deep", outcome=PASSED, steps=(inner, inner))
    result = case(
        StepResult(name="first", outcome=SKIPPED), StepResult(name="call", outcome=PASSED, steps=(deep,))
    )

    assert [row[0] for row in outline(result)] == ["0", "1", "1.0", "1.0.0", "1.0.1"]
    assert counts(result) == {"steps": {"skipped": 1, "passed": 2}, "checks": {"passed": 2}}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (case(), ""),
        (case(outcome=ERROR, error=StepError("case", "\n two wrongs\nmore")), "two wrongs"),
        (case(outcome=ERROR, error=StepError("function", "oops", "debugtalk.py:3")), "debugtalk.py:3: oops"),
        (case(StepResult(name="s", outcome=FAILED, checks=(check(FAILED, "no"),)), outcome=FAILED), "no"),
        (
            case(StepResult(name="s", outcome=FAILED, checks=(check(FAILED),)), outcome=FAILED),
            "status_code: expected 200, got 404",
        ),
        (case(StepResult(name="s", outcome=SKIPPED, skip_reason="later"), outcome=SKIPPED), "later"),
        (
            case(
                StepResult(name="f", outcome=FAILED, checks=(check(FAILED, "no"),)),
                StepResult(name="e", outcome=ERROR, error=StepError("connect", "refused")),
                outcome=ERROR,
            ),
            "refused",
        ),
        (
            case(
                StepResult(
                    name="call",
                    outcome=FAILED,
                    steps=(StepResult(name="s", outcome=FAILED, checks=(check(FAILED, "deep"),)),),
                ),
                outcome=FAILED,
            ),
            "deep",
        ),
        (case(outcome=ERROR, error=StepError("case", "x" * 600)), "x" * 499 + "…"),
    ],
)
def test_the_reason_is_the_first_thing_as_bad_as_the_case(result: CaseResult, expected: str) -> None:
    assert reason(result) == expected


def test_reasons_that_differ_in_numbers_only_have_one_fingerprint() -> None:
    same = {fingerprint(f"order {number} of 0x{number:x}: got {number}.5") for number in (1, 22, 333)}

    assert len(same) == 1
    assert fingerprint("refused") != fingerprint("reset")
    assert fingerprint("") == ""
