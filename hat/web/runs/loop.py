"""The one engine loop of a worker process: engine streams run on it, threads read their events."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from queue import Empty, SimpleQueue

from hat.case import Case, Environment
from hat.engine.options import Options
from hat.engine.runner import batches
from hat.engine.thread import LoopThread
from hat.engine.waiting import sleep
from hat.event import CaseFinished, Event, RunFinished, RunStarted
from hat.web.runs.underway import Underway

TOGETHER_S = 0.02  # events of so long a time come together, so that the loop is not stopped for each
MOST_WAITING = 1000  # events a slow database may lag behind before the engine waits for it


class Stream:
    """The events of one run, handed from the loop to the thread that stores them."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._give_up: Callable[[], None] | None = None
        self.underway = Underway()

    def begin(
        self,
        thread: LoopThread,
        cases: Sequence[Case],
        environment: Environment | None,
        options: Options,
    ) -> None:
        """Let the loop begin to run cases."""
        self._give_up = thread.begin(lambda: self.pump(cases, environment, options), self._note_end)

    async def pump(self, cases: Sequence[Case], environment: Environment | None, options: Options) -> None:
        """Runs on the loop: put what matters to a listener, wait when the listener is far behind."""
        async with aclosing(batches(cases, environment, options, every_s=TOGETHER_S)) as found:
            async for batch in found:
                self.underway.hear(batch)
                for event in batch:
                    if isinstance(event, CaseFinished | RunStarted | RunFinished):
                        self._events.put(event)
                while self._events.qsize() > MOST_WAITING:
                    await sleep(TOGETHER_S)

    def take(self, *, wait_s: float, most: int) -> list[Event]:
        """Events that came within a time, at most so many; an error of the engine is raised here."""
        deadline = time.monotonic() + wait_s
        taken: list[Event] = []
        while len(taken) < most and not self.is_over:
            try:
                event = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                break
            if event is None:
                self._end()
            else:
                taken.append(event)
        return taken

    @property
    def is_over(self) -> bool:
        """Whether every event was taken."""
        return self._give_up is None

    def stop(self) -> None:
        """Give up the stream where it stands."""
        if self._give_up is not None:
            self._give_up()

    def _note_end(self, error: BaseException | None) -> None:
        self._error = error
        self._events.put(None)

    def _end(self) -> None:
        self._give_up = None
        if self._error is not None:
            raise self._error


class Loop:
    """A thread that runs the engine's loop for as long as the process lives."""

    def __init__(self) -> None:
        self._thread = LoopThread()
        self._beat = time.monotonic()
        self._thread.loop.call(self._keep_beating)

    def stream(self, cases: Sequence[Case], environment: Environment | None, options: Options) -> Stream:
        """Begin to run cases; the events are read from the answer."""
        stream = Stream()
        stream.begin(self._thread, cases, environment, options)
        return stream

    @property
    def silent_s(self) -> float:
        """For how long the loop has not come round; a watchdog ends the process when that is too long."""
        return time.monotonic() - self._beat

    def close(self) -> None:
        """Stop the loop; streams still on it are given up."""
        self._thread.close()

    def _keep_beating(self) -> None:
        self._beat = time.monotonic()
        self._thread.loop.at(self._beat + 1.0, self._keep_beating)
