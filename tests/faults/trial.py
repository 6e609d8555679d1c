"""One trial: runs are accepted all the while parts of the platform break; then every run is audited."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from random import Random
from typing import Any
from urllib.error import HTTPError

from tests.faults.audit import Audit, audit_runs
from tests.faults.plant import Outage, Plant
from tests.faults.target import Target
from tests.web.test_up import Visitor

STUCK_S = 35.0  # two leases and a sweep, in which not a single run ended
PAUSE_S = (0.1, 1.5)
BACK_S = 10.0
PATIENCE_S = 120.0
ROUND = 20  # so many faults, then everything accepted until then must end
SHARDS = 2
KILLS_IN_3 = 2  # of three faults; the others are troubles that pass
FUNCTIONS = "def greet(name):\n    return 'hello-' + name\n"


class Client:
    """Starts runs without a pause, repeating each start under its key until it is answered."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self._visitor = visitor
        self._path = path
        self._enough = threading.Event()
        self._thread: threading.Thread | None = None
        self.accepted: dict[str, int] = {}
        self.refused: Counter[str] = Counter()

    def begin(self) -> None:
        self._enough.clear()
        self._thread = threading.Thread(target=self._start_runs)
        self._thread.start()

    def end(self) -> None:
        """Ask no more; the last start is repeated until it is answered."""
        self._enough.set()
        if self._thread is not None:
            self._thread.join()

    def wait_for_one_more(self) -> None:
        """So that a fault meets runs; but a platform that is slow to come back is broken again."""
        before, deadline = len(self.accepted), time.monotonic() + BACK_S
        while len(self.accepted) == before and time.monotonic() < deadline:
            time.sleep(0.02)

    def _start_runs(self) -> None:
        while not self._enough.wait(0.03):
            key = f"run-{len(self.accepted)}"
            deadline = time.monotonic() + PATIENCE_S
            while key not in self.accepted and time.monotonic() < deadline:
                self._try(key)

    def _what(self) -> dict[str, Any]:
        """Every third run in shards."""
        shards = SHARDS if len(self.accepted) % 3 == 2 else 1
        return {"all": True, "options": {"shards": shards}}

    def _try(self, key: str) -> None:
        try:
            run = self._visitor.ask("POST", self._path, self._what(), **{"Idempotency-Key": key})
            self.accepted[key] = run["id"]
        except HTTPError as answer:
            self.refused[f"{answer.code}"] += 1
            time.sleep(0.2)
        except (OSError, HTTPException, ValueError) as problem:
            self.refused[type(problem).__name__] += 1
            time.sleep(0.05)


class Outages:
    """What is broken just now, each with the timer that mends it."""

    def __init__(self) -> None:
        self._open: dict[str, threading.Timer] = {}

    def add(self, name: str, outage: Outage) -> None:
        timer = self._open[name] = threading.Timer(outage.seconds, outage.mend)
        timer.start()

    def names(self) -> set[str]:
        return {name for name, timer in self._open.items() if timer.is_alive()}

    def wait(self) -> None:
        for timer in self._open.values():
            timer.join()


def prepare(visitor: Visitor, target: Target) -> str:
    """The first user, a project with a few cases and a schedule; the path of its runs."""
    patiently(visitor, "GET", "/healthz")
    visitor.sign_up(private_targets=True)
    path = f"/api/v1/projects/{visitor.ask('POST', '/api/v1/projects', {'name': 'Shop'})['id']}"
    visitor.ask("PUT", f"{path}/functions", {"source": FUNCTIONS, "version": 0})
    visitor.ask("POST", f"{path}/environments", {"name": "local", "base_url": target.url, "is_default": True})
    module = visitor.ask("POST", f"{path}/modules", {"name": "Users"})["id"]
    for name, config, url in (
        ("quick", {}, "/quick/0"),
        ("greeting", {"variables": {"who": "you"}}, "/greeting/20?hello=${greet($who)}"),
        ("rows", {"parameters": {"row": [1, 2, 3]}}, "/rows/50?row=$row"),
        ("slow", {}, "/slow/400"),
    ):
        step = {"name": "ask", "request": {"method": "GET", "url": url}}
        steps = [{**step, "validate": [{"eq": ["body.name", name]}]}]
        document = {"config": config, "teststeps": steps}
        visitor.ask("POST", f"{path}/cases", {"module_id": module, "name": name, "document": document})
    often = {"name": "often", "cron": "* * * * *", "zone": "UTC", "all": True}
    visitor.ask("POST", f"{path}/schedules", often)
    return f"{path}/runs"


def trial(plant: Plant, target: Target, *, kills: int, seed: int, only: Sequence[str] | None = None) -> Audit:
    """Accept and break, wait for the last run to end, count what went wrong.

    `only` names the faults to cause, each once, in that order.
    """
    chance = Random(seed)
    audit = Audit(seed=seed)
    client = Client(plant.visitor, prepare(plant.visitor, target))
    outages = Outages()
    began = time.monotonic()
    todo = list(only) if only is not None else None
    while todo or (todo is None and audit.kills.total() < kills):
        client.begin()
        try:
            for _ in range(ROUND):
                if (not todo) if todo is not None else audit.kills.total() >= kills:
                    break
                client.wait_for_one_more()
                time.sleep(chance.uniform(*PAUSE_S))
                name = todo.pop(0) if todo else choose(plant, outages, chance)
                break_something(plant, name, outages, chance, audit)
        finally:
            outages.wait()
            client.end()
        audit.stuck = max(audit.stuck, wait_for_the_end(plant))
    audit.ended_by_itself = Counter(plant.keeper.ended)
    audit.refused = client.refused
    audit.is_back = is_ready(plant.visitor)
    audit_runs(audit, plant, client.accepted, target)
    audit.minutes = (time.monotonic() - began) / 60
    return audit


def choose(plant: Plant, outages: Outages, chance: Random) -> str:
    """A kill, or every third time a trouble that is not there yet."""
    troubles = sorted(set(plant.troubles) - outages.names())
    kills = sorted(plant.kills)
    return chance.choice(kills if chance.randrange(3) < KILLS_IN_3 or not troubles else troubles)


def break_something(plant: Plant, name: str, outages: Outages, chance: Random, audit: Audit) -> None:
    with plant.keeper.lock:
        if name in plant.kills:
            plant.kills[name](chance)
            audit.kills[name] += 1
            return
        outage = plant.troubles[name](chance)
        audit.troubles[name] += 1
    if outage is not None:
        outages.add(name, outage)


def wait_for_the_end(plant: Plant) -> int:
    """How many runs do not end, though none has ended for two leases."""
    waiting, since = -1, time.monotonic()
    while True:
        ((now,),) = plant.rows("SELECT COUNT(*) FROM runs_run WHERE status IN ('queued', 'running')")
        if now == 0 or (now == waiting and time.monotonic() - since > STUCK_S):
            return int(now)
        if now != waiting:
            waiting, since = now, time.monotonic()
        time.sleep(0.3)


def is_ready(visitor: Visitor) -> bool:
    """Whether the platform says of itself that all is well again."""
    deadline = time.monotonic() + STUCK_S
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            return bool(visitor.ask("GET", "/readyz")["ok"])
        time.sleep(0.5)
    return False


def patiently(visitor: Visitor, method: str, path: str) -> Any:
    """The answer, once the web process is there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            return visitor.ask(method, path)
        time.sleep(0.2)
    raise AssertionError(f"{path}: the web process did not come")
