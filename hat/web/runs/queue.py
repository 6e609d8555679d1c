"""The queue on the database: who may move a run to which status, and every write that does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from hat.web.hints import give_hint
from hat.web.runs.labels import Taste, hinted_labels
from hat.web.runs.limits import full_projects, has_room
from hat.web.runs.models import CaseRun, LongBody, Run, Snapshot, Status, Worker
from hat.web.runs.shards import join, split
from hat.web.runs.state import OVER, end, in_seconds, move, note

LEASE_S = 15
KICK_S = 15  # a queued run nobody came for in that time is told of again
CLAIM_TRIES = 3
SPARE = 20  # more than is wanted, because others claim at the same time
USUAL = Taste()
AWAY = (OperationalError, InterfaceError)  # the database does not answer, or cannot write just now


class LeaseLostError(Exception):
    """Raised when a worker writes for a run that is not its own any more; it drops what it has."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for a run: its number, the attempt and the owner that claimed it."""

    run_id: int
    attempt: int
    owner: str
    whole_id: int | None = None  # of a shard: the run whose results it writes

    @classmethod
    def of(cls, run: Run) -> Lease:
        """The right that was just claimed."""
        return cls(run.pk, run.attempt, run.lease_owner, run.part_of_id)


@dataclass(frozen=True, slots=True)
class Stored:
    """One result as its rows: the result, and what is too long for it."""

    row: CaseRun
    long_bodies: Sequence[LongBody] = ()


def accept(run: Run, packed: bytes) -> Run:
    """Store a new run with its snapshot; once this returns inside a commit, the run cannot be lost."""
    with transaction.atomic():
        run.kicked_at = timezone.now()
        run.save(force_insert=True)
        Snapshot.objects.create(run=run, packed=packed)
        if run.shards:
            split(run)
        note(run, "accepted", detail=f"in {run.shards} shards" if run.shards else "")
        if run.label in hinted_labels():
            transaction.on_commit(partial(give_hint, max(1, run.shards), run.label))
    return run


def claim(owner: str, count: int = 1, taste: Taste = USUAL) -> list[Run]:
    """Take up to so many queued runs, oldest first; the lease is written by the UPDATE that takes the run."""
    for _ in range(CLAIM_TRIES):
        waiting = taste.of(Run.objects.filter(status=Status.QUEUED)).exclude(project__in=full_projects())
        ids = list(waiting.order_by("priority", "id").values_list("id", flat=True)[: count + SPARE])
        if (taken := _claim_some(ids, owner, count)) or not ids:
            return taken
    return []


def _claim_some(ids: Iterable[int], owner: str, count: int) -> list[Run]:
    """When the database goes away in the middle, what was taken until then is carried out all the same."""
    taken: list[Run] = []
    try:
        for run_id in ids:
            if len(taken) < count and (run := claim_one(run_id, owner)) is not None:
                taken.append(run)
    except AWAY:
        if not taken:
            raise
    return taken


def claim_one(run_id: int, owner: str) -> Run | None:
    """Take one queued run, or None when it is not queued any more, or its project runs enough."""
    with transaction.atomic():
        project_id = Run.objects.filter(id=run_id).values_list("project_id", flat=True).first()
        if project_id is None or not has_room(project_id):
            return None
        moved = move(
            "claimed",
            Run.objects.filter(id=run_id, shards=0),
            attempt=F("attempt") + 1,
            lease_owner=owner,
            lease_until=in_seconds(LEASE_S),
            started_at=Coalesce(F("started_at"), Now()),
        )
        if not moved:
            return None
        run = Run.objects.select_related("project", "environment", "part_of").get(id=run_id)
        note(run, "claimed", owner=owner)
        join(run)
    return run


def flush(lease: Lease, columns: Mapping[str, Any], results: Sequence[Stored]) -> None:
    """Heartbeat, numbers and new results in one transaction, or LeaseLostError."""
    with transaction.atomic():
        _renew(lease, columns)
        _store(results)
        if results:
            join(Run.objects.get(id=lease.run_id))


def cancel_asked(lease: Lease) -> bool:
    """Whether someone wants the run to end, or it is gone altogether."""
    return not Run.objects.filter(id=lease.run_id, cancel_at=None).exists()


