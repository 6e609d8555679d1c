"""The queue on the database: who may move a run to which status, and every write that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from hat.web.hints import give_hint
from hat.web.runs.limits import full_projects, has_room
from hat.web.runs.models import CaseRun, Run, RunEvent, Snapshot, Status, Worker

LEASE_S = 15
KICK_S = 15  # a queued run nobody came for in that time is told of again
CLAIM_TRIES = 3
SPARE = 20  # more than is wanted, because others claim at the same time


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


class LeaseLostError(Exception):
    """Raised when a worker writes for a run that is not its own any more; it drops what it has."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for a run: its number, the attempt and the owner that claimed it."""

    run_id: int
    attempt: int
    owner: str


def accept(run: Run, packed: bytes) -> Run:
    """Store a new run with its snapshot; once this returns inside a commit, the run cannot be lost."""
    with transaction.atomic():
        run.kicked_at = timezone.now()
        run.save(force_insert=True)
        Snapshot.objects.create(run=run, packed=packed)
        _note(run, "accepted")
        transaction.on_commit(give_hint)
    return run


def anything_waits() -> bool:
    """Whether a claim would find something; cheap enough to be asked twenty times a second."""
    with connection.cursor() as cursor:
        # A literal, so that the small index of queued runs answers.
        cursor.execute("SELECT 1 FROM runs_run WHERE status = 'queued' LIMIT 1")
        return cursor.fetchone() is not None


def claim(owner: str, count: int = 1) -> list[Run]:
    """Take up to so many queued runs, oldest first; the lease is written by the UPDATE that takes the run."""
    for _ in range(CLAIM_TRIES):
        waiting = Run.objects.filter(status=Status.QUEUED).exclude(project__in=full_projects())
        ids = list(waiting.order_by("priority", "id").values_list("id", flat=True)[: count + SPARE])
        claimed = (run for run_id in ids if (run := claim_one(run_id, owner)) is not None)
        if (taken := list(islice(claimed, count))) or not ids:
            return taken
    return []


def claim_one(run_id: int, owner: str) -> Run | None:
    """Take one queued run, or None when it is not queued any more, or its project runs enough."""
    with transaction.atomic():
        project_id = Run.objects.filter(id=run_id).values_list("project_id", flat=True).first()
        if project_id is None or not has_room(project_id):
            return None
        moved = _move(
            "claimed",
            Run.objects.filter(id=run_id),
            attempt=F("attempt") + 1,
            lease_owner=owner,
            lease_until=_in(LEASE_S),
            started_at=Coalesce(F("started_at"), Now()),
        )
        if not moved:
            return None
        run = Run.objects.select_related("project", "environment").get(id=run_id)
        _note(run, "claimed", owner=owner)
    return run


def flush(lease: Lease, columns: Mapping[str, Any], results: Sequence[CaseRun]) -> None:
    """Heartbeat, numbers and new results in one transaction, or LeaseLostError."""
    with transaction.atomic():
        _renew(lease, columns)
        _store(results)


def cancel_asked(lease: Lease) -> bool:
    """Whether someone wants the run to end, or it is gone altogether."""
    return not Run.objects.filter(id=lease.run_id, cancel_at=None).exists()


def finish(
    lease: Lease,
    columns: Mapping[str, Any],
    results: Sequence[CaseRun],
    *,
    outcome: str,
    reason: str = "",
) -> None:
    """Store the last results and the end (no outcome: cancelled); a repetition sees its own commit."""
    with transaction.atomic():
        if _is_over(lease):
            return
        _renew(lease, columns)
        _store(results)
        run = Run.objects.get(id=lease.run_id)
        _end(run, "finished" if outcome else "cancelled", outcome=outcome, reason=reason)


def hand_back(lease: Lease) -> None:
    """Give a run back at a clean stop of its worker; that costs it no attempt."""
    with transaction.atomic():
        run = _held(lease).first()
        if run is None:
            return
        if run.cancel_at:
            _end(run, "cancelled", outcome="", reason="cancelled")
        elif _move("handed_back", _held(lease), attempt=F("attempt") - 1, lease_until=None, kicked_at=None):
            _note(run, "handed_back", owner=lease.owner)


