"""Open connections for the functions of a project: judged and pinned here, handed over as a pipe."""

from __future__ import annotations

import errno
import json
import socket
from contextlib import suppress
from typing import Any, Final

from hat.engine.loop import CancelledError, Task, current_task, spawn
from hat.engine.targets import Targets
from hat.engine.waiting import all_ended, connect, in_thread, receive, send_all, timeout
from hat.result import Connection

MOST_AT_ONCE: Final = 16
MOST_BYTES: Final = 64 << 20  # of all connections of a box together, both ways
MOST_TOLD: Final = 200  # connections between two calls; a function that asks for more is told of no longer
_QUESTION: Final = 4096
_PIECE: Final = 1 << 16
_CONNECT_S: Final = 10.0
_INTERNET: Final = (socket.AF_INET, socket.AF_INET6)


class RefusedError(Exception):
    """Raised when a connection is not opened: the number of the system's error, and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number


class Broker:
    """Answers one box: where to is judged by the targets of the run, and the box never gets a real socket.

    What it gets is one end of a pipe; the bytes are carried over here. With a socket of the internet in
    hand it could make the kernel connect it anew, past every judgement.
    """

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._room = MOST_BYTES
        self._ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.setblocking(False)
        self._relays: set[Task[None]] = set()
        self._told: list[Connection] = []
        self._work: Task[None] | None = None

    def begin(self) -> None:
        """Listen, on the running loop; the box has its end by now."""
        self.theirs.close()
        self._work = spawn(self._serve())

    def end(self) -> None:
        """Hang up, and cut every connection."""
        self.theirs.close()
        if self._work is None:
            self._ours.close()
            return
        for task in (self._work, *self._relays):
            task.cancel()

    def take_told(self) -> list[Connection]:
        """The connections asked for since the last time."""
        told, self._told = self._told, []
        return told

    async def _serve(self) -> None:
        try:
            while question := await receive(self._ours, _QUESTION):
                await self._answer(question)
        except OSError:
            pass  # the box is gone, or does not take its answers
        finally:
            self._ours.close()

    async def _answer(self, question: bytes) -> None:
        try:
            host, port, limit_s = _read(question)
        except RefusedError as why:
            self._refuse(why)
            return
        try:
            outer = await self._connect(host, port, limit_s)
        except RefusedError as why:
            self._tell(Connection(host, port, refusal=str(why)))
            self._refuse(why)
            return
        self._tell(Connection(host, port, address=str(outer.getpeername()[0])))
        inner, given = socket.socketpair()
        inner.setblocking(False)
        with given:
            self._relays.add(spawn(self._relay(outer, inner)))
            socket.send_fds(self._ours, [b"{}"], [given.fileno()])

    def _tell(self, connection: Connection) -> None:
        if len(self._told) < MOST_TOLD:
            self._told.append(connection)

    def _refuse(self, why: RefusedError) -> None:
        answer = {"errno": why.number, "why": str(why)}
        self._ours.send(json.dumps(answer).encode())

    async def _connect(self, host: str, port: int, limit_s: float) -> socket.socket:
        """A connection to the first address of a name that may be reached and answers."""
        if len(self._relays) >= MOST_AT_ONCE:
            raise RefusedError(errno.EMFILE, f"functions may have {MOST_AT_ONCE} connections at once")
        problem = RefusedError(errno.ECONNREFUSED, f"{host} has no address")
        try:
            async with timeout(min(limit_s, _CONNECT_S)):
                for family, _, _, _, where in await _addresses(host, port):
                    if family not in _INTERNET:
                        continue
                    refusal = self._targets.refusal(host, str(where[0]), port)
                    if refusal is not None:
                        why = f"refused by the outbound policy: {refusal[0]}"
                        problem = RefusedError(errno.EACCES, why)
                        continue
                    opened = socket.socket(family, socket.SOCK_STREAM)
                    opened.setblocking(False)
                    try:
                        await connect(opened, where)
                    except OSError as error:
                        opened.close()
                        problem = RefusedError(error.errno or errno.ECONNREFUSED, error.strerror or "")
                        continue
                    except CancelledError:
                        opened.close()
                        raise
                    return opened
        except TimeoutError:
            raise RefusedError(errno.ETIMEDOUT, f"{host}:{port} does not answer") from None
        raise problem

    async def _relay(self, outer: socket.socket, inner: socket.socket) -> None:
        """Carry bytes both ways until both sides have no more."""
        both = [spawn(self._carry(outer, inner)), spawn(self._carry(inner, outer))]
        with outer, inner:
            try:
                await all_ended(both)
            finally:
                for one in both:
                    one.cancel()
                await all_ended(both)
                self._relays.discard(current_task())

    async def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := await receive(source, _PIECE):
                self._room -= len(piece)
                if self._room < 0:
                    raise OSError(errno.EDQUOT, "functions have sent and received too much")
                await send_all(sink, piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # one side broke off, or it was too much: the other way ends, too
            for end in (source, sink):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


async def _addresses(host: str, port: int) -> Any:
    """The addresses of a name, asked for once."""
    try:
        return await in_thread(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RefusedError(0, f"the name '{host}' cannot be resolved") from None


def _read(question: bytes) -> tuple[str, int, float]:
    """What a box asks for; whatever is not made as our stand-in makes it is refused."""
    try:
        host, port, limit_s = json.loads(question)
    except (ValueError, TypeError, RecursionError):
        raise RefusedError(errno.EINVAL, "not a question") from None
    if not isinstance(host, str) or not 0 < len(host) < 256 or not host.isprintable():
        raise RefusedError(errno.EINVAL, "not a host")
    if type(port) is not int or not 0 < port < 65536:
        raise RefusedError(errno.EINVAL, "not a port")
    if not isinstance(limit_s, (int, float)) or not 0 < limit_s <= _CONNECT_S:
        limit_s = _CONNECT_S
    return host, port, limit_s
