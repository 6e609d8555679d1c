"""A worker process: take runs, keep the clock ticking, sweep, stop cleanly; by the database or by hints."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection

from hat.web.process import end_with_parent
from hat.web.runs import queue
from hat.web.runs.crew import POLL_S, Crew, owner_of, patiently
from hat.web.runs.labels import Taste

log = logging.getLogger(__name__)

LOOK_S = 0.5
TICK_S = 1.0
LEAVE_S = 3.0
SETTLE_S = 60.0  # after a start: a machine that sleeps at night forgets old things by day
AGAIN_S = 3600.0
SWEEP_S = 4.0 + os.getpid() % 20 / 10  # each process at its own pace


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


class Chores:
    """What every process of a fleet does beside its work: tick the schedules, sweep for lost runs.

    First of all, once: give back what a dead worker of the name `recover` held.
    """

    def __init__(
        self, tick: Callable[[], object], nightly: Callable[[], object], *, recover: str = ""
    ) -> None:
        self._tick = tick
        self._nightly = nightly
        self._recover = recover
        self._tick_due = self._sweep_due = 0.0
        self._nightly_due = time.monotonic() + SETTLE_S
        self._day = 0

    def turn(self) -> None:
        """Do what is due."""
        now = time.monotonic()
        if self._recover:
            queue.recover(self._recover, heir=owner_of(self._recover))
            self._recover = ""
        if now >= self._sweep_due:
            queue.sweep()
            self._sweep_due = now + SWEEP_S
        if now >= self._tick_due:
            self._tick()
            self._tick_due = now + TICK_S
        if now >= self._nightly_due and (day := _day()) != self._day:
            self._forget(day)

    def _forget(self, day: int) -> None:
        """What cannot be forgotten now is tried again later, and is no reason for a worker to end."""
        try:
            self._nightly()
        except DatabaseError:
            log.exception("what is old could not be forgotten")
            self._nightly_due = time.monotonic() + AGAIN_S
        else:
            self._day = day


def _day() -> int:
    """The day, which begins when few are at work: at three in the morning, UTC."""
    return int((time.time() - 3 * 3600) // 86_400)


class Aside:
    """A thread for what may take long and must hold up nothing: it does its turn every second."""

    def __init__(self, turn: Callable[[], object], stop: Stop) -> None:
        self._turn = turn
        self._stop = stop
        self._thread = threading.Thread(target=self._go, name="aside", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Wait a moment for the turn under way; what it does not finish, others do."""
        self._thread.join(LEAVE_S)

    def _go(self) -> None:
        while not self._stop.wait(TICK_S):
            patiently(self._turn)
        connection.close()


@dataclass(frozen=True, slots=True)
class Duty:
    """What a worker process is told to do."""

    tick: Callable[[], object]
    nightly: Callable[[], object]
    alert: Callable[[], object]
    name: str = ""
    slots: int = 4
    drain_s: float = 10.0
    recover: bool = False
    taste: Taste = queue.USUAL

    @property
    def worker(self) -> str:
        """The worker's name."""
        return self.name or f"{socket.gethostname()}:{os.getpid()}"


def work(duty: Duty) -> int:
    """The process of a worker that asks the database: until SIGTERM or Ctrl+C."""
    stop = Stop()
    end_with_parent(stop.ask, grace_s=duty.drain_s + 10)
    crew = Crew(duty.worker, slots=duty.slots, transport="db", taste=duty.taste)
    chores = Chores(duty.tick, duty.nightly, recover=duty.worker if duty.recover else "")
    aside = Aside(duty.alert, stop)

    def turn() -> None:
        chores.turn()
        crew.show()
        crew.take()

    while not stop.wait(POLL_S):
        patiently(turn)
        crew.watch_loop()
    crew.leave(duty.drain_s)
    aside.leave()
    return 0


def keep_time(duty: Duty) -> int:
    """The process of `hat clock`: tick once a second, send alerts, take runs from workers that are gone."""
    stop = Stop()
    end_with_parent(stop.ask)
    chores = Chores(duty.tick, duty.nightly)
    aside = Aside(duty.alert, stop)
    while not stop.wait(TICK_S):
        patiently(chores.turn)
    aside.leave()
    return 0
