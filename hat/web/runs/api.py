"""Routes of runs: start, follow, read, cancel, rerun, delete, download."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja import Status as Answer
from ninja.params.functions import Header

from hat.web.accounts.models import User
from hat.web.accounts.people import person
from hat.web.paging import ordering, page_of, whole
from hat.web.projects.access import project_for
from hat.web.projects.models import Environment, Project, Role
from hat.web.projects.references import with_ids
from hat.web.refusal import invalid
from hat.web.runs import services
from hat.web.runs.access import case_run_of, run_for, visible_runs
from hat.web.runs.allowance import router as allowance
from hat.web.runs.bodies import whole_body
from hat.web.runs.changes import changes
from hat.web.runs.delta import delta
from hat.web.runs.detail import case_detail, trends
from hat.web.runs.download import download
from hat.web.runs.how import How
from hat.web.runs.models import Kind, Run, RunEvent, Status, Trigger
from hat.web.runs.schemas import (
    BodyOut,
    BodyQuery,
    ChangeList,
    Delta,
    Pin,
    Rerun,
    RunEventList,
    RunList,
    RunNew,
    RunOut,
    RunQuery,
    TrendList,
    TrendQuery,
)
from hat.web.runs.shapes import run_value, run_values
from hat.web.runs.shared import router as shared

router = Router(tags=["runs"])
router.add_router("", allowance)
router.add_router("", shared)

KEY_LENGTH = 200

_SORTS = {"created_at": "created_at", "name": "name", "elapsed_ms": "elapsed_ms", "id": "id"}
_WORDS = {
    "outcome": ("passed", "failed", "error", "skipped"),
    "status": tuple(Status.values),
    "trigger": tuple(Trigger.values),
    "kind": (Kind.RUN.value, Kind.TRY.value),
}


@router.post("/projects/{pk}/runs", response={200: RunOut, 202: RunOut}, operation_id="start_run")
def start(
    request: HttpRequest,
    pk: int,
    payload: RunNew,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=KEY_LENGTH)] = "",
) -> Answer[dict[str, Any]]:
    """Start a run; with `document` a try of a case that is not saved."""
    user = person(request)
    project = project_for(user, pk, Role.RUNNER)
    manner = services.Manner(
        environment=_environment(project, payload),
        name=payload.name,
        zone=payload.zone,
        how=How(**payload.options.dict()),
        trigger=_trigger(user),
        idempotency_key=idempotency_key,
    )
    if known := services.known_run(project, idempotency_key):
        return Answer(200, run_value(known))
    return Answer(202, run_value(_start(user, project, payload, manner)))


def _start(user: User, project: Project, payload: RunNew, manner: services.Manner) -> Run:
    if payload.document is None:
        selection = services.Selection(payload.cases, payload.modules, payload.all, payload.suites)
        return services.start_run(user, project, selection, manner)
    whole = with_ids(payload.document, project.pk)
    document = services.tried(whole, payload.step_id, up_to=payload.up_to)
    return services.start_try(user, project, document, manner, case_id=payload.case_id)


def _environment(project: Project, payload: RunNew) -> Environment | None:
    if "environment_id" in payload.model_fields_set:
        return services.environment_of(project, payload.environment_id)
    return services.default_environment(project)


def _trigger(user: User) -> Trigger:
    return Trigger.API if user.token else Trigger.MANUAL


@router.get("/runs", response=RunList, operation_id="runs")
def list_all(request: HttpRequest, query: Query[RunQuery]) -> dict[str, Any]:
    """Runs of all projects one may see."""
    return _listed(visible_runs(person(request)), query)


@router.get("/projects/{pk}/runs", response=RunList, operation_id="project_runs")
def list_of_project(request: HttpRequest, pk: int, query: Query[RunQuery]) -> dict[str, Any]:
    user = person(request)
    project = project_for(user, pk)
    return _listed(visible_runs(user).filter(project=project), query)


def _listed(runs: QuerySet[Run], query: RunQuery) -> dict[str, Any]:
    for field, known in _WORDS.items():
        words = [word.strip() for word in getattr(query, field).split(",") if word.strip()]
        for word in words:
            if word not in known:
                raise invalid(field, f"unknown {field} '{word}'", hint=f"known here: {', '.join(known)}")
        if words:
            runs = runs.filter(**{f"{field}__in": words})
    if query.environment:
        runs = runs.filter(environment_id=query.environment)
    if query.day:
        begin = datetime.combine(query.day, time(), tzinfo=ZoneInfo(query.zone))
        runs = runs.filter(created_at__gte=begin, created_at__lt=begin + timedelta(days=1))
    if query.search:
        runs = runs.filter(name__icontains=query.search)
    return page_of(runs.order_by(*ordering(query.sort, _SORTS, "-id")), query, run_values)


@router.get("/runs/{pk}", response=RunOut, operation_id="run")
def read(request: HttpRequest, pk: int) -> dict[str, Any]:
    return run_value(run_for(person(request), pk))


@router.delete("/runs/{pk}", response={204: None}, operation_id="delete_run")
def delete(request: HttpRequest, pk: int) -> None:
    services.delete_run(run_for(person(request), pk, Role.WRITER))


@router.post("/runs/{pk}/restore", response=RunOut, operation_id="restore_run")
def restore(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Undo a deletion."""
    return run_value(services.restore_run(run_for(person(request), pk, Role.WRITER, deleted=True)))


