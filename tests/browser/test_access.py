"""Accessibility: no page breaks a rule of WCAG A or AA, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], list[str]]
THEMES = ("light", "dark")
PAGES = {
    "/": "Dashboard",
    "/projects": "Projects",
    "/me": "Profile",
    "/users": "Users",
    "/system": "System",
    "/nothing": "Page not found",
}


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice", is_admin=True), name="Shop")


def _quiet(page: Page) -> None:
    expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule(page: Page, shop: Any, axe: Axe, watch: Watch, path: str, theme: Any) -> None:
    watch.expect(503)  # no worker is alive here, and /readyz says so
    page.emulate_media(color_scheme=theme)

    page.goto(path)
    expect(page.get_by_role("heading", name=PAGES[path], level=1)).to_be_visible()
    _quiet(page)

    assert axe(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_settings_break_no_rule(page: Page, shop: Any, axe: Axe, theme: Any) -> None:
    page.emulate_media(color_scheme=theme)

    page.goto(f"/p/{shop.pk}/settings")
    expect(page.get_by_role("button", name="Delete the project")).to_be_visible()
    expect(page.get_by_role("button", name="Remove alice")).to_be_visible()

    assert axe(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_signing_in_breaks_no_rule(page: Page, axe: Axe, theme: Any) -> None:
    from tests.web.people import make_user

    page.emulate_media(color_scheme=theme)
    page.goto("/")
    expect(page.get_by_role("heading", name="Welcome to HAT")).to_be_visible()
    assert axe(page) == []

    make_user("alice")
    page.goto("/login")
    expect(page.get_by_role("heading", name="Sign in to HAT")).to_be_visible()

    assert axe(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_floating_things_break_no_rule(page: Page, shop: Any, axe: Axe, theme: Any) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()

    dialog = page.get_by_role("dialog")
    for keys in ("c", "Control+k", "?"):
        page.keyboard.press(keys)
        expect(dialog).to_be_visible()
        assert axe(page) == [], keys
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Actions for Shop").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert axe(page) == [], "menu"
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert axe(page) == [], "toast"
