"""What lists of cases and projects show of past runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import DenseRank, RowNumber

from hat.result import Outcome, worst
from hat.web.projects.models import Case
from hat.web.runs.models import CaseRun, Kind, Run, pass_rate

SHOWN = 10
_WORSE = {
    Outcome.SKIPPED: [Outcome.PASSED, Outcome.FAILED, Outcome.ERROR],
    Outcome.PASSED: [Outcome.FAILED, Outcome.ERROR],
    Outcome.FAILED: [Outcome.ERROR],
    Outcome.ERROR: [],
}


class RunHistory:
    """The past, read from the tables of runs; tries and deleted runs do not count."""

    def of_cases(self, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """The last ten `{run_id, outcome}` of each case, newest first; of several rows the worst."""
        newest = Window(DenseRank(), partition_by="case_id", order_by=F("run_id").desc())
        rows = _kept().filter(case__in=ids).annotate(nth=newest).filter(nth__lte=SHOWN)
        outcomes: dict[int, dict[int, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
        for case_id, run_id, outcome in rows.values_list("case_id", "run_id", "outcome").distinct():
            outcomes[case_id][run_id].append(Outcome(outcome))
        return {
            case_id: [
                {"run_id": run_id, "outcome": worst(runs[run_id])} for run_id in sorted(runs, reverse=True)
            ]
            for case_id, runs in outcomes.items()
        }

    def of_projects(self, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """The last ten runs of each project as briefs, newest first."""
        newest = Window(RowNumber(), partition_by="project_id", order_by=F("id").desc())
        runs = Run.objects.filter(project__in=ids, kind=Kind.RUN, deleted_at=None).annotate(nth=newest)
        briefs: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for run in runs.filter(nth__lte=SHOWN).order_by("-id"):
            briefs[run.project_id].append(_brief(run))
        return briefs

    def with_outcome(self, cases: QuerySet[Case], outcome: str) -> QuerySet[Case]:
        """Only the cases whose last run ended so; `none` means never run."""
        own = _kept().filter(case=OuterRef("pk"))
        if outcome == "none":
            return cases.filter(~Exists(own))
        last = own.order_by("-run_id").values("run_id")[:1]
        cases = cases.annotate(last_run=Subquery(last))
        inside = CaseRun.objects.filter(case=OuterRef("pk"), run=OuterRef("last_run"))
        worse = inside.filter(outcome__in=_WORSE[Outcome(outcome)])
        return cases.filter(Exists(inside.filter(outcome=outcome)), ~Exists(worse))


def _kept() -> QuerySet[CaseRun]:
    return CaseRun.objects.filter(run__kind=Kind.RUN, run__deleted_at=None)


def _brief(run: Run) -> dict[str, Any]:
    return {
        "id": run.pk,
        "name": run.name,
        "status": run.status,
        "outcome": run.outcome or None,
        "finished_at": run.finished_at,
        "pass_rate": pass_rate(run.passed, run.failed, run.error),
    }
