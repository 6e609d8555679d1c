"""The state machine of runs under any order of steps: two workers, sweeps, clocks, crashes in between.

Everything is the real thing on SQLite. Time passes by moving all stored times into the past, a crash is a
statement that never happens, and an answer that is lost is an action done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hat.web.accounts.models import User
from hat.web.projects.models import Project
from hat.web.runs import queue
from hat.web.runs.models import CaseRun, LongBody, Run, RunEvent, Status
from hat.web.runs.queue import Lease, LeaseLostError, Stored
from hat.web.runs.services import Manner, Selection, start_run
from hat.web.schedules.clock import tick
from hat.web.schedules.models import Fire, Schedule
from tests.web.schedules.conftest import NOON

ENDED = (Status.FINISHED, Status.CANCELLED)
ENDS = ("finished", "interrupted", "cancelled")
RESULTS = 3

workers = st.sampled_from("AB")
# Nearly always the whole action; else only so many of its statements.
crashes = st.one_of(st.just(0), st.integers(min_value=1, max_value=12))


class CrashError(BaseException):
    """The process ends here; nothing catches it."""


@contextmanager
def crash(at: int) -> Any:
    """End whatever happens inside with its n-th statement; 0: let it be."""
    left = at

    def count(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal left
        # The test is one transaction, so the ends of those inside are savepoints, which Django must see.
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            left -= 1
            if left == 0:
                raise CrashError
        return execute(sql, *arguments)

    try:
        with connection.execute_wrapper(count):
            yield
    except CrashError:
        transaction.set_rollback(False)  # what was under way is rolled back, the rest of the test is not
        raise


class Runs(RuleBasedStateMachine):
    """What workers, people, sweeps and clocks do, and what must be true after each step."""

    user: User
    project: Project
    cases: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.lives = {"A": 1, "B": 1}
        self.leases: dict[str, list[Lease]] = {"A": [], "B": []}
        self.accepted: dict[str, int] = {}
        self.ended: dict[int, tuple[Any, ...]] = {}
        self.stored: dict[tuple[int, int], int] = {}
        self.now = NOON

    def teardown(self) -> None:
        try:
            self._bring_to_an_end()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        Schedule.objects.create(
            project=self.project,
            owner=self.user,
            name="hourly",
            cron="0 * * * *",
            zone="UTC",
            everything=True,
            next_at=NOON,
        )

    # What people do

    @rule(key=st.sampled_from(("one", "two", "three")), crash_at=crashes)
    def accept(self, key: str, crash_at: int) -> None:
        with suppress(CrashError), crash(crash_at), transaction.atomic():
            run = start_run(self.user, self.project, Selection(self.cases), Manner(idempotency_key=key))
            assert self.accepted.setdefault(key, run.pk) == run.pk
        if key in self.accepted and not Run.objects.filter(pk=self.accepted[key]).exists():
            del self.accepted[key]  # it crashed before anybody was told

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), crash_at=crashes)
    def cancel(self, data: st.DataObject, crash_at: int) -> None:
        run = Run.objects.get(pk=data.draw(st.sampled_from(sorted(self.accepted.values()))))
        with suppress(CrashError), crash(crash_at):
            queue.cancel(run)

    # What workers do

    @rule(worker=workers, count=st.integers(1, 2), crash_at=crashes)
    def claim(self, worker: str, count: int, crash_at: int) -> None:
        def take() -> None:
            runs = queue.claim(self._owner(worker), count)
            self.leases[worker] += [Lease(run.pk, run.attempt, run.lease_owner) for run in runs]

        self._as_worker(worker, take, crash_at)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), crash_at=crashes, twice=st.booleans())
    def store(self, data: st.DataObject, crash_at: int, twice: bool) -> None:
        worker, lease = self._some_lease(data)
        self._write(worker, lease, lambda: self._flush(lease), crash_at, twice=twice)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), crash_at=crashes, twice=st.booleans(), outcome=st.sampled_from(("passed", "")))
    def finish(self, data: st.DataObject, crash_at: int, twice: bool, outcome: str) -> None:
        worker, lease = self._some_lease(data)
        results, columns = self._missing(lease)

        def end() -> None:
            queue.finish(lease, columns, results, outcome=outcome)

        self._write(worker, lease, end, crash_at, twice=twice)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), crash_at=crashes, twice=st.booleans())
    def hand_back(self, data: st.DataObject, crash_at: int, twice: bool) -> None:
        worker, lease = self._some_lease(data)
        for _ in range(1 + twice):
            self._as_worker(worker, lambda: queue.hand_back(lease), crash_at)
        with suppress(ValueError):
            self.leases[worker].remove(lease)

    @rule(worker=workers)
    def die(self, worker: str) -> None:
        self.leases[worker].clear()
        self.lives[worker] += 1

    @rule(worker=workers, crash_at=crashes)
    def start_again(self, worker: str, crash_at: int) -> None:
        self.die(worker)
        self._as_worker(worker, lambda: queue.recover(worker, heir=self._owner(worker)), crash_at)

    # What happens by itself

    @rule(crash_at=crashes)
    def sweep(self, crash_at: int) -> None:
        with suppress(CrashError), crash(crash_at):
            queue.sweep()

    @rule(hours=st.integers(0, 2), crash_at=crashes)
    def tick(self, hours: int, crash_at: int) -> None:
        self.now += timedelta(hours=hours)
        with suppress(CrashError), crash(crash_at):
            tick(self.now)

    @rule(seconds=st.sampled_from((1, 10, 16, 3600, -3600)))
    def let_time_pass(self, seconds: int) -> None:
        Run.objects.filter(lease_until__isnull=False).update(
            lease_until=F("lease_until") - timedelta(seconds=seconds)
        )

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data())
    def overtake(self, data: st.DataObject) -> None:
        """A worker freezes with runs in hand, its leases end, the other one takes them."""
        frozen, _ = self._some_lease(data)
        self.let_time_pass(queue.LEASE_S + 1)
        queue.sweep()
        self.claim("B" if frozen == "A" else "A", 2, 0)

    # What must be true after each step

    @invariant()
    def _every_accepted_run_is_there_once(self) -> None:
        for key, pk in self.accepted.items():
            assert list(Run.objects.filter(idempotency_key=key).values_list("pk", flat=True)) == [pk]

    @invariant()
    def _an_end_is_final_and_written_once(self) -> None:
        for run in Run.objects.all():
            ends = RunEvent.objects.filter(run=run, kind__in=ENDS).count()
            assert ends == (run.status in ENDED), run.status
            if run.status in ENDED:
                now = (run.status, run.outcome, run.finished_at, run.case_runs.count())
                assert self.ended.setdefault(run.pk, now) == now

    @invariant()
    def _results_stay_as_they_were_written_and_are_counted(self) -> None:
        found = {(one.run_id, one.seq): one.attempt for one in CaseRun.objects.all()}
        assert found.items() >= self.stored.items()
        self.stored = found
        assert set(LongBody.objects.values_list("run_id", "seq")) == found.keys()
        for run in Run.objects.all():
            assert run.done == sum(pk == run.pk for pk, _ in found)

    @invariant()
    def _a_lease_belongs_to_a_running_run(self) -> None:
        for run in Run.objects.all():
            assert (run.lease_until is not None) == (run.status == Status.RUNNING)
            assert run.attempt <= run.max_attempts

    @invariant()
    def _each_time_of_a_schedule_has_one_run(self) -> None:
        fires = list(Fire.objects.values_list("schedule_id", "fire_at"))
        assert len(fires) == len(set(fires))
        started = Fire.objects.filter(result=Fire.Result.STARTED)
        assert started.filter(run=None).count() == 0
        assert started.count() == Run.objects.filter(trigger="schedule").count()

    # How

    def _owner(self, worker: str) -> str:
        return f"{worker}#{self.lives[worker]}"

    def _some_lease(self, data: st.DataObject) -> tuple[str, Lease]:
        held = [(worker, lease) for worker, leases in self.leases.items() for lease in leases]
        return data.draw(st.sampled_from(held))

    def _as_worker(self, worker: str, action: Callable[[], object], crash_at: int) -> None:
        """Do it; a crash ends the worker with all it had in hand."""
        try:
            with crash(crash_at):
                action()
        except CrashError:
            self.die(worker)

    def _write(
        self, worker: str, lease: Lease, action: Callable[[], object], crash_at: int, *, twice: bool
    ) -> None:
        """Only the holder's write may change anything; any other is refused."""
        for _ in range(1 + twice):
            row = Run.objects.get(pk=lease.run_id)
            is_holder = (row.attempt, row.lease_owner) == (lease.attempt, lease.owner)
            before = self._picture(lease.run_id)
            try:
                self._as_worker(worker, action, crash_at)
            except LeaseLostError:
                assert not (is_holder and row.status == Status.RUNNING)
                assert self._picture(lease.run_id) == before
                with suppress(ValueError):
                    self.leases[worker].remove(lease)
                return
            if not is_holder:
                assert self._picture(lease.run_id) == before

    def _picture(self, run_id: int) -> Any:
        results = CaseRun.objects.filter(run=run_id).order_by("seq")
        return Run.objects.filter(pk=run_id).values().get(), list(results.values_list("seq", "attempt"))

    def _flush(self, lease: Lease) -> None:
        results, columns = self._missing(lease, most=1)
        queue.flush(lease, columns, results)

    def _missing(self, lease: Lease, *, most: int = RESULTS) -> tuple[list[Stored], dict[str, int]]:
        """The next results of a run, as the worker that has it would bring them, and their number."""
        there = set(CaseRun.objects.filter(run=lease.run_id).values_list("seq", flat=True))
        places = [seq for seq in range(RESULTS) if seq not in there][:most]
        results = [
            CaseRun(
                run_id=lease.run_id,
                seq=seq,
                attempt=lease.attempt,
                name="one",
                outcome="passed",
                finished_at=timezone.now(),
                packed=b"",
            )
            for seq in places
        ]
        stored = [Stored(row, [LongBody(run=row.run, seq=row.seq, place="0/0/response")]) for row in results]
        return stored, {"done": len(there) + len(places)}

    def _bring_to_an_end(self) -> None:
        """Whatever happened: a sweep after a lease and one healthy worker end every run."""
        self.let_time_pass(-3600)
        for _ in range(2):
            queue.sweep()
            self.let_time_pass(queue.LEASE_S + 1)
        queue.sweep()
        while runs := queue.claim("C#1", 10):
            for run in runs:
                lease = Lease(run.pk, run.attempt, run.lease_owner)
                results, columns = self._missing(lease)
                queue.finish(lease, columns, results, outcome="passed")
        assert not Run.objects.exclude(status__in=ENDED).exists()
        self._an_end_is_final_and_written_once()


@pytest.mark.timeout(300)
def test_no_order_of_steps_and_crashes_loses_doubles_or_blocks_a_run(
    project: Any, make_case: Callable[..., Any]
) -> None:
    Runs.user = User.objects.get(username="bob")
    Runs.project = project
    Runs.cases = (make_case("one").pk,)

    run_state_machine_as_test(
        Runs, settings=settings(max_examples=25, stateful_step_count=30, deadline=None, derandomize=True)
    )
