"""A result as the row that keeps it."""

from __future__ import annotations

import zlib
from typing import Any

from django.conf import settings

from hat.result import CaseResult, Exchange, Outcome, Response, SentRequest, StepResult, Timing
from hat.web.runs.bodies import SHOWN
from hat.web.runs.packing import unpack
from hat.web.runs.queue import Lease, Stored
from hat.web.runs.record import rows_of, storable
from hat.web.runs.snapshot import Chosen, Snapshot

SNAPSHOT = Snapshot((Chosen(7, "pay", "Orders", {}),))


def both(step: StepResult, **fields: Any) -> Stored:
    result = CaseResult(name="pay", outcome=Outcome.PASSED, key="0", steps=(step,), **fields)
    return rows_of(result, Lease(1, 2, "w#1"), SNAPSHOT)


def stored(step: StepResult, **fields: Any) -> Any:
    return both(step, **fields).row


def exchange(body: bytes) -> Exchange:
    return Exchange(
        SentRequest("POST", "http://a/", body=body), Response(200, body=body, size=len(body)), Timing()
    )


def test_a_row_knows_its_case_attempt_and_place() -> None:
    row = stored(StepResult(name="s", outcome=Outcome.PASSED))
    of_table = stored(StepResult(name="s", outcome=Outcome.PASSED), row={"id": 1}, row_index=0)

    assert (row.case_id, row.attempt, row.seq, row.row) == (7, 2, 0, None)
    assert (of_table.seq, of_table.row) == (1, {"id": 1})


def test_a_body_past_the_limit_is_cut_between_two_characters() -> None:
    longest = settings.HAT_STORED_BODY
    body = ("a" + "王" * (longest // 3 + 1)).encode()
    inner = StepResult(name="inner", outcome=Outcome.PASSED, exchanges=(exchange(body),))

    kept = both(StepResult(name="call", outcome=Outcome.PASSED, steps=(inner,)))

    response = unpack(kept.row.packed)["steps"][0]["steps"][0]["exchanges"][0]["response"]
    rests = {one.place: zlib.decompress(one.packed).decode() for one in kept.long_bodies}
    whole = response["body"] + rests["0.0/0/response"]
    assert longest - 4 < len(whole.encode()) <= longest
    assert (response["truncated"], response["size"]) == (True, len(body))
    assert whole.startswith("a王")
    assert (len(response["body"]), response["rest"]) == (SHOWN, len(whole) - SHOWN)
    assert rests.keys() == {"0.0/0/request", "0.0/0/response"}


def test_a_short_body_is_kept_whole() -> None:
    kept = both(StepResult(name="s", outcome=Outcome.PASSED, exchanges=(exchange("王".encode()),)))

    assert not kept.long_bodies
    response = unpack(kept.row.packed)["steps"][0]["exchanges"][0]["response"]
    assert (response["body"], response["truncated"]) == ("王", False)


def test_a_text_no_database_takes_is_made_storable() -> None:
    assert storable("a\0b\ud800c 王") == "a\N{REPLACEMENT CHARACTER}b?c 王"
