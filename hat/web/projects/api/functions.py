"""Routes of a project's functions (debugtalk.py)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from hat.web.accounts.models import User
from hat.web.accounts.people import person
from hat.web.paging import PageQuery, page_of, whole
from hat.web.projects import access
from hat.web.projects.api.schemas import (
    CallersList,
    FunctionsCheck,
    FunctionsOut,
    FunctionsPut,
    FunctionsVerdict,
    RevisionList,
    SourceIn,
    SourceOut,
)
from hat.web.projects.callers import function_callers
from hat.web.projects.models import Functions, FunctionsRevision, Role
from hat.web.projects.services.functions import functions_of, save_functions
from hat.web.projects.services.isolation import function_rules
from hat.web.projects.services.review import judge_functions, waits
from hat.web.projects.signatures import signatures
from hat.web.refusal import conflict, missing

router = Router(tags=["functions"])


@router.get("/projects/{int:project_id}/functions", response=FunctionsOut, operation_id="functions")
def read_functions(request: HttpRequest, project_id: int) -> dict[str, Any]:
    user = person(request)
    return _shape(user, functions_of(access.project_for(user, project_id)))


@router.put("/projects/{int:project_id}/functions", response=FunctionsOut, operation_id="save_functions")
def put_functions(request: HttpRequest, project_id: int, payload: FunctionsPut) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    access.demand_functions(user, project)
    saved = save_functions(user, project, payload.source, version=payload.version)
    if saved is None:
        current = FunctionsOut.model_validate(_shape(user, functions_of(project))).model_dump()
        raise conflict("somebody else saved these functions meanwhile", current=current)
    return _shape(user, saved)


@router.post(
    "/projects/{int:project_id}/functions/review", response=FunctionsOut, operation_id="judge_functions"
)
def judge(request: HttpRequest, project_id: int, payload: FunctionsVerdict) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    access.demand_functions(user, project)
    return _shape(user, judge_functions(user, project, **payload.dict()))


@router.post(
    "/projects/{int:project_id}/functions/check", response=FunctionsCheck, operation_id="check_functions"
)
def check_functions(request: HttpRequest, project_id: int, payload: SourceIn) -> dict[str, Any]:
    access.project_for(person(request), project_id)
    return _listed(payload.source)


@router.get(
    "/projects/{int:project_id}/functions/callers", response=CallersList, operation_id="functions_callers"
)
def list_callers(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    found, _errors = signatures(functions_of(project).source)
    return whole(function_callers(project, {one.name for one in found}))


@router.get(
    "/projects/{int:project_id}/functions/revisions",
    response=RevisionList,
    operation_id="functions_revisions",
)
def list_revisions(request: HttpRequest, project_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    revisions = FunctionsRevision.objects.filter(functions__project=project).order_by("-version")
    return page_of(revisions.select_related("by").defer("source"), query, _revision_shapes)


@router.get(
    "/projects/{int:project_id}/functions/revisions/{int:version}",
    response=SourceOut,
    operation_id="functions_revision",
)
def read_revision(request: HttpRequest, project_id: int, version: int) -> FunctionsRevision:
    project = access.project_for(person(request), project_id)
    revision = FunctionsRevision.objects.filter(functions__project=project, version=version).first()
    if revision is None:
        raise missing("revision")
    return revision


def _revision_shapes(revisions: Any) -> list[dict[str, Any]]:
    return [{"version": row.version, "at": row.at, "by": row.by, "note": ""} for row in revisions]


def _shape(user: User, functions: Functions) -> dict[str, Any]:
    may_edit = access.edits_functions(user, functions.project)
    return {
        "may_edit": may_edit,
        "network": function_rules(functions.project).network,
        "review": _review(user, functions, may_edit=may_edit),
        "source": functions.source,
        "version": functions.version,
        "updated_at": functions.updated_at,
        "updated_by": functions.updated_by,
        **_listed(functions.source),
    }


def _review(user: User, functions: Functions, *, may_edit: bool) -> dict[str, Any] | None:
    if not waits(functions):
        return None
    changes = functions.revisions.filter(version__gt=functions.active).select_related("judged_by")
    last = changes.order_by("version").last()
    own = any(one.by_id == user.pk for one in changes)
    return {
        "active": functions.active,
        "verdict": last.verdict if last else "",
        "note": last.note if last else "",
        "judged_by": last.judged_by if last else None,
        "may_judge": not own and may_edit,
    }


def _listed(source: str) -> dict[str, Any]:
    found, errors = signatures(source)
    return {"functions": found, "errors": errors}
