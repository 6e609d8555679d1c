"""The case list as one person wants it: saved filters, chosen columns, the order of a module."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_cases import alice, make, shop  # noqa: F401  the shop of the case list

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_filter_is_saved_shared_by_its_link_and_deleted_with_undo(
    page: Page,
    make: Callable[..., Any],  # noqa: F811
    shop: Any,  # noqa: F811
    axe: Callable[[Page], list[str]],
) -> None:
    from hat.web.projects.models import CaseView

    make("Log in", tags=["smoke"])
    make("Log out")
    page.goto(f"/p/{shop.pk}/cases?tag=smoke&sort=-name")

    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_role("menuitem", name="Saved filters").click()
    dialog = page.get_by_role("dialog", name="Saved filters")
    dialog.get_by_label("Name").fill("Smoke")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Smoke", exact=True)).to_be_visible()
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.locator("[data-row-link]")).to_have_count(2)
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_role("menuitem", name="Smoke").click()

    expect(page.locator("[data-row-link]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?tag=smoke&sort=-name$"))
    assert CaseView.objects.get().filters == [{"name": "Smoke", "query": {"tag": "smoke", "sort": "-name"}}]

    page.get_by_role("button", name="Smoke", exact=True).click()
    page.get_by_role("menuitem", name="Saved filters").click()
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        assert axe(page) == []
    dialog.get_by_role("button", name="Copy the link of Smoke").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    dialog.get_by_role("button", name="Delete Smoke").click()
    expect(dialog.get_by_text("Smoke", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_text("Smoke", exact=True)).to_be_visible()


def test_columns_are_chosen_and_follow_their_person(
    page: Page,
    make: Callable[..., Any],  # noqa: F811
    shop: Any,  # noqa: F811
) -> None:
    make("Log in")
    page.goto(f"/p/{shop.pk}/cases")
    page.get_by_role("button", name="Columns").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("menuitemcheckbox", name="Owner").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("menuitemcheckbox", name="Updated").click()
    expect(page.get_by_role("menuitemcheckbox", name="Owner")).to_have_attribute("aria-checked", "true")
    page.evaluate("localStorage.clear()")

    page.goto(f"/p/{shop.pk}/cases")

    expect(page.get_by_role("columnheader", name="Owner")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Updated")).to_have_count(0)
    expect(page.get_by_role("cell", name="alice")).to_be_visible()


def test_cases_of_a_module_are_ordered_by_keys_and_by_drag_with_undo(
    page: Page,
    make: Callable[..., Any],  # noqa: F811
    shop: Any,  # noqa: F811
) -> None:
    from hat.web.projects.models import Case

    def order() -> list[str]:
        return list(Case.objects.filter(project=shop).order_by("position").values_list("name", flat=True))

    module, *_ = [make(name).module_id for name in ("One", "Two", "Three")]
    page.goto(f"/p/{shop.pk}/cases?module={module}")
    page.locator("[data-orderable=ready]").wait_for()
    stored = lambda answer: answer.url.endswith("/cases/order")  # noqa: E731

    with page.expect_response(stored):
        page.get_by_role("link", name="Three").press("Alt+ArrowUp")
    expect(page.get_by_role("link", name="Three")).to_be_focused()
    assert order() == ["One", "Three", "Two"]
    rows = page.locator("tr[data-row]")
    with page.expect_response(stored):
        rows.nth(2).locator("[data-row-link]").drag_to(rows.nth(0), target_position={"x": 300, "y": 4})
    assert order() == ["Two", "One", "Three"]
    with page.expect_response(stored):
        page.get_by_role("button", name="Undo").last.click()

    expect(rows.nth(0)).to_contain_text("One")
    assert order() == ["One", "Three", "Two"]
