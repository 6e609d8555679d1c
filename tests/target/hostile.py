"""A server that means no good: each path is another way not to answer."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHUNK = b"x" * 65536
TWO_GB = 2 << 30


class Hostile(socketserver.ThreadingTCPServer):
    """Listens on a free port; counts how much of the endless answer anybody took."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.over = threading.Event()
        self.flooded = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who goes away in the middle is meant."""


class Visit(socketserver.StreamRequestHandler):
    """One connection: one request, one bad answer."""

    server: Hostile

    def handle(self) -> None:
        path = self.rfile.readline().split()[1].decode("latin-1")
        while self.rfile.readline().strip():
            pass
        ANSWERS[path.partition("?")[0]](self)

    def hang(self) -> None:
        self.server.over.wait(60)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def flood(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % TWO_GB)
        with contextlib.suppress(OSError):
            while self.server.flooded < TWO_GB:
                self.wfile.write(CHUNK)
                self.server.flooded += len(CHUNK)

    def leave(self) -> None:
        """Nothing at all."""

    def loop(self) -> None:
        self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")


def says(body: bytes, *headers: str) -> Callable[[Visit], None]:
    """An answer with its length."""
    head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "Connection: close"])
    return raw(head.encode("latin-1") + b"\r\n\r\n" + body)


def raw(answer: bytes) -> Callable[[Visit], None]:
    """These bytes, whatever they are."""

    def send(visit: Visit) -> None:
        visit.wfile.write(answer)

    return send


_JSON = "Content-Type: application/json"
ANSWERS: dict[str, Callable[[Visit], None]] = {
    "/good": says(json.dumps({"code": 0}).encode(), _JSON),
    "/hang": Visit.hang,
    "/reset": Visit.reset,
    "/flood": Visit.flood,
    "/leave": Visit.leave,
    "/loop": Visit.loop,
    "/chunks": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot hex\r\n"),
    "/half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
    "/smtp": raw(b"220 mail.example.org ESMTP\r\n"),
    "/deep": says(b"[" * 200_000 + b"]" * 200_000, _JSON),
    "/nul": says(b'{"code": "a\\u0000b\\ud800", "x\\u0000": 1}', _JSON, "X-Odd: \xff\xfe", "Set-Cookie: =;;"),
    "/bytes": says(bytes(range(256)) * 10, "Content-Type: text/plain; charset=nonsense"),
    "/digits": says(b'{"n": ' + b"9" * 10_000 + b', "e": 1e999, "m": NaN}', _JSON),
    "/bomb": says(gzip.compress(b"0" * 50_000_000), "Content-Encoding: gzip"),
    "/lie": says(b"no gzip at all", "Content-Encoding: gzip", _JSON),
    "/markup": says(b"<script>alert(1)</script></script>", "Content-Type: text/html"),
}  # fmt: skip


@contextmanager
def hostile() -> Iterator[Hostile]:
    """The server, as long as somebody needs it."""
    server = Hostile()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
