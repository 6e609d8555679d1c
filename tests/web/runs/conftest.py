"""A small API that the cases of these tests ask, and runs made as the page makes them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.web.people import Asker


class Shop(BaseHTTPRequestHandler):
    """/users answers a list, /status/N that status, /hang/ nothing until the server is told to go on."""

    server: ShopServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.startswith("/hang"):
            self.server.hanging.set()
            self.server.go_on.wait(30)
        status = int(self.path.rpartition("/")[2]) if self.path.startswith("/status/") else 200
        answer = {"code": 0, "path": self.path, "items": [{"id": 7, "name": "王芳"}]}
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


class ShopServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Shop)
        self.asked: list[str] = []
        self.hanging = threading.Event()
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def shop() -> Iterator[ShopServer]:
    server = ShopServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environment(project: Any, shop: ShopServer) -> Any:
    """The project's default environment, whose base URL is the shop."""
    from hat.web.projects.models import Environment

    return Environment.objects.create(project=project, name="local", base_url=shop.url, is_default=True)


@pytest.fixture
def start(bob: Asker, project: Any, environment: Any) -> Callable[..., Any]:
    """Starts a run as bob and gives its row: `start(cases=[1, 2])`."""
    from hat.web.runs.models import Run

    def start(**body: Any) -> Any:
        answer = bob.post(f"/projects/{project.pk}/runs", body)
        assert answer.status_code == 202, answer.json()
        return Run.objects.get(pk=answer.json()["id"])

    return start


@pytest.fixture
def run_all(start: Callable[..., Any]) -> Callable[..., Any]:
    """Starts a run, executes it and gives its finished row."""
    from hat.web.runs.execution import execute

    def run_all(**body: Any) -> Any:
        run = start(**body)
        execute(run.pk)
        run.refresh_from_db()
        return run

    return run_all
