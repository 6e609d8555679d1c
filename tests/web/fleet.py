"""A fleet on this machine for tests: web and workers as real processes on PostgreSQL and a broker."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from amqp import Connection as RabbitConnection

from tests.web.test_postgres import ROOT, reachable
from tests.web.test_up import TIMEOUT_S, Visitor, finished

RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"


class Fleet:
    """The processes, their common environment and a signed-in visitor; everything ends with it."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self._folder = folder
        self.queue = f"hat-test-{secrets.token_hex(4)}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAT_")}
        self._environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "HAT_DATABASE_URL": database,
            "HAT_BROKER_URL": broker,
            "HAT_BROKER_QUEUE": self.queue,
            "HAT_SECRET_KEY": "one key for all machines of the fleet, long enough",
            "HAT_DATA": str(folder),
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.visitor = Visitor("")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """One process of the platform; its messages go into a file of its own."""
        with (self._folder / f"{len(self.processes)}-{arguments[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "hat.web", *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def open(self, *, workers: int, options: tuple[str, ...] = ()) -> None:
        """Start web and workers, make the first user, wait until every worker shows itself."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.start("serve", "--migrate", "--port", str(port))
        self.visitor = Visitor(f"http://127.0.0.1:{port}")
        self.wait_until(self._answers)
        self.visitor.sign_up(private_targets=True)
        for _ in range(workers):
            self.start("worker", *options)
        self.wait_until(lambda: len(self.workers()) == workers)

    def workers(self) -> list[Any]:
        """The worker processes as the dashboard shows them."""
        found: list[Any] = self.visitor.ask("GET", "/api/v1/dashboard")["workers"]
        return found

    def finished(self, run: Any) -> Any:
        return finished(self.visitor, run)

    def case_runs(self, run: Any) -> list[Any]:
        """The stored results of a run, in the order written."""
        delta = self.visitor.ask("GET", f"/api/v1/runs/{run['id']}/delta")
        return sorted(delta["cases"], key=lambda one: one["seq"])

    def owner_pid(self, run: Any) -> int:
        """The worker process that claimed the run last."""
        events = self.visitor.ask("GET", f"/api/v1/runs/{run['id']}/events")["items"]
        return int([one["owner"] for one in events if one["kind"] == "claimed"][-1].rpartition("#")[2])

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not is_so():
            assert time.monotonic() < deadline, self.messages()
            assert self.processes[0].poll() is None, self.messages()
            time.sleep(0.05)

    def messages(self) -> str:
        """What the processes said, for a test that failed."""
        logs = sorted(self._folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in logs)

    def stop(self) -> list[int]:
        """End all as systemd would; answers the exit codes."""
        for process in self.processes:
            process.terminate()
        return [process.wait(TIMEOUT_S) for process in self.processes]

    def end(self) -> None:
        """End what still lives; gently, or the children of a killed supervisor outlive the test a little."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def _answers(self) -> bool:
        try:
            return bool(self.visitor.ask("GET", "/healthz")["ok"])
        except OSError:
            return False


@contextmanager
def fleet(folder: Path, broker: str) -> Iterator[Fleet]:
    """A fleet on a database of its own."""
    with database() as url:
        made = Fleet(folder, url, broker)
        try:
            yield made
        finally:
            made.end()


@contextmanager
def database() -> Iterator[str]:
    """The address of a new database in PostgreSQL, dropped afterwards."""
    server = reachable()
    if not server:
        pytest.skip("no PostgreSQL here that lets us make a database (HAT_TEST_POSTGRES names one)")
    name = f"hat_fleet_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class PrivateRedis:
    """A Redis server of our own, without persistence, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._program = shutil.which("redis-server")
        if self._program is None:
            pytest.skip("no redis-server here")
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self._program is not None
        self._process = subprocess.Popen(
            [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + TIMEOUT_S
        while not listens(self.port):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(TIMEOUT_S)
            self._process = None


@contextmanager
def private_redis(folder: Path) -> Iterator[PrivateRedis]:
    redis = PrivateRedis(folder)
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def rabbitmq() -> str:
    """The address of RabbitMQ on this machine, or the test is skipped."""
    url = os.environ.get("HAT_TEST_RABBITMQ") or RABBITMQ
    if url == RABBITMQ and not listens(5672):
        pytest.skip("no RabbitMQ on port 5672 (HAT_TEST_RABBITMQ names one)")
    return url


def forget_queue(name: str) -> None:
    """Take a queue of ours out of RabbitMQ on this machine."""
    with RabbitConnection("127.0.0.1:5672", "guest", "guest") as connection:
        connection.channel().queue_delete(name)
