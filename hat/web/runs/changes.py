"""What a run changed: which cases went red, stayed red or recovered since the last time each was run."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hat.result import Outcome
from hat.web.runs.models import CaseRun, Kind, Run

RED = (Outcome.FAILED.value, Outcome.ERROR.value)
GREEN = Outcome.PASSED.value


def changes(run: Run) -> list[dict[str, Any]]:
    """The cases of a run that are red, or were red before; compared within the same environment."""
    found = [*_red(run), *_recovered(run)]
    return sorted(found, key=lambda change: change["case_run_id"])


def _red(run: Run) -> list[dict[str, Any]]:
    earlier = _others(run).filter(pk__lt=OuterRef("pk")).order_by("-pk")
    first = _others(run).filter(outcome__in=RED, pk__gt=Coalesce(OuterRef("green"), 0)).order_by("pk")
    reds = run.case_runs.exclude(case=None).filter(outcome__in=RED)
    reds = reds.annotate(
        before=Subquery(earlier.values("outcome")[:1]),
        cause=Subquery(earlier.values("fingerprint")[:1]),
        green=Subquery(earlier.filter(outcome=GREEN).values("pk")[:1]),
        since=Subquery(first.values("finished_at")[:1]),
        since_run=Subquery(first.values("run_id")[:1]),
    )
    return [
        {
            "case_run_id": row["pk"],
            "change": "still" if row["before"] in RED else "new",
            "same_cause": row["before"] in RED and row["cause"] == row["fingerprint"],
            "since": row["since"],
            "since_run": row["since_run"],
        }
        for row in reds.values("pk", "fingerprint", "before", "cause", "since", "since_run")
    ]


def _recovered(run: Run) -> list[dict[str, Any]]:
    earlier = _others(run).filter(pk__lt=OuterRef("pk")).order_by("-pk")
    greens = run.case_runs.exclude(case=None).filter(outcome=GREEN)
    recovered = greens.annotate(before=Subquery(earlier.values("outcome")[:1])).filter(before__in=RED)
    return [
        {"case_run_id": pk, "change": "recovered", "same_cause": False, "since": None, "since_run": None}
        for pk in recovered.values_list("pk", flat=True)
    ]


def _others(run: Run) -> QuerySet[CaseRun]:
    """Results of the case and row of an outer query, up to this run; skipped ones tell nothing."""
    return CaseRun.objects.filter(
        case_id=OuterRef("case_id"),
        row=OuterRef("row"),
        run__lte=run.pk,
        outcome__in=(*RED, GREEN),
        run__kind=Kind.RUN,
        run__deleted_at=None,
        run__environment_name=run.environment_name,
    )
