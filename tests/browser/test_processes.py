"""Pages over real processes: a worker that is killed while somebody watches, a schedule that comes due."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watch import Watch
from tests.web.shop import ShopServer, serving
from tests.web.test_up import Site, worker_pid


@pytest.fixture
def shop() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Site]:
    """`hat up` with its own processes, and its first user."""
    site = Site(tmp_path / "data")
    site.sign_up()
    yield site
    site.stop()


@pytest.fixture
def project(platform: Site, shop: ShopServer) -> int:
    """A project with one case that answers at once and one that hangs until the shop goes on."""
    pk = int(platform.ask("POST", "/api/v1/projects", {"name": "Shop"})["id"])
    path = f"/api/v1/projects/{pk}"
    platform.ask("POST", f"{path}/environments", {"name": "local", "base_url": shop.url, "is_default": True})
    module = platform.ask("POST", f"{path}/modules", {"name": "Orders"})["id"]
    for name, url in (("quick", "/users"), ("slow", "/hang/1")):
        step = {"name": name, "request": {"method": "GET", "url": url}}
        document = {"config": {}, "teststeps": [step]}
        platform.ask("POST", f"{path}/cases", {"module_id": module, "name": name, "document": document})
    return pk


@pytest.fixture
def page(browser: Browser, platform: Site) -> Iterator[Page]:
    """A browser signed in as the first user; its pages may not complain."""
    context = browser.new_context(base_url=platform.url, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(30_000)
    watch = Watch(host=urlsplit(platform.url).netloc)
    watch.expect(401)  # the look whether one is signed in
    page = context.new_page()
    watch.follow(page)
    page.goto("/login")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    yield page
    context.close()
    assert watch.complaints == []


def test_a_worker_killed_under_a_live_page_is_told_and_the_run_ends_truthful(
    page: Page, platform: Site, project: int, shop: ShopServer
) -> None:
    run = platform.ask("POST", f"/api/v1/projects/{project}/runs", {"all": True})
    page.goto(f"/runs/{run['id']}")
    expect(page.get_by_test_id("progress")).to_have_text("1 / 2", timeout=30_000)

    os.kill(worker_pid(platform), signal.SIGKILL)

    expect(page.get_by_text("Attempt 2: an earlier worker was lost.")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("progress")).to_have_text("1 / 2")
    page.get_by_text("History", exact=True).first.click()
    expect(page.get_by_role("list", name="History")).to_contain_text("worker lost, back in the queue")
    shop.go_on.set()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Passed 2", exact=True)).to_be_visible()
    assert shop.asked.count("/users") == 1


def test_a_schedule_is_made_and_seen_to_run(
    page: Page, platform: Site, project: int, shop: ShopServer
) -> None:
    shop.go_on.set()
    page.goto(f"/p/{project}/schedules")
    page.get_by_role("button", name="Make the first schedule").click()
    dialog = page.get_by_role("dialog", name="New schedule")
    dialog.get_by_label("Name", exact=True).fill("Every minute")
    dialog.get_by_label("Cron expression").fill("* * * * *")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Not yet")).to_be_visible()

    make_due(platform)

    table: Any = page.get_by_role("table", name="Schedules")
    expect(table.get_by_role("link", name="Passed")).to_be_visible(timeout=90_000)
    table.get_by_role("link", name="Passed").click()
    expect(page).to_have_url(re.compile(r"/runs/\d+"))
    expect(page.get_by_text("Passed 2", exact=True)).to_be_visible()


def make_due(platform: Site) -> None:
    """Let the time of the only schedule come now, so that nobody waits for the minute."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:00")
    with closing(sqlite3.connect(platform.folder / "hat.sqlite3", timeout=30)) as database, database:
        database.execute("UPDATE schedules_schedule SET next_at = ?", [now])
