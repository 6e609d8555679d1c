"""What a project's owner allows its runs: how many at once, how long, and for how long they are kept."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, F, Q

from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.projects.models import Project
from hat.web.runs.models import Limits, Run, Status


def limits_of(project: Project) -> Limits:
    """The limits of a project; the usual ones where nobody set any."""
    return Limits.objects.filter(project=project).first() or Limits(project=project)


def full_projects() -> list[int]:
    """Projects that run as much as they may at this moment."""
    # A run in shards counts once for each shard that a worker has: the limit spares the system under test.
    held = Q(project__runs__status=Status.RUNNING, project__runs__shards=0)
    running = Count("project__runs", filter=held)
    limited = Limits.objects.exclude(concurrency=None).annotate(running=running)
    return list(limited.filter(running__gte=F("concurrency")).values_list("project_id", flat=True))


def has_room(project_id: int) -> bool:
    """Whether one more run may begin; inside a transaction, which others that ask wait for."""
    limits = Limits.objects.select_for_update().filter(project=project_id).first()
    if limits is None or limits.concurrency is None:
        return True
    return running_in(project_id) < limits.concurrency


def running_in(project_id: int) -> int:
    """How much of a project workers have in hand: runs, and shards of runs."""
    return Run.objects.filter(project=project_id, status=Status.RUNNING, shards=0).count()


@transaction.atomic
def change(project: Project, **columns: int | str | None) -> Limits:
    """Store what the owner decided."""
    limits, _ = Limits.objects.select_for_update().get_or_create(project=project)
    before = fields_of(limits, *columns)
    for name, value in columns.items():
        setattr(limits, name, value)
    limits.save()
    record("change", limits, before=before, after=columns)
    return limits
