"""The state machine of a run: which statuses lead to which, and the one write that moves a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone

from hat.web.runs.models import Run, RunEvent, Status


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the state machine: from which statuses to which."""

    sources: tuple[Status, ...]
    target: Status


MOVES = {
    "claimed": Move((Status.QUEUED,), Status.RUNNING),
    "finished": Move((Status.RUNNING,), Status.FINISHED),
    "handed_back": Move((Status.RUNNING,), Status.QUEUED),
    "lost": Move((Status.RUNNING,), Status.QUEUED),
    "interrupted": Move((Status.RUNNING,), Status.FINISHED),
    "cancelled": Move((Status.QUEUED, Status.RUNNING), Status.CANCELLED),
}
OVER = (Status.FINISHED, Status.CANCELLED)


def move(kind: str, runs: QuerySet[Run], **columns: Any) -> int:
    """Move those of the runs that may be moved so; answers how many that were."""
    arrow = MOVES[kind]
    return runs.filter(status__in=arrow.sources).update(status=arrow.target, underway={}, **columns)


def end(run: Run, kind: str, *, outcome: str, reason: str, runs: QuerySet[Run] | None = None) -> int:
    """Move a run to its end, and write that into its history."""
    started = run.started_at
    elapsed = (timezone.now() - started).total_seconds() * 1000 if started else None
    moved = move(
        kind,
        Run.objects.filter(id=run.id) if runs is None else runs,
        outcome=outcome,
        reason=reason,
        finished_at=Now(),
        elapsed_ms=elapsed,
        lease_until=None,
    )
    if moved:
        note(run, kind, owner=run.lease_owner, detail=reason)
    return moved


def note(run: Run, kind: str, *, owner: str = "", detail: str = "") -> None:
    """Write a line into the visible history of a run."""
    RunEvent.objects.create(run=run, attempt=run.attempt, kind=kind, owner=owner, detail=detail)


def in_seconds(seconds: int) -> Combinable:
    """A moment so far from now, by the clock of the database, because machines disagree."""
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())
