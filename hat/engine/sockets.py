"""Watch sockets by their numbers: by epoll where there is one, by what `selectors` finds elsewhere."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, Protocol

READ: Final = 1
WRITE: Final = 2

_POLL_IN: Final = 1  # EPOLLIN and EPOLLOUT, which only Linux has names for
_POLL_OUT: Final = 4
_EVENTS: Final = {READ: _POLL_IN, WRITE: _POLL_OUT, READ | WRITE: _POLL_IN | _POLL_OUT}
_HAPPENED: Final = {_POLL_IN: READ, _POLL_OUT: WRITE}
_LONGEST_S: Final = 1.0


class Sockets(Protocol):
    """Sockets by number, each watched for READ, WRITE or both."""

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""

    def rest(self, fd: int) -> None:
        """Watch a socket no more until it is wanted again; it may be closed meanwhile if it has no copy."""

    def wait(self, seconds: float | None) -> Iterable[tuple[int, int]]:
        """What happened on which sockets, at the latest after so long; None waits for something."""

    def close(self) -> None:
        """Watch nothing any more."""


class PolledSockets:
    """One epoll object: cheap to change for every request (Linux)."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._known: set[int] = set()
        self._resting: set[int] = set()

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""
        self._resting.discard(fd)
        if not what:
            self._known.discard(fd)
            with suppress(OSError):  # it was closed before
                self._poll.unregister(fd)
        elif fd in self._known:
            try:
                self._poll.modify(fd, _EVENTS[what])
            except FileNotFoundError:  # it was closed, and its number is another socket's
                self._poll.register(fd, _EVENTS[what])
        else:
            self._known.add(fd)
            self._poll.register(fd, _EVENTS[what])

    def rest(self, fd: int) -> None:
        """Watch a socket no more until it is wanted again; it may be closed meanwhile if it has no copy."""
        self._resting.add(fd)  # Linux takes out what is closed

    def wait(self, seconds: float | None) -> Iterable[tuple[int, int]]:
        """What happened on which sockets, at the latest after so long; None waits for something."""
        happened = self._poll.poll(seconds)
        if self._resting:
            for fd in self._resting.intersection([fd for fd, _ in happened]):
                self.watch(fd, 0)  # the other side has closed it
                happened = [one for one in happened if one[0] != fd]
        return [(fd, _HAPPENED.get(event, READ | WRITE)) for fd, event in happened]

    def close(self) -> None:
        """Watch nothing any more."""
        self._poll.close()


class SelectedSockets:
    """The best that Python finds on other systems."""

    def __init__(self) -> None:
        from selectors import DefaultSelector  # noqa: PLC0415  Linux does not need it

        self._selector = DefaultSelector()

    def watch(self, fd: int, what: int) -> None:
        """Watch a socket for exactly this from now on; 0 ends it."""
        known: Any = self._selector.get_map()
        if fd in known:
            self._selector.unregister(fd)
        if what:
            self._selector.register(fd, what)  # its events have the numbers of ours

    def rest(self, fd: int) -> None:
        """Watch a socket no more until it is wanted again; it may be closed meanwhile if it has no copy."""
        self.watch(fd, 0)

    def wait(self, seconds: float | None) -> Iterable[tuple[int, int]]:
        """What happened on which sockets, at the latest after so long; None waits for something."""
        if not self._selector.get_map():  # Windows cannot wait for nothing
            time.sleep(_LONGEST_S if seconds is None else seconds)
            return []
        return [(key.fd, what) for key, what in self._selector.select(seconds)]

    def close(self) -> None:
        """Watch nothing any more."""
        self._selector.close()


def sockets() -> Sockets:
    """The cheapest way this system offers."""
    return PolledSockets() if hasattr(select, "epoll") else SelectedSockets()
