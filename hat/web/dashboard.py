"""The dashboard: what there is, how the last days went, what is red now, who works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from hat.web.accounts.models import User
from hat.web.accounts.people import person
from hat.web.projects.access import project_for, visible_projects
from hat.web.projects.models import Case, Module, Project
from hat.web.runs.access import visible_runs
from hat.web.runs.models import CaseRun, Kind, Run, Status, Worker, pass_rate
from hat.web.runs.schemas import Named, RunOut, Zone
from hat.web.runs.shapes import run_values
from hat.web.runs.waiting import seen_workers
from hat.web.schedules.access import visible_schedules
from hat.web.schedules.models import Schedule
from hat.web.schedules.schemas import NextSchedule
from hat.web.standing import Standing, standing
from hat.web.text import Id

router = Router(tags=["dashboard"])

RECENT_RUNS = 10
MOST_RED = 50
NEXT_SCHEDULES = 5


class DashboardQuery(Schema):
    """How many days back, of which project, in which time zone a day begins."""

    days: int = Field(12, ge=1, le=366)
    project: Id | None = None
    zone: Zone = "UTC"


class Totals(Schema):
    projects: int
    modules: int
    cases: int


class Day(Schema):
    """Case results of one day; `pass_rate` in percent of those that ran, null on a day without any."""

    date: date
    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    flaky: int = 0
    pass_rate: float | None = None


class RedCase(Schema):
    """A case whose last run was not green, and since when."""

    case_id: int
    name: str
    project: Named
    since: datetime
    run_id: int
    reason: str


class WorkerOut(Schema):
    owner: str
    seen_at: datetime
    busy: int
    slots: int
    transport: str
    labels: list[str]
    unlabelled: bool


class Queued(Schema):
    queued: int
    running: int


class Dashboard(Schema):
    """Everything the first page shows."""

    counts: Totals
    days: list[Day]
    red_now: list[RedCase]
    red_count: int
    recent_runs: list[RunOut]
    workers: list[WorkerOut]
    queue: Queued
    next_schedules: list[NextSchedule]


@router.get("/dashboard", response=Dashboard, operation_id="dashboard")
def read(request: HttpRequest, query: Query[DashboardQuery]) -> dict[str, Any]:
    """The state of all projects one may see, or of one of them."""
    user = person(request)
    projects = _projects(user, query.project)
    runs = visible_runs(user).filter(kind=Kind.RUN, project__in=projects)
    red = _red_cases(projects)
    red_now = _red_now(red)
    return {
        "counts": _totals(projects),
        "days": _days(runs, query.days, ZoneInfo(query.zone)),
        "red_now": red_now,
        "red_count": len(red_now) if len(red_now) < MOST_RED else red.count(),
        "recent_runs": run_values(list(runs.order_by("-pk")[:RECENT_RUNS])),
        "workers": list(seen_workers()),
        "queue": queue_length(),
        "next_schedules": list(_next_schedules(user, projects)),
    }


@router.get("/dashboard/cases", response=Standing, operation_id="dashboard_cases")
def read_cases(request: HttpRequest, query: Query[DashboardQuery]) -> dict[str, Any]:
    """The slowest and the flakiest cases of these days; asked for less often, as they change slowly."""
    user = person(request)
    projects = _projects(user, query.project)
    runs = visible_runs(user).filter(kind=Kind.RUN, project__in=projects)
    return standing(runs.filter(created_at__gte=_begin(query.days, ZoneInfo(query.zone))), projects)


@router.get("/workers", response=list[WorkerOut], operation_id="workers")
def read_workers(request: HttpRequest) -> list[Worker]:
    """The worker processes that showed themselves lately, with the labels they have."""
    person(request)
    return list(seen_workers())


def queue_length() -> dict[str, int]:
    """How many runs wait and how many are under way, of all projects."""
    whole = Run.objects.filter(part_of=None)
    return {
        "queued": whole.filter(status=Status.QUEUED).count(),
        "running": whole.filter(status=Status.RUNNING).count(),
    }


def _next_schedules(user: User, projects: QuerySet[Project]) -> QuerySet[Schedule]:
    armed = visible_schedules(user).filter(next_at__isnull=False, project__in=projects)
    return armed.order_by("next_at", "pk")[:NEXT_SCHEDULES]


def _projects(user: User, pk: int | None) -> QuerySet[Project]:
    projects = visible_projects(user)
    return projects.filter(pk=project_for(user, pk).pk) if pk else projects.filter(archived=False)


def _totals(projects: QuerySet[Project]) -> dict[str, int]:
    modules = Module.objects.filter(deleted_at=None, project__in=projects)
    cases = Case.objects.filter(deleted_at=None, module__deleted_at=None, project__in=projects)
    return {"projects": projects.count(), "modules": modules.count(), "cases": cases.count()}


def _begin(count: int, zone: ZoneInfo) -> datetime:
    """When the first of so many days begins, today being the last."""
    today = timezone.now().astimezone(zone).date()
    return datetime.combine(today - timedelta(days=count - 1), time(), tzinfo=zone)


def _days(runs: QuerySet[Run], count: int, zone: ZoneInfo) -> list[dict[str, Any]]:
    begin = _begin(count, zone)
    sums = (
        runs.filter(created_at__gte=begin)
        .annotate(day=TruncDate("created_at", tzinfo=zone))
        .order_by()
        .values("day")
        .annotate(
            ok=Sum("passed"), no=Sum("failed"), broken=Sum("error"), out=Sum("skipped"), late=Sum("flaky")
        )
    )
    by_day = {row["day"]: (row["ok"], row["no"], row["broken"], row["out"], row["late"]) for row in sums}
    days = [begin.date() + timedelta(days=number) for number in range(count)]
    return [_day(day, *by_day.get(day, (0, 0, 0, 0, 0))) for day in days]


def _day(day: date, passed: int, failed: int, error: int, skipped: int, flaky: int) -> dict[str, Any]:
    return {
        "date": day,
        "passed": passed,
        "failed": failed,
        "error": error,
        "skipped": skipped,
        "flaky": flaky,
        "pass_rate": pass_rate(passed, failed, error),
    }


def _red_cases(projects: QuerySet[Project]) -> QuerySet[Any]:
    """Cases whose last run was not green, with `last_run`."""
    own = _results().filter(case=OuterRef("pk"))
    alive = Case.objects.filter(deleted_at=None, module__deleted_at=None, project__in=projects)
    cases = alive.annotate(last_run=Subquery(own.order_by("-pk").values("run_id")[:1])).filter(last_run__gt=0)
    return cases.filter(Exists(_not_green().filter(case=OuterRef("pk"), run=OuterRef("last_run"))))


def _red_now(cases: QuerySet[Any]) -> list[dict[str, Any]]:
    red = _not_green().filter(case=OuterRef("pk"), run=OuterRef("last_run"))
    chosen = cases.annotate(why=Subquery(red.order_by("pk").values("reason")[:1]))
    shown = list(chosen.select_related("project").defer("document").order_by("-last_run", "pk")[:MOST_RED])
    since = _red_since([case.pk for case in shown])
    return [
        {
            "case_id": case.pk,
            "name": case.name,
            "project": case.project,
            "since": since[case.pk],
            "run_id": case.last_run,
            "reason": case.why,
        }
        for case in shown
    ]


def _red_since(ids: Sequence[int]) -> dict[int, datetime]:
    """When each case was first red after it was last green."""
    if not ids:
        return {}
    results = _results().filter(case__in=ids).order_by()
    green = dict(results.filter(outcome="passed").values_list("case_id").annotate(Max("run_id")))
    later = reduce(or_, (Q(case=pk, run__gt=green.get(pk, 0)) for pk in ids))
    red = _not_green().filter(case__in=ids).order_by().values_list("case_id")
    since = dict(red.filter(later).annotate(Min("finished_at")))
    # Rows of one run, some green and some red: the run is its own beginning.
    return dict(red.annotate(Max("finished_at"))) | since if len(since) < len(ids) else since


def _results() -> QuerySet[CaseRun]:
    return CaseRun.objects.filter(run__kind=Kind.RUN, run__deleted_at=None)


def _not_green() -> QuerySet[CaseRun]:
    return _results().filter(outcome__in=("failed", "error"))
