"""Move one request over the wire by libcurl on the running loop."""

from __future__ import annotations

from socket import socket
from time import monotonic
from typing import Final

import pycurl
from msgspec import Struct

from hat.engine.complaint import failure
from hat.engine.curl import Received, configure, handle, measure, reason, tidy
from hat.engine.door import Door
from hat.engine.loop import CancelledError, Future, Timer, running
from hat.engine.outgoing import Outgoing
from hat.engine.sockets import READ, WRITE
from hat.engine.targets import Targets

_IDLE_CONNECTIONS: Final = 256
_SPARE_HANDLES: Final = 256
_WANTED: Final = {
    pycurl.POLL_IN: READ,
    pycurl.POLL_OUT: WRITE,
    pycurl.POLL_INOUT: READ | WRITE,
    pycurl.POLL_REMOVE: 0,
}
_HAPPENED: Final = {
    READ: pycurl.CSELECT_IN,
    WRITE: pycurl.CSELECT_OUT,
    READ | WRITE: pycurl.CSELECT_IN | pycurl.CSELECT_OUT,
}


class _Active(Struct):
    """A transfer on its way: what it has received and who waits for it."""

    received: Received
    done: Future[tuple[int, str]]


class Transfers:
    """A curl multi handle driven by socket and timer callbacks of the running loop."""

    def __init__(self, targets: Targets | None = None) -> None:
        self._targets = targets
        self._doors: dict[pycurl.Curl, Door] = {}
        self._opened: list[socket] = []  # by the doors, in this turn of curl
        self._loop = running()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._schedule)
        self._multi.setopt(pycurl.M_MAXCONNECTS, _IDLE_CONNECTIONS)
        self._active: dict[pycurl.Curl, _Active] = {}
        self._spare: list[pycurl.Curl] = []
        self._certificates: dict[str, str] = {}
        self._watched: set[int] = set()
        self._timer: Timer | None = None
        self._deadline: float | None = None
        self._heard = self._hear  # one object: the loop knows by it whom a socket belongs to
        self._closed = False

    async def move(self, request: Outgoing, headers: list[tuple[str, str]]) -> Received:
        """Carry the request (its own headers are not looked at) and wait for the end, whatever it is."""
        easy = self._spare.pop() if self._spare else self._new_handle()
        received = Received()
        door = self._doors.get(easy)
        if door is not None:
            door.request = request
            if request.proxies and await self._refuse(easy, door, request, received):
                return received
        try:
            configure(easy, request, headers, received)
        except (pycurl.error, ValueError, UnicodeError) as error:
            self._end(easy)
            received.failure = ("request", f"the request cannot be sent: {reason(error)}")
            return received
        active = _Active(received, Future())
        self._active[easy] = active
        self._multi.add_handle(easy)
        self._act(pycurl.SOCKET_TIMEOUT, 0)
        try:
            code, text = await active.done
        except CancelledError:
            self._drop(easy)
            raise
        measure(easy, request, received)
        if request.url[:6].lower() == "https:":
            self._remember(request.url, received)
        if code and not received.truncated:
            received.failure = failure(easy, code, text, request, received)
            if door is not None and door.refused is not None:
                received.refuse(door.refused)
        if code or len(self._spare) >= _SPARE_HANDLES:
            self._end(easy)
        else:
            tidy(easy, request, received)
            if door is not None:
                door.shut(easy if received.rare else None)
            self._spare.append(easy)
        return received

    def _new_handle(self) -> pycurl.Curl:
        easy = handle()
        if self._targets is not None:
            self._doors[easy] = door = Door(self._targets, self._opened)
            door.hang(easy)
        return easy

    def _end(self, easy: pycurl.Curl) -> None:
        easy.close()
        self._doors.pop(easy, None)

    async def _refuse(self, easy: pycurl.Curl, door: Door, request: Outgoing, received: Received) -> bool:
        """Whether a request through a proxy must not be made."""
        why = await door.ask_ahead(request)
        if why is None:
            return False
        received.refuse(why)
        self._end(easy)
        return True

    def _remember(self, url: str, received: Received) -> None:
        """A certificate is seen when a connection begins, and counts for all its requests."""
        place = url.split("/", 3)[2]
        received.certificate_end = received.certificate_end or self._certificates.get(place, "")
        self._certificates[place] = received.certificate_end

    def close(self) -> None:
        """Drop what is on its way and close every connection."""
        if self._closed:
            return
        self._closed = True
        for easy in list(self._active):
            self._drop(easy)
        for easy in self._spare:
            self._end(easy)
        if self._timer:
            self._timer.call_off()
        self._multi.close()
        for fd in self._watched:
            self._loop.watch(fd, 0, self._heard)

    def _drop(self, easy: pycurl.Curl) -> None:
        active = self._active.pop(easy, None)
        if active is None:
            return
        self._multi.remove_handle(easy)
        self._end(easy)

    def _act(self, fd: int, mask: int) -> None:
        _, running = self._multi.socket_action(fd, mask)
        while self._opened:
            self._opened.pop().close()  # curl works on a copy
        self._settle(running)

    def _hear(self, fd: int, what: int) -> None:
        """Something happened on a socket of curl: tell it."""
        if not self._closed:
            self._act(fd, _HAPPENED[what])

    def _settle(self, running: int) -> None:
        """After curl had its turn: hand out what ended, and wake up when curl wants it."""
        if running < len(self._active):
            self._collect()
        if self._deadline is not None and (self._timer is None or self._timer.when > self._deadline):
            self._arm(self._deadline)

    def _collect(self) -> None:
        """Hand every ended transfer to the one who waits for it."""
        while True:
            queued, ended, failed = self._multi.info_read()
            for easy in ended:
                self._finish(easy, 0, "")
            for easy, code, text in failed:
                self._finish(easy, code, text)
            if not queued:
                return

    def _finish(self, easy: pycurl.Curl, code: int, text: str) -> None:
        active = self._active.pop(easy)
        self._multi.remove_handle(easy)
        active.done.set((code, text))

    def _watch(self, what: int, fd: int, multi: object, extra: object) -> None:
        """Curl says which sockets it waits for."""
        if self._closed or what not in _WANTED:
            return
        wanted = _WANTED[what]
        if wanted:
            self._watched.add(fd)
        else:
            self._watched.discard(fd)
            self._loop.rest(fd, self._heard)
            return
        self._loop.watch(fd, wanted, self._heard)

    def _schedule(self, timeout_ms: int) -> None:
        """Remember curl's next deadline; a timer that fires too early only costs one look."""
        self._deadline = None if timeout_ms < 0 else monotonic() + timeout_ms / 1000

    def _arm(self, deadline: float) -> None:
        if self._timer:
            self._timer.call_off()
        self._timer = self._loop.at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._deadline is None or self._closed:
            return
        if self._deadline > monotonic():
            self._arm(self._deadline)
            return
        self._deadline = None
        self._act(pycurl.SOCKET_TIMEOUT, 0)
