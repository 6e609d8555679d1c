"""One thing to look at: where it is, and what to press until it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.words import Words

World = dict[str, Any]
Press = Callable[[Page, Words], object]


@dataclass(frozen=True)
class Scene:
    """`shows` is the route, or the component that opens; the path is filled from the world."""

    shows: str
    path: str
    press: Press | None = None

    def enter(self, page: Page, say: Words, world: World) -> None:
        """Go there, and wait until the page has all it shows."""
        path = self.path.format(**world)
        if "#" in path:
            page.goto("about:blank")  # another fragment alone would load nothing
        page.goto(path)
        settle(page)
        if self.press:
            self.press(page, say)


def settle(page: Page) -> None:
    """Wait until nothing is loading."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)


def button(key: str, *, exact: bool = False, **values: object) -> Press:
    return lambda page, say: page.get_by_role("button", name=say(key, **values), exact=exact).first.click()


def item(key: str) -> Press:
    return lambda page, say: page.get_by_role("menuitem", name=say(key)).click()


def keys(pressed: str) -> Press:
    return lambda page, _: page.keyboard.press(pressed)


def then(*presses: Press) -> Press:
    """One after the other."""

    def press(page: Page, say: Words) -> None:
        for one in presses:
            one(page, say)

    return press


def module(page: Page, _: Words) -> None:
    """The buttons of a module come with the pointer or the focus."""
    page.locator("[data-module]").first.focus()
