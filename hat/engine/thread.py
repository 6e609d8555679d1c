"""A thread that runs the engine's loop, for those who have other things to do, or a loop of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from typing import Any

from hat.engine.loop import CancelledError, Future, Loop, Task
from hat.engine.waiting import all_ended

Work = Callable[[], Coroutine[Any, Any, None]]
Ended = Callable[[BaseException | None], object]


class LoopThread:
    """The thread; work may come from any other."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.loop.open_to_threads()
        self._over: Future[None] = Future()
        self._tasks: set[Task[None]] = set()
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)
        self._thread.start()

    def begin(self, work: Work, ended: Ended) -> Callable[[], None]:
        """Begin work; calling what comes back gives it up.

        How it ended is told on the loop's thread: the error, or None also where it was given up.
        """
        begun: list[Task[None]] = []

        def begin() -> None:
            begun.append(self.loop.spawn(_carry_out(work, ended)))
            self._tasks.difference_update([task for task in self._tasks if task.is_done])
            self._tasks.update(begun)

        def give_up() -> None:
            for task in begun:
                task.cancel()

        self.loop.call(begin)
        return lambda: self.loop.call(give_up)

    def close(self) -> None:
        """Give up what is still at work, and end the thread."""
        self.loop.call(self._over.set)
        self._thread.join()

    def _live(self) -> None:
        self.loop.run(self._wait())
        self.loop.close()

    async def _wait(self) -> None:
        await self._over
        for task in self._tasks:
            task.cancel()
        await all_ended(self._tasks)


async def _carry_out(work: Work, ended: Ended) -> None:
    """Do the work, and say how it ended; that it was given up is no error."""
    try:
        await work()
    except CancelledError:
        ended(None)
    except BaseException as error:  # noqa: BLE001 - it is told to who waits in another thread
        ended(error)
    else:
        ended(None)
