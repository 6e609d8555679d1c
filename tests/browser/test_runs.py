"""Runs as one sees them: what they wait for, cancelling, running again, keeping, flaky cases, shards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.errand import execute
from tests.browser.watch import Watch
from tests.web.people import get
from tests.web.shop import ShopServer, serving

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], list[str]]
OK = {"validate": [{"eq": ["status_code", 200]}]}


@pytest.fixture
def server() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def shop(sign_in: Callable[..., Any], server: ShopServer) -> Any:
    """A project of alice's with a green, a flaky and a red case against the shop."""
    from hat.web.projects.models import Environment
    from hat.web.projects.services.cases import Draft, create_case
    from hat.web.projects.services.modules import create_module
    from hat.web.projects.services.projects import create_project

    alice = sign_in("alice")
    project = create_project(alice, name="Shop")
    Environment.objects.create(project=project, name="local", base_url=server.url, is_default=True)
    module = create_module(project, "Orders")
    for name, path in (("green", "/users"), ("late", "/late/1"), ("red", "/status/500")):
        document = {"config": {"name": name}, "teststeps": [get(path, **OK)]}
        create_case(alice, module, Draft(name=name, document=document))
    return project


@pytest.fixture
def start(shop: Any) -> Callable[..., Any]:
    """A queued run of everything, with such options."""
    from hat.web.runs.how import How
    from hat.web.runs.services import Manner, Selection, start_run

    def start(**options: Any) -> Any:
        environment = shop.environments.get()
        manner = Manner(environment=environment, name="All", how=How(**options))
        return start_run(shop.created_by, shop, Selection(everything=True), manner)

    return start


def worker(**columns: Any) -> Any:
    from hat.web.runs.models import Worker

    fields = {"owner": "w#1", "host": "h", "pid": 1, "seen_at": timezone.now(), **columns}
    return Worker.objects.create(**fields)


def progress(page: Page) -> Any:
    return page.get_by_role("region", name="Progress")


def test_a_run_without_any_worker_says_so(page: Page, start: Callable[..., Any]) -> None:
    page.goto(f"/runs/{start().pk}")

    expect(progress(page)).to_contain_text("Waiting: no worker is running.")


def test_a_run_says_which_label_no_worker_has_and_what_is_ahead(
    page: Page, start: Callable[..., Any]
) -> None:
    worker(busy=1)
    start()
    page.goto(f"/runs/{start(label='edge').pk}")
    expect(progress(page)).to_contain_text("Waiting: no worker has the label edge.")

    page.goto(f"/runs/{start().pk}")
    expect(progress(page)).to_contain_text("Waiting: 1 run ahead.")


def test_a_queued_run_is_cancelled(page: Page, start: Callable[..., Any]) -> None:
    page.goto(f"/runs/{start().pk}")

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("cancelled before it began")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_a_running_run_is_cancelled_and_keeps_what_is_done(
    page: Page, shop: Any, start: Callable[..., Any], server: ShopServer
) -> None:
    from hat.web.projects.services.cases import Draft, create_case

    document = {"config": {"name": "slow"}, "teststeps": [get("/hang/1"), get("/users?never")]}
    create_case(shop.created_by, shop.modules.get(), Draft(name="slow", document=document))
    run = start()
    carrying_out = Thread(target=execute, args=(run.pk,))
    carrying_out.start()
    page.goto(f"/runs/{run.pk}")
    expect(page.get_by_test_id("progress")).to_have_text("3 / 4")
    expect(page.get_by_role("list", name="Running now")).to_have_text("slowstep 1 of 2: GET /hang/1")

    page.get_by_role("button", name="Cancel").click()
    # The engine looks between and inside steps; the answer that hangs is not waited for.
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    carrying_out.join(30)

    run.refresh_from_db()
    assert (run.status, run.passed, run.failed) == ("cancelled", 1, 2)
    assert "/users?never" not in server.asked
    expect(page.get_by_text("Passed 1", exact=True)).to_be_visible()


def test_only_what_failed_runs_again(page: Page, start: Callable[..., Any]) -> None:
    run = start()
    execute(run.pk)
    page.goto(f"/runs/{run.pk}")

    page.get_by_role("button", name="Run failed again").click()

    expect(page).not_to_have_url(re.compile(rf"/runs/{run.pk}\b"))
    expect(page.get_by_test_id("progress")).to_have_text("0 / 2")
    again = run.retries.get()
    execute(again.pk)
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    expect(page.get_by_role("treeitem", name=re.compile("red")).first).to_be_visible()
    assert (again.case_runs.count(), again.retry_of_id) == (2, run.pk)


