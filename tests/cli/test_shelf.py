"""Processes of one run share their OAuth2 tokens; the parent keeps them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from hat.cli.shelf import Line, Shelf
from hat.engine.options import Shelved

CASE = """\
dialect: hat
config: {{name: Case {number}, base_url: "{base}"}}
teststeps:
- {{name: ask, request: {{url: /x}}, validate: [{{eq: [status_code, 200]}}]}}
- {{name: ask again, request: {{url: /y}}, validate: [{{eq: [status_code, 200]}}]}}
"""


class Office(BaseHTTPRequestHandler):
    """A token server that takes each refresh token once, and an API that accepts the last token only."""

    asked: list[dict[str, str]] = []
    lock = threading.Lock()

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        with self.lock:
            good = form["refresh_token"] == f"again-{len(self.asked)}"
            self.asked.append(form)
            number = len(self.asked)
        said = {"access_token": f"token-{number}", "refresh_token": f"again-{number}", "expires_in": 3600}
        self._reply(200 if good else 400, said if good else {"error": "invalid_grant"})

    def do_GET(self) -> None:
        good = self.headers["Authorization"] == f"Bearer token-{len(self.asked)}"
        self._reply(200 if good else 401, {})

    def _reply(self, status: int, said: Any) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def office() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Where it listens, and what it was asked."""

    class OneOffice(Office):
        asked: list[dict[str, str]] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), OneOffice) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", OneOffice.asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_run_in_processes_asks_for_its_token_once(tmp_path: Path) -> None:
    with office() as (base, asked):
        for number in range(9):
            (tmp_path / f"c{number}.yml").write_text(CASE.format(number=number, base=base))
        auth = f"{{type: oauth2, grant: refresh_token, token_url: {base}/token, refresh_token: again-0}}"
        command = [sys.executable, "-m", "hat", "run", str(tmp_path), "-j", "3", "--auth", auth]
        command += ["--json", str(tmp_path / "out.json")]
        finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert asked == [{"grant_type": "refresh_token", "refresh_token": "again-0"}]
    assert "token-1" not in (tmp_path / "out.json").read_text()
    assert "again-" not in (tmp_path / "out.json").read_text()


@pytest.fixture
def lines() -> Iterator[list[tuple[Line, socket.socket]]]:
    """Two processes' ways to a shelf, and its ends of them."""
    pairs = [socket.socketpair() for _ in range(2)]
    yield [(Line(theirs), ours) for ours, theirs in pairs]
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


def ask(shelf: Shelf, way: tuple[Line, socket.socket], instead_of: str = "") -> Shelved:
    """The answer to one question."""
    line, ours = way
    thread = threading.Thread(target=shelf.serve, args=[ours])
    thread.start()
    answer = line.ask("key", instead_of)
    thread.join()
    return answer


def test_who_comes_first_fetches_and_the_others_wait(lines: list[tuple[Line, socket.socket]]) -> None:
    shelf, (first, second) = Shelf(), lines

    assert ask(shelf, first) == Shelved(is_mine=True)
    assert ask(shelf, second) == Shelved()
    first[0].put("key", Shelved("one", inf, "again"))
    shelf.serve(first[1])
    assert ask(shelf, second) == Shelved("one", inf, "again")
    assert ask(shelf, second, instead_of="one") == Shelved(refresh="again", is_mine=True)


def test_what_one_could_not_fetch_the_next_one_tries(lines: list[tuple[Line, socket.socket]]) -> None:
    shelf, (first, second) = Shelf(), lines

    assert ask(shelf, first).is_mine
    first[0].put("key", None)
    shelf.serve(first[1])
    assert ask(shelf, second).is_mine


def test_a_process_that_ends_leaves_its_turn_to_others(lines: list[tuple[Line, socket.socket]]) -> None:
    shelf, (first, second) = Shelf(), lines

    assert ask(shelf, first).is_mine
    first[0].close()
    assert not shelf.serve(first[1])
    assert ask(shelf, second).is_mine


def test_without_a_parent_a_process_has_its_own(lines: list[tuple[Line, socket.socket]]) -> None:
    line, ours = lines[0]
    ours.close()

    assert line.ask("key", "").is_mine
    line.put("key", None)
    assert line.ask("key", "").is_mine
