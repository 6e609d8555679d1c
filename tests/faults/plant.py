"""What is broken on purpose: a platform of real processes, and all the ways to break it."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.faults.clock import Clock
from tests.faults.disk import Disk, disk
from tests.faults.pieces import Keeper, Piece
from tests.faults.processes import free_port, kill, send, words_of
from tests.faults.services import Broker, Postgres, RabbitServer, RedisServer, Service
from tests.faults.wire import Wire
from tests.web.fleet import listens
from tests.web.test_up import Visitor

MODES = ("embedded", "redis", "rabbitmq", "postgres")
OPEN_S = 120.0
FROZEN_S = (16.0, 24.0)  # longer than a lease
SILENT_S = (1.0, 25.0)
FULL_S = (1.0, 8.0)
HOURS = (-3600, -600, 0, 600, 3600)
QUEUE = "hat-faults"


@dataclass(frozen=True)
class Outage:
    """Something broken that is mended again after a time."""

    seconds: float
    mend: Callable[[], None]


Kill = Callable[[Random], None]
Trouble = Callable[[Random], Outage | None]


class Plant:
    """A platform with the ways to break it: kills, and troubles that pass."""

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.port = free_port()
        self.visitor = Visitor(f"http://127.0.0.1:{self.port}")
        self.kills: dict[str, Kill] = {}
        self.troubles: dict[str, Trouble] = {}

    def open(self) -> None:
        """Start everything and wait until web listens."""
        with self.keeper.lock:
            for one in self.keeper.kept:
                one.start()
        deadline = time.monotonic() + OPEN_S
        while not listens(self.port):
            assert time.monotonic() < deadline, "web does not listen"
            time.sleep(0.1)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database really holds."""
        raise NotImplementedError


