"""Routes of suites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from hat.web.accounts.people import person
from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery, ordering, page_of
from hat.web.projects import access
from hat.web.projects.models import Role, Suite
from hat.web.projects.services import suites as services
from hat.web.refusal import conflict
from hat.web.text import Id, Name, Text

router = Router(tags=["suites"])

_SORTS = {"name": "name", "updated_at": "updated_at", "id": "id"}


class SuiteNew(Schema):
    name: Name
    description: Text = ""
    cases: Annotated[list[Id], Field(max_length=10_000)] = []


class SuitePatch(Schema):
    version: int
    name: Name | None = None
    description: Text | None = None
    cases: Annotated[list[Id], Field(max_length=10_000)] | None = None


class SuiteCase(Schema):
    id: int
    name: str
    module: str
    method: str


class SuiteRow(Schema):
    """A suite of a list; `gone` counts cases that were deleted."""

    id: int
    name: str
    description: str
    count: int
    gone: int
    version: int
    updated_at: datetime
    updated_by: UserBrief | None


class SuiteOut(SuiteRow):
    cases: list[SuiteCase]


class SuiteList(PageOf[SuiteRow]):
    """Suites of a project."""


@router.get("/projects/{int:project_id}/suites", response=SuiteList, operation_id="suites")
def list_suites(request: HttpRequest, project_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    suites = project.suites.filter(deleted_at=None).select_related("updated_by")
    if query.search:
        suites = suites.filter(name__icontains=query.search)
    return page_of(suites.order_by(*ordering(query.sort, _SORTS, "name")), query, _rows)


@router.post("/projects/{int:project_id}/suites", response={201: SuiteOut}, operation_id="new_suite")
def make_suite(request: HttpRequest, project_id: int, payload: SuiteNew) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    return _shape(services.create_suite(user, project, services.Wishes(**payload.dict())))


@router.get("/suites/{int:suite_id}", response=SuiteOut, operation_id="suite")
def read_suite(request: HttpRequest, suite_id: int) -> dict[str, Any]:
    return _shape(access.suite_for(person(request), suite_id))


@router.patch("/suites/{int:suite_id}", response=SuiteOut, operation_id="change_suite")
def patch_suite(request: HttpRequest, suite_id: int, payload: SuitePatch) -> dict[str, Any]:
    user = person(request)
    suite = access.suite_for(user, suite_id, Role.WRITER)
    wishes = services.Wishes(**payload.dict(exclude={"version"}))
    saved = services.change_suite(user, suite, wishes, version=payload.version)
    if saved is None:
        raise conflict("somebody else saved this suite meanwhile")
    return _shape(saved)


@router.delete("/suites/{int:suite_id}", response={204: None}, operation_id="delete_suite")
def remove_suite(request: HttpRequest, suite_id: int) -> None:
    services.delete_suite(access.suite_for(person(request), suite_id, Role.WRITER))


@router.post("/suites/{int:suite_id}/restore", response=SuiteOut, operation_id="restore_suite")
def restore_suite(request: HttpRequest, suite_id: int) -> dict[str, Any]:
    suite = access.suite_for(person(request), suite_id, Role.WRITER, deleted=None)
    return _shape(services.restore_suite(suite))


def _rows(suites: Sequence[Suite]) -> list[dict[str, Any]]:
    cases = services.living_cases(suites)
    return [services.brief(suite, cases[suite.pk]) for suite in suites]


def _shape(suite: Suite) -> dict[str, Any]:
    cases = services.living_cases([suite])[suite.pk]
    listed = [
        {"id": case.pk, "name": case.name, "module": case.module.name, "method": case.method}
        for case in cases
    ]
    return {**services.brief(suite, cases), "cases": listed}
