"""The line at the bottom of a terminal that says what is running."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import monotonic

from hat.event import CaseStarted, StepFinished
from hat.result import Outcome

_REDRAW_S = 0.1


class StatusLine:
    """One line at the bottom of a terminal that says what is running; nothing where there is no terminal."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._out = sys.stderr
        self._on = self._out.isatty() and sys.stdout.isatty() and env.get("TERM") != "dumb"
        self.total: int | None = None
        self._done = 0
        self._wrong = 0
        self._drawn_at = 0.0
        self._name = ""

    def hear(self, event: CaseStarted | StepFinished) -> None:
        """Note what is running, and draw it now and then."""
        if isinstance(event, CaseStarted):
            self._name = event.name
        if self._on and monotonic() - self._drawn_at > _REDRAW_S:
            self._drawn_at = monotonic()
            total = f"/{self.total}" if self.total is not None else ""
            wrong = f"  ✗ {self._wrong}" if self._wrong else ""
            print(
                f"\r\x1b[K{self._done}{total}{wrong}  {self._name[:60]}", end="", file=self._out, flush=True
            )

    def finished(self, outcome: Outcome) -> None:
        """Count a case."""
        self._done += 1
        self._wrong += outcome in (Outcome.FAILED, Outcome.ERROR)

    def clear(self) -> None:
        """Take the line away, so that others can be printed."""
        if self._on and self._drawn_at:
            print("\r\x1b[K", end="", file=self._out, flush=True)
            self._drawn_at = 0.0
