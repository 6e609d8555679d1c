"""The one Celery task: a hint to take runs from the database; and the worker process that hears it."""

from __future__ import annotations

import threading
import time

from celery import signals
from celery.worker import state

from hat.web.celery import WAKE, app, queue_of
from hat.web.hints import broker_away_since
from hat.web.process import end_with_parent
from hat.web.runs.crew import Crew, give_up, patiently
from hat.web.runs.worker import Aside, Chores, Duty, Stop

PATIENCE_S = 3.0  # runs wait for so long though we are free: the hint was lost, or the broker is away
DEAF = 10  # so often in a row, with a broker that answers: Celery lost its ears
TURN_S = 0.5


class Ears:
    """Hears hints; takes what waits without one, and notices a Celery that does not listen any more."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._calm_at = time.monotonic()
        self._missed = 0

    def wake(self) -> None:
        """The body of the task."""
        self._missed = 0
        self._calm_at = time.monotonic()
        self._crew.work_off()

    def watch(self) -> None:
        """Go to work without a hint when runs wait and none comes; end the process when it is deaf."""
        if self._crew.is_full or not self._crew.taste.anything_waits():
            self._calm_at = time.monotonic()
        elif time.monotonic() - self._calm_at > PATIENCE_S:
            self._calm_at = time.monotonic()
            self._missed = self._missed + 1 if broker_away_since() is None else 0
            if self._missed > DEAF and self._crew.is_idle:
                give_up("runs wait, but no hint arrives")
            threading.Thread(target=self._crew.work_off, name="unbidden").start()


def work_by_hints(duty: Duty) -> int:
    """The process of a worker that waits for hints: until SIGTERM or Ctrl+C."""
    stop = Stop()
    end_with_parent(stop.ask, grace_s=duty.drain_s + 10)
    chores = Chores(duty.tick, duty.nightly, recover=duty.worker if duty.recover else "")
    aside = Aside(duty.alert, stop)
    crew = Crew(duty.worker, slots=duty.slots, transport="celery", taste=duty.taste)
    ears = Ears(crew)
    app.task(ears.wake, name=WAKE, ignore_result=True)
    signals.worker_shutting_down.connect(lambda **_: stop.ask(), weak=False)
    keeper = threading.Thread(target=_keep, args=(crew, ears, chores, stop, duty.drain_s), name="keeper")
    keeper.start()
    worker = app.Worker(
        hostname=f"hat@{duty.worker}",
        pool="threads",
        concurrency=duty.slots,
        queues=[queue_of(label) for label in duty.taste.names],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    stop.ask()
    keeper.join()
    aside.leave()
    return 0


def _keep(crew: Crew, ears: Ears, chores: Chores, stop: Stop, drain_s: float) -> None:
    """Beside Celery: be seen, tick, sweep, watch; at the end let the runs in hand end."""

    def turn() -> None:
        chores.turn()
        crew.show()
        ears.watch()

    while not stop.wait(TURN_S):
        patiently(turn)
        crew.watch_loop()
    # Celery looks at this about once a second; a signal would have told it, a broken rope does not.
    state.should_stop = 0
    crew.leave(drain_s)
