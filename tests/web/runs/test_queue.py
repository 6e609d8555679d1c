"""Who may move a run to which status, and whose writes count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone

from hat.web.runs import queue
from hat.web.runs.models import CaseRun, Run, Status, Worker
from hat.web.runs.progress import Progress
from hat.web.runs.queue import Lease, LeaseLostError, Stored
from hat.web.runs.state import MOVES
from hat.web.runs.waiting import waiting_for

ARROWS = [
    ("claimed", {"queued"}, "running"),
    ("finished", {"running"}, "finished"),
    ("handed_back", {"running"}, "queued"),
    ("lost", {"running"}, "queued"),
    ("interrupted", {"running"}, "finished"),
    ("cancelled", {"queued", "running"}, "cancelled"),
]


@pytest.fixture
def run(start: Callable[..., Any], make_case: Callable[..., Any]) -> Any:
    return start(cases=[make_case("one").pk])


def claimed(run: Run, owner: str = "w#1") -> Lease:
    held = queue.claim_one(run.pk, owner)
    assert held is not None
    return Lease(held.pk, held.attempt, owner)


def let_lease_end(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))


def status(run: Run) -> str:
    run.refresh_from_db()
    return run.status


def result(run: Run, seq: int = 0) -> CaseRun:
    return CaseRun(run=run, seq=seq, name="one", outcome="passed", finished_at=timezone.now(), packed=b"")


def columns() -> dict[str, Any]:
    return Progress(1).columns()


@pytest.mark.parametrize(("kind", "sources", "target"), ARROWS)
def test_the_arrows_of_the_state_machine_are_these(kind: str, sources: set[str], target: str) -> None:
    assert (set(MOVES[kind].sources), MOVES[kind].target) == (sources, target)
    assert len(MOVES) == len(ARROWS)


def test_nothing_leaves_a_final_status() -> None:
    final = {Status.FINISHED, Status.CANCELLED}

    assert not [kind for kind, move in MOVES.items() if final & set(move.sources)]


def test_a_run_is_claimed_once(run: Run) -> None:
    first = queue.claim("a#1", 5)
    second = queue.claim("b#1", 5)

    assert ([one.pk for one in first], second) == ([run.pk], [])
    assert (first[0].attempt, first[0].lease_owner) == (1, "a#1")
    assert first[0].lease_until is not None
    assert first[0].lease_until > timezone.now()


def test_the_oldest_run_comes_first(start: Callable[..., Any], make_case: Callable[..., Any]) -> None:
    case = make_case("one")
    runs = [start(cases=[case.pk]) for _ in range(3)]

    assert [one.pk for one in queue.claim("a#1", 2)] == [runs[0].pk, runs[1].pk]


def test_only_the_holder_may_write(run: Run) -> None:
    lease = claimed(run)

    queue.flush(lease, columns(), [Stored(result(run))])

    with pytest.raises(LeaseLostError):
        queue.flush(Lease(run.pk, lease.attempt, "other#1"), columns(), [Stored(result(run, 1))])
    with pytest.raises(LeaseLostError):
        queue.flush(Lease(run.pk, lease.attempt + 1, lease.owner), columns(), [Stored(result(run, 1))])
    assert run.case_runs.count() == 1


def test_a_worker_thought_dead_cannot_write_any_more(run: Run) -> None:
    lease = claimed(run)
    let_lease_end(run)
    queue.sweep()

    with pytest.raises(LeaseLostError):
        queue.flush(lease, columns(), [Stored(result(run))])
    with pytest.raises(LeaseLostError):
        queue.finish(lease, columns(), [Stored(result(run))], outcome="passed")
    assert (status(run), run.case_runs.count()) == ("queued", 0)


def test_a_finish_repeated_after_a_lost_answer_changes_nothing(run: Run) -> None:
    lease = claimed(run)
    queue.finish(lease, columns(), [Stored(result(run))], outcome="passed")

    queue.finish(lease, columns(), [Stored(result(run))], outcome="failed")

    assert (status(run), run.outcome, run.case_runs.count()) == ("finished", "passed", 1)


def test_a_lost_run_is_queued_again_until_its_attempts_are_used_up(run: Run) -> None:
    for _ in range(run.max_attempts):
        claimed(run)
        let_lease_end(run)
        queue.sweep()

    assert (status(run), run.outcome) == ("finished", "error")
    assert run.reason == "interrupted: its worker stopped answering, 3 times in a row"
    assert queue.sweep() == 0


def test_a_living_lease_is_left_alone(run: Run) -> None:
    claimed(run)

    assert (queue.sweep(), status(run)) == (0, "running")


def test_a_start_takes_back_what_the_same_worker_held(run: Run) -> None:
    claimed(run, "here#1")

    assert (queue.recover("elsewhere"), status(run)) == (0, "running")
    assert (queue.recover("here"), status(run)) == (1, "queued")


def test_a_start_leaves_alone_what_it_took_itself(run: Run) -> None:
    claimed(run, "here#2")

    assert (queue.recover("here", heir="here#2"), status(run)) == (0, "running")


def test_a_lease_from_before_the_clock_was_put_back_ends_as_soon_as_any_other(run: Run) -> None:
    claimed(run)
    Run.objects.filter(pk=run.pk).update(lease_until=Now() + timedelta(hours=1))

    assert queue.sweep() == 0
    run.refresh_from_db()
    assert run.lease_until is not None
    assert run.lease_until < timezone.now() + timedelta(seconds=queue.LEASE_S + 5)


def test_what_was_taken_before_the_database_went_away_is_carried_out(
    start: Callable[..., Any], make_case: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case("one")
    runs = [start(cases=[case.pk]) for _ in range(2)]
    claim_one = queue.claim_one

    def away_for_the_second(run_id: int, owner: str) -> Run | None:
        if run_id == runs[1].pk:
            raise OperationalError("the server closed the connection")
        return claim_one(run_id, owner)

    monkeypatch.setattr(queue, "claim_one", away_for_the_second)

    assert [one.pk for one in queue.claim("a#1", 2)] == [runs[0].pk]
    with pytest.raises(OperationalError):
        queue.claim("a#1", 2)


def test_handing_back_costs_no_attempt(run: Run) -> None:
    lease = claimed(run)

    queue.hand_back(lease)

    assert (status(run), run.attempt) == ("queued", 0)


def test_a_queued_run_is_cancelled_at_once(run: Run) -> None:
    queue.cancel(run)

    assert (status(run), run.outcome) == ("cancelled", "")
    assert queue.claim("a#1") == []


def test_a_running_run_is_asked_to_end(run: Run) -> None:
    lease = claimed(run)
    assert not queue.cancel_asked(lease)

    queue.cancel(run)

    assert (status(run), queue.cancel_asked(lease)) == ("running", True)


def test_a_cancelled_run_whose_worker_died_is_cancelled(run: Run) -> None:
    claimed(run)
    queue.cancel(run)
    let_lease_end(run)

    queue.sweep()

    assert status(run) == "cancelled"


def test_every_move_leaves_a_line_of_history(run: Run) -> None:
    lease = claimed(run)
    queue.finish(lease, columns(), [], outcome="passed")

    assert list(run.events.order_by("pk").values_list("kind", "owner")) == [
        ("accepted", ""),
        ("claimed", "w#1"),
        ("finished", "w#1"),
    ]


def test_a_queued_run_says_what_it_waits_for(run: Run, start: Callable[..., Any]) -> None:
    second = start(all=True)

    assert waiting_for(run) == "no worker is running"
    worker = Worker.objects.create(owner="w#1", host="h", pid=1, slots=1, busy=1, seen_at=timezone.now())
    assert waiting_for(second) == "1 run ahead"
    assert waiting_for(run) == "all workers are busy"
    worker.busy = 0
    worker.save()
    assert waiting_for(run) == "a worker takes it in a moment"
    claimed(run)
    run.refresh_from_db()
    assert waiting_for(run) == ""
