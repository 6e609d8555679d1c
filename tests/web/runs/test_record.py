"""A result as the row that keeps it."""

from __future__ import annotations

from typing import Any

from hat.result import CaseResult, Exchange, Outcome, Response, SentRequest, StepResult, Timing
from hat.web.runs.packing import unpack
from hat.web.runs.queue import Lease
from hat.web.runs.record import LONGEST_BODY, case_run, storable
from hat.web.runs.snapshot import Chosen, Snapshot

SNAPSHOT = Snapshot((Chosen(7, "pay", "Orders", {}),))


def stored(step: StepResult, **fields: Any) -> Any:
    result = CaseResult(name="pay", outcome=Outcome.PASSED, key="0", steps=(step,), **fields)
    return case_run(result, Lease(1, 2, "w#1"), SNAPSHOT)


def exchange(body: bytes) -> Exchange:
    return Exchange(
        SentRequest("POST", "http://a/", body=body), Response(200, body=body, size=len(body)), Timing()
    )


def test_a_row_knows_its_case_attempt_and_place() -> None:
    row = stored(StepResult(name="s", outcome=Outcome.PASSED))
    of_table = stored(StepResult(name="s", outcome=Outcome.PASSED), row={"id": 1}, row_index=0)

    assert (row.case_id, row.attempt, row.seq, row.row) == (7, 2, 0, None)
    assert (of_table.seq, of_table.row) == (1, {"id": 1})


def test_a_long_body_is_cut_between_two_characters() -> None:
    body = ("a" + "王" * (LONGEST_BODY // 3 + 1)).encode()
    inner = StepResult(name="inner", outcome=Outcome.PASSED, exchanges=(exchange(body),))

    row = stored(StepResult(name="call", outcome=Outcome.PASSED, steps=(inner,)))

    kept = unpack(row.packed)["steps"][0]["steps"][0]["exchanges"][0]
    assert LONGEST_BODY - 4 < len(kept["response"]["body"].encode()) <= LONGEST_BODY
    assert (kept["response"]["truncated"], kept["response"]["size"]) == (True, len(body))
    assert kept["request"]["body"].startswith("a王")


def test_a_short_body_is_kept_whole() -> None:
    row = stored(StepResult(name="s", outcome=Outcome.PASSED, exchanges=(exchange("王".encode()),)))

    response = unpack(row.packed)["steps"][0]["exchanges"][0]["response"]
    assert (response["body"], response["truncated"]) == ("王", False)


def test_a_text_no_database_takes_is_made_storable() -> None:
    assert storable("a\0b\ud800c 王") == "a\N{REPLACEMENT CHARACTER}b?c 王"
