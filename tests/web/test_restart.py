"""Runs survive the end of the processes that carry them out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.people import get
from tests.web.shop import ShopServer, serving
from tests.web.test_up import TIMEOUT_S, Site, finished


@pytest.fixture
def shop() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def hanging(shop: ShopServer, tmp_path: Path) -> Iterator[tuple[Site, Any]]:
    """A platform that carries out a run whose second case waits for an answer of the shop."""
    site = Site(tmp_path, "--drain", "0.1")
    site.sign_up()
    project = site.ask("POST", "/api/v1/projects", {"name": "Shop"})
    module = site.ask("POST", f"/api/v1/projects/{project['id']}/modules", {"name": "Users"})
    for path in ("/quick", "/hang/"):
        document = {"config": {}, "teststeps": [get(shop.url + path)]}
        body = {"module_id": module["id"], "name": path, "document": document}
        site.ask("POST", f"/api/v1/projects/{project['id']}/cases", body)
    body = {"all": True, "options": {"concurrency": 1}}
    run = site.ask("POST", f"/api/v1/projects/{project['id']}/runs", body)
    assert shop.hanging.wait(TIMEOUT_S)
    stored(site, run, 1)
    yield site, run
    if site.process.poll() is None:
        site.stop()


def stored(site: Site, run: Any, count: int) -> None:
    """Wait until so many results are in the database."""
    deadline = time.monotonic() + TIMEOUT_S
    while site.ask("GET", f"/api/v1/runs/{run['id']}")["done"] < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kinds(site: Site, run: Any) -> list[str]:
    events = site.ask("GET", f"/api/v1/runs/{run['id']}/events")["items"]
    return [event["kind"] for event in events]


def test_a_stop_hands_the_run_back_and_the_next_start_goes_on(hanging: Any, shop: ShopServer) -> None:
    site, run = hanging

    assert site.stop() == 0
    shop.go_on.set()
    again = site.start_again()
    run = finished(again, run)

    assert (run["outcome"], run["done"], run["attempt"]) == ("passed", 2, 1)
    assert kinds(again, run) == ["accepted", "claimed", "handed_back", "claimed", "finished"]
    assert shop.asked == ["/quick", "/hang/", "/hang/"]
    again.stop()


def test_a_killed_platform_takes_its_runs_up_again(hanging: Any, shop: ShopServer) -> None:
    site, run = hanging

    site.process.kill()
    site.process.communicate(timeout=TIMEOUT_S)
    shop.go_on.set()
    again = site.start_again()
    run = finished(again, run)

    assert (run["outcome"], run["done"]) == ("passed", 2)
    assert shop.asked.count("/quick") == 1
    assert kinds(again, run)[-1] == "finished"
    again.stop()


def test_a_run_that_hangs_is_cancelled_from_outside(hanging: Any) -> None:
    site, run = hanging

    site.ask("POST", f"/api/v1/runs/{run['id']}/cancel")
    run = finished(site, run)

    assert (run["status"], run["outcome"]) == ("cancelled", None)
