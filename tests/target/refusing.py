"""Servers that refuse before there is an answer: by TLS, as proxies, by never taking part."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.target import certificate
from tests.target.hostile import hostile


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who goes away in the middle is meant."""


@contextmanager
def listening(visit: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    """A server whose every connection is such a visit; gives its port."""
    server = _Listener(("127.0.0.1", 0), visit)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asking_for_certificate(pem: Path, version: ssl.TLSVersion) -> type[socketserver.BaseRequestHandler]:
    """A visit that ends with the alert of TLS, and waits until the visitor has read it.

    A close with bytes unread would reset the connection, and the alert might be lost.
    """
    context = certificate.server_context(pem, ask_client=True)
    context.minimum_version = context.maximum_version = version

    class Asking(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            visitor = context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
            with contextlib.suppress(ssl.SSLError):
                visitor.do_handshake()
            plain = socket.socket(fileno=visitor.detach())
            with plain, contextlib.suppress(OSError):
                plain.shutdown(socket.SHUT_WR)
                while plain.recv(4096):
                    pass

    return Asking


def answering(answer: bytes, after: int = 0) -> type[socketserver.StreamRequestHandler]:
    """A visit where a request gets these bytes, such as a proxy's refusal; or the first `after` bytes do."""

    class Answering(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while not after and self.rfile.readline().strip():
                pass
            self.rfile.read(after)
            self.wfile.write(answer)
            self.connection.shutdown(socket.SHUT_WR)
            while self.rfile.read(4096):
                pass

    return Answering


def _refusal(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()


class Silent(socketserver.StreamRequestHandler):
    """Takes what comes, and says nothing."""

    def handle(self) -> None:
        while self.rfile.read(1):
            pass


@contextmanager
def refusing(folder: Path) -> Iterator[dict[str, str]]:
    """One server of each kind; gives their addresses by name, and the file with a certificate to trust."""
    with ExitStack() as stack:

        def secure(name: str, days: int = 30, host: str = "") -> tuple[Path, str]:
            (folder / name).mkdir()
            pem = certificate.make(folder / name, days, host=host)
            return pem, stack.enter_context(hostile(certificate.server_context(pem))).url

        def address(visit: type[socketserver.BaseRequestHandler], scheme: str = "http") -> str:
            return f"{scheme}://127.0.0.1:{stack.enter_context(listening(visit))}"

        good, self_signed = secure("good")
        expired_pem, expired = secure("expired", -1)
        other_pem, other_host = secure("other", host="shop.example")
        plain = stack.enter_context(hostile()).url
        yield {
            "hostile": plain,
            "speaks_no_tls": address(
                answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", 1), "https"
            ),
            "self_signed": self_signed,
            "expired": expired,
            "expired_pem": str(expired_pem),
            "other_host": other_host,
            "other_pem": str(other_pem),
            "asks_12": address(asking_for_certificate(good, ssl.TLSVersion.TLSv1_2), "https"),
            "asks_13": address(asking_for_certificate(good, ssl.TLSVersion.TLSv1_3), "https"),
            "proxy_407": address(answering(_refusal("407 Proxy Authentication Required"))),
            "proxy_403": address(answering(_refusal("403 Forbidden"))),
            "silent": address(Silent),
            "silent_tls": address(Silent, "https"),
        }
