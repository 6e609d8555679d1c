"""Schedules: made, understood while typing, switched, run now, deleted and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], list[str]]


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    """A project of alice's with two modules of one case each."""
    from hat.web.projects.services.cases import Draft, create_case
    from hat.web.projects.services.modules import create_module
    from hat.web.projects.services.projects import create_project

    alice = sign_in("alice")
    project = create_project(alice, name="Shop")
    for name in ("Users", "Orders"):
        document = {"config": {"name": name}, "teststeps": []}
        create_case(alice, create_module(project, name), Draft(name=f"{name} work", document=document))
    return project


@pytest.fixture
def nightly(shop: Any) -> Any:
    from hat.web.schedules.services import create_schedule

    wishes = {"name": "Nightly", "cron": "0 2 * * 1-5", "zone": "Asia/Shanghai", "all": True}
    return create_schedule(shop.created_by, shop, wishes)


def test_from_the_empty_page_to_the_first_run(page: Page, shop: Any) -> None:
    from hat.web.runs.models import Run
    from hat.web.schedules.clock import tick
    from hat.web.schedules.models import Schedule

    page.goto(f"/p/{shop.pk}/schedules")
    page.get_by_role("button", name="Make the first schedule").click()
    dialog = page.get_by_role("dialog", name="New schedule")
    dialog.get_by_label("Name", exact=True).fill("Nightly")
    dialog.get_by_role("button", name="Daily").click()
    expect(dialog.get_by_text("Every day at 02:00 · Europe/Berlin")).to_be_visible()
    expect(dialog.get_by_role("list", name="Next times").get_by_role("listitem")).to_have_count(5)
    dialog.get_by_text("Chosen modules and cases").click()
    dialog.get_by_role("checkbox", name="Orders").first.check()
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="Nightly")).to_be_visible()
    expect(page.get_by_text("Not yet")).to_be_visible()

    schedule = Schedule.objects.get()
    assert (schedule.cron, schedule.zone, schedule.modules) == (
        "0 2 * * *",
        "Europe/Berlin",
        [shop.modules.get(name="Orders").pk],
    )
    assert schedule.next_at is not None
    assert tick(schedule.next_at + timedelta(seconds=1)) == 1
    Run.objects.update(status="finished", outcome="passed")

    page.reload()
    page.get_by_role("table", name="Schedules").get_by_role("link", name="Passed").click()
    expect(page).to_have_url(re.compile(rf"/runs/{Run.objects.get().pk}\b"))


def test_a_wrong_expression_is_explained_while_typing(page: Page, nightly: Any, watch: Watch) -> None:
    watch.expect(422)
    page.goto(f"/p/{nightly.project_id}/schedules")
    page.get_by_role("link", name="Nightly").click()
    dialog = page.get_by_role("dialog", name="Schedule Nightly")
    cron = dialog.get_by_label("Cron expression")

    cron.fill("0 2 * *")
    expect(
        dialog.get_by_text("Write five fields: minute, hour, day of month, month, day of week.")
    ).to_be_visible()
    cron.fill("61 2 * * *")
    expect(dialog.get_by_text("“61” is not a valid minute (0 to 59).")).to_be_visible()
    cron.fill("*/30 * * * *")
    expect(dialog.get_by_text("Every 30 minutes · Asia/Shanghai")).to_be_visible()

    zone = dialog.get_by_label("Time zone")
    zone.fill("lord")
    page.get_by_role("option", name="Australia/Lord_Howe").click()
    expect(dialog.get_by_text("Every 30 minutes · Australia/Lord_Howe")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Every 30 minutes")).to_be_visible()

    nightly.refresh_from_db()
    assert (nightly.cron, nightly.zone) == ("*/30 * * * *", "Australia/Lord_Howe")


def test_it_is_switched_off_run_now_deleted_and_brought_back(page: Page, nightly: Any) -> None:
    from hat.web.runs.models import Run

    page.goto(f"/p/{nightly.project_id}/schedules")
    switch = page.get_by_role("switch", name="Nightly is on")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()

    page.get_by_role("button", name="Run Nightly now").click()
    expect(page.get_by_text("Run “Nightly” was started.")).to_be_visible()
    expect(page.get_by_role("link", name="Queued")).to_be_visible()

    page.get_by_role("button", name="Actions for Nightly").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("No schedule yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Nightly")).to_be_visible()

    nightly.refresh_from_db()
    assert (nightly.enabled, nightly.deleted_at) == (False, None)
    assert Run.objects.get().trigger == "manual"


