"""A small API for the cases of the platform's tests to ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Shop(BaseHTTPRequestHandler):
    """/users a list, /status/N that status, /late/N 503 so many times, /hang/ nothing until told to go on."""

    server: ShopServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.startswith("/hang"):
            self.server.hanging.set()
            self.server.go_on.wait(30)
        status = int(self.path.rpartition("/")[2]) if self.path.startswith("/status/") else 200
        if self.path.startswith("/late/"):
            early = self.server.asked.count(self.path) <= int(self.path.rpartition("/")[2])
            status = 503 if early else 200
        answer = {"code": 0, "path": self.path, "items": [{"id": 7, "name": "王芳"}]}
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


class ShopServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Shop)
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.hanging = threading.Event()
        self.go_on = threading.Event()

    def when_it_hangs(self, action: Callable[[], object]) -> None:
        """Do something once somebody waits for an answer that does not come."""

        def wait() -> None:
            if self.hanging.wait(30):
                action()

        threading.Thread(target=wait, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who goes away in the middle is meant."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving() -> Iterator[ShopServer]:
    """The shop, open as long as somebody needs it."""
    server = ShopServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
