"""The report of a run and the list of runs: what a tester does with a red."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker, get
from tests.web.shop import ShopServer, serving

pytestmark = pytest.mark.django_db(transaction=True)

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def finished(sign_in: Callable[..., Any], target: ShopServer) -> Any:
    """A finished run of alice: one case passes, one fails at a check, one cannot connect."""
    from hat.web.projects.models import Module
    from hat.web.projects.services.projects import create_project
    from hat.web.runs.models import Run

    alice = sign_in("alice")
    asker = Asker(alice)
    project = create_project(alice, name="Shop")
    module = Module.objects.create(project=project, name="Users")
    steps = {
        "lists users": [get(f"{target.url}/users", validate=[{"eq": ["status_code", 200]}])],
        "expects too much": [
            get(f"{target.url}/users", validate=[{"eq": ["status_code", 200]}]),
            get(f"{target.url}/users", name="Ask again", validate=[{"eq": ["status_code", 418]}]),
        ],
        "talks to nobody": [get("http://127.0.0.1:9/x")],
    }
    for name, teststeps in steps.items():
        document = {"schema": 1, "dialect": "hat", "config": {"name": name}, "teststeps": teststeps}
        body = {"module_id": module.pk, "name": name, "document": document}
        assert asker.post(f"/projects/{project.pk}/cases", body).status_code == 201
    run = asker.post(f"/projects/{project.pk}/runs", {"all": True, "name": "Nightly"}).json()
    _execute(run["id"])
    return Run.objects.get(pk=run["id"])


def _execute(run_id: int) -> None:
    """As a worker would, in a thread: Playwright's loop runs in this one."""
    from django.db import connection

    from hat.web.runs.execution import execute

    def work() -> None:
        try:
            execute(run_id)
        finally:
            connection.close()

    worker = Thread(target=work)
    worker.start()
    worker.join(60)


