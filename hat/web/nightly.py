"""What is forgotten at night: old runs, what was deleted long ago, and the oldest of the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from hat.web.alerts.models import Channel
from hat.web.audit.models import Entry
from hat.web.audit.services import record, record_purge
from hat.web.projects.models import Case, Environment, Module, Project, Suite
from hat.web.projects.services.files import sweep
from hat.web.runs.models import Run, Status
from hat.web.runs.retention import AT_ONCE, delete_runs, forget_old_runs
from hat.web.schedules.models import Schedule
from hat.web.turn import take_turn


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    runs: int
    deleted: int
    entries: int


def nightly() -> Forgotten:
    """Forget what nobody wants to keep any more; done by every process, so each part may be done already."""
    return Forgotten(forget_old_runs(), purge_deleted(), purge_audit())


def purge_deleted() -> int:
    """Delete for good what was deleted `HAT_DELETED_DAYS` ago; each thing leaves an entry in the log."""
    for project in Project.objects.filter(files__deleted_at__isnull=False).distinct():
        with transaction.atomic():
            take_turn("files", project.pk)  # whoever puts a file there waits
            sweep(project)
    days = settings.HAT_DELETED_DAYS
    if not days:
        return 0
    return sum(_purge(rows) for rows in _gone(timezone.now() - timedelta(days=days)))


def _gone(before: datetime) -> Iterator[QuerySet[Any]]:
    """What may go, in an order in which nothing is in the way of the next."""
    over = Run.objects.filter(status__in=(Status.FINISHED, Status.CANCELLED), part_of=None)
    alive = Case.objects.filter(module=OuterRef("pk"), deleted_at=None)
    kept: tuple[QuerySet[Any], ...] = (
        over,
        Schedule.objects.all(),
        Channel.objects.all(),
        Suite.objects.all(),
        Environment.objects.filter(schedules=None, heirs=None),
        Case.objects.all(),
        Module.objects.filter(~Exists(alive)),
        Project.objects.all(),
    )
    return (rows.filter(deleted_at__lt=before) for rows in kept)


def _purge(rows: QuerySet[Any]) -> int:
    count = 0
    while some := _purge_some(rows):
        count += some
    return count


def _purge_some(rows: QuerySet[Any]) -> int:
    with transaction.atomic():
        take_turn("nightly")
        some = list(rows.order_by("pk")[:AT_ONCE])
        for row in some:
            record("purge", row)
        if rows.model is Project:
            delete_runs(list(Run.objects.filter(project__in=some, part_of=None).values_list("pk", flat=True)))
        if rows.model is Run:
            delete_runs([row.pk for row in some])
        else:
            rows.model._default_manager.filter(pk__in=[row.pk for row in some]).delete()
    return len(some)


def purge_audit() -> int:
    """Forget entries of the audit log older than `HAT_AUDIT_DAYS`; that it was done stands in the log."""
    days = settings.HAT_AUDIT_DAYS
    if not days:
        return 0
    before = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        take_turn("nightly")
        count = Entry.objects.filter(at__lt=before).delete()[0]
        if count:
            record_purge(count, before)
    return count
