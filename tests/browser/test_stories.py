"""Stories from beginning to end, in both languages: many cases changed and brought back, a red night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.errand import execute
from tests.browser.words import LANGUAGES, Words
from tests.web.people import Asker, get
from tests.web.shop import ShopServer, serving

pytestmark = pytest.mark.django_db(transaction=True)

COUNT_CLICKS = """
addEventListener('click', () => {
  sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1
}, {capture: true})
"""


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def alice(sign_in: Callable[..., Any], say: Words) -> Asker:
    return Asker(sign_in("alice", language=say.language))


@pytest.fixture
def project(alice: Asker) -> int:
    return int(alice.post("/projects", {"name": "Shop"}).json()["id"])


def _documents() -> list[Any]:
    from hat.web.projects.models import Case

    return list(Case.objects.values_list("document", flat=True))


def _case(alice: Asker, project: int, *steps: dict[str, Any]) -> int:
    module = alice.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    document = {"schema": 1, "dialect": "hat", "config": {"name": "Users"}, "teststeps": list(steps)}
    body = {"module_id": module, "name": "Users", "document": document}
    return int(alice.post(f"/projects/{project}/cases", body).json()["id"])


def test_a_red_night_is_explained_in_four_clicks(
    page: Page, alice: Asker, project: int, target: ShopServer, say: Words
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

    page.add_init_script(COUNT_CLICKS)
    page.goto("/")
    red = page.get_by_role("list", name=say("dashboard.redNow"))
    red.get_by_role("link", name="Users", exact=True).click()
    expect(page.get_by_role("tabpanel")).to_contain_text("/accounts")
    page.get_by_role("tab", name=say("report.tab.history")).click()
    changes = page.get_by_role("region", name=say("report.sinceGreen"))

    row = changes.get_by_role("row").filter(has_text="path")
    expect(row.filter(has_text="/users").filter(has_text="/accounts").first).to_be_visible()
    assert 1 <= int(page.evaluate("sessionStorage.clicks")) <= 4


def test_a_host_is_replaced_in_fifty_cases_and_brought_back(
    page: Page, alice: Asker, project: int, say: Words
) -> None:
    from hat.web.projects.models import Case, Module
    from hat.web.projects.services.cases import Draft, create_case

    module = Module.objects.create(project_id=project, name="Users")
    for number in range(50):
        document = {"config": {"name": f"{number}"}, "teststeps": [get(f"https://old.shop.test/{number}")]}
        create_case(alice.user, module, Draft(document=document))
    before = dict(Case.objects.values_list("pk", "document"))
    page.goto(f"/p/{project}/cases?size=100")
    page.get_by_role("checkbox", name=say("app.selectAll")).check()
    bar = page.get_by_role("toolbar", name=say("cases.selection.title"))
    expect(bar).to_contain_text(say("app.selected", n=50))
    bar.get_by_role("button", name=say("cases.selection.change"), exact=True).click()
    page.get_by_role("menuitem", name=say("cases.selection.replace")).click()

    dialog = page.get_by_role("dialog", name=say("edits.title"))
    dialog.get_by_label(say("edits.find"), exact=True).fill("old.shop.test")
    dialog.get_by_label(say("edits.replacement"), exact=True).fill("new.shop.test")
    expect(dialog).to_contain_text(say("edits.count", places=100, cases=50))
    dialog.get_by_role("button", name=say("edits.apply", n=50), exact=True).click()
    expect(page.get_by_text(say("edits.changed", n=50))).to_be_visible()
    urls = [document["teststeps"][0]["request"]["url"] for document in _documents()]
    assert sum(url.startswith("https://new.shop.test/") for url in urls) == 50

    page.get_by_role("button", name=say("app.undo"), exact=True).click()
    expect(page.get_by_text(say("edits.undone", n=50))).to_be_visible()
    assert dict(Case.objects.values_list("pk", "document")) == before
