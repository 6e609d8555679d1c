"""A real Chromium against the real site; a page that complains or asks another host fails its test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.watch import Watch
from tests.web import ground  # noqa: F401  the platform stands on it
from tests.web.people import make_user
from tools.chromium import find_chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Most machines have no Firefox that Playwright can drive, and in CI nothing may be skipped.
collect_ignore = [] if os.environ.get("HAT_TEST_FIREFOX") else ["test_firefox.py"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Playwright keeps a loop in this thread; Django would refuse to work beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium() or playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.skip("no Chromium here: install it, or say where it is by HAT_TEST_CHROMIUM")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of the site; its pages must be built."""
    if not (ROOT / "hat/web/dist/app/index.html").is_file():
        if os.environ.get("HAT_SKIP_FRONTEND"):
            pytest.skip("the pages are not built: HAT_SKIP_FRONTEND is set")
        pytest.fail("the pages are not built; `python3 start.py test browser` builds them first")
    return str(live_server.url)


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site,
        viewport={"width": 1280, "height": 800},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """What the pages of a test may do wrong on purpose: `watch.expect(422)`."""
    watch = Watch(host=urlsplit(site).netloc)
    yield watch
    assert watch.complaints == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A page of somebody who is not signed in."""
    page = context.new_page()
    watch.follow(page)
    return page


@pytest.fixture
def sign_in(context: BrowserContext, site: str) -> Callable[..., Any]:
    """`sign_in("alice", is_admin=True)` makes the user and gives the browser a session; answers the user."""

    def sign_in(username: str, **fields: Any) -> Any:
        from django.test import Client

        from hat.web.accounts.models import User

        user = User.objects.filter(username=username).first() or make_user(username, **fields)
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return user

    return sign_in


RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Violations of WCAG 2.2 A and AA, or of some rules, in a page as it stands, one line for each node."""
    script = ROOT / "frontend/node_modules/axe-core/axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: it comes with the development packages")
    source = script.read_text()

    def axe(page: Page, *rules: str) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", list(rules or RULES))
        return [
            f"{problem['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for problem in found["violations"]
            for node in problem["nodes"]
        ]

    return axe


@pytest.fixture
def look(axe: Callable[..., list[str]]) -> Callable[[Page], list[str]]:
    """What is wrong with what a page shows now; in the dark only its colours are others."""

    def look(page: Page) -> list[str]:
        page.emulate_media(color_scheme="light")
        found = axe(page)
        page.emulate_media(color_scheme="dark")
        return [*found, *(f"dark: {line}" for line in axe(page, "color-contrast"))]

    return look