def cancel(run: Run) -> None:
    """End a queued run at once; ask the worker of a running one to end it."""
    with transaction.atomic():
        queued = Run.objects.filter(id=run.id, status=Status.QUEUED)
        if _end(run, "cancelled", outcome="", reason="cancelled before it began", runs=queued):
            return
        asked = Run.objects.filter(id=run.id, status=Status.RUNNING, cancel_at=None).update(cancel_at=Now())
        if asked:
            _note(run, "cancel_asked")


def sweep() -> int:
    """Take runs from workers whose lease ended; any process may do it, any number of times."""
    lost = Run.objects.filter(status=Status.RUNNING, lease_until__lt=Now())
    taken = sum(_take_away(run, "its worker stopped answering") for run in lost)
    if settings.HAT_BROKER_URL:
        _hint_again()
    return taken


def _hint_again() -> None:
    """Tell the workers of runs nobody came for: their hint may be lost with its broker."""
    untold = Q(kicked_at=None) | Q(kicked_at__lt=_in(-KICK_S))
    if count := Run.objects.filter(untold, status=Status.QUEUED).update(kicked_at=Now()):
        give_hint(count)


def recover(name: str) -> int:
    """Take all runs from the workers of a name; right only while no worker of that name lives."""
    Worker.objects.filter(owner__startswith=name + "#").delete()
    held = Run.objects.filter(status=Status.RUNNING, lease_owner__startswith=name + "#")
    return sum(_take_away(run, "its worker was restarted") for run in held)


def _renew(lease: Lease, columns: Mapping[str, Any]) -> None:
    if not _held(lease).update(lease_until=_in(LEASE_S), **columns):
        raise LeaseLostError


def _store(results: Sequence[CaseRun]) -> None:
    # What is there already came from this same write, whose answer was lost.
    CaseRun.objects.bulk_create(results, batch_size=100, ignore_conflicts=True)


def _take_away(run: Run, why: str) -> int:
    held = Run.objects.filter(id=run.id, attempt=run.attempt, lease_owner=run.lease_owner)
    with transaction.atomic():
        if run.cancel_at:
            return _end(run, "cancelled", outcome="", reason="cancelled", runs=held)
        if run.attempt >= run.max_attempts:
            reason = f"interrupted: {why}, {run.attempt} times in a row"
            return _end(run, "interrupted", outcome="error", reason=reason, runs=held)
        moved = _move("lost", held, lease_until=None, kicked_at=None)
        if moved:
            _note(run, "lost", owner=run.lease_owner, detail=why)
        return moved


def _end(run: Run, kind: str, *, outcome: str, reason: str, runs: QuerySet[Run] | None = None) -> int:
    started = run.started_at
    elapsed = (timezone.now() - started).total_seconds() * 1000 if started else None
    moved = _move(
        kind,
        Run.objects.filter(id=run.id) if runs is None else runs,
        outcome=outcome,
        reason=reason,
        finished_at=Now(),
        elapsed_ms=elapsed,
        lease_until=None,
    )
    if moved:
        _note(run, kind, owner=run.lease_owner, detail=reason)
    return moved


def _move(kind: str, runs: QuerySet[Run], **columns: Any) -> int:
    move = MOVES[kind]
    return runs.filter(status__in=move.sources).update(status=move.target, **columns)


def _held(lease: Lease) -> QuerySet[Run]:
    return Run.objects.filter(
        id=lease.run_id, attempt=lease.attempt, lease_owner=lease.owner, status=Status.RUNNING
    )


def _is_over(lease: Lease) -> bool:
    ended = (Status.FINISHED, Status.CANCELLED)
    return Run.objects.filter(
        id=lease.run_id, attempt=lease.attempt, lease_owner=lease.owner, status__in=ended
    ).exists()


def _note(run: Run, kind: str, *, owner: str = "", detail: str = "") -> None:
    RunEvent.objects.create(run=run, attempt=run.attempt, kind=kind, owner=owner, detail=detail)


def _in(seconds: int) -> Combinable:
    # The clock of the database, because machines disagree.
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())