def test_why_it_is_off_is_said_beside_its_name(page: Page, nightly: Any) -> None:
    from hat.web.schedules.services import switch_off

    switch_off(nightly.pk, "gone", "every case and module it runs was deleted")

    page.goto(f"/p/{nightly.project_id}/schedules")

    expect(page.get_by_text("Off: everything it runs was deleted.")).to_be_visible()


def test_its_history_tells_each_time_that_came(
    page: Page, nightly: Any, sign_in: Callable[..., Any], axe: Axe
) -> None:
    from django.utils import timezone

    from hat.web.projects.models import Member
    from hat.web.runs.models import Run
    from hat.web.schedules.models import Fire

    run = Run.objects.create(project=nightly.project, name="Nightly", status="finished", outcome="failed")
    now = timezone.now()
    Fire.objects.create(schedule=nightly, fire_at=now - timedelta(days=1), result="started", run=run)
    Fire.objects.create(
        schedule=nightly, fire_at=now, result="skipped", note_code="overlap", note="the run before", missed=2
    )
    Member.objects.create(project=nightly.project, user=sign_in("carol"), role="reader")
    page.goto(f"/p/{nightly.project_id}/schedules")
    page.get_by_role("button", name="Actions for Nightly").click()
    page.get_by_role("menuitem", name="History").click()

    lines = page.get_by_role("dialog", name="History of Nightly").get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("The run before was not over.")
    expect(lines.nth(0)).to_contain_text("2 times missed")
    assert axe(page) == []
    lines.nth(1).get_by_role("link", name="Failed").click()
    expect(page).to_have_url(re.compile(rf"/runs/{run.pk}\b"))


def test_the_choice_searches_all_cases_of_the_project(page: Page, nightly: Any) -> None:
    from django.utils import timezone

    from hat.web.projects.models import Case

    module = nightly.project.modules.first()
    now = timezone.now()
    document: dict[str, Any] = {"config": {}, "teststeps": []}
    shape = {"project": nightly.project, "module": module, "document": document, "updated_at": now}
    Case.objects.bulk_create(
        Case(name=f"case {number:04}", position=number, **shape) for number in range(700)
    )
    page.goto(f"/p/{nightly.project_id}/schedules")
    page.get_by_role("link", name="Nightly").click()
    dialog = page.get_by_role("dialog", name="Schedule Nightly")
    dialog.get_by_text("Chosen modules and cases").click()
    expect(dialog.get_by_text("more: write a part of the name")).to_be_visible()

    dialog.get_by_label("Filter by name").fill("case 0699")
    dialog.get_by_role("checkbox", name="case 0699").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)

    nightly.refresh_from_db()
    assert nightly.cases == [Case.objects.get(name="case 0699").pk]


def test_it_speaks_chinese(page: Page, nightly: Any) -> None:
    type(nightly.owner).objects.update(language="zh")

    page.goto(f"/p/{nightly.project_id}/schedules")

    expect(page.get_by_role("heading", name="定时任务", level=1)).to_be_visible()
    expect(page.get_by_text("每个工作日 02:00")).to_be_visible()


def test_the_dashboard_leads_to_what_starts_next(page: Page, nightly: Any) -> None:
    page.goto("/")
    page.get_by_role("list", name="Next schedules").get_by_role("link", name="Nightly").click()

    expect(page.get_by_role("dialog", name="Schedule Nightly")).to_be_visible()


def test_a_reader_only_looks(page: Page, nightly: Any, sign_in: Callable[..., Any]) -> None:
    from hat.web.projects.models import Member

    Member.objects.create(project=nightly.project, user=sign_in("carol"), role="reader")

    page.goto(f"/p/{nightly.project_id}/schedules")

    expect(page.get_by_role("switch", name="Nightly is on")).to_be_disabled()
    expect(page.get_by_role("button", name="New schedule")).to_have_count(0)
    expect(page.get_by_role("button", name="Run Nightly now")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_break_no_rule(page: Page, nightly: Any, axe: Axe, theme: Any) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{nightly.project_id}/schedules")
    expect(page.get_by_role("link", name="Nightly")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("link", name="Nightly").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Chosen modules and cases").click()
    expect(dialog.get_by_role("checkbox", name="Orders").first).to_be_visible()
    expect(dialog.get_by_role("list", name="Next times")).to_be_visible()
    assert axe(page) == [], "editor"
