"""A server that means no good: each path is another way not to answer."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import socketserver
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

CHUNK = b"x" * 65536
TWO_GB = 2 << 30
# What a page must show as text: ways to run a script, and things to load from another host.
EVIL = (
    "</script></title></textarea><script>alert(1);window.hacked=1</script><img src=x onerror=alert(2)>"
    "<svg onload=alert(3)><iframe srcdoc='<script>alert(4)</script>'></iframe><!--"
    "<img src=//evil.example/x><link rel=stylesheet href=//evil.example/y>"
    "{{constructor.constructor('alert(5)')()}}${alert(6)}'\"><a href=javascript:alert(7)>x</a>"
)


class Hostile(socketserver.ThreadingTCPServer):
    """Listens on a free port; counts how much of the endless answer anybody took."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self._tls = tls
        self.over = threading.Event()
        self.flooded = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """TLS is spoken in the visit's own thread, so that nobody waits for a visitor who leaves."""
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True) as visitor:
            super().finish_request(visitor, client_address)

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

    def trickle(self, line: bytes = b"X-Slow: 1\r\n", pause_s: float = 0.05) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.over.wait(pause_s):
            self.wfile.write(line)

    def stall(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        self.hang()

    def pour(self, head: bytes, line: bytes) -> None:
        """A head, then the same line until nobody takes any more."""
        self.wfile.write(head)
        lines = line * max(1, len(CHUNK) // len(line))
        while not self.server.over.is_set():
            self.wfile.write(lines)

    def leave(self) -> None:
        """Nothing at all."""


def leads(to: str) -> Callable[[Visit], None]:
    """A redirect."""
    return raw(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


def pours(head: bytes, line: bytes) -> Callable[[Visit], None]:
    """An answer that never ends."""
    return lambda visit: visit.pour(b"HTTP/1.1 " + head, line)


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
    "/loop": leads("/loop"),
    "/chunks": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot hex\r\n"),
    "/half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
    "/smtp": raw(b"220 mail.example.org ESMTP\r\n"),
    "/no-status": raw(b"HTTP/1.1 fine\r\nContent-Length: 0\r\n\r\n"),
    "/deep": says(b"[" * 200_000 + b"]" * 200_000, _JSON),
    "/nul": says(b'{"code": "a\\u0000b\\ud800", "x\\u0000": 1}', _JSON, "X-Odd: \xff\xfe", "Set-Cookie: =;;"),
    "/bytes": says(bytes(range(256)) * 10, "Content-Type: text/plain; charset=nonsense"),
    "/digits": says(b'{"n": ' + b"9" * 10_000 + b', "e": 1e999, "m": NaN}', _JSON),
    "/bomb": says(gzip.compress(b"0" * 50_000_000), "Content-Encoding: gzip"),
    "/lie": says(b"no gzip at all", "Content-Encoding: gzip", _JSON),
    "/markup": says(b"<script>alert(1)</script></script>", "Content-Type: text/html"),
    "/slow": Visit.trickle,
    "/stall": Visit.stall,
    "/endless": pours(b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + CHUNK + b"\r\n"),
    "/interim": pours(b"100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\nX-More: 1\r\n\r\n"),
    "/trailers": pours(b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: 1\r\n"),
    "/less": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmore than two"),
    "/minus": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx"),
    "/lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\nxxxxx"),
    "/headers": says(b"x", *(f"X-{number}: 1" for number in range(100_000))),
    "/cookie": says(b"x", "Set-Cookie: big=" + "x" * 1_000_000),
    "/cookies": says(b"x", *(f"Set-Cookie: c{number}={'x' * 4000}" for number in range(250))),
    "/return": says(b"x", "X-A: 1\rX-Evil: 2"),
    "/inject": says(b"x", "X-B: 1\n\tX-Evil: 2", "X-C: %0d%0aX-Evil: 2", "X D: 1"),
    "/nul-header": says(b"x", "X-A: a\0b"),
    "/circle": leads("/circle2"),
    "/circle2": leads("/circle"),
    "/inject-redirect": leads("/good?x=%0d%0aX-Evil:%201\rX-Evil: 2"),
    "/script-redirect": leads("javascript:alert(1)"),
    "/file-redirect": leads("file:///etc/passwd"),
    "/bombs": says(gzip.compress(gzip.compress(b"0" * 50_000_000)), "Content-Encoding: gzip, gzip"),
    "/inflate": says(zlib.compress(b"0" * 50_000_000), "Content-Encoding: deflate"),
    "/script": raw(
        f"HTTP/1.1 200 OK {EVIL}\r\n{EVIL.replace(':', '')}: x\r\nX-Evil: {EVIL}\r\n"
        f'Set-Cookie: {EVIL}={EVIL}\r\nContent-Type: text/html; charset="{EVIL}"\r\n'
        f'Content-Disposition: attachment; filename="{EVIL}.html"\r\n\r\n<html>{EVIL}</html>'.encode()
    ),
    "/script.json": says(json.dumps({EVIL: {EVIL: [EVIL, "javascript:alert(1)"]}}).encode(), _JSON),
    "/script.svg": says(f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{EVIL}</svg>".encode(),
                        "Content-Type: image/svg+xml"),
}  # fmt: skip


@contextmanager
def hostile(tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """The server, as long as somebody needs it."""
    server = Hostile(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