def finish(
    lease: Lease,
    columns: Mapping[str, Any],
    results: Sequence[Stored],
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
        end(run, "finished" if outcome else "cancelled", outcome=outcome, reason=reason)
        join(run)


def hand_back(lease: Lease) -> None:
    """Give a run back at a clean stop of its worker; that costs it no attempt."""
    with transaction.atomic():
        run = _held(lease).first()
        if run is None:
            return
        if run.cancel_at:
            end(run, "cancelled", outcome="", reason="cancelled")
        elif move("handed_back", _held(lease), attempt=F("attempt") - 1, lease_until=None, kicked_at=None):
            note(run, "handed_back", owner=lease.owner)
        join(run)


def cancel(run: Run) -> None:
    """End a queued run at once; ask the worker of a running one to end it. Of one in shards: each of them."""
    with transaction.atomic():
        for part in run.parts.order_by("shard"):
            _cancel(part)
        # What is in shards has no worker of its own: it ends with the last of them.
        if run.shards:
            _ask_to_cancel(run)
            join(run.parts.get(shard=1))
        else:
            _cancel(run)


def _cancel(run: Run) -> None:
    queued = Run.objects.filter(id=run.id, status=Status.QUEUED)
    if not end(run, "cancelled", outcome="", reason="cancelled before it began", runs=queued):
        _ask_to_cancel(run)


def _ask_to_cancel(run: Run) -> None:
    under_way = Run.objects.filter(id=run.id, cancel_at=None).exclude(status__in=OVER)
    if under_way.update(cancel_at=Now()):
        note(run, "cancel_asked")


def sweep() -> int:
    """Take runs from workers whose lease ended; any process may do it, any number of times."""
    _shorten()
    lost = Run.objects.filter(status=Status.RUNNING, lease_until__lt=Now())
    taken = sum(_take_away(run, "its worker stopped answering") for run in lost)
    if settings.HAT_BROKER_URL:
        _hint_again()
    return taken


def _shorten() -> None:
    """Cut leases that end later than any can: the clock was put back, and dead workers would keep them."""
    running = Run.objects.filter(status=Status.RUNNING, lease_until__gt=in_seconds(2 * LEASE_S))
    running.update(lease_until=in_seconds(LEASE_S))


def _hint_again() -> None:
    """Tell the workers of runs nobody came for: their hint may be lost with its broker."""
    late = Q(kicked_at__lt=in_seconds(-KICK_S)) | Q(kicked_at__gt=in_seconds(KICK_S))
    untold = Q(kicked_at=None) | late
    waiting = Run.objects.filter(untold, status=Status.QUEUED, shards=0, label__in=hinted_labels())
    for label, count in waiting.order_by().values_list("label").annotate(Count("id")):
        waiting.filter(label=label).update(kicked_at=Now())
        give_hint(count, label)


def recover(name: str, *, heir: str = "") -> int:
    """Take all runs from the workers of a name but one; right only while no other of that name lives."""
    Worker.objects.filter(owner__startswith=name + "#").exclude(owner=heir).delete()
    held = Run.objects.filter(status=Status.RUNNING, lease_owner__startswith=name + "#")
    held = held.exclude(lease_owner=heir)
    return sum(_take_away(run, "its worker was restarted") for run in held)


def _renew(lease: Lease, columns: Mapping[str, Any]) -> None:
    if not _held(lease).update(lease_until=in_seconds(LEASE_S), **columns):
        raise LeaseLostError


def _store(results: Sequence[Stored]) -> None:
    # What is there already came from this same write, whose answer was lost.
    CaseRun.objects.bulk_create([one.row for one in results], batch_size=100, ignore_conflicts=True)
    if long := [body for one in results for body in one.long_bodies]:
        LongBody.objects.bulk_create(long, batch_size=20, ignore_conflicts=True)


def _take_away(run: Run, why: str) -> int:
    held = Run.objects.filter(id=run.id, attempt=run.attempt, lease_owner=run.lease_owner)
    with transaction.atomic():
        moved = _taken_away(run, held, why)
        if moved:
            join(run)
        return moved


def _taken_away(run: Run, held: QuerySet[Run], why: str) -> int:
    if run.cancel_at:
        return end(run, "cancelled", outcome="", reason="cancelled", runs=held)
    if run.attempt >= run.max_attempts:
        reason = f"interrupted: {why}, {run.attempt} times in a row"
        return end(run, "interrupted", outcome="error", reason=reason, runs=held)
    moved = move("lost", held, lease_until=None, kicked_at=None)
    if moved:
        note(run, "lost", owner=run.lease_owner, detail=why)
    return moved


def _held(lease: Lease) -> QuerySet[Run]:
    return Run.objects.filter(
        id=lease.run_id, attempt=lease.attempt, lease_owner=lease.owner, status=Status.RUNNING
    )


def _is_over(lease: Lease) -> bool:
    return Run.objects.filter(
        id=lease.run_id, attempt=lease.attempt, lease_owner=lease.owner, status__in=OVER
    ).exists()
