"""A large run in shards: each is a row that a worker claims, and the run follows them until all are over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Coalesce, Now

from hat.result import Outcome, worst
from hat.web.runs.models import Kind, Run, Status
from hat.web.runs.state import OVER, end, move, note

MOST = 32
SUGGESTED_FROM = 500  # cases; below that one worker is done before a second one has begun
SUGGESTED_CASES = 250  # in each shard

_SAME = (
    "project_id",
    "environment_id",
    "environment_name",
    "trigger",
    "name",
    "created_by_id",
    "priority",
    "max_attempts",
    "deadline_s",
    "label",
    "kicked_at",
)


def suggested(cases: int, processes: int) -> int:
    """How many shards a run of so many cases had best have with so many worker processes; 1: none."""
    if cases < SUGGESTED_FROM:
        return 1
    return max(1, min(MOST, processes, cases // SUGGESTED_CASES))


def split(run: Run) -> None:
    """Write the shards of a new run; each has every so-manieth case, so that all take about as long."""
    same = {name: getattr(run, name) for name in _SAME}
    Run.objects.bulk_create(
        Run(
            **same,
            kind=Kind.SHARD,
            part_of=run,
            shard=number,
            total=len(range(number - 1, run.total, run.shards)),
        )
        for number in range(1, run.shards + 1)
    )


def positions(run: Run, cases: int) -> range:
    """Which of the cases a run or shard carries out."""
    whole = run.part_of
    return range(cases) if whole is None else range(run.shard - 1, cases, whole.shards)


def share(run: Run, concurrency: int | None) -> int | None:
    """How many cases a run or shard runs at once, when so many are wished for the run as a whole."""
    whole = run.part_of
    return concurrency if whole is None or concurrency is None else max(1, concurrency // whole.shards)


def join(run: Run) -> None:
    """Bring the run a shard belongs to up to date with all its shards; the last one ends it.

    Inside the transaction that changed the shard: others wait for the run's row and see what this one did.
    """
    if run.part_of_id is None:
        return
    whole = Run.objects.select_for_update(no_key=True).get(pk=run.part_of_id)
    parts = list(Run.objects.filter(part_of=whole).order_by("shard"))
    numbers = _sums(parts)
    Run.objects.filter(pk=whole.pk).update(**numbers, started_at=Coalesce("started_at", _began(parts)))
    whole.refresh_from_db()
    if all(part.status in OVER for part in parts):
        _end(whole, parts)
    elif any(part.status == Status.RUNNING for part in parts):
        if move("claimed", Run.objects.filter(pk=whole.pk), attempt=1):
            note(whole, "claimed", detail=f"in {whole.shards} shards")
    else:
        move("lost", Run.objects.filter(pk=whole.pk))


def _began(parts: Sequence[Run]) -> Any:
    return min((part.started_at for part in parts if part.started_at), default=Now())


def _sums(parts: Sequence[Run]) -> dict[str, Any]:
    plain = ("total", "done", "flaky", *(outcome.value for outcome in Outcome))
    steps: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    for part in parts:
        steps.update(part.step_counts)
        checks.update(part.check_counts)
    return {
        **{name: sum(getattr(part, name) for part in parts) for name in plain},
        "step_counts": dict(steps),
        "check_counts": dict(checks),
    }


def _end(whole: Run, parts: Sequence[Run]) -> None:
    reasons = [f"shard {part.shard} of {whole.shards}: {part.reason}" for part in parts if part.reason]
    if any(part.status == Status.CANCELLED for part in parts):
        end(whole, "cancelled", outcome="", reason="cancelled")
        return
    # A run all of whose shards ended between two looks was never seen running.
    move("claimed", Run.objects.filter(pk=whole.pk), attempt=1)
    outcome = worst(Outcome(part.outcome) for part in parts)
    end(whole, "finished", outcome=outcome.value, reason="; ".join(reasons)[:2000])
