"""A case result in full, with the last results of the same case."""

from __future__ import annotations

from typing import Any

from hat.web.runs.bodies import shortened
from hat.web.runs.models import CaseRun, Kind
from hat.web.runs.packing import unpack

HISTORY = 20


def case_detail(case_run: CaseRun) -> dict[str, Any]:
    """The result as it was recorded, with its number and its history."""
    return {
        **shortened(unpack(case_run.packed)),
        "id": case_run.pk,
        "case_id": case_run.case_id,
        "history": history(case_run),
    }


def history(case_run: CaseRun) -> list[dict[str, Any]]:
    """The last results of the same case and row up to this one, newest first; tries do not count."""
    if case_run.case_id is None:
        return []
    earlier = CaseRun.objects.filter(
        case_id=case_run.case_id,
        pk__lte=case_run.pk,
        run__kind=Kind.RUN,
        run__deleted_at=None,
        row=case_run.row,
    ).order_by("-pk")
    return [
        {
            "run_id": run_id,
            "case_run_id": pk,
            "outcome": outcome,
            "elapsed_ms": elapsed_ms,
            "finished_at": finished_at,
        }
        for run_id, pk, outcome, elapsed_ms, finished_at in earlier.values_list(
            "run_id", "pk", "outcome", "elapsed_ms", "finished_at"
        )[:HISTORY]
    ]
