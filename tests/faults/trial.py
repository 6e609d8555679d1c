"""One trial: runs are accepted all the while parts of the platform are killed; then every run is audited."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from tests.faults.plant import Plant
from tests.web.shop import ShopServer
from tests.web.test_up import TIMEOUT_S, Visitor

CASES = 3
LEASES_S = 60.0  # two leases, two sweeps, and the time of a busy machine to carry out what was queued
PAUSE_S = (0.1, 1.5)
BACK_S = 5.0


@dataclass
class Audit:
    """What became of the accepted runs."""

    accepted: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    stuck: int = 0
    doubled: int = 0
    missing: int = 0
    interrupted: int = 0
    repeated: int = 0

    @property
    def is_good(self) -> bool:
        return self.accepted > 0 and not (self.lost or self.stuck or self.doubled or self.missing)

    def table(self, mode: str, seed: int) -> str:
        """The figures as one row of Markdown."""
        columns = {
            "mode": mode,
            "seed": seed,
            "kills": f"{self.kills.total()} ({', '.join(f'{k} {n}' for k, n in sorted(self.kills.items()))})",
            "accepted": self.accepted,
            "lost": self.lost,
            "stuck": self.stuck,
            "results doubled": self.doubled,
            "results missing": self.missing,
            "interrupted": self.interrupted,
            "requests repeated": self.repeated,
        }
        lines = (columns.keys(), ["---"] * len(columns), columns.values())
        return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


class Client:
    """Starts runs without a pause, repeating each start under its key until it is answered."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self._visitor = visitor
        self._path = path
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._start_runs)
        self.accepted: dict[str, int] = {}

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._enough.set()
        self._thread.join()

    def wait_for_one_more(self) -> None:
        """So that a kill meets runs; but a platform that is slow to come back is killed again."""
        before, deadline = len(self.accepted), time.monotonic() + BACK_S
        while len(self.accepted) == before and time.monotonic() < deadline:
            time.sleep(0.02)

    def _start_runs(self) -> None:
        number = 0
        while not self._enough.wait(0.03):
            key = f"run-{number}"
            with suppress(OSError, HTTPException, ValueError):
                run = self._visitor.ask("POST", self._path, {"all": True}, **{"Idempotency-Key": key})
                self.accepted[key] = run["id"]
                number += 1


def prepare(visitor: Visitor, shop: ShopServer) -> str:
    """The first user and a project with a few cases; the path of its runs."""
    patiently(visitor, "GET", "/healthz")
    visitor.sign_up()
    path = f"/api/v1/projects/{visitor.ask('POST', '/api/v1/projects', {'name': 'Shop'})['id']}"
    visitor.ask("POST", f"{path}/environments", {"name": "local", "base_url": shop.url, "is_default": True})
    module = visitor.ask("POST", f"{path}/modules", {"name": "Users"})["id"]
    for number in range(CASES):
        step = {
            "request": {"method": "GET", "url": f"/users/{number}"},
            "validate": [{"eq": ["body.code", 0]}],
        }
        document = {"config": {}, "teststeps": [{"name": "ask", **step}]}
        visitor.ask(
            "POST", f"{path}/cases", {"module_id": module, "name": f"case {number}", "document": document}
        )
    return f"{path}/runs"


def trial(plant: Plant, shop: ShopServer, *, kills: int, seed: int) -> Audit:
    """Accept and kill, wait for the last run to end, count what went wrong."""
    chance = random.Random(seed)
    audit = Audit()
    client = Client(plant.visitor, prepare(plant.visitor, shop))
    client.begin()
    try:
        for _ in range(kills):
            client.wait_for_one_more()
            time.sleep(chance.uniform(*PAUSE_S))
            what = chance.choice(sorted(plant.faults))
            plant.faults[what]()
            audit.kills[what] += 1
    finally:
        client.end()
    audit.accepted = len(client.accepted)
    audit.doubled = audit.accepted - len(set(client.accepted.values()))
    deadline = time.monotonic() + LEASES_S
    for pk in client.accepted.values():
        _judge(audit, plant.visitor, pk, deadline)
    audit.repeated = len(shop.asked) - CASES * audit.accepted
    return audit


def _judge(audit: Audit, visitor: Visitor, pk: int, deadline: float) -> None:
    run = patiently(visitor, "GET", f"/api/v1/runs/{pk}")
    while run is not None and run["status"] in ("queued", "running"):
        if time.monotonic() > deadline:
            audit.stuck += 1
            return
        time.sleep(0.1)
        run = patiently(visitor, "GET", f"/api/v1/runs/{pk}")
    if run is None:
        audit.lost += 1
        return
    places = [one["seq"] for one in patiently(visitor, "GET", f"/api/v1/runs/{pk}/delta")["cases"]]
    ends = Counter(one["kind"] for one in patiently(visitor, "GET", f"/api/v1/runs/{pk}/events")["items"])
    audit.doubled += len(places) - len(set(places))
    audit.doubled += ends["finished"] + ends["interrupted"] + ends["cancelled"] - 1
    if run["reason"].startswith("interrupted"):
        audit.interrupted += 1
    elif run["outcome"] != "passed" or len(set(places)) != CASES or run["done"] != CASES:
        audit.missing += 1


def patiently(visitor: Visitor, method: str, path: str) -> Any:
    """The answer, once the web process is back; None for what does not exist."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            return visitor.ask(method, path)
        except HTTPError as answer:
            if answer.code == 404:
                return None
        except (OSError, HTTPException):
            pass
        time.sleep(0.2)
    raise AssertionError(f"{path}: the web process did not come back")
