"""What is kept of the attempts of a retried step."""

from __future__ import annotations

import json
from typing import Any

from hat.engine import Options, run_all
from hat.engine.earlier import FIRST, LAST, LONGEST_BODY, Earlier
from hat.engine.mask import Mask
from hat.formats import read
from hat.reports import json as result_json
from hat.result import EarlierAttempt, Exchange, Outcome, Response, SentRequest, StepError, StepResult, Timing
from tests.engine.running import get, run_case
from tests.reports.test_schema import problems

RETRY = {"until": {"ge": ["body.n", 3]}, "interval": 0, "timeout": 5}


def answered(body: bytes) -> StepResult:
    """An attempt that was answered."""
    exchange = Exchange(
        SentRequest("POST", "http://a.example/x", (), body), Response(200, body=body), Timing()
    )
    return StepResult(name="ask", outcome=Outcome.FAILED, exchanges=(exchange,))


def kept(*results: StepResult, secrets: tuple[str, ...] = ()) -> tuple[EarlierAttempt, ...]:
    """What is kept of attempts."""
    earlier = Earlier(Mask(secrets))
    for number, result in enumerate(results, 1):
        earlier.add(number, result)
    return earlier.kept


def test_each_attempt_is_kept_with_its_exchange_and_why_it_was_not_good(sample: str) -> None:
    case = run_case(sample, get("/m/counter/kept", retry=RETRY))

    step = case.steps[0]
    answers = [
        json.loads(one.exchanges[0].response.body)["n"] for one in step.earlier if one.exchanges[0].response
    ]
    assert [one.number for one in step.earlier] == [1, 2]
    assert [one.reason for one in step.earlier] == [
        "body.n: expected at least 3, got 1",
        "body.n: expected at least 3, got 2",
    ]
    assert answers == [1, 2]


def test_a_step_without_a_retry_keeps_none(sample: str) -> None:
    case = run_case(sample, get("/m/counter/none"))

    shaped = result_json.as_dict(case)
    assert case.steps[0].earlier == ()
    assert "earlier" not in shaped["steps"][0]


def test_attempts_fit_the_published_schema(sample: str) -> None:
    document = {
        "config": {"name": "case", "base_url": sample},
        "teststeps": [get("/m/counter/fit", retry=RETRY)],
    }

    result = result_json.as_dict(run_all([read(document, dialect="hat")]))

    assert len(result["cases"][0]["steps"][0]["earlier"]) == 2
    assert problems(result) == []


def test_only_the_first_and_the_last_are_kept() -> None:
    attempts = kept(*[answered(b"") for _ in range(100)])

    numbers = [one.number for one in attempts]
    assert numbers == [*range(1, FIRST + 1), *range(101 - LAST, 101)]


def test_a_long_body_is_cut_between_characters() -> None:
    (attempt,) = kept(answered(b"x" + "好".encode() * LONGEST_BODY))

    request, response = attempt.exchanges[0].request, attempt.exchanges[0].response
    assert response is not None
    assert response.truncated
    assert LONGEST_BODY - 3 <= len(response.body) <= LONGEST_BODY
    assert response.body.decode() == request.body.decode()


def test_a_secret_at_the_cut_leaves_nothing_behind() -> None:
    body = b"-" * (LONGEST_BODY - 4) + b"s3cret-value"

    (attempt,) = kept(answered(body), secrets=("s3cret-value",))

    assert b"s3c" not in attempt.exchanges[0].request.body


def test_of_a_group_the_last_exchange_inside_is_kept() -> None:
    group = StepResult(
        name="group",
        outcome=Outcome.ERROR,
        steps=(answered(b"first"), answered(b"second"), StepResult(name="wait", outcome=Outcome.PASSED)),
        error=StepError("case", "it did not go well"),
    )

    (attempt,) = kept(group)

    assert attempt.reason == "it did not go well"
    assert [one.request.body for one in attempt.exchanges] == [b"second"]


def test_secrets_in_attempts_are_hidden(sample: str) -> None:
    step: dict[str, Any] = get(
        "/m/counter/hidden?password=open-sesame", retry=RETRY, validate=[{"ne": ["body.n", "$wanted"]}]
    )

    shown = result_json.encode(run_case(sample, step, variables={"wanted": 1}, options=Options()))

    assert b"open-sesame" not in shown
