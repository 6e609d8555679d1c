"""A case result in full, with the last results of the same case."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from hat.web.projects.models import CaseRevision
from hat.web.runs.bodies import shortened
from hat.web.runs.models import CaseRun, Kind
from hat.web.runs.packing import unpack

HISTORY = 20
TREND = 10


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
    earlier = _up_to(case_run, case_run.case_id)
    wanted = ("run_id", "pk", "outcome", "elapsed_ms", "finished_at")
    rows = list(earlier.values_list(*wanted, "run__environment_name", "run__created_at")[:HISTORY])
    versions = _versions(case_run.case_id, [created_at for *_, created_at in rows])
    return [
        {
            "run_id": run_id,
            "case_run_id": pk,
            "outcome": outcome,
            "elapsed_ms": elapsed_ms,
            "finished_at": finished_at,
            "environment": environment,
            "version": version,
        }
        for (run_id, pk, outcome, elapsed_ms, finished_at, environment, _), version in zip(
            rows, versions, strict=True
        )
    ]


def trends(case_runs: Iterable[CaseRun]) -> list[dict[str, Any]]:
    """The last outcomes of each result's case and row up to it, newest first."""
    return [
        {
            "case_run_id": one.pk,
            "outcomes": list(_up_to(one, one.case_id).values_list("outcome", flat=True)[:TREND]),
        }
        for one in case_runs
        if one.case_id is not None
    ]


def _up_to(case_run: CaseRun, case_id: int) -> QuerySet[CaseRun]:
    same = CaseRun.objects.filter(case_id=case_id, row=case_run.row, pk__lte=case_run.pk)
    return same.filter(run__kind=Kind.RUN, run__deleted_at=None).order_by("-pk")


def _versions(case_id: int, times: Sequence[datetime]) -> list[int | None]:
    """Which version of the case was the newest at each time; None before the first."""
    saved = list(
        CaseRevision.objects.filter(case=case_id).order_by("at", "version").values_list("at", "version")
    )
    before = [bisect_right(saved, time, key=itemgetter(0)) for time in times]
    return [saved[count - 1][1] if count else None for count in before]
