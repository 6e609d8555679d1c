"""Say what is going on: one line per step, with the time it took."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE_S = 15  # a step that takes longer says that it is still at it


class StartError(Exception):
    """Raised when a start cannot go on; its text is a plain sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print one line to stderr."""
    print(text, file=sys.stderr, flush=True)


class Step:
    """A command with its output in a log file, begun at once and waited for later."""

    def __init__(self, title: str, command: Sequence[str], *, log: Path, env: dict[str, str]) -> None:
        self.title = title
        self.log = log
        self.started = time.monotonic()
        say(f"  {title} ...")
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env
            )

    def wait(self, explain: Callable[[str], str]) -> None:
        """Wait for the end; `explain` turns the log of a step that went wrong into a sentence."""
        while self.process.poll() is None:
            try:
                self.process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                say(f"    {self.title}: {self.elapsed_s} s so far")
        if self.process.returncode:
            raise StartError(explain(self.log.read_text(encoding="utf-8", errors="replace")))
        say(f"  {self.title}: done in {self.elapsed_s} s")

    def stop(self) -> None:
        """End the command if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    @property
    def elapsed_s(self) -> int:
        return round(time.monotonic() - self.started)


def wait_for_all(steps: Sequence[Step], explain: Callable[[str], str]) -> None:
    """Wait for steps that run at the same time; the first one that goes wrong ends the others."""
    problems: list[StartError] = []

    def watch(step: Step) -> None:
        try:
            step.wait(explain)
        except StartError as error:
            problems.append(error)
            for other in steps:
                other.stop()

    threads = [threading.Thread(target=watch, args=[step], daemon=True) for step in steps]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        for step in steps:
            step.stop()
        raise
    if problems:
        raise problems[0]
