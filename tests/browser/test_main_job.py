"""The main job as a newcomer does it: first page, import, run, report, mend the case, run again, green."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watch import Watch
from tests.web.test_up import Site

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests/conformance/files"
CASES = FILES / "own/v2/testcases"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Site]:
    """`hat up` with its own processes on an empty data folder."""
    site = Site(tmp_path / "data")
    yield site
    site.stop()


@pytest.fixture
def mock_server() -> Iterator[str]:
    """The server the imported cases were written for, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(FILES / "mockserver.py"), "--port", str(port)])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def archive(tmp_path: Path, mock_server: str) -> Path:
    """A zip of a folder of HttpRunner 2 cases, as somebody would send it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        for path in sorted(CASES.iterdir()):
            text = path.read_bytes().replace(b"127.0.0.1:5000", mock_server.encode())
            folder.writestr(f"testcases/{path.name}", text)
    target = tmp_path / "testcases.zip"
    target.write_bytes(packed.getvalue())
    return target


@pytest.fixture
def newcomer(browser: Browser, platform: Site) -> Iterator[Page]:
    """A browser that has never seen the platform; it may not complain or ask another host."""
    context = browser.new_context(
        base_url=platform.url,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    watch = Watch(host=urlsplit(platform.url).netloc)
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()
    assert watch.complaints == []


def _first_run(page: Page) -> None:
    page.goto("/")
    page.get_by_label("User name").fill("lina")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("Load the demo project").uncheck()
    page.get_by_role("button", name="Start using HAT").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def _create_project(page: Page) -> None:
    page.goto("/projects")
    page.get_by_role("button", name="New project").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Old cases")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile(r"/p/\d+/cases"))


def _import(page: Page, archive: Path) -> None:
    page.get_by_role("link", name="Import").first.click()
    page.get_by_label("Choose files").set_input_files(archive)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status", name="Result of the import")).to_contain_text("created")
    page.get_by_role("link", name="Show the cases").click()


def _start(page: Page) -> None:
    page.get_by_role("dialog", name="Start a run").get_by_role("button", name="Run", exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+"))


def _wait_for_report(page: Page) -> None:
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=120_000)


def _check_both_themes(page: Page, axe: Callable[[Page], list[str]]) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert axe(page) == []


def test_from_the_first_page_to_a_green_run(
    newcomer: Page, archive: Path, axe: Callable[[Page], list[str]]
) -> None:
    page = newcomer
    _first_run(page)
    _create_project(page)
    _import(page, archive)

    page.get_by_role("button", name="Run all").click()
    _start(page)
    _wait_for_report(page)

    # The report opens on what is red.
    search = page.get_by_role("searchbox", name="Filter")
    expect(search).to_have_value("status:failed status:error")
    _check_both_themes(page, axe)

    # One failed case, its failed check, and from there to the case.
    search.fill("case:failfast status:failed")
    page.get_by_role("treeitem", name=re.compile("for failfast")).click()
    expect(page.get_by_role("tabpanel")).to_contain_text("status_code: expected 1, got 200")
    page.get_by_role("link", name="Open case").click()

    page.get_by_role("listitem").filter(has_text="fails").first.click()
    page.get_by_role("tab", name=re.compile("Checks")).click()
    cell = page.get_by_label("Expected, row 1")
    cell.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("200")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Save"))).to_be_disabled()

    page.get_by_role("button", name=re.compile("^Run")).first.click()
    _start(page)
    _wait_for_report(page)
    expect(page.get_by_text("Passed 1", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Run failed again")).to_have_count(0)
