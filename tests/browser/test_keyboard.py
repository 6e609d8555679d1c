"""The main story without a mouse: a case is written, sent, checked, saved, run, and its red one explained."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.errand import send
from tests.web.shop import ShopServer, serving

pytestmark = pytest.mark.django_db(transaction=True)

FARTHEST = 60  # presses of Tab from anywhere on a page to anything on it


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


def _reach(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    expect(goal).to_be_visible()
    for _ in range(FARTHEST):
        if goal.evaluate("element => element.contains(document.activeElement)"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{goal} is not reached by {key}")


def test_a_case_is_written_checked_and_run_by_keys_alone(
    page: Page, sign_in: Callable[..., Any], target: ShopServer
) -> None:
    sign_in("alice")
    keys = page.keyboard
    page.goto("/projects")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    keys.press("c")
    expect(page.get_by_role("dialog", name="New project")).to_be_visible()
    keys.type("Shop")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/p/\d+/cases$"))

    keys.press("c")
    expect(page.get_by_role("dialog", name="New case")).to_be_visible()
    keys.type("Users")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/p/\d+/cases/\d+"))

    _reach(page, page.get_by_role("textbox", name="URL", exact=True))
    keys.press("ControlOrMeta+a")
    keys.type(f"{target.url}/users")
    send(page, lambda: keys.press("ControlOrMeta+Enter"))

    tree = page.get_by_role("tree", name="Body")
    _reach(page, tree)
    keys.press("ArrowDown")
    expect(tree.get_by_role("treeitem", name=re.compile("^code "))).to_be_focused()
    keys.press("Enter")
    _reach(page, page.get_by_role("menuitem", name="Check equals"), "ArrowDown")
    keys.press("Enter")

    keys.press("Alt+7")
    expected = page.get_by_label("Expected, row 2")
    _reach(page, expected)
    keys.press("ControlOrMeta+a")
    keys.type("7")
    keys.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    keys.press("ControlOrMeta+Shift+Enter")
    expect(page.get_by_role("dialog", name="Start a run")).to_be_visible()
    send(page, lambda: keys.press("Enter"))
    expect(page).to_have_url(re.compile(r"/runs/\d+"))

    keys.press("n")
    expect(page.get_by_role("tabpanel")).to_contain_text("body.code: expected 7, got 0")
    keys.press("3")
    expect(page.get_by_role("tab", name="Request", exact=True)).to_have_attribute("aria-selected", "true")
    keys.press("e")
    expect(page).to_have_url(re.compile(r"/p/\d+/cases/\d+"))
