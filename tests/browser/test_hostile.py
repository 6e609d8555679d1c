"""All a hostile server can answer, in one run of the platform: the report shows it, and nothing happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.errand import execute
from tests.browser.watch import Watch
from tests.target import certificate
from tests.target.hostile import ANSWERS, EVIL, Hostile, hostile
from tests.web.people import Asker, get

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "<img src=x onerror=alert(8)></script><script>alert(9)</script>"
TABS = "1234567"
LOUD = ("/script", "/markup", "/inject", "/nul")  # what is looked at in every tab


@pytest.fixture
def targets(tmp_path: Path) -> Iterator[list[Hostile]]:
    """The server in the open, and behind an expired, another host's and a self-signed certificate."""
    with ExitStack() as servers:
        found = [servers.enter_context(hostile())]
        for number, (days, host) in enumerate([(-2, ""), (30, "other.example"), (30, "")]):
            (folder := tmp_path / str(number)).mkdir()
            tls = certificate.server_context(certificate.make(folder, days, host=host))
            found.append(servers.enter_context(hostile(tls)))
        yield found


@pytest.fixture
def attacked(sign_in: Callable[..., Any], targets: list[Hostile]) -> tuple[Asker, int, int]:
    """A finished run of a case for every bad answer, with markup in all names: who may see it, run, count."""
    asker = Asker(sign_in("alice", name=NAME))
    project = asker.post("/projects", {"name": NAME}).json()["id"]
    module = asker.post(f"/projects/{project}/modules", {"name": NAME}).json()["id"]
    urls = [targets[0].url + path for path in ANSWERS] + [f"{server.url}/good" for server in targets[1:]]
    for number, url in enumerate(urls):
        label = f"{url.rpartition('/')[2]} {number} {NAME}"
        step = get(
            url,
            name=label,
            extract={NAME: "body", "first": "headers"},
            validate=[{"eq": ["body", EVIL]}, {"contains": ["headers", NAME]}],
        )
        step["request"] |= {"timeout": 1, "headers": {"X-Evil": EVIL}}
        document = {"schema": 1, "dialect": "hat", "config": {"name": NAME}, "teststeps": [step]}
        body = {"module_id": module, "name": label, "document": document}
        assert asker.post(f"/projects/{project}/cases", body).status_code == 201
    run = asker.post(f"/projects/{project}/runs", {"all": True, "name": NAME}).json()["id"]
    execute(run)
    return asker, run, len(urls)


@pytest.fixture
def dialogs(context: BrowserContext) -> Iterator[list[str]]:
    """What scripts of the server said aloud."""
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", hear)
    yield said
    assert said == []


def test_a_report_of_everything_hostile_harms_nobody(
    page: Page,
    attacked: tuple[Asker, int, int],
    dialogs: list[str],
    context: BrowserContext,
    tmp_path: Path,
) -> None:
    asker, run, count = attacked
    told = asker.get(f"/runs/{run}").json()
    assert (told["status"], told["done"], told["reason"]) == ("finished", count, "")
    page.goto(f"/runs/{run}")
    walk(page, count)

    secret = asker.post(f"/runs/{run}/share-links", {"days": 1}).json()["secret"]
    page.goto(f"/shared#{secret}")
    walk(page, 3)

    file = tmp_path / "report.html"
    answer = asker.get(f"/runs/{run}/report.html")
    file.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    alone, quiet = context.new_page(), Watch(host="")
    quiet.follow(alone)
    alone.goto(file.as_uri())
    walk(alone, count)
    assert quiet.complaints == []


def walk(page: Page, count: int) -> None:
    """Go through the failures by the keys of the page, through every tab where it is loud."""
    heading = page.get_by_role("article").get_by_role("heading", level=2)
    seen = set()
    expect(heading).to_be_visible()
    for _ in range(count):
        name = heading.inner_text()
        seen.add(name)
        assert NAME in name
        for tab in TABS if f"/{name}".startswith(LOUD) else "":
            page.keyboard.press(tab)
            expect(page.get_by_role("tabpanel")).to_be_visible()
        if len(seen) < count:
            page.keyboard.press("n")
            expect(heading).not_to_have_text(name)
    assert page.evaluate("window.hacked") is None
    assert page.locator('a[href^="javascript:" i], iframe, [onerror], [onload]').count() == 0
    expect(heading).to_have_text(re.compile(re.escape(NAME)))
    assert len(seen) == count