@router.post("/runs/{pk}/cancel", response=RunOut, operation_id="cancel_run")
def cancel(request: HttpRequest, pk: int) -> dict[str, Any]:
    return run_value(services.cancel_run(run_for(person(request), pk, Role.RUNNER)))


@router.patch("/runs/{pk}", response=RunOut, operation_id="pin_run")
def pin(request: HttpRequest, pk: int, payload: Pin) -> dict[str, Any]:
    """Keep a run whatever its age, or let it go with the others."""
    run = run_for(person(request), pk, Role.WRITER)
    return run_value(services.pin_run(run, pinned=payload.pinned))


@router.post("/runs/{pk}/rerun", response={202: RunOut}, operation_id="rerun")
def rerun(request: HttpRequest, pk: int, payload: Rerun) -> Answer[dict[str, Any]]:
    """Run its cases again as they are now: all, or those that failed."""
    user = person(request)
    run = run_for(user, pk, Role.RUNNER)
    again = services.rerun(user, run, only_failed=payload.only == "failed", trigger=_trigger(user))
    return Answer(202, run_value(again))


@router.get("/runs/{pk}/delta", response=Delta, operation_id="run_delta")
def follow(request: HttpRequest, pk: int, after: str = "") -> dict[str, Any]:
    """What is new since a cursor; ask again with the new cursor, at once if there is more."""
    return delta(run_for(person(request), pk), after)


@router.get("/runs/{pk}/changes", response=ChangeList, operation_id="run_changes")
def list_changes(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Which cases went red, stayed red or recovered, against the last time each was run."""
    return whole(changes(run_for(person(request), pk)))


@router.get("/runs/{pk}/trends", response=TrendList, operation_id="run_trends")
def list_trends(request: HttpRequest, pk: int, query: Query[TrendQuery]) -> dict[str, Any]:
    """How the cases of some results ended lately."""
    run = run_for(person(request), pk)
    return whole(trends(run.case_runs.filter(pk__in=query.case_runs).only("pk", "case_id", "row")))


@router.get("/runs/{pk}/events", response=RunEventList, operation_id="run_events")
def list_events(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The history of a run and of its shards: accepted, claimed, lost, finished."""
    run = run_for(person(request), pk)
    events = RunEvent.objects.filter(Q(run=run) | Q(run__part_of=run)).order_by("pk")
    return whole(list(events.annotate(shard=F("run__shard"))))


@router.get("/runs/{pk}/cases/{case_run_pk}", response=dict[str, Any], operation_id="case_result")
def read_case(request: HttpRequest, pk: int, case_run_pk: int) -> dict[str, Any]:
    """A case result in full, in the shape of the result JSON."""
    return case_detail(case_run_of(run_for(person(request), pk), case_run_pk))


@router.get("/runs/{pk}/cases/{case_run_pk}/body", response=BodyOut, operation_id="whole_body")
def read_body(request: HttpRequest, pk: int, case_run_pk: int, query: Query[BodyQuery]) -> dict[str, str]:
    """The whole of a body whose result in full says `rest`."""
    case_run = case_run_of(run_for(person(request), pk), case_run_pk)
    return {"body": whole_body(case_run, query.step, query.hop, query.part)}


@router.get("/runs/{pk}/report.{form}", response={200: Any}, operation_id="report")
def report(request: HttpRequest, pk: int, form: str, bodies: Literal["all", "red"] = "all") -> HttpResponse:
    """The report as one file: html (with all bodies, or only those of red cases), json or xml (JUnit)."""
    return download(run_for(person(request), pk), form, only_red_bodies=bodies == "red")
