"""The loop the engine runs on: coroutines, timers and sockets, and nothing that a run does not need.

It does for `async def` functions what asyncio would do, and differs in three ways. To import it costs next to
nothing, where asyncio is a third of a cold start. What happens on a socket wakes the task that waits for it
in the same round. And who waits for a task does not own it: a cancel ends the waiting and leaves the task
alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from heapq import heapify, heappop, heappush
from itertools import count
from socket import socket, socketpair
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from hat.engine.sockets import READ, sockets

Result = TypeVar("Result")
Report = Callable[[int, int], None]

_MANY_OFF: Final = 256  # timers that were called off and still lie in the heap


class _Here(threading.local):
    """What runs in this thread."""

    loop: Loop | None = None


_here = _Here()


class CancelledError(BaseException):
    """Raised where a task waits once it is cancelled."""


class Future(Generic[Result]):
    """A result that comes later; tasks wait for it by `await`."""

    __slots__ = ("_error", "_result", "_waiting", "is_done")

    def __init__(self) -> None:
        self.is_done = False
        self._result: Any = None
        self._error: BaseException | None = None
        self._waiting: list[Task[Any]] = []

    def set(self, result: Any = None, error: BaseException | None = None) -> None:
        """Give the result, or the error to raise; the first one counts. Whoever waits goes on."""
        if self.is_done:
            return
        self.is_done, self._result, self._error = True, result, error
        for task in self._waiting:
            task.go_on()
        self._waiting.clear()

    @property
    def error(self) -> BaseException | None:
        """The error it ended with."""
        return self._error

    def result(self) -> Result:
        """The result; raises the error it ended with."""
        if self._error is not None:
            raise self._error
        found: Result = self._result
        return found

    def __await__(self) -> Generator[Any, None, Result]:
        if not self.is_done:
            yield self
        return self.result()

    async def ended(self) -> None:
        """Wait for the end, whatever it is."""
        if not self.is_done:
            await Pause(self)

    def add(self, task: Task[Any]) -> None:
        """Let a task wait for it."""
        self._waiting.append(task)

    def remove(self, task: Task[Any]) -> None:
        """Let a task wait no more."""
        self._waiting.remove(task)


class Pause:
    """To be awaited: a task stops here until a future ends; without one it only lets others go first."""

    __slots__ = ("_future",)

    def __init__(self, future: Future[Any] | None = None) -> None:
        self._future = future

    def __await__(self) -> Generator[Any, None, None]:
        yield self._future


class Task(Future[Result]):
    """A coroutine on its way: its future is what it returns or raises. It begins, also when cancelled."""

    __slots__ = ("_has_begun", "_is_struck", "_loop", "_waits_for", "_work", "cancels")

    def __init__(self, work: Coroutine[Any, Any, Result], loop: Loop) -> None:
        super().__init__()
        self._work = work
        self._loop = loop
        self._waits_for: Future[Any] | None = None
        self._has_begun = False
        self._is_struck = False  # CancelledError is raised in it when its turn comes
        self.cancels = 0  # how many it was asked for, and has not taken back

    def cancel(self) -> None:
        """End it: CancelledError is raised where it waits."""
        if not self.is_done:
            self.cancels += 1
            self._is_struck = True
            if self._waits_for is not None:
                self._waits_for.remove(self)
                self.go_on()

    def uncancel(self) -> None:
        """Take a cancel back: whoever caught it goes on, and nothing is raised that still was to be."""
        self.cancels -= 1
        if not self.cancels:
            self._is_struck = False

    def go_on(self) -> None:
        """What it waited for has come."""
        self._waits_for = None
        self._loop.ready.append(self)

    def step(self) -> None:
        """Run it until it waits again or ends."""
        try:
            if self._is_struck and self._has_begun:
                self._is_struck = False
                waits_for = self._work.throw(CancelledError())
            else:
                self._has_begun = True
                waits_for = self._work.send(None)
        except StopIteration as end:
            self.set(end.value)
        except (Exception, CancelledError) as error:  # noqa: BLE001 - who waits for the task hears of it
            self.set(error=error)
        except BaseException as error:  # Ctrl-C ends the whole loop
            self.set(error=error)
            raise
        else:
            if waits_for is None or self._is_struck:  # it only lets others go first, or was cancelled before
                self._loop.ready.append(self)
            else:
                self._waits_for = waits_for
                waits_for.add(self)


class Timer:
    """Something to do at a time, unless it is called off."""

    __slots__ = ("_loop", "act", "when")

    def __init__(self, when: float, act: Callable[[], None], loop: Loop) -> None:
        self.when = when
        self.act: Callable[[], None] | None = act
        self._loop = loop

    def call_off(self) -> None:
        """Do nothing after all."""
        if self.act is not None:
            self.act = None
            self._loop.forget_timer()


class Loop:
    """Runs tasks in the thread that calls `run`; it may be left and entered again as often as one likes."""

    def __init__(self) -> None:
        self.ready: deque[Task[Any]] = deque()
        self.task: Task[Any] | None = None
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = count()
        self._off = 0
        self._sockets = sockets()
        self._reports: dict[int, Report] = {}
        self.waiting: dict[int, Any] = {}  # who waits for which socket: see `waiting.happens`
        self._calls: deque[Callable[[], object]] = deque()
        self._bell: tuple[socket, socket] | None = None

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What the coroutine gives; other tasks run meanwhile, and stand still afterwards."""
        task = self.spawn(work)
        outside = _here.loop
        _here.loop = self
        try:
            self._turn_until(task)
        except BaseException:  # Ctrl-C where nobody took it over: what was begun is ended in order
            task.cancel()
            self._turn_until(task)
            raise
        finally:
            _here.loop = outside
        return task.result()

    def spawn(self, work: Coroutine[Any, Any, Result]) -> Task[Result]:
        """Begin a task; it runs when the loop has its next turn."""
        task = Task(work, self)
        self.ready.append(task)
        return task

    def at(self, when: float, act: Callable[[], None]) -> Timer:
        """Do something at a time of the clock `monotonic`."""
        timer = Timer(when, act, self)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def watch(self, fd: int, what: int, report: Report) -> None:
        """Report what happens on a socket, from now on exactly this; 0 ends it."""
        if what:
            self._reports[fd] = report
        elif self._reports.get(fd) is not report:
            return  # the number belongs to another socket by now
        else:
            del self._reports[fd]
        self._sockets.watch(fd, what)

    def rest(self, fd: int, report: Report) -> None:
        """Watch a socket no more that is wanted again soon, or closed and has no copy: see `Sockets.rest`."""
        if self._reports.get(fd) is report:
            del self._reports[fd]
            self._sockets.rest(fd)

    def open_to_threads(self) -> None:
        """Be ready for `call`; to be said in the loop's own thread, or before it has one."""
        if self._bell is None:
            self._bell = near, far = socketpair()
            near.setblocking(False)
            far.setblocking(False)
            self.watch(near.fileno(), READ, lambda _fd, _what: self._answer(near))

    def call(self, act: Callable[[], object]) -> None:
        """Do something on the loop, asked by another thread."""
        self._calls.append(act)
        bell = self._bell
        if bell is not None:
            try:
                bell[1].send(b"x")
            except (BlockingIOError, OSError):
                pass  # it rings already, or the loop is closed

    def close(self) -> None:
        """Let what was cancelled end, and watch nothing any more."""
        outside = _here.loop
        _here.loop = self
        try:
            while self.ready:
                self._run_ready()
        finally:
            _here.loop = outside
        self._sockets.close()
        for end in self._bell or ():
            end.close()
        self._bell = None

    def forget_timer(self) -> None:
        """A timer was called off; when many were, they leave the heap."""
        self._off += 1
        if self._off > _MANY_OFF and self._off * 2 > len(self._timers):
            self._timers = [entry for entry in self._timers if entry[2].act is not None]
            heapify(self._timers)
            self._off = 0

    def _turn_until(self, task: Task[Any]) -> None:
        while not task.is_done:
            for fd, what in self._sockets.wait(self._patience()):
                report = self._reports.get(fd)
                if report is not None:
                    report(fd, what)
            if self._timers:
                self._act_in_time()
            self._run_ready()

    def _patience(self) -> float | None:
        """How long sockets may be waited for."""
        if self.ready:
            return 0.0
        return max(0.0, self._timers[0][0] - monotonic()) if self._timers else None

    def _act_in_time(self) -> None:
        """Do what is due."""
        now = monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heappop(self._timers)[2]
            act, timer.act = timer.act, None
            if act is None:
                self._off -= 1
            else:
                act()

    def _run_ready(self) -> None:
        """Run every task whose turn it is; those they wake have the next one."""
        ready = self.ready
        for _ in range(len(ready)):
            task = ready.popleft()
            if not task.is_done:
                self.task = task
                task.step()
        self.task = None

    def _answer(self, bell: socket) -> None:
        """Do what other threads asked for."""
        try:
            bell.recv(1 << 12)
        except BlockingIOError:
            pass
        while self._calls:
            self._calls.popleft()()


def running() -> Loop:
    """The loop that runs now."""
    loop = _here.loop
    if loop is None:
        raise RuntimeError("this runs on a loop of the engine: see hat.engine.loop")
    return loop


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """What the coroutine gives, on a loop of its own."""
    loop = Loop()
    try:
        return loop.run(work)
    finally:
        loop.close()


def spawn(work: Coroutine[Any, Any, Result]) -> Task[Result]:
    """Begin a task on the loop that runs now."""
    return running().spawn(work)


def current_task() -> Task[Any]:
    """The task that runs now."""
    task = running().task
    if task is None:
        raise RuntimeError("no task runs")
    return task