def test_it_opens_on_what_is_red(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")

    expect(page.get_by_role("searchbox", name="Filter")).to_have_value("status:failed status:error")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_contain_text("status_code: expected 418, got 200")
    expect(page.get_by_role("treeitem", name=re.compile("lists users"))).to_have_count(0)


def test_a_link_of_the_dashboard_opens_the_case_it_names(page: Page, finished: Any) -> None:
    page.goto("/")
    red = page.get_by_role("list", name="Red now")
    red.get_by_role("link", name="talks to nobody", exact=True).click()

    expect(page.get_by_role("heading", name="GET http://127.0.0.1:9/x")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("connection refused")


def test_every_counter_filters_and_the_address_keeps_it(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()

    page.get_by_text("All 3", exact=True).click()
    page.get_by_text("Passed 1", exact=True).click()
    expect(page.get_by_role("treeitem", name=re.compile("lists users"))).to_be_visible()
    expect(page.get_by_role("treeitem", name=re.compile("talks to nobody"))).to_have_count(0)

    page.reload()
    expect(page.get_by_role("searchbox", name="Filter")).to_have_value("status:passed")
    expect(page.get_by_role("treeitem", name=re.compile("talks to nobody"))).to_have_count(0)


def test_the_keys_walk_through_failures_and_tabs(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="GET http://127.0.0.1:9/x")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("connection refused")

    page.keyboard.press("Shift+N")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()

    page.keyboard.press("3")
    expect(page.get_by_role("tab", name="Request")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_contain_text("/users")


def test_what_is_new_still_red_and_recovered_is_told(page: Page, finished: Any, target: ShopServer) -> None:
    from hat.web.accounts.models import User
    from hat.web.projects.models import Case

    asker = Asker(User.objects.get(username="alice"))
    for name, status in (("lists users", 418), ("expects too much", 200)):
        case = Case.objects.get(name=name)
        step = get(f"{target.url}/users", validate=[{"eq": ["status_code", status]}])
        document = {**case.document, "teststeps": [step]}
        body = {"version": case.version, "document": document}
        assert asker.put(f"/cases/{case.pk}", body).status_code == 200
    again = asker.post(f"/runs/{finished.pk}/rerun", {"only": "all"}).json()
    _execute(again["id"])

    page.goto(f"/runs/{again['id']}")
    changes = page.get_by_role("group", name="Since the last time")
    expect(changes.get_by_role("button")).to_have_text(["New 1", "Still red 1", "Recovered 1"])
    expect(page.get_by_text("Newly red: it was green the last time, or never ran")).to_be_visible()

    nobody = page.get_by_role("treeitem", name=re.compile("talks to nobody"))
    expect(nobody.get_by_role("img", name="error, error", exact=False)).to_be_visible()

    changes.get_by_text("Still red 1").click()
    page.get_by_role("treeitem", name=re.compile("talks to nobody")).click()
    expect(page.get_by_role("link", name=re.compile("Red since"))).to_have_attribute(
        "href", f"/runs/{finished.pk}"
    )
    expect(page.get_by_text("for the same cause")).to_be_visible()

    changes.get_by_text("Recovered 1").click()
    expect(page.get_by_role("treeitem", name=re.compile("expects too much"))).to_contain_text("Recovered")
    expect(page.get_by_role("treeitem", name=re.compile("talks to nobody"))).to_have_count(0)


def test_the_cases_in_sight_are_saved_as_a_table(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Cases in sight as CSV").click()

    rows = csv.reader(download.value.path().read_text("utf-8-sig").splitlines())
    assert [row[0] for row in rows] == ["outcome", "failed", "error"]


def test_paper_shows_every_red_with_its_reason(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")
    expect(page.get_by_role("heading", name="Ask again")).to_be_visible()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    paper = page.get_by_role("region", name="Report")
    expect(paper).to_contain_text("status_code: expected 418, got 200")
    expect(paper).to_contain_text("talks to nobody")
    expect(page.get_by_role("searchbox", name="Filter")).to_be_hidden()


def test_a_long_body_is_loaded_when_asked_for(page: Page, finished: Any) -> None:
    from hat.web.runs.packing import pack, unpack

    row = finished.case_runs.get(name="expects too much")
    result = unpack(row.packed)
    result["steps"][1]["exchanges"][0]["response"]["body"] = "x" * 250_000 + "the end"
    row.packed = pack(result)
    row.save()
    page.goto(f"/runs/{finished.pk}?tab=response")
    body = page.get_by_label("Response body")
    expect(body).to_be_visible()
    assert "the end" not in body.inner_text()

    page.get_by_role("button", name=re.compile("Show all of it")).click()

    expect(body).to_contain_text("the end")


def test_each_attempt_of_a_retried_step_shows_its_exchange(
    page: Page, sign_in: Callable[..., Any], target: ShopServer
) -> None:
    from hat.web.projects.models import Module
    from hat.web.projects.services.projects import create_project

    alice = sign_in("alice")
    asker = Asker(alice)
    project = create_project(alice, name="Waiting")
    step = get(
        f"{target.url}/late/2", validate=[{"eq": ["status_code", 200]}], retry={"interval": 0, "timeout": 9}
    )
    document = {"schema": 1, "dialect": "hat", "config": {"name": "waits"}, "teststeps": [step]}
    module = Module.objects.create(project=project, name="Orders")
    body = {"module_id": module.pk, "name": "waits", "document": document}
    assert asker.post(f"/projects/{project.pk}/cases", body).status_code == 201
    run = asker.post(f"/projects/{project.pk}/runs", {"all": True, "name": "Nightly"}).json()
    _execute(run["id"])
    page.goto(f"/runs/{run['id']}")
    attempts, panel = page.get_by_role("group", name="Attempts"), page.get_by_role("tabpanel")

    expect(attempts.get_by_role("button")).to_have_text(
        ["Attempt 1 · 503", "Attempt 2 · 503", "Attempt 3 · 200"]
    )
    attempts.get_by_role("button", name="Attempt 1").click()

    expect(page.get_by_role("tab", name="Response")).to_have_attribute("aria-selected", "true")
    expect(panel).to_contain_text("503 Service Unavailable")
    expect(page.get_by_role("article")).to_contain_text("status_code: expected 200, got 503")
    attempts.get_by_role("button", name="Attempt 3").click()
    expect(panel).to_contain_text("200 OK")


def test_a_red_leads_to_its_case(page: Page, finished: Any) -> None:
    page.goto(f"/runs/{finished.pk}")

    page.get_by_role("link", name="Open case").click()

    expect(page).to_have_url(re.compile(r"/p/\d+/cases/\d+"))
    expect(page.get_by_text("expects too much").first).to_be_visible()


def test_no_tab_breaks_a_rule(page: Page, finished: Any, look: Callable[[Page], list[str]]) -> None:
    for tab in ("checks", "response", "request", "variables", "timing", "log", "history"):
        page.goto(f"/runs/{finished.pk}?tab={tab}")
        expect(page.get_by_role("tabpanel")).to_be_visible()

        assert look(page) == [], tab


def test_the_list_of_runs_leads_to_the_report_and_deletes_it(
    page: Page, finished: Any, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"/p/{finished.project_id}/runs")
    expect(page.get_by_role("link", name="Nightly")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("button", name="Actions for Nightly").click()
    page.get_by_role("menuitem", name="Delete").click()

    expect(page.get_by_text("No runs yet")).to_be_visible()


def test_the_single_file_opens_from_disk_without_a_request(
    page: Page, finished: Any, tmp_path: Any, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"/runs/{finished.pk}")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Report as one HTML file").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    elsewhere = page.context.new_page()
    requests: list[str] = []
    elsewhere.on("request", lambda request: requests.append(request.url))

    elsewhere.goto(file.as_uri())

    expect(elsewhere.get_by_role("heading", name="Ask again")).to_be_visible()
    expect(elsewhere.get_by_role("tabpanel")).to_contain_text("status_code: expected 418, got 200")
    assert requests == [file.as_uri()]
    assert axe(elsewhere) == []


def test_a_red_is_compared_with_the_last_green_run(
    page: Page, sign_in: Callable[..., Any], target: ShopServer, axe: Callable[[Page], list[str]]
) -> None:
    asker = Asker(sign_in("alice"))
    project = asker.post("/projects", {"name": "Shop"}).json()["id"]
    module = asker.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    step = get(f"{target.url}/users", validate=[{"eq": ["status_code", 200]}])
    document = {"schema": 1, "dialect": "hat", "config": {"name": "reads"}, "teststeps": [step]}
    body = {"module_id": module, "name": "reads", "document": document}
    case = asker.post(f"/projects/{project}/cases", body).json()
    _execute(asker.post(f"/projects/{project}/runs", {"all": True}).json()["id"])
    moved = case["document"]
    moved["teststeps"][0]["request"]["url"] = f"{target.url}/status/404"
    assert asker.put(f"/cases/{case['id']}", {"version": 1, "document": moved}).status_code == 200
    red = asker.post(f"/projects/{project}/runs", {"all": True}).json()["id"]
    _execute(red)

    page.goto(f"/runs/{red}?tab=history")

    changes = page.get_by_role("region", name="What changed since it was green")
    expect(changes.get_by_role("row", name="status_code 200 404")).to_be_visible()
    expect(changes.get_by_role("row").filter(has_text="url").filter(has_text="status/404")).to_be_visible()
    expect(changes).to_contain_text("The case was changed: version 1 → 2")
    assert axe(page) == []

    page.goto(f"/p/{project}/runs")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("link", name="Compare").click()
    broken = page.get_by_role("region", name="Newly red")
    expect(broken.get_by_role("row").filter(has_text="reads")).to_contain_text("expected 200, got 404")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert axe(page) == []
    broken.get_by_role("link", name=re.compile("Failed")).click()
    expect(page).to_have_url(re.compile(rf"/runs/{red}\?"))
