"""Share the cases of a run out to processes, and hear them as one run."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from time import perf_counter
from typing import IO, NoReturn

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, replace

from hat import engine
from hat.case import Case, Environment
from hat.cli.console import Console, View
from hat.cli.record import Record
from hat.cli.shelf import Line, Shelf
from hat.cli.stop import Stop
from hat.engine.needs import needed_keys
from hat.event import CaseFinished, RunFinished, RunStarted
from hat.reports import json
from hat.result import CaseResult, Counts, Outcome, StepError, Tally, worst

_LOOK_S = 0.2
_HEAD = 4  # bytes in front of each message: its length


class Begun(Struct, tag=True):
    """A process knows how many results each of its cases gives."""

    started_at: datetime
    rows: tuple[int, ...]


class Done(Struct, tag=True):
    """A case of a process ended: the position of its result there, encoded, and what the console says."""

    index: int
    case: bytes
    view: View


class Ended(Struct, tag=True):
    """A process has run its cases."""

    counts: Counts
    cancelled: bool


Message = Begun | Done | Ended


class Process(Struct):
    """A process that runs some of the cases; `numbers` are their places among all."""

    pid: int
    pipe: int
    numbers: list[int]
    waiting: bytearray
    line: socket.socket
    begun: Begun | None = None
    ended: Ended | None = None
    early: list[Done] = []
    places: dict[int, tuple[int, Case]] = {}  # of each result still to come: its place among all, its case


def share(cases: Sequence[Case], jobs: int) -> list[list[int]]:
    """The cases of each process, by number; cases that need the same case stay together.

    The next group goes where the fewest steps are, so that the same cases always meet.
    """
    parent = list(range(len(cases)))
    first: dict[str, int] = {}

    def head(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    for number, case in enumerate(cases):
        for key in filter(None, (case.needed_as, *needed_keys([case]))):
            low, high = sorted((head(number), head(first.setdefault(key, number))))
            parent[high] = low
    groups: dict[int, list[int]] = {}
    for number in range(len(cases)):
        groups.setdefault(head(number), []).append(number)
    shares: list[list[int]] = [[] for _ in range(min(jobs, len(groups)))]
    steps = [0] * len(shares)
    for group in groups.values():
        least = steps.index(min(steps))
        shares[least].extend(group)
        steps[least] += sum(len(cases[number].steps) or 1 for number in group)
    return [sorted(numbers) for numbers in shares]


class Processes:
    """The processes of a run. Each hears its own engine; what it says goes to console and record here."""

    def __init__(self, cases: Sequence[Case], console: Console, record: Record, stop: Stop) -> None:
        self._cases = cases
        self._console = console
        self._record = record
        self._stop = stop
        self._processes: list[Process] = []
        self._shelf = Shelf()
        self._environment = ""
        self._lost = 0

    def run(self, shares: list[list[int]], environment: Environment, options: engine.Options) -> RunFinished:
        """Run each share in a process of its own; the end of all of them."""
        started = perf_counter()
        self._environment = environment.name
        for numbers in shares:
            self._processes.append(self._start(numbers, environment, options))
        told = False
        with selectors.DefaultSelector() as selector:
            for process in self._processes:
                selector.register(process.pipe, selectors.EVENT_READ, process)
                selector.register(process.line, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select(_LOOK_S):
                    if not self._hear_from(key):
                        selector.unregister(key.fileobj)
                if self._stop.is_set() and not told:
                    told = True
                    self._stop.tell()
        return self._finished((perf_counter() - started) * 1000)

    def _start(self, numbers: list[int], environment: Environment, options: engine.Options) -> Process:
        """Fork: the process has the cases that were loaded, and shares their memory."""
        sys.stdout.flush()
        reading, writing = os.pipe()
        line, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            line.close()
            options = replace(options, shelf=Line(theirs))
            cases = [self._cases[number] for number in numbers]
            pipe = os.fdopen(writing, "wb")
            _work(cases, environment, options, pipe, self._console.view, encoded=self._record.is_wanted)
        os.close(writing)
        theirs.close()
        self._stop.processes.append(pid)
        return Process(pid, reading, numbers, bytearray(), line)

    def _hear_from(self, key: selectors.SelectorKey) -> bool:
        """Take what came on a pipe or at the shelf; false when nothing more will."""
        if isinstance(key.fileobj, socket.socket):
            return self._shelf.serve(key.fileobj)
        if self._read(key.data):
            return True
        self._close(key.data)
        return False

    def _read(self, process: Process) -> bool:
        """Take what a process says; false when it will say nothing more."""
        chunk = os.read(process.pipe, 1 << 20)
        process.waiting += chunk
        start = 0
        while len(process.waiting) - start >= _HEAD:
            end = start + _HEAD + int.from_bytes(process.waiting[start : start + _HEAD], "big")
            if end > len(process.waiting):
                break
            self._hear(process, _DECODER.decode(process.waiting[start + _HEAD : end]))
            start = end
        del process.waiting[:start]
        return bool(chunk)

    def _hear(self, process: Process, message: Message) -> None:
        if isinstance(message, Begun):
            self._begin(process, message)
        elif isinstance(message, Ended):
            process.ended = message
        elif process.places:
            self._take(process, message)
        else:
            process.early.append(message)

    def _begin(self, process: Process, message: Begun) -> None:
        """When all processes know their rows, each result has its place among all."""
        process.begun = message
        begun = [other.begun for other in self._processes if other.begun]
        if len(begun) < len(self._processes):
            return
        rows: dict[int, int] = {}
        for other, one in zip(self._processes, begun, strict=True):
            rows.update(zip(other.numbers, one.rows, strict=True))
        starts = list(accumulate((rows[number] for number in range(len(rows))), initial=0))
        event = RunStarted(min(one.started_at for one in begun), starts[-1], self._environment)
        self._console.hear(event)
        self._record.start(event)
        for other in self._processes:
            places = [
                (starts[number] + row, self._cases[number])
                for number in other.numbers
                for row in range(rows[number])
            ]
            other.places = dict(enumerate(places))
            for early in other.early:
                self._take(other, early)
            other.early = []

    def _take(self, process: Process, done: Done) -> None:
        place, _ = process.places.pop(done.index)
        self._console.show(done.view)
        if done.case:
            self._record.take(place, json.renumbered(done.case, place))

    def _close(self, process: Process) -> None:
        """See how a process ended; what a lost one had still to run could not be carried out."""
        os.close(process.pipe)
        _, status = os.waitpid(process.pid, 0)
        self._stop.processes.remove(process.pid)
        if process.ended is not None:
            return
        if process.begun is None:
            self._begin(process, Begun(datetime.now(UTC), (1,) * len(process.numbers)))
        code = os.waitstatus_to_exitcode(status)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        error = StepError("internal", f"the process that ran the case ended with {how}")
        for place, case in process.places.values():
            lost = CaseResult(
                name=str(case.name),
                outcome=Outcome.ERROR,
                index=place,
                key=case.key,
                file=case.file,
                module=case.module,
                error=error,
            )
            self._lost += 1
            self._console.show(self._console.view(lost))
            self._record.add(lost)

    def _finished(self, elapsed_ms: float) -> RunFinished:
        """The ends of all processes as one."""
        ended = [process.ended for process in self._processes if process.ended]
        found = [end.counts for end in ended]
        counts = Counts(
            cases=_sum([Tally(error=self._lost), *(one.cases for one in found)]),
            steps=_sum(one.steps for one in found),
            checks=_sum(one.checks for one in found),
            flaky=sum(one.flaky for one in found),
        )
        outcomes = [outcome for outcome in Outcome if getattr(counts.cases, outcome.value)]
        return RunFinished(worst(outcomes), counts, elapsed_ms, any(end.cancelled for end in ended))


def _sum(tallies: Iterable[Tally]) -> Tally:
    """Tallies as one."""
    return Tally(*map(sum, zip(*map(astuple, tallies), strict=True)))


def _work(
    cases: Sequence[Case],
    environment: Environment,
    options: engine.Options,
    pipe: IO[bytes],
    view: Callable[[CaseResult], View],
    *,
    encoded: bool,
) -> NoReturn:
    """Run cases in this process, say what happens, and end it; the parent says when to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    code = 1
    try:
        for event in engine.run(cases, environment, replace(options, cancelled=stop.is_set)):
            if isinstance(event, RunStarted):
                _say(pipe, Begun(event.started_at, event.rows))
            elif isinstance(event, CaseFinished):
                case = event.case
                _say(pipe, Done(case.index, json.encode(case) if encoded else b"", view(case)))
            elif isinstance(event, RunFinished):
                _say(pipe, Ended(event.counts, event.cancelled))
        code = 0
    finally:
        if code and not isinstance(sys.exc_info()[1], BrokenPipeError):
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)  # what the parent would still do at its end is not for this process


def _say(pipe: IO[bytes], message: Message) -> None:
    packed = msgspec.msgpack.encode(message)
    pipe.write(len(packed).to_bytes(_HEAD, "big") + packed)
    pipe.flush()


_DECODER = msgspec.msgpack.Decoder(Message)
