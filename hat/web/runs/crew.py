"""The runs a worker process has in hand: each on a thread of its own, all on one engine loop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hat import __version__
from hat.engine import loop
from hat.engine.sandbox.layers import offered
from hat.web.runs import queue
from hat.web.runs.execution import Execution
from hat.web.runs.labels import Taste
from hat.web.runs.loop import Loop
from hat.web.runs.models import Run, Worker

log = logging.getLogger(__name__)

NOTHING: Final = "none"  # in place of layers: no functions can run here at all
POLL_S = 0.05
SHOW_S = 3.0
FORGET_H = 24
STUCK_S = 10.0
STUCK_TURNS = 40
STUCK = 70  # exit code of a worker that ended itself because its loop hung


class Crew:
    """The slots of one worker process."""

    def __init__(self, name: str, *, slots: int, transport: str, taste: Taste = queue.USUAL) -> None:
        self.taste = taste
        self._owner = owner_of(name)
        self._slots = slots
        self._transport = transport
        self._loop = Loop()
        self._running: dict[int, Execution] = {}
        self._leaving = False
        self._show_due = 0.0
        self._examined: threading.Thread | None = None
        self._layers: tuple[str, ...] | None = None
        self._silent_turns = 0

    @property
    def is_full(self) -> bool:
        """Whether every slot is taken."""
        return len(self._running) >= self._slots

    @property
    def is_idle(self) -> bool:
        """Whether no run is in hand."""
        return not self._running

    def take(self) -> None:
        """Claim as many runs as there are free slots and begin them, each on a new thread."""
        if self.is_full or not self.taste.anything_waits():
            return
        for run in queue.claim(self._owner, self._slots - len(self._running), self.taste):
            execution = self._running[run.pk] = Execution(run, self._loop)
            threading.Thread(target=self._carry_out, args=(run, execution), name=f"run-{run.pk}").start()

    def work_off(self) -> None:
        """Carry out run after run on this thread until none waits, or others have all hands full."""
        taken: list[Run] = []
        while not (self._leaving or self.is_full):
            patiently(lambda: taken.extend(queue.claim(self._owner, taste=self.taste)))
            if not taken:
                break
            run = taken.pop()
            execution = self._running[run.pk] = Execution(run, self._loop)
            self._carry_out(run, execution)
        connection.close()

    def show(self) -> None:
        """Be seen on the health page, beside workers that died less than a day ago."""
        if time.monotonic() < self._show_due:
            return
        now = timezone.now()
        seen: dict[str, Any] = {"seen_at": now, "busy": len(self._running)}
        if self._layers is not None:
            seen["sandbox"] = " ".join(self._layers) or NOTHING
        if not Worker.objects.filter(owner=self._owner).update(**seen):
            Worker.objects.filter(seen_at__lt=now - timedelta(hours=FORGET_H)).delete()
            Worker.objects.create(
                owner=self._owner,
                host=socket.gethostname(),
                pid=os.getpid(),
                slots=self._slots,
                version=__version__,
                transport=self._transport,
                labels=list(self.taste.labels),
                unlabelled=self.taste.unlabelled,
                **seen,
            )
        elif self._examined is None:  # it has lived for a moment: a start costs nobody more than that
            self._examined = threading.Thread(target=self._examine, name="layers")
            self._examined.start()
        self._show_due = time.monotonic() + SHOW_S

    def _examine(self) -> None:
        """See which layers functions get here; the next sign of life tells it."""
        self._layers = loop.run(offered(settings.HAT_SANDBOX_WITHOUT))

    def watch_loop(self) -> None:
        """End the process when the loop hangs while we do not; after a freeze of both it gets time."""
        self._silent_turns = self._silent_turns + 1 if self._loop.silent_s > STUCK_S else 0
        if self._silent_turns > STUCK_TURNS:
            give_up("the engine's loop hangs")

    def leave(self, drain_s: float) -> None:
        """Claim no more; let runs end for a while, then give them back; sign off."""
        self._leaving = True
        deadline = time.monotonic() + drain_s
        while self._running and time.monotonic() < deadline:
            time.sleep(POLL_S)
        while self._running:
            for execution in list(self._running.values()):
                execution.give_back()
            time.sleep(POLL_S)
        if self._examined is not None:
            self._examined.join()
        patiently(lambda: Worker.objects.filter(owner=self._owner).delete())
        self._loop.close()

    def _carry_out(self, run: Run, execution: Execution) -> None:
        try:
            execution.carry_out()
        finally:
            connection.close()
            self._running.pop(run.pk, None)


def owner_of(name: str) -> str:
    """What this process of a worker writes on the runs it claims."""
    return f"{name}#{os.getpid()}"


def give_up(why: str) -> None:
    """End this process hard; the supervisor starts another, the runs go back to the queue."""
    log.critical("%s; this worker ends itself, so that another can go on", why)
    os._exit(STUCK)


def patiently(action: Callable[[], object]) -> None:
    """Do it, unless the database is away; then say so and let the next turn try again."""
    try:
        action()
    except queue.AWAY as reason:
        log.warning("the database does not answer: %s", reason)
        connection.close()
        time.sleep(1.0)
