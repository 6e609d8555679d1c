"""Web, two workers, PostgreSQL and a broker: real processes, real brokers, real kills."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.web.fleet import Fleet, PrivateRedis, fleet, forget_queue, private_redis, rabbitmq
from tests.web.shop import ShopServer, serving

FUNCTIONS = "def greet(name):\n    return 'Hello ' + name\n"
QUICK: dict[str, Any] = {
    "name": "users",
    "request": {"method": "GET", "url": "/users/$number", "headers": {"X-Hello": "${greet($number)}"}},
    "extract": {"who": "body.items[0].name"},
    "validate": [{"eq": ["status_code", 200]}, {"eq": ["$who", "王芳"]}],
}
SLOW: dict[str, Any] = {
    "name": "slow",
    "request": {"method": "GET", "url": "/hang/1"},
    "validate": [{"eq": ["body.code", 0]}],
}


@pytest.fixture
def shop() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    with private_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
def on_redis(tmp_path: Path, redis: PrivateRedis) -> Iterator[Fleet]:
    with fleet(tmp_path, redis.url) as made:
        yield made


@pytest.fixture
def on_rabbitmq(tmp_path: Path) -> Iterator[Fleet]:
    with fleet(tmp_path, rabbitmq()) as made:
        yield made
        made.end()
        forget_queue(made.queue)


def make_project(fleet: Fleet, shop: ShopServer, *cases: str) -> str:
    """A project with functions, an environment and the named kinds of cases; the path of its runs."""
    ask = fleet.visitor.ask
    path = f"/api/v1/projects/{ask('POST', '/api/v1/projects', {'name': 'Shop'})['id']}"
    ask("PUT", f"{path}/functions", {"source": FUNCTIONS, "version": 0})
    ask("POST", f"{path}/environments", {"name": "local", "base_url": shop.url, "is_default": True})
    module = ask("POST", f"{path}/modules", {"name": "Users"})["id"]
    for number, kind in enumerate(cases):
        steps = [QUICK] if kind == "quick" else [SLOW]
        document = {"config": {"variables": {"number": f"n{number}"}}, "teststeps": steps}
        ask("POST", f"{path}/cases", {"module_id": module, "name": f"case {number}", "document": document})
    return f"{path}/runs"


def start(fleet: Fleet, path: str) -> Any:
    return fleet.visitor.ask("POST", path, {"all": True, "options": {"concurrency": 1}})


def assert_complete(fleet: Fleet, run: Any, count: int) -> None:
    run = fleet.finished(run)
    assert (run["status"], run["outcome"], run["done"]) == ("finished", "passed", count), fleet.messages()
    assert [one["outcome"] for one in fleet.case_runs(run)] == ["passed"] * count
    ends = fleet.visitor.ask("GET", f"/api/v1/runs/{run['id']}/events")["items"]
    assert [one["kind"] for one in ends].count("finished") == 1


def test_two_workers_on_redis_finish_runs_and_a_killed_one_loses_nothing(
    on_redis: Fleet, shop: ShopServer
) -> None:
    on_redis.open(workers=2)
    assert {one["transport"] for one in on_redis.workers()} == {"celery"}
    assert on_redis.visitor.ask("GET", "/readyz")["broker"] == "ok"
    path = make_project(on_redis, shop, "quick", "quick", "slow", "quick", "quick")

    run = start(on_redis, path)
    assert shop.hanging.wait(30), on_redis.messages()
    on_redis.wait_until(lambda: len(on_redis.case_runs(run)) == 2)
    os.kill(on_redis.owner_pid(run), signal.SIGKILL)
    shop.go_on.set()

    assert_complete(on_redis, run, 5)
    assert [shop.asked.count(f"/users/n{number}") for number in (0, 1, 3, 4)] == [1, 1, 1, 1]
    later = [start(on_redis, path) for _ in range(6)]
    for one in later:
        assert_complete(on_redis, one, 5)
    assert on_redis.stop()[1:] == [0, 0], on_redis.messages()


def test_labels_lead_hints_and_shards_to_the_right_worker_and_a_killed_one_loses_nothing(
    on_redis: Fleet, shop: ShopServer
) -> None:
    on_redis.open(workers=1)
    on_redis.start("worker", "--label", "edge", "--processes", "2")
    on_redis.wait_until(lambda: len(on_redis.workers()) == 3)
    path = make_project(on_redis, shop, *["quick"] * 5, "slow", *["quick"] * 6)
    edge = {one["owner"] for one in on_redis.workers() if one["labels"] == ["edge"]}

    options = {"label": "edge", "shards": 2, "concurrency": 2}
    run = on_redis.visitor.ask("POST", path, {"all": True, "options": options})
    assert shop.hanging.wait(30), on_redis.messages()
    events = f"/api/v1/runs/{run['id']}/events"
    claims = [one for one in on_redis.visitor.ask("GET", events)["items"] if one["kind"] == "claimed"]
    os.kill(int(next(one for one in claims if one["shard"] == 2)["owner"].rpartition("#")[2]), signal.SIGKILL)
    shop.go_on.set()

    run = on_redis.finished(run)
    assert (run["status"], run["outcome"], run["done"], run["shards"]) == ("finished", "passed", 12, 2)
    assert [one["outcome"] for one in on_redis.case_runs(run)] == ["passed"] * 12
    assert {one["owner"] for one in claims if one["owner"]} <= edge
    told = on_redis.visitor.ask("GET", events)["items"]
    assert [one["kind"] for one in told if not one["shard"]].count("finished") == 1


def test_a_worker_lost_with_its_supervisor_is_replaced_by_another_on_rabbitmq(
    on_rabbitmq: Fleet, shop: ShopServer
) -> None:
    on_rabbitmq.open(workers=2)
    path = make_project(on_rabbitmq, shop, "quick", "slow", "quick")

    run = start(on_rabbitmq, path)
    assert shop.hanging.wait(30), on_rabbitmq.messages()
    lost = on_rabbitmq.owner_pid(run)
    supervisor = parent_of(lost)
    os.kill(supervisor, signal.SIGKILL)
    os.kill(lost, signal.SIGKILL)
    shop.go_on.set()

    assert_complete(on_rabbitmq, run, 3)
    assert on_rabbitmq.visitor.ask("GET", f"/api/v1/runs/{run['id']}")["attempt"] == 2


def test_runs_end_without_the_broker_too_and_the_platform_says_that_it_is_away(
    on_redis: Fleet, redis: PrivateRedis, shop: ShopServer
) -> None:
    on_redis.open(workers=1)
    path = make_project(on_redis, shop, "quick", "quick")
    redis.kill()

    for run in [start(on_redis, path) for _ in range(3)]:
        assert_complete(on_redis, run, 2)
    words = readiness(on_redis)["broker"]
    redis.start()

    assert words.startswith("broker unreachable since ")
    on_redis.wait_until(lambda: readiness(on_redis)["broker"] == "ok")


def readiness(fleet: Fleet) -> Any:
    """What /readyz answers, whether it is content or not."""
    try:
        return fleet.visitor.ask("GET", "/readyz")
    except HTTPError as refused:
        with refused:
            return json.loads(refused.read())


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
