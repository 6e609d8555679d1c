"""What becomes of a run that is cancelled, lost, handed back, continued or too slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from hat.web.runs import queue
from hat.web.runs.execution import Execution, execute
from hat.web.runs.loop import Loop
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.record import ROWS
from hat.web.runs.snapshot import Snapshot
from hat.web.runs.values import read_environment
from tests.web.people import get
from tests.web.shop import ShopServer


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def held(start: Callable[..., Any], make_case: Callable[..., Any]) -> Run:
    """A claimed run of a quick case and one whose request hangs."""
    quick, slow = make_case("quick", steps=[get("/quick")]), make_case("slow", steps=[get("/hang/")])
    run = queue.claim_one(start(cases=[quick.pk, slow.pk]).pk, "w#1")
    assert run is not None
    return run


def test_a_cancelled_run_ends_although_a_request_hangs(held: Run, loop: Loop) -> None:
    queue.cancel(held)

    Execution(held, loop).carry_out()

    held.refresh_from_db()
    assert (held.status, held.outcome, held.reason) == ("cancelled", "", "cancelled")
    assert held.finished_at is not None


def test_a_run_that_is_handed_back_keeps_what_it_has(held: Run, loop: Loop) -> None:
    execution = Execution(held, loop)
    execution.give_back()

    execution.carry_out()

    held.refresh_from_db()
    assert (held.status, held.attempt, held.done) == ("queued", 0, held.case_runs.count())


def test_a_run_that_is_handed_back_tears_down_what_it_began(
    start: Callable[..., Any], make_case: Callable[..., Any], shop: ShopServer, loop: Loop
) -> None:
    slow = make_case("slow", steps=[get("/hang/"), get("/clean", always=True)])
    run = queue.claim_one(start(cases=[slow.pk]).pk, "w#1")
    assert run is not None
    execution = Execution(run, loop)
    shop.when_it_hangs(execution.give_back)

    execution.carry_out()

    run.refresh_from_db()
    assert shop.asked == ["/hang/", "/clean"]
    assert (run.status, run.attempt, run.case_runs.count()) == ("queued", 0, 0)


def test_a_second_attempt_counts_the_rows_it_has_once(
    start: Callable[..., Any], make_case: Callable[..., Any], shop: ShopServer
) -> None:
    case = make_case("rows", steps=[get("/row")], config={"parameters": {"number": [1, 2, 3]}})
    run = start(cases=[case.pk])
    CaseRun.objects.create(
        run=run, seq=2, name="rows", outcome="passed", finished_at=timezone.now(), packed=b""
    )

    execute(run.pk)

    run.refresh_from_db()
    assert (run.total, run.done, run.passed, run.case_runs.count()) == (3, 3, 3, 3)


def test_a_second_attempt_runs_only_what_is_not_stored(
    start: Callable[..., Any], make_case: Callable[..., Any], shop: ShopServer
) -> None:
    cases = [make_case(name, steps=[get(f"/{name}")]) for name in ("one", "two", "three")]
    run = start(cases=[case.pk for case in cases])
    CaseRun.objects.create(
        run=run,
        seq=1 * ROWS,
        name="two",
        outcome="failed",
        counts={"steps": {"passed": 1}, "checks": {"failed": 2}},
        finished_at=timezone.now(),
        packed=b"",
    )

    execute(run.pk)

    run.refresh_from_db()
    assert sorted(shop.asked) == ["/one", "/three"]
    assert (run.total, run.done, run.passed, run.failed, run.outcome) == (3, 3, 2, 1, "failed")
    assert (run.step_counts, run.check_counts) == ({"passed": 3}, {"failed": 2})


def test_a_worker_that_lost_its_run_writes_nothing(held: Run, loop: Loop) -> None:
    Run.objects.filter(pk=held.pk).update(lease_owner="other#1", cancel_at=timezone.now())

    Execution(held, loop).carry_out()

    held.refresh_from_db()
    assert (held.status, held.done, held.case_runs.count()) == ("running", 0, 0)


def test_a_run_that_takes_too_long_is_an_error(held: Run, loop: Loop) -> None:
    held.deadline_s = 0

    Execution(held, loop).carry_out()

    held.refresh_from_db()
    assert (held.status, held.outcome, held.reason) == ("finished", "error", "the run took longer than 0 s")


def test_a_run_that_is_not_queued_is_not_executed(held: Run, shop: ShopServer) -> None:
    execute(held.pk)

    assert (shop.asked, held.status) == ([], "running")


def test_the_private_folder_of_a_run_is_gone_afterwards(
    start: Callable[..., Any], make_case: Callable[..., Any], tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    execute(start(cases=[make_case("one").pk]).pk)

    assert list(tmp_path.iterdir()) == []


def test_several_runs_share_one_loop(
    start: Callable[..., Any], make_case: Callable[..., Any], loop: Loop
) -> None:
    runs = [queue.claim_one(start(cases=[make_case("one").pk]).pk, "w#1") for _ in range(2)]

    for run in runs:
        assert run is not None
        Execution(run, loop).carry_out()

    assert list(Run.objects.values_list("outcome", flat=True)) == ["passed", "passed"]
    assert loop.silent_s < 10


def test_a_database_that_is_away_for_a_moment_costs_nothing(
    start: Callable[..., Any], make_case: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(cases=[make_case("one").pk])
    finish, asked = queue.finish, []

    def away_once(*arguments: Any, **named: Any) -> None:
        asked.append(arguments)
        if len(asked) == 1:
            raise OperationalError("the server closed the connection")
        finish(*arguments, **named)

    monkeypatch.setattr(queue, "finish", away_once)
    monkeypatch.setattr("hat.web.runs.execution.connection.close", lambda: None)
    execute(run.pk)

    run.refresh_from_db()
    assert (run.outcome, run.case_runs.count(), len(asked)) == ("passed", 1, 2)


def test_a_database_that_is_away_at_the_start_costs_nothing(
    start: Callable[..., Any], make_case: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(cases=[make_case("one").pk])
    asked = []

    def away_once(snapshot: Snapshot, **named: Any) -> Any:
        asked.append(snapshot)
        if len(asked) == 1:
            raise InterfaceError("the connection is closed")
        return read_environment(snapshot, **named)

    monkeypatch.setattr("hat.web.runs.execution.read_environment", away_once)
    monkeypatch.setattr("hat.web.runs.execution.connection.close", lambda: None)
    execute(run.pk)

    run.refresh_from_db()
    assert (run.outcome, run.total, run.done, len(asked)) == ("passed", 1, 1, 2)


def test_a_worker_that_lost_touch_sends_nothing_more_and_gives_the_run_back(
    held: Run, loop: Loop, shop: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_lease: queue.Lease) -> bool:
        raise OperationalError("the database is locked")

    monkeypatch.setattr("hat.web.runs.execution.SILENT_S", 0.5)
    monkeypatch.setattr(queue, "cancel_asked", away)
    monkeypatch.setattr("hat.web.runs.execution.connection.close", lambda: None)

    Execution(held, loop).carry_out()

    held.refresh_from_db()
    assert (held.status, held.attempt) == ("queued", 0)
    assert held.case_runs.filter(outcome="error").count() == 0


def test_a_folder_that_cannot_be_written_is_said(
    start: Callable[..., Any], make_case: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any, **_named: Any) -> None:
        raise OSError(28, "No space left on device")

    run = start(cases=[make_case("one").pk])
    monkeypatch.setattr("hat.web.runs.execution.write_folder", full)

    execute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.outcome) == ("finished", "error")
    assert run.reason == "the worker cannot write the files of the run: No space left on device"


def test_a_write_repeated_after_a_lost_answer_stores_nothing_twice(held: Run) -> None:
    lease = queue.Lease(held.pk, held.attempt, held.lease_owner)
    result = CaseRun(run=held, seq=0, name="one", outcome="passed", finished_at=timezone.now(), packed=b"")

    queue.flush(lease, {"done": 1}, [queue.Stored(result)])
    queue.flush(lease, {"done": 1}, [queue.Stored(result)])

    assert held.case_runs.count() == 1
