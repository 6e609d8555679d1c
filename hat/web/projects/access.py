"""The only door to projects: every query starts from what the user may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet

from hat.web.accounts.models import Token, User
from hat.web.projects.models import (
    Case,
    Edit,
    Environment,
    File,
    Member,
    Module,
    Project,
    Removable,
    Role,
    Suite,
)
from hat.web.refusal import forbidden, missing

NO_FUNCTIONS = "you may not edit the functions of this project; an owner of it can allow that"

_RANK = {role: rank for rank, role in enumerate(Role)}
_SCOPE_LIMIT = {Token.Scope.READ: Role.READER, Token.Scope.RUN: Role.RUNNER, Token.Scope.WRITE: Role.OWNER}

Removed = TypeVar("Removed", bound=Removable)
Owned = TypeVar("Owned", Module, Case, Edit, Environment, File, Member, Suite)


def visible_projects(user: User, *, deleted: bool = False) -> QuerySet[Project]:
    """The projects a user may see: an administrator all, others those they are members of."""
    projects = Project.objects.filter(deleted_at__isnull=not deleted)
    if not user.is_admin:
        projects = projects.filter(members__user=user)
    if user.token and user.token.project_id:
        projects = projects.filter(pk=user.token.project_id)
    return projects


def role_in(user: User, project: Project) -> Role | None:
    """What the user may do in a project, limited by the scope of a token; None for a stranger."""
    return roles_in(user, [project.pk]).get(project.pk)


def roles_in(user: User, ids: Sequence[int]) -> dict[int, Role]:
    """The roles in several projects at once; strangers' projects are left out."""
    token = user.token
    if token and token.project_id:
        ids = [pk for pk in ids if pk == token.project_id]
    if user.is_admin:
        roles = dict.fromkeys(ids, Role.OWNER)
    else:
        rows = Member.objects.filter(project__in=ids, user=user).values_list("project_id", "role")
        roles = {pk: Role(role) for pk, role in rows}
    limit = _SCOPE_LIMIT[Token.Scope(token.scope)] if token else Role.OWNER
    return {pk: min(role, limit, key=_RANK.__getitem__) for pk, role in roles.items()}


def may(role: Role | None, wanted: Role) -> bool:
    """Whether a role is at least the wanted one."""
    return role is not None and _RANK[role] >= _RANK[wanted]


def demand(user: User, project: Project, wanted: Role, *, noun: str = "project") -> None:
    """Raises 404 for a stranger and 403 for a lesser role."""
    role = role_in(user, project)
    if role is None:
        raise missing(noun)
    if not may(role, wanted):
        raise forbidden()


def edits_functions(user: User, project: Project) -> bool:
    """Whether the user may change the code of a project: a writer may unless an owner took it from him."""
    if not may(role_in(user, project), Role.WRITER):
        return False
    if user.is_admin:
        return True
    taken = Member.objects.filter(project=project, user=user, role=Role.WRITER, edits_functions=False)
    return not taken.exists()


def demand_functions(user: User, project: Project) -> None:
    """Raises 403 for who may not change the code of a project."""
    if not edits_functions(user, project):
        raise forbidden(NO_FUNCTIONS)


def project_for(
    user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False
) -> Project:
    """The project, if the user has at least that role; 404 for strangers, 403 for lesser roles.

    `deleted` False looks at living rows, True at deleted ones, None at both; so do all doors below.
    """
    project = _living(Project.objects.all(), deleted).filter(pk=pk).first()
    if project is None:
        raise missing("project")
    demand(user, project, Role(role))
    return project


def module_for(
    user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False
) -> Module:
    """The module, by the same rule."""
    modules = _living(Module.objects.select_related("project"), deleted)
    return _guarded(user, modules.filter(pk=pk), role, "module")


def case_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False) -> Case:
    """The case, by the same rule."""
    cases = _living(Case.objects.select_related("project", "module", "owner", "updated_by"), deleted)
    return _guarded(user, cases.filter(pk=pk), role, "case")


def environment_for(
    user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False
) -> Environment:
    """The environment, by the same rule."""
    environments = _living(Environment.objects.select_related("project"), deleted)
    return _guarded(user, environments.filter(pk=pk), role, "environment")


def file_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False) -> File:
    """The file, by the same rule; its bytes are not read yet."""
    files = File.objects.select_related("project", "content", "updated_by").defer("content__raw")
    return _guarded(user, _living(files, deleted).filter(pk=pk), role, "file")


def suite_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool | None = False) -> Suite:
    """The suite, by the same rule."""
    suites = _living(Suite.objects.select_related("project", "updated_by"), deleted)
    return _guarded(user, suites.filter(pk=pk), role, "suite")


def edit_for(user: User, pk: int, role: Role | str = Role.READER) -> Edit:
    """The edit of many cases, by the same rule."""
    return _guarded(user, Edit.objects.select_related("project", "by").filter(pk=pk), role, "edit")


def member_for(user: User, pk: int, role: Role | str = Role.READER) -> Member:
    """The membership, by the same rule."""
    return _guarded(user, Member.objects.select_related("project", "user").filter(pk=pk), role, "member")


def visible_cases(user: User) -> QuerySet[Case]:
    """Cases that are not deleted, of projects the user may see."""
    return Case.objects.filter(deleted_at=None, project__in=visible_projects(user))


def _living(rows: QuerySet[Removed], deleted: bool | None) -> QuerySet[Removed]:
    return rows if deleted is None else rows.filter(deleted_at__isnull=not deleted)


def _guarded(user: User, rows: QuerySet[Owned], role: Role | str, noun: str) -> Owned:
    """The one row, if its project is not deleted and the user has the role there."""
    row = rows.filter(project__deleted_at=None).first()
    if row is None:
        raise missing(noun)
    demand(user, row.project, Role(role), noun=noun)
    return row
