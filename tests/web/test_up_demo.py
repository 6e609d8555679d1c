"""`hat up` serves the demo API from the moment the demo project is loaded, and at every later start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hat.web.process import listen
from tests.web.test_up import TIMEOUT_S, Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A new platform, and whichever start of it is the last."""
    site = Site(tmp_path)
    yield site
    _end(site)


def _end(site: Site) -> None:
    if site.process.poll() is None:
        site.process.terminate()
    site.process.communicate(timeout=TIMEOUT_S)


def _set_up(site: Site) -> None:
    site.token = site.ask("GET", "/api/v1/session")["csrf_token"]
    person = {"username": "alice", "password": "correct horse battery", "language": "en", "demo": True}
    site.token = site.ask("POST", "/api/v1/setup", person)["csrf_token"]


def _environment(site: Site) -> dict[str, Any]:
    project = site.ask("GET", "/api/v1/projects")["items"][0]["id"]
    found: dict[str, Any] = site.ask("GET", f"/api/v1/projects/{project}/environments")["items"][0]
    return found


def _run(site: Site) -> dict[str, Any]:
    project = site.ask("GET", "/api/v1/projects")["items"][0]["id"]
    modules = site.ask("GET", f"/api/v1/projects/{project}/modules")["items"]
    items = next(one["id"] for one in modules if one["name"] == "items")
    run = site.ask("POST", f"/api/v1/projects/{project}/runs", {"modules": [items]})
    while run["status"] in ("queued", "running"):
        run = site.ask("GET", f"/api/v1/runs/{run['id']}")
    counts: dict[str, Any] = run["counts"]
    return dict(counts["cases"])


def test_runs_of_a_newcomer_are_not_red_now_and_after_a_move(site: Site) -> None:
    _set_up(site)
    first = _run(site)
    before = _environment(site)["base_url"]
    _end(site)

    with listen("127.0.0.1", int(urlsplit(before).port or 0)):
        again = site.start_again()
        second = _run(again)
        after = _environment(again)
        _end(again)

    assert first["passed"] > 8
    assert (first["failed"], first["error"]) == (1, 1)  # on purpose
    assert second == first
    assert after["base_url"] != before
    assert after["variables"]["DEMO_URL"] == after["base_url"]