def test_a_flaky_case_is_marked_and_says_why(page: Page, start: Callable[..., Any], axe: Axe) -> None:
    run = start(retries=1)
    execute(run.pk)
    page.goto(f"/p/{run.project_id}/runs")
    expect(page.get_by_role("row", name=re.compile("All")).get_by_text("1 flaky")).to_be_visible()

    page.goto(f"/runs/{run.pk}")
    page.get_by_role("button", name=re.compile("^Flaky")).click()
    expect(page.get_by_role("searchbox", name="Filter")).to_have_value(re.compile("status:flaky"))
    page.get_by_role("searchbox", name="Filter").fill("status:flaky")
    page.get_by_role("treeitem", name=re.compile("late")).first.click()

    expect(page.get_by_text("This is attempt 2 of the case.")).to_be_visible()
    expect(page.get_by_text("Attempt 1: status_code: expected 200, got 503")).to_be_visible()
    assert axe(page) == []


def test_shards_are_one_run_with_one_report(page: Page, start: Callable[..., Any]) -> None:
    run = start(shards=2)
    page.goto(f"/runs/{run.pk}")
    expect(page.get_by_text("in 2 shards")).to_be_visible()

    for part in run.parts.order_by("shard"):
        execute(part.pk)

    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    expect(page.get_by_text("Failed 2", exact=True)).to_be_visible()
    page.get_by_text("History", exact=True).first.click()
    expect(page.get_by_role("list", name="History")).to_contain_text("shard 2")
    page.goto(f"/p/{run.project_id}/runs")
    expect(page.get_by_role("link", name="All", exact=True)).to_have_count(1)


def test_a_run_is_kept_by_its_pin(page: Page, start: Callable[..., Any]) -> None:
    run = start()
    execute(run.pk)
    page.goto(f"/runs/{run.pk}")

    page.get_by_role("button", name="Keep this run").click()
    expect(page.get_by_role("button", name="No longer keep it")).to_be_visible()
    page.goto(f"/p/{run.project_id}/runs")

    expect(page.get_by_role("img", name="Kept whatever its age")).to_be_visible()
    run.refresh_from_db()
    assert run.pinned


def test_the_dialog_offers_shards_and_the_labels_there_are(page: Page, shop: Any, watch: Watch) -> None:
    from hat.web.runs.models import Run
    from hat.web.runs.snapshot import Snapshot

    watch.expect(422)
    worker(labels=["edge"], unlabelled=False)
    page.goto(f"/p/{shop.pk}/cases")
    page.get_by_role("button", name="Run all").click()
    dialog = page.get_by_role("dialog", name="Start a run")
    dialog.get_by_text("More options").click()
    expect(dialog.get_by_text("There are: edge")).to_be_visible()

    dialog.get_by_label("Shards").fill("3")
    dialog.get_by_label("Worker label").fill("Edge")
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog.get_by_text("is not a label")).to_be_visible()
    dialog.get_by_label("Worker label").fill("edge")
    dialog.get_by_label("Rows of parameters").fill("first")
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog.get_by_text("'first' names no row")).to_be_visible()
    dialog.get_by_label("Rows of parameters").fill("1, user=ann")
    dialog.get_by_role("button", name="Run", exact=True).click()

    expect(page).to_have_url(re.compile(r"/runs/\d+"))
    run = Run.objects.get(part_of=None)
    assert (run.shards, run.label) == (3, "edge")
    assert Snapshot.unpack(run.snapshot.packed).options["rows"] == "1, user=ann"


def test_the_settings_of_a_project_hold_its_limits(page: Page, shop: Any) -> None:
    from hat.web.runs.models import Limits

    page.goto(f"/p/{shop.pk}/settings")
    field = page.get_by_label("Runs at the same time")
    field.fill("2")
    page.get_by_label("Days runs are kept").fill("30")
    page.locator("form").filter(has=field).get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    limits = Limits.objects.get()
    assert (limits.concurrency, limits.keep_days, limits.keep_runs) == (2, 30, None)


def test_waiting_is_said_in_chinese(page: Page, shop: Any, start: Callable[..., Any]) -> None:
    type(shop.created_by).objects.update(language="zh")

    page.goto(f"/runs/{start(label='edge').pk}")

    expect(page.get_by_text("等待中：没有工作进程在运行。")).to_be_visible()
