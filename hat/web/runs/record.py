"""A case result as the rows that keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from msgspec.structs import replace

from hat.number import read_json
from hat.reports import json as result_json
from hat.result import CaseResult, StepResult
from hat.web.projects.models import NAME_LENGTH
from hat.web.runs.bodies import SHOWN, pack_rest, split
from hat.web.runs.models import CaseRun, LongBody
from hat.web.runs.outline import counts, fingerprint, outline, reason
from hat.web.runs.packing import pack_text
from hat.web.runs.queue import Lease, Stored
from hat.web.runs.snapshot import Snapshot

ROWS = 1_000_000  # more rows than a case may have


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


def rows_of(result: CaseResult, lease: Lease, snapshot: Snapshot) -> Stored:
    """The rows of a result, ready to be stored."""
    detail, rests = _detail(result)
    why = reason(result)
    run_id, seq = lease.whole_id or lease.run_id, place_of(result)
    row = CaseRun(
        run_id=run_id,
        attempt=lease.attempt,
        seq=seq,
        case_id=snapshot.cases[int(result.key)].case_id,
        name=storable(result.name)[:500],
        module=storable(result.module)[:NAME_LENGTH],
        row=read_json(detail)["row"] if result.row is not None else None,
        outcome=result.outcome.value,
        elapsed_ms=result.elapsed_ms,
        finished_at=datetime.now(UTC),
        reason=storable(why),
        fingerprint=fingerprint(why),
        counts=counts(result),
        outline=outline(result),
        packed=pack_text(detail),
    )
    long = [
        LongBody(run_id=run_id, seq=seq, place=place, packed=pack_rest(rest)) for place, rest in rests.items()
    ]
    return Stored(row, long)


def _detail(result: CaseResult) -> tuple[bytes, dict[str, str]]:
    """The result as JSON text, and what of its long bodies is kept beside it; nearly always nothing."""
    if not _has_long(result.steps):
        return result_json.encode(result), {}
    shape = result_json.case_shape(replace(result, steps=_capped(result.steps)))
    rests = split(shape["steps"])
    return result_json.encode_shape(shape), rests


def _has_long(steps: Sequence[StepResult]) -> bool:
    return any(_is_long(step) or _has_long(step.steps) for step in steps)


def _capped(steps: tuple[StepResult, ...]) -> tuple[StepResult, ...]:
    """The steps, bodies cut to what is kept of one at all."""
    return tuple(
        replace(
            step,
            exchanges=tuple(one.shortened(settings.HAT_STORED_BODY) for one in step.exchanges),
            steps=_capped(step.steps),
        )
        for step in steps
    )


def _is_long(step: StepResult) -> bool:
    return any(
        len(exchange.request.body) > SHOWN
        or (exchange.response is not None and len(exchange.response.body) > SHOWN)
        for exchange in step.exchanges
    )


def storable(text: str) -> str:
    """A text without what a database refuses: NUL and halves of characters."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
