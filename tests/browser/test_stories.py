"""Two stories from beginning to end, in Chinese: a case made from a cURL, and a red night explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.errand import execute
from tests.web.people import Asker, get
from tests.web.shop import ShopServer, serving

pytestmark = pytest.mark.django_db(transaction=True)

CATALOGUES = Path(__file__).parents[2] / "frontend/src/i18n/zh"


def word(area: str, key: str) -> str:
    """A text of the Chinese pages."""
    value = json.loads((CATALOGUES / f"{area}.json").read_text(encoding="utf-8"))
    for part in key.split("."):
        value = value[part]
    return str(value)


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Asker:
    return Asker(sign_in("alice", language="zh"))


@pytest.fixture
def project(alice: Asker) -> int:
    return int(alice.post("/projects", {"name": "Shop"}).json()["id"])


def _case(alice: Asker, project: int, *steps: dict[str, Any]) -> int:
    module = alice.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    document = {"schema": 1, "dialect": "hat", "config": {"name": "Users"}, "teststeps": list(steps)}
    body = {"module_id": module, "name": "Users", "document": document}
    return int(alice.post(f"/projects/{project}/cases", body).json()["id"])


def test_a_red_night_is_explained_in_four_clicks(
    page: Page, alice: Asker, project: int, target: ShopServer
) -> None:
    from django.utils import timezone

    from hat.web.runs.models import Run
    from hat.web.schedules.clock import tick
    from hat.web.schedules.models import Schedule

    environment = alice.post(
        f"/projects/{project}/environments",
        {"name": "staging", "base_url": target.url, "variables": {"list": "users"}},
    ).json()["id"]
    _case(alice, project, get("/$list", validate=[{"eq": ["body.path", "/users"]}]))
    schedule = alice.post(
        f"/projects/{project}/schedules",
        {"name": "Nightly", "cron": "0 2 * * *", "zone": "UTC", "all": True, "environment_id": environment},
    )
    assert schedule.status_code == 201, schedule.content
    for night in ("users", "accounts"):
        alice.patch(f"/environments/{environment}", {"variables": {"list": night}})
        Schedule.objects.update(next_at=timezone.now() - timedelta(seconds=1))
        assert tick() == 1
        execute(Run.objects.latest("id").pk)

    page.goto("/")
    red = page.get_by_role("list", name=word("dashboard", "redNow"))
    red.get_by_role("link", name="Users", exact=True).click()
    expect(page.get_by_role("tabpanel")).to_contain_text("/accounts")
    page.get_by_role("tab", name=word("report", "tab.history")).click()
    changes = page.get_by_role("region", name=word("report", "sinceGreen"))

    row = changes.get_by_role("row").filter(has_text="path")
    expect(row.filter(has_text="/users").filter(has_text="/accounts").first).to_be_visible()
