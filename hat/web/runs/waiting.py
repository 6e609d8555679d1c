"""What a queued run waits for, in words, and which workers there are."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from hat.web.hints import broker_away_since
from hat.web.runs.limits import limits_of
from hat.web.runs.models import Run, Status, Worker

SEEN_S = 15  # a worker not seen for longer counts as gone


def seen_workers() -> QuerySet[Worker]:
    """The workers that showed themselves lately."""
    return Worker.objects.filter(seen_at__gte=timezone.now() - timedelta(seconds=SEEN_S)).order_by("owner")


def broker_trouble(*, wait_s: float = 0.0) -> str:
    """Since when the broker has been away; empty when it is there, or none is used."""
    since = broker_away_since(wait_s=wait_s)
    return f"broker unreachable since {since:%H:%M} UTC" if since is not None else ""


def waiting_for(run: Run) -> str:
    """What a queued run waits for, in words; empty for any other."""
    if run.status != Status.QUEUED:
        return ""
    seen = list(seen_workers())
    if not any(worker.transport == "db" for worker in seen) and (trouble := broker_trouble()):
        return trouble
    if not seen:
        return "no worker is running"
    waiting = Run.objects.filter(status=Status.QUEUED, priority__lte=run.priority, id__lt=run.id)
    most = limits_of(run.project).concurrency
    if most is not None and _running(run) >= most:
        ahead = waiting.filter(project=run.project).count()
        return f"this project runs at most {most} at a time{_behind(ahead)}"
    if ahead := waiting.count():
        return _behind(ahead).lstrip(", ")
    if all(worker.busy >= worker.slots for worker in seen):
        return "all workers are busy"
    return "a worker takes it in a moment"


def _running(run: Run) -> int:
    return Run.objects.filter(project=run.project, status=Status.RUNNING).count()


def _behind(ahead: int) -> str:
    return f", {ahead} run{'s' if ahead > 1 else ''} ahead" if ahead else ""
