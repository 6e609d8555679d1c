"""What is broken on purpose: a platform of real processes, and the ways to kill parts of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.web.fleet import Fleet, fleet, forget_queue, listens, private_redis, rabbitmq
from tests.web.test_postgres import ROOT
from tests.web.test_up import TIMEOUT_S, Visitor

Faults = dict[str, Callable[[], None]]


class Embedded:
    """`hat up` on SQLite: the worker, the web process, the supervisor and all of them may die."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.visitor = Visitor(f"http://127.0.0.1:{self._port}")
        self.faults: Faults = {
            "worker": lambda: self._kill("work"),
            "web": lambda: self._kill("serve"),
            "supervisor": lambda: self._again([self._supervisor()]),
            "everything": lambda: self._again([self._supervisor(), *children(self._supervisor())]),
        }

    def open(self) -> None:
        """Start it; while processes of a killed one still end, the port or folder may be refused."""
        deadline = time.monotonic() + TIMEOUT_S
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAT_")}
        with (self._folder / "up.log").open("ab") as log:
            while self._process is None or self._process.poll() is not None or not listens(self._port):
                assert time.monotonic() < deadline, (self._folder / "up.log").read_text()[-3000:]
                if self._process is None or self._process.poll() is not None:
                    self._process = subprocess.Popen(
                        [sys.executable, "-m", "hat.web", "up", "--port", str(self._port)],
                        env={**kept, "PYTHONPATH": str(ROOT), "HAT_DATA": str(self._folder)},
                        stdout=log,
                        stderr=log,
                    )
                time.sleep(0.1)

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(TIMEOUT_S)

    def _supervisor(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _kill(self, word: str) -> None:
        kill(pid for pid in children(self._supervisor()) if word in words_of(pid))

    def _again(self, pids: list[int]) -> None:
        kill(pids)
        assert self._process is not None
        self._process.wait(TIMEOUT_S)
        self.open()


class Distributed:
    """Web, two workers and a clock on PostgreSQL and a broker; what dies with its supervisor is replaced."""

    def __init__(self, fleet: Fleet, more: Faults) -> None:
        self._fleet = fleet
        self._port = free_port()
        self.visitor = Visitor(f"http://127.0.0.1:{self._port}")
        self._parts: dict[str, tuple[str, ...]] = {
            "web": ("serve", "--port", str(self._port)),
            "worker A": ("worker",),
            "worker B": ("worker", "--processes", "2"),
            "clock": ("clock",),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.faults: Faults = {
            "worker": self._kill_one_worker,
            "whole worker": lambda: self._replace("worker A"),
            "web": lambda: self._replace("web"),
            "clock": lambda: self._replace("clock"),
            **more,
        }

    def open(self) -> None:
        migrated = self._fleet.start("migrate").wait(TIMEOUT_S)
        assert migrated == 0, self._fleet.messages()
        for name, arguments in self._parts.items():
            self._running[name] = self._fleet.start(*arguments)
        deadline = time.monotonic() + TIMEOUT_S
        while not listens(self._port):
            assert self._running["web"].poll() is None, self._fleet.messages()
            assert time.monotonic() < deadline, self._fleet.messages()
            time.sleep(0.1)

    def close(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(TIMEOUT_S)

    def _kill_one_worker(self) -> None:
        kill(children(self._running["worker B"].pid)[:1])

    def _replace(self, name: str) -> None:
        process = self._running[name]
        kill([process.pid, *children(process.pid)])
        process.wait(TIMEOUT_S)
        self._running[name] = self._fleet.start(*self._parts[name])


Plant = Embedded | Distributed


@contextmanager
def plant(mode: str, folder: Path) -> Iterator[Plant]:
    """An open platform of that mode; skipped where its services are missing."""
    if mode == "embedded":
        made: Plant = Embedded(folder)
        made.open()
        try:
            yield made
        finally:
            made.close()
    elif mode == "redis":
        with private_redis(folder) as redis, fleet(folder, redis.url) as under:

            def broker() -> None:
                redis.kill()
                redis.start()

            yield from _opened(Distributed(under, {"broker": broker}))
    else:
        # RabbitMQ itself is left alone: it is not ours.
        with fleet(folder, rabbitmq()) as under:
            yield from _opened(Distributed(under, {}))
            forget_queue(under.queue)


def _opened(made: Distributed) -> Iterator[Plant]:
    made.open()
    try:
        yield made
    finally:
        made.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def words_of(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def kill(pids: Iterator[int] | list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
