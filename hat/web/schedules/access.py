"""The only door to schedules: a schedule is seen by whoever sees its project."""

from __future__ import annotations

from django.db.models import QuerySet

from hat.web.accounts.models import User
from hat.web.projects.access import demand, visible_projects
from hat.web.projects.models import Project, Role
from hat.web.refusal import missing
from hat.web.schedules.models import Schedule


def visible_schedules(user: User) -> QuerySet[Schedule]:
    """Schedules that are not deleted, of projects the user may see."""
    return _whole(Schedule.objects.filter(deleted_at=None, project__in=visible_projects(user)))


def schedules_of(project: Project) -> QuerySet[Schedule]:
    """The schedules of a project that are not deleted."""
    return _whole(Schedule.objects.filter(deleted_at=None, project=project))


def schedule_for(user: User, pk: int, role: Role = Role.READER, *, deleted: bool | None = False) -> Schedule:
    """The schedule, if the user has at least that role in its project; else 404 for strangers, 403."""
    schedules = Schedule.objects.filter(pk=pk, project__deleted_at=None)
    if deleted is not None:
        schedules = schedules.filter(deleted_at__isnull=not deleted)
    schedule = _whole(schedules).first()
    if schedule is None:
        raise missing("schedule")
    demand(user, schedule.project, role, noun="schedule")
    return schedule


def _whole(schedules: QuerySet[Schedule]) -> QuerySet[Schedule]:
    return schedules.select_related("project", "environment", "owner")
