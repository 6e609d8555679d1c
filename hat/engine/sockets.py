"""Watch the sockets another library opened, on the running asyncio loop."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable, Iterable
from typing import Final, Protocol

READ: Final = 1
WRITE: Final = 2

_POLL_IN: Final = 1  # EPOLLIN and EPOLLOUT, which only Linux has names for
_POLL_OUT: Final = 4
_EVENTS: Final = {READ: _POLL_IN, WRITE: _POLL_OUT, READ | WRITE: _POLL_IN | _POLL_OUT}
_HAPPENED: Final = {_POLL_IN: READ, _POLL_OUT: WRITE}

Report = Callable[[Iterable[tuple[int, int]]], None]


class Sockets(Protocol):
    """Sockets by number, each watched for READ, WRITE or both; what happens is reported."""

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""

    def close(self) -> None:
        """Watch nothing any more."""


class PolledSockets:
    """One epoll object that the loop watches in turn: cheap to change for every request (Linux)."""

    def __init__(self, report: Report) -> None:
        self._loop = asyncio.get_running_loop()
        self._report = report
        self._poll = select.epoll()
        self._watched: set[int] = set()
        self._loop.add_reader(self._poll.fileno(), self._look)

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""
        if not what:
            self._watched.discard(fd)
            self._poll.unregister(fd)
        elif fd in self._watched:
            self._poll.modify(fd, _EVENTS[what])
        else:
            self._watched.add(fd)
            self._poll.register(fd, _EVENTS[what])

    def close(self) -> None:
        """Watch nothing any more."""
        self._loop.remove_reader(self._poll.fileno())
        self._poll.close()

    def _look(self) -> None:
        self._report([(fd, _HAPPENED.get(event, READ | WRITE)) for fd, event in self._poll.poll(0)])


class LoopSockets:
    """The loop's own readers and writers: works wherever asyncio can watch sockets."""

    def __init__(self, report: Report) -> None:
        self._loop = asyncio.get_running_loop()
        self._report = report
        self._watched: dict[int, int] = {}

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""
        before = self._watched.pop(fd, 0)
        if what:
            self._watched[fd] = what
        if what & READ and not before & READ:
            self._loop.add_reader(fd, self._report, [(fd, READ)])
        elif before & READ and not what & READ:
            self._loop.remove_reader(fd)
        if what & WRITE and not before & WRITE:
            self._loop.add_writer(fd, self._report, [(fd, WRITE)])
        elif before & WRITE and not what & WRITE:
            self._loop.remove_writer(fd)

    def close(self) -> None:
        """Watch nothing any more."""
        for fd in list(self._watched):
            self.watch(fd, 0)


def sockets(report: Report) -> Sockets:
    """The cheapest way this system offers."""
    return PolledSockets(report) if hasattr(select, "epoll") else LoopSockets(report)
