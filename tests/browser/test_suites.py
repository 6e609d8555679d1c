"""Suites: chosen, ordered by drag and by keys, run, given to a schedule."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.models import Module
    from hat.web.projects.services.cases import Draft, create_case
    from hat.web.projects.services.projects import create_project

    alice = sign_in("alice")
    shop = create_project(alice, name="Shop")
    for module in ("Users", "Orders"):
        row = Module.objects.create(project=shop, name=module)
        for number in range(3):
            create_case(alice, row, Draft(name=f"{module} {number}"))
    return shop


def _make(shop: Any, name: str, *cases: str) -> Any:
    from hat.web.projects.models import Suite

    ids = {case.name: case.pk for case in shop.cases.all()}
    return Suite.objects.create(project=shop, name=name, cases=[ids[case] for case in cases])


def _order(shop: Any) -> list[str]:
    names = {case.pk: case.name for case in shop.cases.all()}
    return [names[pk] for pk in shop.suites.get().cases]


def test_a_suite_is_put_together_ordered_by_keys_and_run(page: Page, shop: Any) -> None:
    from hat.web.runs.models import Run

    page.goto(f"/p/{shop.pk}/suites")
    page.get_by_role("button", name="New suite").first.click()
    dialog = page.get_by_role("dialog", name="New suite")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Smoke")
    pick = dialog.get_by_role("region", name="Cases of the project")
    for name in ("Orders 2", "Users 0", "Users 1"):
        pick.get_by_role("checkbox", name=name).check()
    dialog.get_by_role("button", name="3. Users 1").press("Alt+ArrowUp")
    expect(dialog.get_by_role("button", name="2. Users 1")).to_be_focused()
    dialog.get_by_role("button", name="2. Users 1").press("Alt+ArrowUp")
    dialog.get_by_role("button", name="3. Users 0").press("Delete")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="Smoke")).to_be_visible()
    assert _order(shop) == ["Users 1", "Orders 2"]

    page.get_by_role("button", name="Run Smoke").click()
    run = page.get_by_role("dialog", name="Start a run")
    expect(run).to_contain_text("2 cases")
    run.get_by_label("Run in the background").check()
    run.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text(re.compile("was started"))).to_be_visible()
    assert Run.objects.get().total == 2


def test_the_order_is_dragged(page: Page, shop: Any) -> None:
    suite = _make(shop, "Smoke", "Users 0", "Users 1", "Users 2")
    page.goto(f"/p/{shop.pk}/suites?suite={suite.pk}")
    dialog = page.get_by_role("dialog", name="Suite")
    expect(dialog.get_by_role("button", name="3. Users 2")).to_be_visible()
    rows = dialog.locator("ol[data-sortable=ready] > li")
    expect(rows).to_have_count(3)

    rows.nth(2).locator(".suite-grip").drag_to(rows.nth(0), target_position={"x": 40, "y": 2})
    expect(dialog.get_by_role("button", name="1. Users 2")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()

    assert _order(shop) == ["Users 2", "Users 0", "Users 1"]


def test_ticked_cases_become_a_suite_and_a_deleted_one_comes_back(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/cases")
    for name in ("Orders 1", "Users 2"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("toolbar").get_by_role("button", name="Change").click()
    page.get_by_role("menuitem", name="New suite of these").click()
    dialog = page.get_by_role("dialog", name="New suite")
    expect(dialog.get_by_role("button", name="2. Users 2")).to_be_visible()
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Two")
    dialog.get_by_role("textbox", name="Name", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Two")).to_be_visible()

    page.get_by_role("button", name="Actions of Two").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("No suites yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Two")).to_be_visible()


def test_a_schedule_takes_a_suite(page: Page, shop: Any) -> None:
    from hat.web.schedules.models import Schedule

    suite = _make(shop, "Smoke", "Users 0")
    page.goto(f"/p/{shop.pk}/schedules?schedule=new")
    dialog = page.get_by_role("dialog", name="New schedule")
    dialog.get_by_label("Name", exact=True).fill("Nightly")
    dialog.get_by_role("radio").nth(1).check()
    dialog.get_by_role("list", name="Suites").get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name=re.compile("Nightly"))).to_contain_text("Smoke")

    assert Schedule.objects.get().suites == [suite.pk]


def test_the_keys_lead_to_the_suites(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_role("link", name="Users 0")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("u")

    expect(page).to_have_url(re.compile("/suites$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_suites_shut_nobody_out(
    page: Page, shop: Any, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    suite = _make(shop, "Smoke", "Users 0", "Orders 1")
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/suites")
    expect(page.get_by_role("link", name="Smoke")).to_be_visible()
    assert axe(page) == []

    page.goto(f"/p/{shop.pk}/suites?suite={suite.pk}")
    expect(page.get_by_role("button", name="2. Orders 1")).to_be_visible()
    assert axe(page) == []
