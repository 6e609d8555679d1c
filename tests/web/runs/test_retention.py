"""Which runs are forgotten, and which stay whatever their age."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from hat.web.runs import worker
from hat.web.runs.limits import change
from hat.web.runs.models import CaseRun, LongBody, Run
from hat.web.runs.retention import forget_old_runs
from tests.web.people import Asker


@pytest.fixture
def past(project: Any) -> Callable[..., Run]:
    """A run that ended so many days ago."""

    def past(days: int, outcome: str = "failed", **columns: Any) -> Run:
        ended = timezone.now() - timedelta(days=days)
        run = Run.objects.create(
            project=project,
            name=f"{days} days ago",
            **{"status": "finished", "outcome": outcome, "finished_at": ended, **columns},
        )
        CaseRun.objects.create(run=run, seq=0, name="one", outcome=outcome, finished_at=ended, packed=b"")
        LongBody.objects.create(run=run, seq=0, place="0/0/response", packed=b"")
        return run

    return past


def kept() -> set[int]:
    for part in (CaseRun, LongBody):
        assert set(part.objects.values_list("run", flat=True)) == set(
            Run.objects.values_list("pk", flat=True)
        )
    return set(Run.objects.values_list("pk", flat=True))


def test_without_limits_everything_is_kept(past: Callable[..., Run]) -> None:
    past(1000)

    assert forget_old_runs() == 0


def test_runs_past_their_age_go_with_their_results(project: Any, past: Callable[..., Run]) -> None:
    change(project, keep_days=30)
    past(31)
    young = past(29)

    assert forget_old_runs() == 1
    assert kept() == {young.pk}


def test_the_file_of_sqlite_gets_smaller(project: Any, past: Callable[..., Run]) -> None:
    change(project, keep_days=30)
    CaseRun.objects.filter(run=past(31)).update(packed=os.urandom(1_000_000))
    before = _pages()

    assert forget_old_runs() == 1
    if connection.vendor == "sqlite":
        assert _pages() < before - 200


def _pages() -> int:
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA page_count").fetchone()[0])


def test_runs_past_the_count_go(project: Any, past: Callable[..., Run]) -> None:
    change(project, keep_runs=2)
    runs = [past(1) for _ in range(4)]

    assert forget_old_runs() == 2
    assert kept() == {runs[2].pk, runs[3].pk}


def test_a_worker_that_sleeps_at_night_forgets_by_day_and_once(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights: list[int] = []
    chores = worker.Chores(lambda: None, lambda: nights.append(1))
    chores.turn()
    assert nights == []

    monkeypatch.setattr(worker, "SETTLE_S", 0.0)
    chores = worker.Chores(lambda: None, lambda: nights.append(1))
    chores.turn()
    chores.turn()
    assert nights == [1]


def test_what_cannot_be_forgotten_ends_no_worker(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise IntegrityError("still needed")

    monkeypatch.setattr(worker, "SETTLE_S", 0.0)
    chores = worker.Chores(lambda: None, fail)

    chores.turn()
    chores.turn()

    assert [line.message for line in caplog.records] == ["what is old could not be forgotten"]


def test_tries_count_apart_from_runs(project: Any, past: Callable[..., Run]) -> None:
    change(project, keep_runs=2)
    run = past(2)
    tries = [past(1, kind="try") for _ in range(3)]

    assert forget_old_runs() == 1
    assert kept() == {run.pk, tries[1].pk, tries[2].pk}


def test_pinned_unfinished_and_the_last_green_run_stay(project: Any, past: Callable[..., Run]) -> None:
    change(project, keep_days=1)
    past(60, "passed")
    stay = {
        past(50, "passed").pk,
        past(40, pinned=True).pk,
        past(40, "", status="running", finished_at=None).pk,
    }

    assert forget_old_runs() == 1
    assert kept() == stay


def test_a_pinned_run_is_kept_and_let_go_again(
    past: Callable[..., Run], project: Any, bob: Asker, carol: Asker
) -> None:
    change(project, keep_days=7)
    run = past(30)

    assert bob.patch(f"/runs/{run.pk}", {"pinned": True}).json()["pinned"] is True
    assert (forget_old_runs(), carol.get(f"/runs/{run.pk}").json()["pinned"]) == (0, True)

    bob.patch(f"/runs/{run.pk}", {"pinned": False})
    assert (forget_old_runs(), carol.get(f"/runs/{run.pk}").status_code) == (1, 404)


def test_pinning_is_in_the_audit_log(
    past: Callable[..., Run], project: Any, bob: Asker, alice: Asker
) -> None:
    bob.patch(f"/runs/{past(1).pk}", {"pinned": True})

    (entry,) = alice.get(f"/projects/{project.pk}/audit").json()["items"]
    assert (entry["action"], entry["changes"]) == (
        "change",
        [{"field": "pinned", "before": False, "after": True}],
    )


def test_shards_go_with_their_run(past: Callable[..., Run], project: Any) -> None:
    change(project, keep_runs=1)
    old = past(2, shards=2)
    for number in (1, 2):
        Run.objects.create(project=project, name="part", kind="shard", part_of=old, shard=number)
    young = past(1)

    assert (forget_old_runs(), kept()) == (1, {young.pk})
