"""Routes of how one person sees the cases of a project."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from hat.web.accounts.people import person
from hat.web.projects import access
from hat.web.projects.models import CaseView
from hat.web.text import Id, Name, Search

router = Router(tags=["cases"])

ColumnName = Literal[
    "module", "priority", "tags", "steps", "owner", "last", "updated_at", "updated_by", "version", "id"
]


class FilterQuery(Schema):
    """What the list is narrowed to, as the address of the page has it."""

    search: Search = ""
    module: Id | None = None
    tag: Search = ""
    outcome: Literal["", "passed", "failed", "error", "skipped", "none"] = ""
    owner: Id | None = None
    sort: Annotated[Search, Field(max_length=40)] = ""


class SavedFilter(Schema):
    name: Annotated[Name, Field(max_length=60)]
    query: FilterQuery


def _once(filters: list[SavedFilter]) -> list[SavedFilter]:
    names = [one.name for one in filters]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"there are two filters '{twice}'")
    return filters


class ViewOut(Schema):
    """One's own filters and columns of a project's cases; null columns: those the page thinks useful."""

    filters: list[SavedFilter] = []
    columns: list[ColumnName] | None = None


class ViewPut(ViewOut):
    filters: Annotated[list[SavedFilter], Field(max_length=50), AfterValidator(_once)] = []
    columns: Annotated[list[ColumnName], Field(max_length=20)] | None = None


@router.get("/projects/{int:project_id}/cases/view", response=ViewOut, operation_id="case_view")
def read_view(request: HttpRequest, project_id: int) -> CaseView:
    user = person(request)
    project = access.project_for(user, project_id)
    view = CaseView.objects.filter(project=project, user=user).first()
    return view or CaseView(project=project, user=user)


@router.put("/projects/{int:project_id}/cases/view", response=ViewOut, operation_id="save_case_view")
def put_view(request: HttpRequest, project_id: int, payload: ViewPut) -> CaseView:
    """Replaces one's own view; it is nobody else's business, so every member may."""
    user = person(request)
    project = access.project_for(user, project_id)
    filters = [{"name": one.name, "query": one.query.dict(exclude_defaults=True)} for one in payload.filters]
    columns = None if payload.columns is None else list(dict.fromkeys(payload.columns))
    view, _ = CaseView.objects.update_or_create(
        project=project, user=user, defaults={"filters": filters, "columns": columns}
    )
    return view
