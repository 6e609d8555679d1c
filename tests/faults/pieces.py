"""The processes of a platform under trial, each started again by a keeper, as systemd would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from tests.faults.processes import children, kill, send
from tests.faults.services import Service

ROOT = Path(__file__).parents[2]
LOOK_S = 0.3
END_S = 120


class Piece:
    """One command of HAT with the processes below it."""

    def __init__(
        self, folder: Path, name: str, arguments: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._arguments = arguments
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HAT_")}
        self._environment = {**kept, "PYTHONPATH": str(ROOT), **environment}
        self.log = folder / f"{name.replace(' ', '-')}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.is_alive:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hat.web", *self._arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pids(self) -> list[int]:
        """The process itself and all below it."""
        return list(_family(self._process.pid)) if self._process is not None else []

    @property
    def below(self) -> list[int]:
        """The processes it started itself."""
        return children(self._process.pid) if self._process is not None else []

    def kill(self) -> None:
        """End all of it hard."""
        kill(self.pids)
        self._wait()

    def kill_supervisor(self) -> None:
        """End its first process hard; what is below notices and ends by itself."""
        kill(self.pids[:1])
        self._wait()

    def ask_to_end(self) -> None:
        if self.is_alive:
            send(self.pids[:1], signal.SIGTERM)

    def close(self) -> int | None:
        """Its exit code after SIGTERM; None when it had to be killed."""
        self.ask_to_end()
        try:
            return self._process.wait(END_S) if self._process is not None else 0
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(END_S)


class Keeper:
    """Starts again what ended by itself, and counts it; whoever breaks something holds its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.kept: list[Piece | Service] = []
        self.ended: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(LOOK_S):
            with self.lock:
                self._start_again([one for one in self.kept if not one.is_alive])

    def _start_again(self, ended: list[Piece | Service]) -> None:
        for one in ended:
            self.ended[one.name] += 1
            with suppress(AssertionError):
                one.start()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in children(pid):
        yield from _family(child)
