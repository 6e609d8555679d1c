"""What a queued run waits for, as a code and in words, and which workers there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, QuerySet
from django.utils import timezone

from hat.web.hints import broker_away_since
from hat.web.runs.models import Limits, Run, Status, Worker

SEEN_S = 15  # a worker not seen for longer counts as gone


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a queued run has not begun: a code for pages to word, with what goes into the words."""

    code: str  # broker, no_worker, no_label, limit, ahead, busy, soon
    label: str = ""
    most: int = 0
    ahead: int = 0
    since: datetime | None = None

    @property
    def words(self) -> str:
        """The same in English."""
        match self.code:
            case "broker":
                return f"broker unreachable since {self.since:%H:%M} UTC"
            case "no_worker":
                return "no worker is running"
            case "no_label":
                has = f"no worker has label {self.label}"
                return has if self.label else "every worker takes only runs with its label"
            case "limit":
                return f"this project runs at most {self.most} at a time{_behind(self.ahead)}"
            case "ahead":
                return _behind(self.ahead).lstrip(", ")
            case "busy":
                return "all workers are busy"
            case _:
                return "a worker takes it in a moment"


class Waiting:
    """The state of the queue at one moment: asked for once, for as many runs as a page shows."""

    def of(self, run: Run) -> Wait | None:
        """What a queued run waits for; None for any other."""
        if run.status != Status.QUEUED:
            return None
        able = [worker for worker in self._workers if _takes(worker, run.label)]
        if not any(worker.transport == "db" for worker in able) and (since := broker_away_since()):
            return Wait("broker", since=since)
        if not able:
            return Wait("no_label", run.label) if self._workers else Wait("no_worker")
        return self._turn_of(run, able)

    def _turn_of(self, run: Run, able: Sequence[Worker]) -> Wait:
        # A run in shards waits for its first shard to begin.
        mine = min((row for row in self._queued if run.pk in row[1:3]), default=None)
        before = [row for row in self._queued if mine is None or row < mine]
        most = self._limits.get(run.project_id)
        if most is not None and self._running[run.project_id] >= most:
            ahead = len({row[1] for row in before if row[3] == run.project_id})
            return Wait("limit", most=most, ahead=ahead)
        names = {run.label, *(name for worker in able for name in _names(worker))}
        if ahead := len({row[1] for row in before if row[4] in names}):
            return Wait("ahead", ahead=ahead)
        if all(worker.busy >= worker.slots for worker in able):
            return Wait("busy")
        return Wait("soon")

    @cached_property
    def _workers(self) -> list[Worker]:
        return list(seen_workers())

    @cached_property
    def _queued(self) -> list[tuple[tuple[int, int], int, int, int, str]]:
        """What waits, in its order: (place in the queue, the whole run, the row, project, label)."""
        rows = Run.objects.filter(status=Status.QUEUED, shards=0)
        return sorted(
            ((priority, pk), part_of or pk, pk, project, label)
            for priority, pk, part_of, project, label in rows.values_list(
                "priority", "pk", "part_of_id", "project_id", "label"
            )
        )

    @cached_property
    def _limits(self) -> dict[int, int]:
        limited = Limits.objects.exclude(concurrency=None)
        return {pk: most or 0 for pk, most in limited.values_list("project_id", "concurrency")}

    @cached_property
    def _running(self) -> Counter[int]:
        held = Run.objects.filter(status=Status.RUNNING, shards=0).order_by()
        return Counter(dict(held.values_list("project_id").annotate(Count("id"))))


def seen_workers() -> QuerySet[Worker]:
    """The workers that showed themselves lately."""
    return Worker.objects.filter(seen_at__gte=timezone.now() - timedelta(seconds=SEEN_S)).order_by("owner")


def able_workers(label: str) -> list[Worker]:
    """The workers that take a run with that label."""
    return [worker for worker in seen_workers() if _takes(worker, label)]


def broker_trouble(*, wait_s: float = 0.0) -> str:
    """Since when the broker has been away; empty when it is there, or none is used."""
    since = broker_away_since(wait_s=wait_s)
    return Wait("broker", since=since).words if since is not None else ""


def waiting_for(run: Run) -> str:
    """What a queued run waits for, in words; empty for any other."""
    wait = Waiting().of(run)
    return wait.words if wait else ""


def _names(worker: Worker) -> list[str]:
    return [*worker.labels, *([""] if worker.unlabelled else [])]


def _takes(worker: Worker, label: str) -> bool:
    return label in _names(worker)


def _behind(ahead: int) -> str:
    return f", {ahead} run{'s' if ahead > 1 else ''} ahead" if ahead else ""
