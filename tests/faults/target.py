"""The API that runs ask under trial: it numbers its answers and remembers what it gave to whom."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONG = "slow"  # its body is longer than a result holds, so its end is kept beside it
FILLER = ("", "-" * 250_000)


class Answers(BaseHTTPRequestHandler):
    """/NAME/MS answers after so many milliseconds, with a number that no other answer has."""

    server: Target
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name, _, pause = self.path.partition("?")[0].strip("/").partition("/")
        time.sleep(int(pause or 0) / 1000)
        number = next(self.server.numbers)
        self.server.given[number] = name
        answer = {"number": number, "name": name, "filler": FILLER[name == LONG], "end": number}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


class Target(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.numbers = itertools.count(1)
        self.given: dict[int, str] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that is killed in the middle is meant."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def target() -> Iterator[Target]:
    """The target, open as long as somebody needs it."""
    server = Target()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
