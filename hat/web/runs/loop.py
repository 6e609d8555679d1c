"""The one asyncio loop of a worker process: engine streams run on it, threads read their events."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue

from hat.case import Case, Environment
from hat.engine.options import Options
from hat.engine.runner import batches
from hat.event import CaseFinished, Event, RunFinished, RunStarted

TOGETHER_S = 0.02  # events of so long a time come together, so that the loop is not stopped for each
MOST_WAITING = 1000  # events a slow database may lag behind before the engine waits for it


class Stream:
    """The events of one run, handed from the loop to the thread that stores them."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._future: Future[None] | None = None

    def follow(self, future: Future[None]) -> None:
        self._future = future
        future.add_done_callback(lambda _future: self._events.put(None))

    async def pump(self, cases: Sequence[Case], environment: Environment | None, options: Options) -> None:
        """Runs on the loop: put what matters to a listener, wait when the listener is far behind."""
        async with aclosing(batches(cases, environment, options, every_s=TOGETHER_S)) as found:
            async for batch in found:
                for event in batch:
                    if isinstance(event, CaseFinished | RunStarted | RunFinished):
                        self._events.put(event)
                while self._events.qsize() > MOST_WAITING:
                    await asyncio.sleep(TOGETHER_S)

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
        return self._future is None

    def stop(self) -> None:
        """Give up the stream where it stands."""
        if self._future is not None:
            self._future.cancel()

    def _end(self) -> None:
        future, self._future = self._future, None
        if future is not None and not future.cancelled():
            future.result()


class Loop:
    """A thread that runs an asyncio loop for as long as the process lives."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()
        self._beat = time.monotonic()
        self._loop.call_soon_threadsafe(self._keep_beating)

    def stream(self, cases: Sequence[Case], environment: Environment | None, options: Options) -> Stream:
        """Begin to run cases; the events are read from the answer."""
        stream = Stream()
        pumping = stream.pump(cases, environment, options)
        stream.follow(asyncio.run_coroutine_threadsafe(pumping, self._loop))
        return stream

    @property
    def silent_s(self) -> float:
        """For how long the loop has not come round; a watchdog ends the process when that is too long."""
        return time.monotonic() - self._beat

    def close(self) -> None:
        """Stop the loop; streams still on it are given up."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _keep_beating(self) -> None:
        self._beat = time.monotonic()
        self._loop.call_later(1.0, self._keep_beating)


async def _cancel_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
