"""Execute a run: cases through the engine, results into the database as they come."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.db import connection

from hat import engine
from hat.case import Case, Environment
from hat.engine.choice import read_choice
from hat.engine.sandbox import STRICT
from hat.engine.targets import Targets
from hat.error import HatError
from hat.event import CaseFinished, Event, RunStarted
from hat.result import CaseResult, StepResult
from hat.web.log import run_id
from hat.web.projects.services.isolation import terms
from hat.web.projects.services.targets import targets_of
from hat.web.runs import queue, shards
from hat.web.runs.loop import Loop, Stream
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.progress import Progress
from hat.web.runs.queue import AWAY, Lease, LeaseLostError, Stored
from hat.web.runs.record import position_of, rows_of, whole_case
from hat.web.runs.snapshot import Snapshot
from hat.web.runs.values import read_cases, read_environment, write_folder

log = logging.getLogger(__name__)

FLUSH_S = 0.25
FLUSH_RESULTS = 100
HEARTBEAT_S = 3.0
SHOWN_S = 1.0  # how old what the live page shows of steps under way may be
SILENT_S = 9.0  # without the database for so long we stop by ourselves, before the lease ends
CANCEL_S = 10.0  # how long a cancelled run may take to tear down
LEAVE_S = 5.0  # how long a run that is given back may take to tear down


def execute(run_id: int, *, owner: str = "local#1") -> None:
    """Claim one queued run and carry it out on a loop of its own."""
    run = queue.claim_one(run_id, owner)
    if run is None:
        return
    loop = Loop()
    try:
        Execution(run, loop).carry_out()
    finally:
        loop.close()


class Execution:
    """One claimed run in the hands of a worker's thread; only `give_back` may be called from another."""

    def __init__(self, run: Run, loop: Loop) -> None:
        self._run = run
        self._loop = loop
        self._lease = Lease.of(run)
        self._positions = range(0)
        self._snapshot = Snapshot(())
        self._environment: Environment | None = None
        self._targets = Targets()
        self._terms = STRICT
        self._cases: list[Case] = []
        self._unreadable: list[CaseResult] = []
        self._progress = Progress(run.total)
        self._underway: dict[str, Any] = {}
        self._new: list[Stored] = []
        self._stored: set[int] = set()
        self._counted = 0
        self._began = self._written = self._answered = time.monotonic()
        self._cancelled_at: float | None = None
        self._too_long = False
        self._returned = threading.Event()
        self._is_silent = False

    def give_back(self) -> None:
        """Stop at the next look, store what is there, put the run back into the queue."""
        self._returned.set()

    def carry_out(self) -> None:
        """The whole run; whatever happens in it ends up in the row, unless that has a new worker."""
        run_id.set(self._run.part_of_id or self._run.pk)
        try:
            self._attempt()
        except LeaseLostError:
            log.warning("run %s has another worker now; what this one had is dropped", self._run.pk)

    def _attempt(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="hat-run-", ignore_cleanup_errors=True) as folder:
                self._run_cases(Path(folder))
        except LeaseLostError:
            raise
        except HatError as problem:
            self._finish("error", reason=str(problem))
        except Exception as bug:
            log.exception("run %s ended by a bug", self._run.pk)
            self._finish("error", reason=f"internal error: {type(bug).__name__}: {bug}")

    def _resume(self, folder: Path) -> None:
        """Read what is to be done, and count what an earlier attempt stored: that is not run again."""
        self._stored, self._progress = set(), Progress(self._run.total)
        whole = self._run.part_of or self._run
        self._snapshot = Snapshot.unpack(whole.snapshot.packed)
        self._positions = shards.positions(self._run, len(self._snapshot.cases))
        earlier = CaseRun.objects.filter(run=whole).values_list("seq", "outcome", "counts")
        for seq, outcome, counts in earlier:
            if position_of(seq) not in self._positions:
                continue
            self._stored.add(seq)
            self._progress.add(outcome, counts)
        project_id = self._run.project_id
        self._environment = read_environment(self._snapshot, project_id=project_id)
        self._targets = targets_of(self._run.project)
        self._terms = terms(self._run.project, self._targets)
        try:
            write_folder(self._snapshot, folder, project_id=project_id)
        except OSError as problem:
            raise HatError(f"the worker cannot write the files of the run: {problem.strerror}") from problem
        done = {whole_case(seq) for seq in self._stored}
        positions = [place for place in self._positions if place not in done]
        # The rows such a case has stored are counted already, and come again when it is prepared.
        self._counted = sum(position_of(seq) in positions for seq in self._stored)
        self._cases, self._unreadable = read_cases(self._snapshot, positions, folder, project_id=project_id)

    def _run_cases(self, folder: Path) -> None:
        self._ask(lambda: self._resume(folder))
        for result in self._unreadable:
            self._keep(result)
        stream = self._loop.stream(self._cases, self._environment, self._options())
        try:
            while not (stream.is_over or self._returned.is_set()):
                self._follow(stream)
            if self._returned.is_set():
                self._leave(stream)
                return
        finally:
            stream.stop()
        self._finish(*self._verdict())

    def _follow(self, stream: Stream) -> None:
        for event in stream.take(wait_s=FLUSH_S, most=FLUSH_RESULTS):
            self._hear(event)
        self._look(stream)

    def _leave(self, stream: Stream) -> None:
        """Let the cases under way tear down, keep what is whole, and give the run to another worker."""
        deadline = time.monotonic() + LEAVE_S
        while not stream.is_over and time.monotonic() < deadline:
            self._follow(stream)
        self._flush()
        self._ask(lambda: queue.hand_back(self._lease))

    def _options(self) -> engine.Options:
        options = {**self._snapshot.options, "rows": read_choice(self._snapshot.options.get("rows", ""))}
        return engine.Options(
            sandbox=self._terms,
            targets=self._targets,
            name=self._run.name,
            cancelled=self._must_stop,
            **{**options, "concurrency": shards.share(self._run, options.get("concurrency"))},
        )

    def _must_stop(self) -> bool:
        """Asked by the engine, from the loop."""
        return self._cancelled_at is not None or self._returned.is_set() or self._has_lost_touch()

    def _hear(self, event: Event) -> None:
        if isinstance(event, CaseFinished):
            # What was cut off is run again by whoever takes the run next.
            if not (self._returned.is_set() and _was_cut(event.case)):
                self._keep(event.case)
        elif isinstance(event, RunStarted) and event.total is not None:
            self._progress.total = self._progress.done + event.total - self._counted

    def _keep(self, result: CaseResult) -> None:
        stored = rows_of(result, self._lease, self._snapshot)
        row = stored.row
        if row.seq in self._stored:
            return
        self._stored.add(row.seq)
        self._new.append(stored)
        self._progress.add(row.outcome, row.counts)

    def _look(self, stream: Stream) -> None:
        """Store what is new or show that we live; see whether somebody wants us to end."""
        since = time.monotonic() - self._written
        now = stream.underway.column() if self._new or since > SHOWN_S else self._underway
        if self._new or now != self._underway or since > HEARTBEAT_S:
            self._underway = now
            self._flush()
        if self._cancelled_at is not None:
            if time.monotonic() - self._cancelled_at > CANCEL_S:
                stream.stop()
            return
        self._too_long = time.monotonic() - self._began > self._run.deadline_s
        if self._too_long or self._ask(lambda: queue.cancel_asked(self._lease)):
            self._cancelled_at = time.monotonic()

    def _flush(self) -> None:
        new, columns = self._new, {**self._progress.columns(), "underway": self._underway}
        self._ask(lambda: queue.flush(self._lease, columns, new))
        self._new = []
        self._written = time.monotonic()

    def _verdict(self) -> tuple[str, str]:
        if self._too_long:
            return "error", f"the run took longer than {self._run.deadline_s} s"
        if self._cancelled_at is not None:
            return "", "cancelled"
        return self._progress.outcome.value, ""

    def _finish(self, outcome: str, reason: str = "") -> None:
        columns, new = self._progress.columns(), self._new
        self._ask(lambda: queue.finish(self._lease, columns, new, outcome=outcome, reason=reason))

    def _ask(self, what: Callable[[], bool | None]) -> bool:
        """Ask or tell the database, again and again while it is away, but not longer than the run is ours."""
        while True:
            if self._has_lost_touch():
                self._let_go()
            try:
                answer = what()
            except AWAY as reason:
                log.warning("run %s: the database does not answer: %s", self._run.pk, reason)
                connection.close()
                time.sleep(0.2)
            else:
                self._answered = time.monotonic()
                return bool(answer)

    def _has_lost_touch(self) -> bool:
        """Whether the database was silent for so long that the lease may end; from then on nothing counts."""
        if time.monotonic() - self._answered > SILENT_S:
            self._is_silent = True
        return self._is_silent

    def _let_go(self) -> NoReturn:
        """Give the run back at once if that is still ours to do; else its lease ends by itself."""
        with suppress(*AWAY):
            queue.hand_back(self._lease)
        raise LeaseLostError


def _was_cut(case: CaseResult) -> bool:
    """Whether a case did not get to its end, because the run was stopped."""
    return (case.error is not None and case.error.kind == "cancelled") or _is_cut(case.steps)


def _is_cut(steps: tuple[StepResult, ...]) -> bool:
    return any(
        (step.error is not None and step.error.kind == "cancelled") or _is_cut(step.steps) for step in steps
    )
