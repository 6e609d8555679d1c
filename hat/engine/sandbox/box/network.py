"""The network of a project that may have one: every connection is asked for, and the host opens it."""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
from typing import Any, Final

_ANSWER: Final = 4096
_PORTS: Final = {"http": 80, "https": 443}
_plain: Final = socket.socket
_make_pair: Final = socket.socketpair


class Line:
    """The line to the host: one question at a time."""

    def __init__(self, fd: int) -> None:
        self._sock = _plain(fileno=fd)
        self._turn = threading.Lock()

    def connect(self, host: str, port: int, timeout_s: float | None) -> int:
        """A descriptor that leads to the target; OSError says why there is none."""
        with self._turn:
            self._sock.sendall(json.dumps([host, port, timeout_s or 0]).encode())
            raw, fds, _, _ = socket.recv_fds(self._sock, _ANSWER, 1)
        answer: dict[str, Any] = json.loads(raw or b'{"errno": 0, "why": "the line is closed"}')
        if fds:
            return fds[0]
        if not answer.get("errno"):
            raise socket.gaierror(socket.EAI_NONAME, answer["why"])
        raise OSError(answer["errno"], answer["why"])


def install(fd: int) -> None:
    """Put stand-ins into the module `socket`, which http.client, urllib, ssl and requests build on."""
    line = Line(fd)

    class Socket(socket.socket):
        """A TCP socket that is opened by the host; anything else is refused as without network."""

        def __init__(
            self,
            family: int = -1,
            type: int = -1,  # noqa: A002 - so it is called there
            proto: int = -1,
            fileno: int | None = None,
        ) -> None:
            if fileno is not None:
                super().__init__(family, type, proto, fileno)
                return
            wanted = socket.AF_INET if family == -1 else family
            if wanted not in (socket.AF_INET, socket.AF_INET6) or type & 0xF not in (socket.SOCK_STREAM, 0xF):
                raise PermissionError(errno.EPERM, "functions may open TCP connections and no other sockets")
            here, there = _make_pair()
            there.close()
            super().__init__(wanted, socket.SOCK_STREAM, 0, here.detach())

        def connect(self, address: Any) -> None:
            timeout_s = self.gettimeout()
            given = line.connect(_text(address[0]), int(address[1]), timeout_s)
            os.dup2(given, self.fileno(), inheritable=False)
            os.close(given)
            self.settimeout(timeout_s)

        def connect_ex(self, address: Any) -> int:
            try:
                self.connect(address)
            except OSError as error:
                return error.errno or errno.EHOSTUNREACH
            return 0

        def setsockopt(self, *_: Any) -> None:
            """The host sets what it needs."""

    def getaddrinfo(
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,  # noqa: A002 - so it is called there
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """The name itself: the host resolves it when it connects, once."""
        if type not in (0, socket.SOCK_STREAM):
            raise socket.gaierror(socket.EAI_SOCKTYPE, "functions may open TCP connections only")
        number = port if isinstance(port, int) else _PORTS.get(_text(port or 0)) or int(port or 0)
        where = (_text(host or "localhost"), number)
        return [(family or socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where)]

    vars(socket).update(socket=Socket, SocketType=Socket, getaddrinfo=getaddrinfo)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, (bytes, bytearray)) else str(value)
