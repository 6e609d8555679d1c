"""What tasks wait for: a time, a socket, a thread, an event, each other, their turn."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from socket import SO_ERROR, SOL_SOCKET, socket
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

from hat.engine.loop import CancelledError, Future, Pause, Report, Timer, current_task, running
from hat.engine.sockets import READ, WRITE

Result = TypeVar("Result")


async def sleep(seconds: float) -> None:
    """Wait so long; 0 lets the others have their turn."""
    if seconds <= 0:
        await Pause()
        return
    over: Future[None] = Future()
    timer = running().at(monotonic() + seconds, over.set)
    try:
        await over
    finally:
        timer.call_off()


class _Waiting:
    """Who waits to read a socket, and who to write it."""

    __slots__ = ("by_what", "fd", "hear")

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.by_what: dict[int, Future[None]] = {}
        self.hear: Report = self._hear  # one object: the loop knows by it whose the socket is

    def _hear(self, _fd: int, happened: int) -> None:
        for what, future in list(self.by_what.items()):
            if what & happened:
                future.set()


async def happens(fd: int, what: int) -> None:
    """Wait until a socket can be read or written."""
    loop = running()
    waiting = loop.waiting.get(fd)
    if waiting is None:
        waiting = loop.waiting[fd] = _Waiting(fd)
    over = waiting.by_what[what] = Future[None]()
    loop.watch(fd, sum(waiting.by_what), waiting.hear)
    try:
        await over
    finally:
        if waiting.by_what.get(what) is over:
            del waiting.by_what[what]
        loop.watch(fd, sum(waiting.by_what), waiting.hear)
        if not waiting.by_what and loop.waiting.get(fd) is waiting:
            del loop.waiting[fd]


async def receive(sock: socket, most: int) -> bytes:
    """The bytes that come first; none at the end."""
    while True:
        try:
            return sock.recv(most)
        except BlockingIOError:
            await happens(sock.fileno(), READ)


async def send_all(sock: socket, data: bytes) -> None:
    """Send all of it."""
    while data:
        try:
            data = data[sock.send(data) :]
        except BlockingIOError:
            await happens(sock.fileno(), WRITE)


async def connect(sock: socket, where: Any) -> None:
    """Connect to an address."""
    try:
        sock.connect(where)
    except BlockingIOError:
        await happens(sock.fileno(), WRITE)
        number = sock.getsockopt(SOL_SOCKET, SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number)) from None


async def in_thread(act: Callable[..., Result], *given: object) -> Result:
    """What a function gives that would hold the loop up, called in a thread of its own."""
    loop = running()
    loop.open_to_threads()
    over: Future[Result] = Future()

    def carry_out() -> None:
        try:
            result = act(*given)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            failed = error
            loop.call(lambda: over.set(error=failed))
        else:
            loop.call(lambda: over.set(result))

    threading.Thread(target=carry_out, daemon=True).start()
    return await over


async def all_ended(tasks: Iterable[Future[Any]]) -> None:
    """Wait until tasks have ended, however they do."""
    for task in tasks:
        await task.ended()


class timeout_at:  # noqa: N801 - it reads as the function it stands for
    """`async with timeout_at(when)` raises TimeoutError where its block waits at that time; None is never."""

    __slots__ = ("_cancels", "_is_over", "_task", "_timer", "_when")

    def __init__(self, when: float | None) -> None:
        self._when = when
        self._is_over = False
        self._timer: Timer | None = None

    async def __aenter__(self) -> Self:
        self._task = current_task()
        self._cancels = self._task.cancels
        if self._when is not None:
            self._timer = running().at(self._when, self._end)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.call_off()
        if self._is_over:
            self._task.uncancel()
            if kind is CancelledError and self._task.cancels <= self._cancels:  # nobody else cancels it
                raise TimeoutError from error

    def _end(self) -> None:
        self._is_over = True
        self._task.cancel()


def timeout(seconds: float) -> timeout_at:
    """`async with timeout(seconds)` raises TimeoutError where its block waits after so long."""
    return timeout_at(monotonic() + seconds)


class Event:
    """Something that happens, and tasks that wait for it."""

    def __init__(self) -> None:
        self._future: Future[None] = Future()

    @property
    def is_set(self) -> bool:
        return self._future.is_done

    def set(self) -> None:
        """It has happened."""
        self._future.set()

    def clear(self) -> None:
        """It has not happened again."""
        if self._future.is_done:
            self._future = Future()

    async def wait(self) -> None:
        """Wait for it."""
        await self._future


class Lock:
    """`async with lock` lets one in at a time, in the order they came."""

    def __init__(self) -> None:
        self.is_held = False
        self._waiting: deque[Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self.is_held:
            self.is_held = True
            return
        turn: Future[None] = Future()
        self._waiting.append(turn)
        try:
            await turn
        except CancelledError:
            if turn.is_done:
                self._hand_on()
            else:
                self._waiting.remove(turn)
            raise

    async def __aexit__(self, *_: object) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        """Let the next one in; it holds the lock from now on."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self.is_held = False
