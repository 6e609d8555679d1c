"""Routes of deleted things: what of a project can be brought back, by whom it was deleted, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema

from hat.web.accounts.people import person
from hat.web.audit.models import Entry
from hat.web.paging import PageOf, PageQuery, whole
from hat.web.projects.access import may, project_for, roles_in, visible_projects
from hat.web.projects.models import Case, Environment, File, Module, Project, Role, Suite
from hat.web.projects.services.files import BIN_DAYS
from hat.web.runs.models import Kind, Run
from hat.web.schedules.models import Schedule

router = Router(tags=["deleted"])

Noun = Literal["project", "module", "case", "suite", "environment", "file", "run", "schedule"]


class DeletedOut(Schema):
    """Something deleted; `POST /{kind}s/{id}/restore` brings it back, and after `until` nothing does."""

    kind: Noun
    id: int
    name: str
    deleted_at: datetime
    deleted_by: str
    until: datetime | None


class DeletedList(PageOf[DeletedOut]):
    """Deleted things, the last one first."""


@dataclass(frozen=True, slots=True)
class _Row:
    noun: str
    id: int
    name: str
    deleted_at: datetime


def deleted_in(project: Project) -> dict[str, QuerySet[Any]]:
    """Rows of a project that were deleted by themselves; a module brings back its cases, a run its parts."""
    gone: dict[str, QuerySet[Any]] = {
        "module": Module.objects.all(),
        "case": Case.objects.exclude(deleted_at=F("module__deleted_at")),
        "suite": Suite.objects.all(),
        "environment": Environment.objects.all(),
        "file": File.objects.all(),
        "run": Run.objects.filter(kind=Kind.RUN, part_of=None),
        "schedule": Schedule.objects.all(),
    }
    return {noun: rows.filter(project=project, deleted_at__isnull=False) for noun, rows in gone.items()}


@router.get("/projects/{int:project_id}/deleted", response=DeletedList, operation_id="deleted")
def list_of_project(request: HttpRequest, project_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    """What its writers can bring back."""
    gone = deleted_in(project_for(person(request), project_id, Role.WRITER))
    if query.search:
        gone = {
            noun: rows.filter(**{f"{_name(noun)}__icontains": query.search}) for noun, rows in gone.items()
        }
    first = (query.page - 1) * query.page_size
    some = [row for noun, rows in gone.items() for row in _newest(noun, rows, first + query.page_size)]
    some.sort(key=lambda row: (row.deleted_at, row.id), reverse=True)
    return {
        "items": _shaped(some[first : first + query.page_size]),
        "total": sum(rows.count() for rows in gone.values()),
        "page": query.page,
        "page_size": query.page_size,
    }


@router.get("/deleted/projects", response=DeletedList, operation_id="deleted_projects")
def list_projects(request: HttpRequest) -> dict[str, Any]:
    """Projects that their owners, and administrators, can bring back."""
    user = person(request)
    gone = visible_projects(user, deleted=True)
    roles = roles_in(user, list(gone.values_list("pk", flat=True)))
    own = gone.filter(pk__in=[pk for pk, role in roles.items() if may(role, Role.OWNER)])
    return whole(_shaped(_newest("project", own, 500)))


def _name(noun: str) -> str:
    return "path" if noun == "file" else "name"


def _newest(noun: str, rows: QuerySet[Any], most: int) -> list[_Row]:
    found = rows.order_by("-deleted_at", "-pk").values_list("pk", _name(noun), "deleted_at")[:most]
    return [_Row(noun, pk, name, at) for pk, name, at in found]


def _shaped(rows: list[_Row]) -> list[dict[str, Any]]:
    by = _deleted_by(rows)
    return [
        {
            "kind": row.noun,
            "id": row.id,
            "name": row.name,
            "deleted_at": row.deleted_at,
            "deleted_by": by.get((row.noun, row.id), ""),
            "until": _until(row),
        }
        for row in rows
    ]


def _until(row: _Row) -> datetime | None:
    days = BIN_DAYS if row.noun == "file" else settings.HAT_DELETED_DAYS
    return row.deleted_at + timedelta(days=days) if days else None


def _deleted_by(rows: list[_Row]) -> Mapping[tuple[str, int], str]:
    """Who deleted each, as the audit log has it; the last entry counts."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.noun, []).append(row.id)
    told: dict[tuple[str, int], str] = {}
    for noun, some in ids.items():
        entries = Entry.objects.filter(noun=noun, action="delete", object_id__in=some).order_by("id")
        told |= {(noun, pk): name for pk, name in entries.values_list("object_id", "user_name") if pk}
    return told
