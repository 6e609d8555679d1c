"""A case result as the row that keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hat.reports import json as result_json
from hat.result import CaseResult
from hat.web.projects.models import NAME_LENGTH
from hat.web.runs.models import CaseRun
from hat.web.runs.outline import counts, fingerprint, outline, reason
from hat.web.runs.packing import pack_text
from hat.web.runs.queue import Lease
from hat.web.runs.snapshot import Snapshot

ROWS = 1_000_000  # more rows than a case may have


def place_of(result: CaseResult) -> int:
    """Where a result stands in the order written; the same in every attempt."""
    row = 0 if result.row_index is None else result.row_index + 1
    return int(result.key) * ROWS + row


def whole_case(seq: int) -> int | None:
    """The position of the case a place belongs to; None for one row of it."""
    position, row = divmod(seq, ROWS)
    return None if row else position


def case_run(result: CaseResult, lease: Lease, snapshot: Snapshot) -> CaseRun:
    """The row of a result, ready to be stored."""
    detail = result_json.encode(result)
    why = reason(result)
    return CaseRun(
        run_id=lease.run_id,
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


def storable(text: str) -> str:
    """A text without what a database refuses: NUL and halves of characters."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
