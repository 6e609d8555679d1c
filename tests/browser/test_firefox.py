"""The main pages in Firefox: collected where HAT_TEST_FIREFOX names one, or says `playwright` for its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, expect

from tests.browser.scenes import pages
from tests.browser.scenes.world import CASES, build
from tests.browser.watch import Watch
from tests.browser.words import Words
from tests.web.people import Asker, make_user
from tests.web.shop import serving

pytestmark = pytest.mark.django_db(transaction=True)

SHOWN = ("dashboard", "cases", "case", "functions", "environments", "run", "settings")


@pytest.fixture
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """Playwright's own Firefox, else the one of the machine by WebDriver BiDi."""
    named = os.environ["HAT_TEST_FIREFOX"]
    own = named == "playwright"
    firefox = (
        playwright.firefox.launch()
        if own
        else playwright.firefox.launch(channel="moz-firefox", executable_path=named)
    )
    yield firefox
    firefox.close()


@pytest.fixture
def outside(firefox: Browser, site: str) -> Iterator[BrowserContext]:
    try:
        context = firefox.new_context(base_url=site, viewport={"width": 1280, "height": 800}, locale="en-GB")
    except Error as error:
        if "unknown command" not in error.message:
            raise
        pytest.skip(f"Firefox {firefox.version} does not know what Playwright asks of it: {error.message}")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def test_the_main_pages_work_in_firefox(outside: BrowserContext, watch: Watch, site: str) -> None:
    root = Asker(make_user("root", is_admin=True, language="en"))
    with serving() as target:
        world = build(root, target.url)
    session = root.client.cookies[settings.SESSION_COOKIE_NAME].value
    outside.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = outside.new_page()
    watch.follow(page)
    for scene in pages.PAGES:
        if scene.shows in SHOWN:
            scene.enter(page, Words("en"), world)

    page.goto("/")
    page.get_by_role("list", name="Red now").get_by_role("link", name=CASES[1], exact=True).click()
    expect(page.get_by_role("tabpanel")).to_contain_text("body.code: expected 7, got 0")
    page.keyboard.press("2")
    expect(page.get_by_role("tab", name="Response")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="All 3").click()
    expect(page.get_by_role("treeitem", name=CASES[0])).to_be_visible()
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("combobox").fill(CASES[2])
    page.get_by_role("option", name=CASES[2]).click()
    expect(page.get_by_role("button", name=CASES[2], exact=True)).to_be_visible()
