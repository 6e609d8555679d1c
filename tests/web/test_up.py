"""`hat up` with its real processes: from the first page to the report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

TIMEOUT_S = 60


class Visitor:
    """Somebody with cookies at a platform."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None, **more: str) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token, **more}
        request = Request(self.url + path, data=sent, headers=headers, method=method)
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"null")

    def sign_up(self, **choices: Any) -> None:
        self.token = self.ask("GET", "/api/v1/session")["csrf_token"]
        person = {"username": "alice", "password": "correct horse battery", "language": "en", **choices}
        self.token = self.ask("POST", "/api/v1/setup", person)["csrf_token"]


class Site(Visitor):
    """A started platform and a visitor with cookies."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self._options = folder, options
        self.process = hat("up", "--port", "0", "--data", str(folder), *options)
        super().__init__(self._address())

    def start_again(self) -> Site:
        """Another start on the same data, by the same visitor."""
        again = Site(self.folder, *self._options)
        again._opener, again.token = self._opener, self.token
        return again

    def _address(self) -> str:
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert words[:3] == ["HAT", "is", "ready:"], self.process.communicate(timeout=TIMEOUT_S)
        return words[3].rstrip("/")

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode


def hat(*arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HAT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hat.web", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("platform"))
    site.sign_up()
    yield site
    if site.process.poll() is None:
        site.stop()


@pytest.fixture(scope="module")
def case(site: Site) -> Any:
    """A case that asks the platform itself whether it lives."""
    project = site.ask("POST", "/api/v1/projects", {"name": "Shop"})
    module = site.ask("POST", f"/api/v1/projects/{project['id']}/modules", {"name": "Users"})
    step = {
        "name": "health",
        "request": {"method": "GET", "url": f"{site.url}/healthz"},
        "validate": [{"eq": ["body.ok", True]}],
    }
    body = {"module_id": module["id"], "name": "lives", "document": {"config": {}, "teststeps": [step]}}
    return site.ask("POST", f"/api/v1/projects/{project['id']}/cases", body)


def finished(site: Visitor, run: Any) -> Any:
    deadline = time.monotonic() + TIMEOUT_S
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.05)
        run = site.ask("GET", f"/api/v1/runs/{run['id']}")
    return run


def worker_pid(site: Site) -> int:
    """The process of the worker, from the name it shows itself under."""
    deadline = time.monotonic() + TIMEOUT_S
    while not (workers := site.ask("GET", "/api/v1/dashboard")["workers"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (worker,) = workers
    return int(worker["owner"].rpartition("#")[2])


def start(site: Site, case: Any) -> Any:
    return site.ask("POST", f"/api/v1/projects/{case['project_id']}/runs", {"cases": [case["id"]]})


def test_a_run_goes_through_queue_and_worker_to_its_report(site: Site, case: Any) -> None:
    run = finished(site, start(site, case))

    assert (run["status"], run["outcome"]) == ("finished", "passed")
    assert site.ask("GET", f"/api/v1/runs/{run['id']}/report.json")["counts"]["checks"]["passed"] == 1


def test_a_killed_worker_is_replaced_and_the_next_run_ends(site: Site, case: Any) -> None:
    os.kill(worker_pid(site), signal.SIGKILL)

    run = finished(site, start(site, case))

    assert run["outcome"] == "passed"


def test_a_second_start_on_the_same_data_is_refused(site: Site) -> None:
    second = hat("up", "--port", "0", "--data", str(site.folder))

    _, errors = second.communicate(timeout=TIMEOUT_S)

    assert second.returncode == 2
    assert "is in use by another HAT" in errors
    assert site.url in errors


def test_a_taken_port_is_refused_with_the_option(site: Site, tmp_path: Path) -> None:
    port = site.url.rpartition(":")[2]
    second = hat("up", "--port", port, "--data", str(tmp_path))

    _, errors = second.communicate(timeout=TIMEOUT_S)

    assert second.returncode == 2
    assert f"port {port} of 127.0.0.1" in errors
    assert "--port" in errors


def test_a_stop_ends_every_process(site: Site) -> None:
    pid = worker_pid(site)

    assert site.stop() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_web_process_without_its_tables_says_what_to_do(tmp_path: Path) -> None:
    process = hat("serve", "--port", "0", "--data", str(tmp_path))

    _, errors = process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 2
    assert "the database is not up to date\n  hint: hat migrate" in errors


def test_the_first_start_says_where_the_first_user_is_made(tmp_path: Path) -> None:
    site = Site(tmp_path)
    here = site.ask("GET", "/api/v1/session")
    proxied = site.ask("GET", "/api/v1/session", **{"X-Forwarded-For": "127.0.0.1"})

    site.process.terminate()
    _, errors = site.process.communicate(timeout=TIMEOUT_S)

    assert f"{site.url}/setup#" in errors
    assert (here["setup_token_required"], proxied["setup_token_required"]) == (False, True)
