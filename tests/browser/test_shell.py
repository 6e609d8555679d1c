"""The frame around every page: palette, shortcuts, side bar, dashboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice"), name="Shop")


@pytest.fixture
def red_run(shop: Any) -> Any:
    """A finished run with one failed case."""
    from hat.web.projects.models import Case, Module
    from hat.web.runs.models import CaseRun, Run
    from hat.web.runs.packing import pack_text

    module = Module.objects.create(project=shop, name="Users")
    Asker(shop.created_by).post(f"/projects/{shop.pk}/cases", {"module_id": module.pk, "name": "Log in"})
    case = Case.objects.get()
    now = timezone.now()
    run = Run.objects.create(
        project=shop,
        name="Nightly",
        status="finished",
        outcome="failed",
        total=3,
        passed=2,
        failed=1,
        started_at=now - timedelta(seconds=9),
        finished_at=now,
        elapsed_ms=9000,
    )
    CaseRun.objects.create(
        run=run, seq=1, case=case, name="Log in", outcome="failed", finished_at=now,
        reason="status_code: expected 200, got 500",
        packed=pack_text(b'{"name": "Log in", "outcome": "failed", "steps": [], "elapsed_ms": 9.0}'),
    )  # fmt: skip
    return run


def test_the_palette_finds_a_page_and_goes_there(page: Page, shop: Any) -> None:
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()

    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search pages").fill("profile")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_the_palette_finds_a_case_by_its_name(page: Page, red_run: Any) -> None:
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()

    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search pages").fill("log in")
    page.get_by_role("option", name=re.compile("Log in")).click()

    expect(page).to_have_url(re.compile(r"/p/\d+/cases/\d+"))


def test_letters_go_to_pages_but_not_while_typing(page: Page, shop: Any) -> None:
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()
    page.get_by_role("searchbox", name="Search projects").press_sequentially("gd")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    page.get_by_role("searchbox", name="Search projects").blur()

    page.keyboard.press("g")
    page.keyboard.press("d")

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_question_mark_lists_the_shortcuts(page: Page, shop: Any) -> None:
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()

    page.keyboard.press("?")

    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog.get_by_text("Command palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_folded_side_bar_stays_folded(page: Page, shop: Any) -> None:
    page.goto("/projects")

    page.get_by_role("button", name="Fold or unfold the side bar").click()
    page.reload()

    button = page.get_by_role("button", name="Fold or unfold the side bar")
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_dashboard_leads_from_a_red_case_to_its_run(page: Page, red_run: Any) -> None:
    page.goto("/")

    red = page.get_by_role("list", name="Red now")
    expect(red).to_contain_text("status_code: expected 200, got 500")
    red.get_by_role("link", name="Log in", exact=True).click()

    expect(page).to_have_url(re.compile(rf"/runs/{red_run.pk}\b"))


def test_the_chart_has_its_numbers_as_a_table(page: Page, red_run: Any) -> None:
    page.goto("/")

    rows = page.get_by_role("table", name="Case results by outcome").get_by_role("row")

    expect(rows).to_have_count(13)
    expect(rows.last).to_contain_text("2")


def test_a_day_of_the_chart_leads_to_its_runs(page: Page, red_run: Any) -> None:
    page.goto("/")
    table = page.get_by_role("table", name="Case results by outcome")

    table.get_by_role("link").last.evaluate("link => link.click()")

    expect(page).to_have_url(re.compile(r"/runs\?day=\d{4}-\d\d-\d\d"))
    expect(page.get_by_role("link", name="Nightly")).to_be_visible()
    page.get_by_role("button", name="Take away the filter").click()
    expect(page).to_have_url(re.compile(r"/runs\?outcome=\w+$"))


def test_an_address_that_leads_nowhere_says_so(page: Page, shop: Any) -> None:
    page.goto("/nothing/here")

    expect(page.get_by_text("There is nothing at this address")).to_be_visible()
