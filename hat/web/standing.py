"""Which cases were slow and which were flaky lately: read from the newest results, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from django.db.models import QuerySet
from ninja import Schema

from hat.result import Outcome, worst
from hat.web.projects.models import Case, Project
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.progress import is_flaky
from hat.web.runs.schemas import Named, OutcomeWord

LOOKED_AT = 20_000  # results, the newest ones: the dashboard costs the same in a large installation
LOOKED_RUNS = 1000
SHOWN = 8
DOTS = 10
TURNS = 2  # red once and green again is a repair; there and back is flaky


class Past(Schema):
    run_id: int
    outcome: OutcomeWord


class SlowCase(Schema):
    """How long a case takes; `run_id` is where it took longest."""

    case_id: int
    name: str
    project: Named
    runs: int
    median_ms: float
    longest_ms: float
    run_id: int


class FlakyCase(Schema):
    """A case that turned from green to red and back, or passed only when it was tried again.

    `turns` counts between neighbouring runs in one environment; `last` has the newest result first.
    """

    case_id: int
    name: str
    project: Named
    runs: int
    red: int
    turns: int
    retried: int
    last: list[Past]


class Standing(Schema):
    """`results` were looked at, the oldest from `since`; null without any."""

    slow: list[SlowCase]
    flaky: list[FlakyCase]
    results: int
    since: datetime | None


@dataclass(slots=True)
class Track:
    """What one case left: outcomes by run, in order of time, and how long it took."""

    outcomes: dict[int, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    times: list[tuple[float, int]] = field(default_factory=list)
    retried: int = 0

    def by_run(self) -> list[tuple[int, Outcome]]:
        """One outcome for each run, the oldest first; of several rows the worst."""
        judged = [(run, worst(rows)) for run, rows in sorted(self.outcomes.items())]
        return [(run, outcome) for run, outcome in judged if outcome is not Outcome.SKIPPED]

    def turns(self, environments: Mapping[int, int | None]) -> int:
        """How often it changed between green and red, in each environment by itself."""
        lines: dict[int | None, list[bool]] = defaultdict(list)
        for run, outcome in self.by_run():
            lines[environments[run]].append(outcome is Outcome.PASSED)
        return sum(before != after for line in lines.values() for before, after in pairwise(line))


def standing(runs: QuerySet[Run], projects: QuerySet[Project]) -> dict[str, Any]:
    """The slowest and the flakiest cases in these runs that still exist."""
    chosen = list(_newest(runs))
    environments = {pk: environment for pk, environment, *_ in chosen}
    tracks = _tracks(list(environments), [pk for pk, _, _, flaky, _ in chosen if flaky])
    slow = sorted(tracks, key=lambda pk: _typical(tracks[pk]), reverse=True)
    turns = {pk: track.turns(environments) for pk, track in tracks.items()}
    shaky = [pk for pk, track in tracks.items() if turns[pk] >= TURNS or track.retried]
    shaky.sort(key=lambda pk: (turns[pk] + tracks[pk].retried, pk), reverse=True)
    alive = _alive(projects, [*slow[: 4 * SHOWN], *shaky[: 4 * SHOWN]])
    return {
        "slow": [_slow(alive[pk], tracks[pk]) for pk in slow if pk in alive and tracks[pk].times][:SHOWN],
        "flaky": [_flaky(alive[pk], tracks[pk], turns[pk]) for pk in shaky if pk in alive][:SHOWN],
        "results": sum(len(track.times) for track in tracks.values()),
        "since": chosen[-1][-1] if chosen else None,
    }


def _newest(runs: QuerySet[Run]) -> Iterable[tuple[int, int | None, int, int, datetime]]:
    """The newest runs, so many that their results can be looked at."""
    results = 0
    wanted = ("pk", "environment_id", "done", "flaky", "created_at")
    for row in runs.order_by("-pk").values_list(*wanted)[:LOOKED_RUNS]:
        if results and results + row[2] > LOOKED_AT:
            return
        results += row[2]
        yield row


def _tracks(ids: Sequence[int], retried: Sequence[int]) -> dict[int, Track]:
    tracks: dict[int, Track] = defaultdict(Track)
    rows = CaseRun.objects.filter(run__in=ids, case__isnull=False).order_by("-run_id", "-pk")
    wanted = ("case_id", "run_id", "outcome", "elapsed_ms")
    for case, run, outcome, elapsed_ms in rows.values_list(*wanted)[:LOOKED_AT]:
        track = tracks[case or 0]
        track.outcomes[run].append(Outcome(outcome))
        if outcome != Outcome.SKIPPED:
            track.times.append((elapsed_ms, run))
    passed = CaseRun.objects.filter(run__in=retried, case__in=tracks, outcome=Outcome.PASSED)
    for case, counts in passed.values_list("case_id", "counts")[:LOOKED_AT] if retried else ():
        tracks[case or 0].retried += is_flaky(Outcome.PASSED, counts)
    return dict(tracks)


def _typical(track: Track) -> float:
    return median(elapsed_ms for elapsed_ms, _ in track.times) if track.times else 0.0


def _alive(projects: QuerySet[Project], ids: Sequence[int]) -> dict[int, Case]:
    cases = Case.objects.filter(deleted_at=None, module__deleted_at=None, project__in=projects)
    return cases.select_related("project").only("name", "project__name").in_bulk(list(set(ids)))


def _slow(case: Case, track: Track) -> dict[str, Any]:
    longest_ms, run = max(track.times)
    return {
        "case_id": case.pk,
        "name": case.name,
        "project": case.project,
        "runs": len(track.outcomes),
        "median_ms": _typical(track),
        "longest_ms": longest_ms,
        "run_id": run,
    }


def _flaky(case: Case, track: Track, turns: int) -> dict[str, Any]:
    runs = track.by_run()
    return {
        "case_id": case.pk,
        "name": case.name,
        "project": case.project,
        "runs": len(runs),
        "red": sum(outcome is not Outcome.PASSED for _, outcome in runs),
        "turns": turns,
        "retried": track.retried,
        "last": [{"run_id": run, "outcome": outcome} for run, outcome in reversed(runs[-DOTS:])],
    }
