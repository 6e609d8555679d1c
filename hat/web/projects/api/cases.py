"""Routes of cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from ninja import Query, Router

from hat.web.accounts.models import User
from hat.web.accounts.people import person
from hat.web.paging import PageQuery, page_of, whole
from hat.web.projects import access
from hat.web.projects.api.case_schemas import (
    Batch,
    CaseCopy,
    CaseList,
    CaseNew,
    CaseOut,
    CasePut,
    CaseQuery,
    Changed,
    DocumentOut,
    Order,
    TagList,
)
from hat.web.projects.api.schemas import RevisionList
from hat.web.projects.models import Case, CaseRevision, Module, Project, Role, Tag
from hat.web.projects.search import Filters, found_cases, listed
from hat.web.projects.services import batch
from hat.web.projects.services import cases as services
from hat.web.projects.shapes import case_rows, case_shape
from hat.web.refusal import conflict, invalid, missing

router = Router(tags=["cases"])


@router.get("/projects/{int:project_id}/cases", response=CaseList, operation_id="cases")
def list_cases(request: HttpRequest, project_id: int, query: Query[CaseQuery]) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    paging = {"page", "page_size", "sort"}
    cases = found_cases(project, Filters(**query.dict(exclude=paging)))
    return page_of(listed(cases, query.sort), query, case_rows)


@router.get("/projects/{int:project_id}/tags", response=TagList, operation_id="tags")
def list_tags(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    tags = Tag.objects.filter(case__project=project, case__deleted_at=None)
    return whole(list(tags.values("name").annotate(count=Count("id")).order_by("name")))


@router.post("/projects/{int:project_id}/cases", response={201: CaseOut}, operation_id="new_case")
def make_case(request: HttpRequest, project_id: int, payload: CaseNew) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    module = _module(project, payload.module_id)
    fields = payload.dict(exclude={"module_id"})
    return _shape(services.create_case(user, module, services.Draft(**fields)), user)


@router.get("/cases/{int:case_id}", response=CaseOut, operation_id="case")
def read_case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    user = person(request)
    return _shape(access.case_for(user, case_id), user)


@router.put("/cases/{int:case_id}", response=CaseOut, operation_id="save_case")
def put_case(request: HttpRequest, case_id: int, payload: CasePut) -> dict[str, Any]:
    user = person(request)
    case = access.case_for(user, case_id, Role.WRITER)
    module = _module(case.project, payload.module_id) if payload.module_id else None
    owner = _owner(case, payload.owner_id) if payload.owner_id else None
    fields = payload.dict(exclude={"module_id", "owner_id", "version"})
    draft = services.Draft(module=module, owner=owner, **fields)
    saved = services.save_case(user, case, draft, version=payload.version)
    if saved is None:
        current = _shape(access.case_for(user, case_id), user)
        raise conflict("somebody else saved this case meanwhile", current=current)
    return _shape(saved, user)


@router.post("/cases/{int:case_id}/copy", response={201: CaseOut}, operation_id="copy_case")
def copy_case(request: HttpRequest, case_id: int, payload: CaseCopy) -> dict[str, Any]:
    user = person(request)
    case = access.case_for(user, case_id)
    module = access.module_for(user, payload.module_id or case.module_id, Role.WRITER)
    return _shape(services.copy_case(user, case, name=payload.name, module=module), user)


@router.delete("/cases/{int:case_id}", response={204: None}, operation_id="delete_case")
def delete_case(request: HttpRequest, case_id: int) -> None:
    services.delete_case(access.case_for(person(request), case_id, Role.WRITER))


@router.post("/cases/{int:case_id}/restore", response=CaseOut, operation_id="restore_case")
def restore_case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    user = person(request)
    case = access.case_for(user, case_id, Role.WRITER, deleted=None)
    return _shape(services.restore_case(user, case), user)


@router.get("/cases/{int:case_id}/revisions", response=RevisionList, operation_id="case_revisions")
def list_revisions(request: HttpRequest, case_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    case = access.case_for(person(request), case_id)
    revisions = CaseRevision.objects.filter(case=case).order_by("-version")
    return page_of(revisions.select_related("by").defer("document"), query, list)


@router.get(
    "/cases/{int:case_id}/revisions/{int:version}", response=DocumentOut, operation_id="case_revision"
)
def read_revision(request: HttpRequest, case_id: int, version: int) -> CaseRevision:
    case = access.case_for(person(request), case_id)
    revision = CaseRevision.objects.filter(case=case, version=version).first()
    if revision is None:
        raise missing("revision")
    return revision


@router.post("/projects/{int:project_id}/cases/batch", response=Changed, operation_id="change_cases")
def change_cases(request: HttpRequest, project_id: int, payload: Batch) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    cases = batch.chosen_cases(project, payload.ids, deleted=payload.action == "restore")
    return {"changed": _act(user, project, cases, payload)}


@router.post("/projects/{int:project_id}/cases/order", response=Changed, operation_id="order_cases")
def order_cases(request: HttpRequest, project_id: int, payload: Order) -> dict[str, Any]:
    project = access.project_for(person(request), project_id, Role.WRITER)
    module = _module(project, payload.module_id)
    return {"changed": batch.order_cases(module, batch.chosen_cases(project, payload.ids))}


def _act(user: User, project: Project, cases: list[Case], asked: Batch) -> list[int]:
    module = _module(project, asked.module_id) if asked.module_id else None
    match asked.action:
        case "move":
            if module is None:
                raise invalid("module_id", "is missing")
            return batch.move_cases(cases, module)
        case "tag" | "untag":
            if not asked.tags:
                raise invalid("tags", "is missing")
            return (batch.tag_cases if asked.action == "tag" else batch.untag_cases)(cases, asked.tags)
        case "copy":
            return batch.copy_cases(user, cases, module)
        case "delete":
            return batch.delete_cases(cases)
        case "restore":
            return batch.restore_cases(cases)


def _owner(case: Case, user_id: int) -> User:
    """Somebody of the project, or who owns the case already."""
    found = case.owner if user_id == case.owner_id else None
    found = found or User.objects.filter(pk=user_id, memberships__project=case.project).first()
    if found is None:
        raise invalid("owner_id", f"there is no member {user_id} in this project")
    return found


def _module(project: Project, module_id: int) -> Module:
    """A living module of this project; another one's is as good as none."""
    module = Module.objects.filter(project=project, pk=module_id, deleted_at=None).first()
    if module is None:
        raise invalid("module_id", f"there is no module {module_id} in this project")
    module.project = project
    return module


def _shape(case: Case, user: User) -> dict[str, Any]:
    return case_shape(case, user=user)
