"""A case result as the row that keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from msgspec.structs import replace

from hat.reports import json as result_json
from hat.result import CaseResult, Exchange, StepResult
from hat.web.projects.models import NAME_LENGTH
from hat.web.runs.models import CaseRun
from hat.web.runs.outline import counts, fingerprint, outline, reason
from hat.web.runs.packing import pack_text
from hat.web.runs.queue import Lease
from hat.web.runs.snapshot import Snapshot

ROWS = 1_000_000  # more rows than a case may have
LONGEST_BODY = 1024 * 1024  # of a body as it is stored, in bytes


def place_of(result: CaseResult) -> int:
    """Where a result stands in the order written; the same in every attempt."""
    row = 0 if result.row_index is None else result.row_index + 1
    return int(result.key) * ROWS + row


def position_of(seq: int) -> int:
    """The position of the case a place belongs to."""
    return seq // ROWS


def whole_case(seq: int) -> int | None:
    """The position of the case a place belongs to; None for one row of it."""
    position, row = divmod(seq, ROWS)
    return None if row else position


def case_run(result: CaseResult, lease: Lease, snapshot: Snapshot) -> CaseRun:
    """The row of a result, ready to be stored."""
    detail = result_json.encode(replace(result, steps=_capped(result.steps)))
    why = reason(result)
    return CaseRun(
        run_id=lease.whole_id or lease.run_id,
        attempt=lease.attempt,
        seq=place_of(result),
        case_id=snapshot.cases[int(result.key)].case_id,
        name=storable(result.name)[:500],
        module=storable(result.module)[:NAME_LENGTH],
        row=json.loads(detail)["row"] if result.row is not None else None,
        outcome=result.outcome.value,
        elapsed_ms=result.elapsed_ms,
        finished_at=datetime.now(UTC),
        reason=storable(why),
        fingerprint=fingerprint(why),
        counts=counts(result),
        outline=outline(result),
        packed=pack_text(detail),
    )


def _capped(steps: tuple[StepResult, ...]) -> tuple[StepResult, ...]:
    """The steps with their longest bodies cut; nearly always the same steps."""
    if not any(step.steps or _is_long(step) for step in steps):
        return steps
    return tuple(
        replace(
            step,
            exchanges=tuple(_cut(exchange) for exchange in step.exchanges),
            steps=_capped(step.steps),
        )
        for step in steps
    )


def _is_long(step: StepResult) -> bool:
    return any(
        len(exchange.request.body) > LONGEST_BODY
        or (exchange.response is not None and len(exchange.response.body) > LONGEST_BODY)
        for exchange in step.exchanges
    )


def _cut(exchange: Exchange) -> Exchange:
    response = exchange.response
    if response is not None and len(response.body) > LONGEST_BODY:
        response = replace(response, body=_beginning(response.body), truncated=True)
    request = exchange.request
    if len(request.body) > LONGEST_BODY:
        request = replace(request, body=_beginning(request.body))
    return replace(exchange, request=request, response=response)


def _beginning(body: bytes) -> bytes:
    """The first part of a body, not ending inside a UTF-8 character."""
    end = LONGEST_BODY
    while end > LONGEST_BODY - 4 and body[end] & 0xC0 == 0x80:
        end -= 1
    return body[:end]


def storable(text: str) -> str:
    """A text without what a database refuses: NUL and halves of characters."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
