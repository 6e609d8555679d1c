"""Ctrl-C: the first one asks a run to stop, the second one ends the program."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from hat.cli.exit import Exit
from hat.cli.language import Language


class Stop(threading.Event):
    """Whether the run shall stop, and the processes that have to know."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[int] = []

    def tell(self) -> None:
        """Ask the processes to stop."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End the processes at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.kill(process, number)


@contextmanager
def stoppable(say: Language) -> Iterator[Stop]:
    """While inside, the first Ctrl-C asks the run to stop, and the second one ends the program."""
    stop = Stop()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            stop.kill()
            os._exit(Exit.INTERRUPTED)  # an exception in the middle of the loop would leave it in pieces
        stop.set()
        text = say("Stopping; steps that always run still do. Ctrl-C again to end at once")
        print(f"\n{text}", file=sys.stderr, flush=True)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, action in before.items():
            signal.signal(number, action)
