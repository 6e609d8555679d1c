"""A run: order, concurrency, rows, retries, stop and cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

import hat
from hat.case import Case, Environment
from hat.engine import Options, examine, run, run_all, stream
from hat.event import CaseFinished, CaseStarted, RunFinished, RunStarted, StepFinished, StepStarted
from hat.formats import FormatErrors, read
from hat.result import Outcome
from tests.engine.running import echo, get, outcomes, run_documents

WRONG = [{"eq": ["status_code", 0]}]


def document(base: str, *steps: dict[str, Any], name: str = "case", **config: Any) -> dict[str, Any]:
    """A case of some steps."""
    return {"config": {"name": name, "base_url": base, **config}, "teststeps": list(steps)}


def test_events_come_in_order(sample: str) -> None:
    events = list(run([read(document(sample, get(), get()))]))

    kinds = [type(event) for event in events]
    steps = [StepStarted, StepFinished] * 2
    assert kinds == [RunStarted, CaseStarted, *steps, CaseFinished, RunFinished]


def test_a_step_that_begins_is_told_with_its_place_and_its_name(sample: str) -> None:
    steps = [get(name="first $it"), {**get(name="left out"), "skip": "not now"}, get(name="on $token")]
    environment = Environment(variables={"it": "one"}, secrets={"key": "$token"})

    events = list(run([read(document(sample, *steps))], environment))

    begun = [(event.number, event.name) for event in events if isinstance(event, StepStarted)]
    assert begun == [(1, "first $it"), (2, "left out"), (3, "on ***")]


def test_steps_of_a_try_that_may_not_count_are_not_told_to_begin(sample: str) -> None:
    events = list(run([read(document(sample, get()))], options=Options(retries=1)))

    assert not any(isinstance(event, StepStarted) for event in events)


def test_results_stand_in_the_order_written_whatever_ends_first(sample: str) -> None:
    slow = document(sample, get("/m/delay/300"), name="slow")
    quick = [document(sample, get(), name=f"quick {n}") for n in range(5)]

    result = run_documents(slow, *quick)

    assert [case.name for case in result.cases] == ["slow", *(f"quick {n}" for n in range(5))]
    assert [case.index for case in result.cases] == list(range(6))


def test_cases_of_dialect_hat_run_side_by_side(sample: str) -> None:
    slow = document(sample, get("/m/delay/200"), name="slow")

    ended = [event.case.index for event in run([read(slow), read(document(sample, get()))])
             if isinstance(event, CaseFinished)]  # fmt: skip

    assert ended == [1, 0]


def test_each_row_is_a_case_of_its_own(sample: str) -> None:
    rows = document(sample, echo("$user"), name="as $user", parameters={"user": ["ann", "bob"]})

    result = run_documents(rows, document(sample, get(), name="last"))

    assert [case.name for case in result.cases] == ["as ann", "as bob", "last"]
    assert [case.row for case in result.cases] == [{"user": "ann"}, {"user": "bob"}, None]
    assert [case.index for case in result.cases] == [0, 1, 2]


def test_counts_are_of_leaves(sample: str) -> None:
    called = document(sample, get(validate=[{"eq": ["status_code", 200]}]), get())
    outer = document(sample, {"name": "call", "testcase": 1}, get(validate=WRONG), get())

    result = run_all([read(outer, resolve={1: called}.get)])

    assert result.counts.cases.failed == 1
    assert (result.counts.steps.passed, result.counts.steps.failed, result.counts.steps.skipped) == (2, 1, 1)
    assert (result.counts.checks.passed, result.counts.checks.failed) == (1, 1)


def test_a_case_that_failed_is_tried_again(sample: str) -> None:
    flaky = document(sample, get("/m/flaky/case/2", validate=[{"eq": ["status_code", 200]}]))

    result = run_documents(flaky, options=Options(retries=3))

    assert result.outcome is Outcome.PASSED
    assert result.cases[0].attempts == 3
    assert len(result.cases[0].steps) == 1
    assert (result.counts.cases.passed, result.counts.flaky) == (1, 1)
    assert result.cases[0].retried == ("status_code: expected 200, got 503",) * 2


def test_the_reason_of_an_attempt_is_that_of_the_called_case(sample: str) -> None:
    inner = document(sample, get("/m/flaky/called/1", validate=[{"eq": ["status_code", 200]}]))
    outer = document(sample, {"name": "call", "testcase": 1})

    result = run_all([read(outer, resolve={1: inner}.get)], options=Options(retries=1))

    assert result.cases[0].retried == ("status_code: expected 200, got 503",)


def test_a_case_that_stays_red_is_not_flaky(sample: str) -> None:
    result = run_documents(document(sample, get(validate=WRONG)), options=Options(retries=1))

    assert (result.outcome, result.counts.flaky, len(result.cases[0].retried)) == (Outcome.FAILED, 0, 1)


def test_fail_fast_starts_no_other_case(sample: str) -> None:
    result = run_documents(
        document(sample, get(validate=WRONG)), document(sample, get()),
        options=Options(fail_fast=True, concurrency=1),
    )  # fmt: skip

    assert [case.outcome for case in result.cases] == [Outcome.FAILED]


def test_a_cancelled_run_ends_while_a_step_waits(sample: str) -> None:
    looks: Iterator[bool] = iter([False, False, False])

    result = run_documents(
        document(sample, get("/m/delay/60000")), document(sample, get()),
        options=Options(cancelled=lambda: next(looks, True), concurrency=1),
    )  # fmt: skip

    assert result.cancelled
    assert len(result.cases) == 1
    assert [step.error.kind for step in result.cases[0].steps if step.error] == ["cancelled"]


def test_no_case_begins_after_a_cancellation(sample: str) -> None:
    cases = [read(document(sample, get(), name=f"case {n}")) for n in range(300)]
    ended: list[CaseFinished] = []

    options = Options(cancelled=lambda: bool(ended), concurrency=1)
    for event in run(cases, None, options):
        ended += [event] if isinstance(event, CaseFinished) else []

    assert sum(event.case.outcome is Outcome.ERROR for event in ended) <= 1
    assert len(ended) < 300


def test_steps_that_always_run_do_so_after_a_cancellation(sample: str) -> None:
    looks: Iterator[bool] = iter([False, False, False])
    steps = [get("/m/delay/60000"), get(), get(name="clean up", always=True)]

    result = run_documents(document(sample, *steps), options=Options(cancelled=lambda: next(looks, True)))

    assert outcomes(result.cases[0]) == ["error", "skipped", "passed"]


def test_many_runs_share_one_loop(sample: str) -> None:
    async def gather() -> list[int]:
        async def one(count: int) -> int:
            cases = [read(document(sample, get())) for _ in range(count)]
            return len([event async for event in stream(cases) if isinstance(event, CaseFinished)])

        return await asyncio.gather(*(one(count) for count in (1, 2, 3)))

    assert asyncio.run(gather()) == [1, 2, 3]


def test_a_stream_may_be_left_early(sample: str) -> None:
    async def first() -> object:
        events = stream([read(document(sample, get("/m/delay/60000")))])
        async for event in events:
            await events.aclose()  # type: ignore[attr-defined]
            return event
        return None

    assert isinstance(asyncio.run(first()), RunStarted)


def test_a_fault_of_our_own_ends_one_case_alone(sample: str) -> None:
    class Trap(dict[str, Any]):
        def items(self) -> Any:
            raise LookupError("trap")

    bad = Case(name="bad", variables=Trap(a=1))

    result = run_all([bad, read(document(sample, get()))])

    assert [case.outcome for case in result.cases] == [Outcome.ERROR, Outcome.PASSED]
    assert result.cases[0].error is not None
    assert result.cases[0].error.kind == "internal"


def test_no_case_at_all_is_a_run_that_passed() -> None:
    assert run_all([]).outcome is Outcome.PASSED


def test_the_key_of_a_case_comes_back(sample: str) -> None:
    case = Case(name="x", key="row 7", module="users")

    result = run_all([case], Environment(name="staging"))

    assert (result.environment, result.cases[0].key, result.cases[0].module) == ("staging", "row 7", "users")


def test_examine_finds_what_only_the_engine_knows(sample: str) -> None:
    case = read(document(sample, get(validate=[{"equls": ["status_code", 1]}])), file="a.yml")

    (problem,) = examine([case])

    assert str(problem) == (
        "a.yml: teststeps[0].validate[0]: unknown comparator 'equls'\n  hint: did you mean 'equals'?"
    )


def test_a_dict_runs(sample: str) -> None:
    result = hat.run(document(sample, get(validate=[{"eq": ["body.code", 0]}])))

    assert result.outcome is Outcome.PASSED


def test_a_wrong_dict_raises_all_its_problems() -> None:
    with pytest.raises(FormatErrors) as caught:
        hat.run({"config": [], "teststeps": [5, {"name": "x"}]})

    assert [problem.path for problem in caught.value.problems] == ["config", "teststeps[0]", "teststeps[1]"]


LOOKS_INTO_THE_BODY = [
    "body.code",
    "$.code",
    "regex:code",
    "xpath://p",
    "css:p",
    "max(body.items)",
    "text",
    "size",
]


def test_a_body_that_is_not_read_to_its_end_is_not_judged(sample: str) -> None:
    looks = [{"exists": [expression, True]} for expression in LOOKS_INTO_THE_BODY]
    step = get(validate=[{"eq": ["status_code", 200]}, {"exists": ["headers.content-type", True]}, *looks])

    case = run_all([read(document(sample, step))], options=Options(max_body=20)).cases[0]

    first, second, *others = case.steps[0].checks
    assert [first.outcome, second.outcome] == [Outcome.PASSED, Outcome.PASSED]
    assert {check.outcome for check in others} == {Outcome.ERROR}
    assert all("the body is longer than" in check.message for check in others)
