"""Execute a run: cases through the engine, results into the database as they come."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import OperationalError, connection

from hat import engine
from hat.error import HatError
from hat.event import CaseFinished, Event, RunStarted
from hat.result import CaseResult
from hat.web.projects.services.targets import targets_of
from hat.web.runs import queue, shards
from hat.web.runs.loop import Loop, Stream
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.progress import Progress
from hat.web.runs.queue import Lease, LeaseLostError
from hat.web.runs.record import case_run, position_of, whole_case
from hat.web.runs.snapshot import Snapshot
from hat.web.runs.values import read_cases, read_environment, write_folder

log = logging.getLogger(__name__)

FLUSH_S = 0.25
FLUSH_RESULTS = 100
HEARTBEAT_S = 3.0
SILENT_S = 9.0  # without the database for so long we stop by ourselves, before the lease ends
CANCEL_S = 10.0  # how long a cancelled run may take to tear down


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
        self._progress = Progress(run.total)
        self._new: list[CaseRun] = []
        self._stored: set[int] = set()
        self._began = self._written = self._answered = time.monotonic()
        self._cancelled_at: float | None = None
        self._too_long = False
        self._returned = threading.Event()

    def give_back(self) -> None:
        """Stop at the next look, store what is there, put the run back into the queue."""
        self._returned.set()

    def carry_out(self) -> None:
        """The whole run; whatever happens in it ends up in the row, unless that has a new worker."""
        try:
            self._attempt()
        except LeaseLostError:
            log.warning("run %s has another worker now; what this one had is dropped", self._run.pk)

    def _attempt(self) -> None:
        try:
            self._resume()
            with tempfile.TemporaryDirectory(prefix="hat-run-") as folder:
                self._run_cases(Path(folder))
        except LeaseLostError:
            raise
        except HatError as problem:
            self._finish("error", reason=str(problem))
        except Exception as bug:
            log.exception("run %s ended by a bug", self._run.pk)
            self._finish("error", reason=f"internal error: {type(bug).__name__}: {bug}")

    def _resume(self) -> None:
        """Read what is to be done, and count what an earlier attempt stored: that is not run again."""
        whole = self._run.part_of or self._run
        self._snapshot = Snapshot.unpack(whole.snapshot.packed)
        self._positions = shards.positions(self._run, len(self._snapshot.cases))
        earlier = CaseRun.objects.filter(run=whole).values_list("seq", "outcome", "counts")
        for seq, outcome, counts in earlier:
            if position_of(seq) not in self._positions:
                continue
            self._stored.add(seq)
            self._progress.add(outcome, counts)

    def _run_cases(self, folder: Path) -> None:
        write_folder(self._snapshot, folder, project_id=self._run.project_id)
        done = {whole_case(seq) for seq in self._stored}
        positions = [place for place in self._positions if place not in done]
        cases, unreadable = read_cases(self._snapshot, positions, folder, project_id=self._run.project_id)
        for result in unreadable:
            self._keep(result)
        environment = read_environment(self._snapshot, project_id=self._run.project_id)
        stream = self._loop.stream(cases, environment, self._options())
        try:
            while not stream.is_over:
                for event in stream.take(wait_s=FLUSH_S, most=FLUSH_RESULTS):
                    self._hear(event)
                self._look(stream)
                if self._returned.is_set():
                    self._store(lambda: queue.flush(self._lease, self._progress.columns(), self._new))
                    self._store(lambda: queue.hand_back(self._lease))
                    return
        finally:
            stream.stop()
        self._finish(*self._verdict())

    def _options(self) -> engine.Options:
        options = self._snapshot.options
        return engine.Options(
            sandbox="strict",
            targets=targets_of(self._run.project),
            name=self._run.name,
            cancelled=lambda: self._cancelled_at is not None,
            **{**options, "concurrency": shards.share(self._run, options.get("concurrency"))},
        )

    def _hear(self, event: Event) -> None:
        if isinstance(event, CaseFinished):
            self._keep(event.case)
        elif isinstance(event, RunStarted) and event.total is not None:
            self._progress.total = self._progress.done + event.total

    def _keep(self, result: CaseResult) -> None:
        row = case_run(result, self._lease, self._snapshot)
        if row.seq in self._stored:
            return
        self._stored.add(row.seq)
        self._new.append(row)
        self._progress.add(row.outcome, row.counts)

    def _look(self, stream: Stream) -> None:
        """Store what is new or show that we live; see whether somebody wants us to end."""
        if self._new or time.monotonic() - self._written > HEARTBEAT_S:
            self._flush()
        if self._cancelled_at is not None:
            if time.monotonic() - self._cancelled_at > CANCEL_S:
                stream.stop()
            return
        self._too_long = time.monotonic() - self._began > self._run.deadline_s
        if self._too_long or self._store(lambda: queue.cancel_asked(self._lease)):
            self._cancelled_at = time.monotonic()

    def _flush(self) -> None:
        new = self._new
        self._store(lambda: queue.flush(self._lease, self._progress.columns(), new))
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
        self._store(lambda: queue.finish(self._lease, columns, new, outcome=outcome, reason=reason))

    def _store(self, write: Callable[[], bool | None]) -> bool:
        """Repeat a write while the database is away, but not longer than the lease is safely ours."""
        while True:
            try:
                answer = write()
            except OperationalError as reason:
                if time.monotonic() - self._answered > SILENT_S:
                    raise LeaseLostError from reason
                log.warning("run %s: the database does not answer: %s", self._run.pk, reason)
                connection.close()
                time.sleep(0.2)
            else:
                self._answered = time.monotonic()
                return bool(answer)
