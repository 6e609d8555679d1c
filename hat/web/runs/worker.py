"""A worker: claims runs, carries each out on a thread of its own, shows itself, sweeps, stops cleanly."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection
from django.utils import timezone

from hat import __version__
from hat.web.process import end_with_parent
from hat.web.runs import queue
from hat.web.runs.execution import Execution
from hat.web.runs.loop import Loop
from hat.web.runs.models import Run, Worker

log = logging.getLogger(__name__)

POLL_S = 0.05
LOOK_S = 0.5
SEEN_S = 3.0
TICK_S = 1.0
SWEEP_S = 4.0 + os.getpid() % 20 / 10  # each process at its own pace
FORGET_H = 24
STUCK_S = 10.0
STUCK_TURNS = 40
STUCK = 70  # exit code of a worker that ended itself because its loop hung


class Stop:
    """Asked for by a signal; a plain flag, because a signal may come while an Event holds its own lock."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ask())

    def ask(self) -> None:
        self._asked = True

    def wait(self, seconds: float) -> bool:
        """Whether it was asked for within a time."""
        deadline = time.monotonic() + seconds
        while not self._asked and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_S))
        return self._asked


def work(name: str, *, slots: int, drain_s: float, recover: bool, tick: Callable[[], object]) -> int:
    """The process of `hat worker`: work until SIGTERM or Ctrl+C, ticking the clock once a second."""
    stop = Stop()
    end_with_parent(stop.ask, grace_s=drain_s + 10)
    name = name or f"{socket.gethostname()}:{os.getpid()}"
    if recover:
        queue.recover(name)
    Crew(name, slots=slots, tick=tick).work(stop, drain_s=drain_s)
    return 0


def keep_time(tick: Callable[[], object]) -> int:
    """The process of `hat clock`: tick once a second, and take runs from workers that are gone."""
    stop = Stop()
    end_with_parent(stop.ask)
    sweep_due = 0.0
    while not stop.wait(TICK_S):
        _patiently(tick)
        if time.monotonic() >= sweep_due:
            _patiently(queue.sweep)
            sweep_due = time.monotonic() + SWEEP_S
    return 0


class Crew:
    """The slots of one worker process, all on one engine loop."""

    def __init__(self, name: str, *, slots: int, tick: Callable[[], object]) -> None:
        self._owner = f"{name}#{os.getpid()}"
        self._tick = tick
        self._slots = slots
        self._loop = Loop()
        self._running: dict[int, tuple[threading.Thread, Execution]] = {}
        self._seen_due = self._sweep_due = self._tick_due = 0.0
        self._silent_turns = 0

    def work(self, stop: Stop, *, drain_s: float) -> None:
        """Claim and carry out runs until told to stop; then let them end, or give them back."""
        while not stop.wait(POLL_S):
            _patiently(self._turn)
            self._watch_loop()
        self._drain(time.monotonic() + drain_s)
        _patiently(self._sign_off)
        self._loop.close()

    def _watch_loop(self) -> None:
        """End the process when the loop hangs while we do not; after a freeze of both it gets time."""
        self._silent_turns = self._silent_turns + 1 if self._loop.silent_s > STUCK_S else 0
        if self._silent_turns > STUCK_TURNS:
            log.critical("the engine's loop hangs; this worker ends itself, so that another can go on")
            os._exit(STUCK)

    def _turn(self) -> None:
        now = time.monotonic()
        self._forget_finished()
        if now >= self._seen_due:
            self._show()
            self._seen_due = now + SEEN_S
        if now >= self._sweep_due:
            queue.sweep()
            self._sweep_due = now + SWEEP_S
        if now >= self._tick_due:
            self._tick()
            self._tick_due = now + TICK_S
        free = self._slots - len(self._running)
        if free > 0 and queue.anything_waits():
            for run in queue.claim(self._owner, free):
                self._carry_out(run)

    def _carry_out(self, run: Run) -> None:
        execution = Execution(run, self._loop)
        thread = threading.Thread(target=_on_thread, args=(execution,), name=f"run-{run.pk}")
        self._running[run.pk] = (thread, execution)
        thread.start()

    def _forget_finished(self) -> None:
        self._running = {pk: one for pk, one in self._running.items() if one[0].is_alive()}

    def _drain(self, deadline: float) -> None:
        running = list(self._running.values())
        for thread, _ in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        for _, execution in running:
            execution.give_back()
        for thread, _ in running:
            thread.join()

    def _show(self) -> None:
        """Be seen on the health page, beside workers that died less than a day ago."""
        now = timezone.now()
        seen = {"seen_at": now, "busy": len(self._running)}
        if Worker.objects.filter(owner=self._owner).update(**seen):
            return
        Worker.objects.filter(seen_at__lt=now - timedelta(hours=FORGET_H)).delete()
        Worker.objects.create(
            owner=self._owner,
            host=socket.gethostname(),
            pid=os.getpid(),
            slots=self._slots,
            version=__version__,
            **seen,
        )

    def _sign_off(self) -> None:
        Worker.objects.filter(owner=self._owner).delete()


def _on_thread(execution: Execution) -> None:
    try:
        execution.carry_out()
    finally:
        connection.close()


def _patiently(action: Callable[[], object]) -> None:
    """Do it, unless the database is away; then say so and let the next turn try again."""
    try:
        action()
    except OperationalError as reason:
        log.warning("the database does not answer: %s", reason)
        connection.close()
        time.sleep(1.0)
