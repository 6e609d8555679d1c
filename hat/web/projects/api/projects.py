"""Routes of projects and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from ninja import Query, Router

from hat.web.accounts.models import User
from hat.web.accounts.people import person, require_unlimited
from hat.web.paging import PageQuery, ordering, page_of, whole
from hat.web.projects import access
from hat.web.projects.api.schemas import (
    MemberList,
    MemberNew,
    MemberOut,
    MemberPatch,
    PeopleList,
    ProjectList,
    ProjectNew,
    ProjectOut,
    ProjectPatch,
)
from hat.web.projects.credentials import shown
from hat.web.projects.history import history
from hat.web.projects.models import Case, Member, Module, Project, Role
from hat.web.projects.services import projects as services

router = Router(tags=["projects"])

_SORTS = {"name": "name", "updated_at": "updated_at", "created_at": "created_at", "case_count": "case_count"}


class ProjectQuery(PageQuery):
    """Filters of the project list."""

    archived: bool | None = None
    deleted: bool = False


@router.get("/projects", response=ProjectList, operation_id="projects")
def list_projects(request: HttpRequest, query: Query[ProjectQuery]) -> dict[str, Any]:
    user = person(request)
    projects = _counted(access.visible_projects(user, deleted=query.deleted))
    if query.archived is not None:
        projects = projects.filter(archived=query.archived)
    if query.search:
        projects = projects.filter(Q(name__icontains=query.search) | Q(description__icontains=query.search))
    return page_of(projects.order_by(*ordering(query.sort, _SORTS, "name")), query, _Shapes(user))


@router.post("/projects", response={201: ProjectOut}, operation_id="new_project")
def make_project(request: HttpRequest, payload: ProjectNew) -> dict[str, Any]:
    user = require_unlimited(request)
    return _shape(user, services.create_project(user, **payload.dict()))


@router.get("/projects/{int:project_id}", response=ProjectOut, operation_id="project")
def read_project(request: HttpRequest, project_id: int) -> dict[str, Any]:
    user = person(request)
    return _shape(user, access.project_for(user, project_id))


@router.patch("/projects/{int:project_id}", response=ProjectOut, operation_id="change_project")
def patch_project(request: HttpRequest, project_id: int, payload: ProjectPatch) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.OWNER)
    return _shape(user, services.change_project(project, payload.dict(exclude_none=True)))


@router.delete("/projects/{int:project_id}", response={204: None}, operation_id="delete_project")
def remove_project(request: HttpRequest, project_id: int) -> None:
    services.delete_project(access.project_for(person(request), project_id, Role.OWNER))


@router.post("/projects/{int:project_id}/restore", response=ProjectOut, operation_id="restore_project")
def restore_project(request: HttpRequest, project_id: int) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.OWNER, deleted=None)
    return _shape(user, services.restore_project(project))


@router.get("/projects/{int:project_id}/members", response=MemberList, operation_id="members")
def list_members(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    return whole(list(project.members.select_related("user").order_by("user__username")))


@router.post("/projects/{int:project_id}/members", response={201: MemberOut}, operation_id="new_member")
def make_member(request: HttpRequest, project_id: int, payload: MemberNew) -> Member:
    project = access.project_for(person(request), project_id, Role.OWNER)
    return services.add_member(project, **payload.dict())


@router.patch("/members/{int:member_id}", response=MemberOut, operation_id="change_member")
def patch_member(request: HttpRequest, member_id: int, payload: MemberPatch) -> Member:
    member = access.member_for(person(request), member_id, Role.OWNER)
    return services.change_member(member, **payload.dict(exclude_none=True))


@router.delete("/members/{int:member_id}", response={204: None}, operation_id="delete_member")
def delete_member(request: HttpRequest, member_id: int) -> None:
    services.remove_member(access.member_for(person(request), member_id, Role.OWNER))


@router.get("/projects/{int:project_id}/people", response=PeopleList, operation_id="people")
def list_people(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    involved = Q(memberships__project=project) | Q(owned_cases__project=project, owned_cases__deleted_at=None)
    return whole(list(User.objects.filter(involved).distinct().order_by("username")))


def _counted(projects: QuerySet[Project]) -> QuerySet[Project]:
    return projects.annotate(
        module_count=_number(Module.objects.filter(deleted_at=None)),
        case_count=_number(Case.objects.filter(deleted_at=None)),
        member_count=_number(Member.objects.filter(user__is_active=True)),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many of the rows a project has, in a query of its own so that counts do not multiply."""
    living = rows.filter(project=OuterRef("pk")).order_by()
    count = living.values("project").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _shape(user: User, project: Project) -> dict[str, Any]:
    return _Shapes(user)(list(_counted(Project.objects.filter(pk=project.pk))))[0]


class _Shapes:
    """Projects as this user sees them, all at once."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __call__(self, projects: Sequence[Project]) -> list[dict[str, Any]]:
        ids = [project.pk for project in projects]
        roles = access.roles_in(self.user, ids)
        runs = history().of_projects(ids)
        return [self._one(project, roles[project.pk], runs.get(project.pk, [])) for project in projects]

    def _one(self, project: Project, role: Role, runs: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": project.pk,
            "name": project.name,
            "description": project.description,
            "dialect": project.dialect,
            "auth": shown(project.auth),
            "role": role,
            "archived": project.archived,
            "module_count": getattr(project, "module_count", 0),
            "case_count": getattr(project, "case_count", 0),
            "member_count": getattr(project, "member_count", 0),
            "last_run": runs[0] if runs else None,
            "trend": [run["outcome"] for run in runs if run["outcome"]],
            "pass_rates": [run["pass_rate"] for run in runs if run["pass_rate"] is not None],
            "updated_at": project.updated_at,
        }
