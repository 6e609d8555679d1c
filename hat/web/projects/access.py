"""The only door to projects: every query starts from what the user may see."""

from __future__ import annotations

from django.db.models import QuerySet

from hat.web.accounts.models import Token, User
from hat.web.projects.models import Case, Environment, Member, Module, Project, Role
from hat.web.refusal import forbidden, missing

_RANK = {role: rank for rank, role in enumerate(Role)}
_SCOPE_LIMIT = {Token.Scope.READ: Role.READER, Token.Scope.RUN: Role.RUNNER, Token.Scope.WRITE: Role.OWNER}


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
    if user.token and user.token.project_id not in (None, project.pk):
        return None
    role = _own_role(user, project)
    if role is None or user.token is None:
        return role
    return min(role, _SCOPE_LIMIT[Token.Scope(user.token.scope)], key=_RANK.__getitem__)


def _own_role(user: User, project: Project) -> Role | None:
    if user.is_admin:
        return Role.OWNER
    role = Member.objects.filter(project=project, user=user).values_list("role", flat=True).first()
    return Role(role) if role else None


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


def project_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool = False) -> Project:
    """The project, if the user has at least that role; 404 for strangers, 403 for lesser roles."""
    project = Project.objects.filter(pk=pk, deleted_at__isnull=not deleted).first()
    if project is None:
        raise missing("project")
    demand(user, project, Role(role))
    return project


def module_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool = False) -> Module:
    """The module, by the same rule."""
    modules = Module.objects.select_related("project").filter(deleted_at__isnull=not deleted)
    module = modules.filter(pk=pk, project__deleted_at=None).first()
    if module is None:
        raise missing("module")
    demand(user, module.project, Role(role), noun="module")
    return module


def case_for(user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool = False) -> Case:
    """The case, by the same rule."""
    cases = Case.objects.select_related("project", "module", "owner", "updated_by")
    case = cases.filter(pk=pk, project__deleted_at=None, deleted_at__isnull=not deleted).first()
    if case is None:
        raise missing("case")
    demand(user, case.project, Role(role), noun="case")
    return case


def environment_for(
    user: User, pk: int, role: Role | str = Role.READER, *, deleted: bool = False
) -> Environment:
    """The environment, by the same rule."""
    environments = Environment.objects.select_related("project").filter(deleted_at__isnull=not deleted)
    environment = environments.filter(pk=pk, project__deleted_at=None).first()
    if environment is None:
        raise missing("environment")
    demand(user, environment.project, Role(role), noun="environment")
    return environment


def member_for(user: User, pk: int, role: Role | str = Role.READER) -> Member:
    """The membership, by the same rule."""
    members = Member.objects.select_related("project", "user")
    member = members.filter(pk=pk, project__deleted_at=None).first()
    if member is None:
        raise missing("member")
    demand(user, member.project, Role(role), noun="member")
    return member


def visible_cases(user: User) -> QuerySet[Case]:
    """Cases that are not deleted, of projects the user may see."""
    return Case.objects.filter(deleted_at=None, project__in=visible_projects(user))