class Embedded(Plant):
    """`hat up` on SQLite."""

    def __init__(self, folder: Path, small: Disk) -> None:
        super().__init__()
        self._file = small.folder / "hat.sqlite3"
        self._disk, self._clock = small, Clock(folder, "platform")
        self._up = Piece(
            folder,
            "up",
            ("up", "--port", str(self.port)),
            {"HAT_DATA": str(small.folder), **self._clock.environment},
        )
        self.keeper.kept = [self._up]
        self.kills = {
            "worker": lambda _: kill(self._pids("work")),
            "web": lambda _: kill(self._pids("serve")),
            "supervisor": lambda _: self._again(self._up.kill_supervisor),
            "everything": lambda _: self._again(self._up.kill),
        }
        self.troubles = {
            "worker frozen": lambda chance: frozen(self._pids("work"), chance),
            "database locked": self._lock,
        }
        add_clock_and_disk(self.troubles, [self._clock], small)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._file, timeout=60)) as connection:
            return connection.execute(sql).fetchall()

    def _pids(self, word: str) -> list[int]:
        return [pid for pid in self._up.below if word in words_of(pid)]

    def _again(self, kill_it: Callable[[], None]) -> None:
        kill_it()
        self._up.start()

    def _lock(self, chance: Random) -> Outage | None:
        connection = sqlite3.connect(self._file, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:  # the disk is full too, or the database is being recovered
            connection.close()
            return None
        return Outage(chance.uniform(*SILENT_S), connection.close)


class Distributed(Plant):
    """Web, two workers and a clock on PostgreSQL, with a broker or without."""

    def __init__(self, folder: Path, small: Disk, broker: Broker | None) -> None:
        super().__init__()
        clocks = [Clock(folder, "platform"), Clock(folder, "database")]
        self._database = Postgres(folder, small.folder, clocks[1].environment)
        self._services: list[Service] = [self._database, *([broker] if broker else [])]
        self._wires = {
            (worker, service.name): Wire(service.port) for worker in "AB" for service in self._services
        }
        common = {
            "HAT_SECRET_KEY": "one key for all machines of the fleet, long enough",
            "HAT_DATA": str(folder / "data"),
            "HAT_BROKER_QUEUE": QUEUE,
            **clocks[0].environment,
        }
        direct = {service.name: service.port for service in self._services}

        def piece(name: str, *arguments: str, ports: Mapping[str, int] = direct) -> Piece:
            urls = {"HAT_DATABASE_URL": self._database.url(ports["postgres"])}
            if broker is not None:
                urls["HAT_BROKER_URL"] = broker.url(ports[broker.name])
            return Piece(folder, name, arguments, {**common, **urls})

        def wired(worker: str) -> dict[str, int]:
            return {service.name: self._wires[worker, service.name].port for service in self._services}

        self._web = piece("web", "serve", "--migrate", "--port", str(self.port))
        self._workers = [
            piece("worker A", "worker", ports=wired("A")),
            piece("worker B", "worker", "--processes", "2", ports=wired("B")),
        ]
        self._pieces = [self._web, *self._workers, piece("clock", "clock")]
        self.keeper.kept = [*self._services, *self._pieces]
        self.kills = {
            "worker": lambda chance: kill([chance.choice(self._hands())] if self._hands() else []),
            "whole worker": lambda chance: again(chance.choice(self._workers)),
            "web": lambda _: again(self._web),
            "clock": lambda _: again(self._pieces[-1]),
            "database": lambda _: again(self._database),
            "everything": lambda _: self._everything(),
        }
        self.troubles = {
            "worker frozen": lambda chance: frozen(self._hands()[:1], chance),
            "database cut off": lambda chance: self._cut(self._database, chance),
            "database silent": lambda chance: self._silence(self._database, chance),
        }
        if broker is not None:
            self._add_broker(broker)
        add_clock_and_disk(self.troubles, clocks, small)

    def open(self) -> None:
        for service in self._services:
            service.start()
        super().open()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._database.url(self._database.port)) as connection:
            return connection.execute(sql.encode()).fetchall()

    def close(self) -> None:
        for piece in self._pieces:
            piece.ask_to_end()
        for piece in self._pieces:
            piece.close()
        for wire in self._wires.values():
            wire.close()
        for service in self._services:
            service.close()

    def _add_broker(self, broker: Broker) -> None:
        self.kills["broker"] = lambda _: again(broker)

        def empty(_: Random) -> None:
            with suppress(Exception):  # the broker may be away just now
                broker.empty(QUEUE)

        def forget(_: Random) -> None:
            with suppress(Exception):
                broker.forget(QUEUE) if isinstance(broker, RabbitServer) else broker.empty(QUEUE)

        self.troubles |= {
            "broker cut off": lambda chance: self._cut(broker, chance),
            "broker silent": lambda chance: self._silence(broker, chance),
            "broker emptied": empty,
        }
        if isinstance(broker, RabbitServer):
            self.troubles["queue deleted"] = forget

    def _hands(self) -> list[int]:
        """The processes that carry out runs, those of a worker with two of them first."""
        return [pid for worker in reversed(self._workers) for pid in worker.below]

    def _everything(self) -> None:
        everything: list[Piece | Service] = [*self._services, *self._pieces]
        for one in reversed(everything):
            one.kill()
        for one in everything:
            one.start()

    def _cut(self, service: Service, chance: Random) -> Outage:
        wires = self._some_wires(service, chance)
        for wire in wires:
            wire.cut()
        return Outage(chance.uniform(*SILENT_S), lambda: mend(wires))

    def _silence(self, service: Service, chance: Random) -> Outage:
        wires = self._some_wires(service, chance)
        for wire in wires:
            wire.silence()
        return Outage(chance.uniform(*SILENT_S), lambda: mend(wires))

    def _some_wires(self, service: Service, chance: Random) -> list[Wire]:
        """Those of one worker, or of both."""
        return [self._wires[worker, service.name] for worker in chance.choice(("A", "B", "AB"))]


def again(one: Piece | Service) -> None:
    one.kill()
    one.start()


def mend(wires: list[Wire]) -> None:
    for wire in wires:
        wire.mend()


def frozen(pids: list[int], chance: Random) -> Outage | None:
    """Stop processes where they stand, for longer than a lease; then let them go on."""
    if not pids:
        return None
    send(pids, signal.SIGSTOP)
    return Outage(chance.uniform(*FROZEN_S), lambda: send(pids, signal.SIGCONT))


def add_clock_and_disk(troubles: dict[str, Trouble], clocks: list[Clock], small: Disk) -> None:
    """What only some machines let us do."""

    def jump(chance: Random) -> None:
        chance.choice(clocks).put(chance.choice(HOURS))

    def fill(chance: Random) -> Outage:
        small.fill()
        return Outage(chance.uniform(*FULL_S), small.free)

    if clocks[0].can_move:
        troubles["clock jumped"] = jump
    if small.can_be_filled:
        troubles["disk full"] = fill


@contextmanager
def plant(mode: str, folder: Path) -> Iterator[Plant]:
    """An open platform of that mode; skipped where its services are missing."""
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    with ExitStack() as stack:
        small = stack.enter_context(disk(folder / "disk"))
        made: Plant
        if mode == "embedded":
            made = Embedded(folder, small)
            stack.callback(made.keeper.kept[0].close)
        else:
            brokers: dict[str, Callable[[Path], Broker]] = {"redis": RedisServer, "rabbitmq": RabbitServer}
            made = Distributed(folder, small, brokers[mode](folder) if mode in brokers else None)
            stack.callback(made.close)
        made.open()
        made.keeper.begin()
        stack.callback(made.keeper.close)
        yield made
