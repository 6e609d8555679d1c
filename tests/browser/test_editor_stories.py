"""Three stories of the case editor from beginning to end, each told in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.errand import send
from tests.browser.paste import paste
from tests.browser.watch import Watch
from tests.browser.words import LANGUAGES, Words
from tests.web.people import Asker, get
from tests.web.shop import ShopServer, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("language", LANGUAGES)]


@pytest.fixture
def say(language: str) -> Words:
    return Words(language)


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def alice(sign_in: Callable[..., Any], language: str) -> Asker:
    return Asker(sign_in("alice", language=language))


@pytest.fixture
def project(alice: Asker) -> int:
    return int(alice.post("/projects", {"name": "Shop"}).json()["id"])


def _case(alice: Asker, project: int, *steps: dict[str, Any]) -> int:
    module = alice.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    document = {"schema": 1, "dialect": "hat", "config": {"name": "Users"}, "teststeps": list(steps)}
    body = {"module_id": module, "name": "Users", "document": document}
    return int(alice.post(f"/projects/{project}/cases", body).json()["id"])


def _steps_of(alice: Asker, case: int) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = alice.get(f"/cases/{case}").json()["document"]["teststeps"]
    return steps


def _save(page: Page, say: Words) -> None:
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text(say("app.saved"), exact=True)).to_be_visible()


def _write(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def test_a_curl_becomes_a_case_with_checks_that_runs_to_its_report(
    page: Page, say: Words, alice: Asker, project: int, target: ShopServer
) -> None:
    case = _case(alice, project, get("/x"))
    page.goto(f"/p/{project}/cases/{case}")
    page.get_by_role("textbox", name=say("editor.request.url")).click()
    page.keyboard.press("ControlOrMeta+a")
    paste(page, f"curl '{target.url}/users?page=1' -H 'X-Id: 7'")
    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))

    tree = page.get_by_role("tree", name=say("editor.response.body"))
    for row, action in (("code", "equals"), ("path", "matches"), ("name", "type"), ("id", "extract")):
        tree.get_by_role("treeitem", name=re.compile(rf"^{row} ")).locator(".json-value").click()
        page.get_by_role("menuitem", name=say(f"editor.value.{action}"), exact=action != "type").click()
    _save(page, say)
    [step] = _steps_of(alice, case)
    assert step["extract"] == {"id": "body.items[0].id"}
    assert step["validate"] == [
        {"eq": ["body.code", 0]},
        {"regex_match": ["body.path", "^/users\\?page=\\d+$"]},
        {"type_match": ["body.items[0].name", "str"]},
    ]

    page.get_by_role("button", name=say("editor.header.run"), exact=True).click()
    dialog = page.get_by_role("dialog", name=say("runDialog.title"))
    send(page, dialog.get_by_role("button", name=say("runDialog.run"), exact=True).click)
    expect(page).to_have_url(re.compile(r"/runs/\d+"))
    expect(page.get_by_text(f"{say('app.outcome.passed')} 1", exact=True).first).to_be_visible()
    expect(page.get_by_role("treeitem").first).to_be_visible()


def _drag(page: Page, rows: Locator, start: int, goal: int) -> None:
    """Take a step by its grip and put it before another one; the button is still down at the end."""
    grip = rows.nth(start).locator(".step-grip").bounding_box()
    place = rows.nth(goal).bounding_box()
    assert grip
    assert place
    page.mouse.move(grip["x"] + 4, grip["y"] + 6)
    page.mouse.down()
    page.mouse.move(place["x"] + 40, place["y"] + 3)


def test_a_flow_of_five_steps_is_duplicated_renamed_moved_dragged_and_a_deletion_undone(
    page: Page, say: Words, alice: Asker, project: int
) -> None:
    case = _case(alice, project, *(get(f"/{n}", id=n, name=n) for n in ("One", "Two", "Three", "Four")))
    page.goto(f"/p/{project}/cases/{case}")
    steps = page.get_by_role("navigation", name=say("editor.steps.title"))
    rows = steps.get_by_role("listitem")

    steps.get_by_role("button", name="GET Two", exact=True).focus()
    page.keyboard.press("ControlOrMeta+d")
    expect(rows).to_have_count(5)
    copy = say("editor.steps.copyName", name="Two")
    steps.get_by_role("button", name=say("editor.steps.more", name=copy)).click()
    page.get_by_role("menuitem", name=say("editor.steps.rename")).click()
    page.get_by_role("textbox", name=say("editor.steps.name")).fill("Five")
    page.keyboard.press("Enter")
    steps.get_by_role("button", name="GET Five", exact=True).press("Alt+ArrowDown")
    expect(rows.nth(3)).to_contain_text("Five")

    _drag(page, rows, start=4, goal=0)
    expect(steps.locator(".step-drop")).to_be_visible()  # where it goes is shown before the button is let go
    page.mouse.up()
    expect(rows.nth(0)).to_contain_text("Four")

    steps.get_by_role("button", name="GET One", exact=True).press("Delete")
    expect(rows).to_have_count(4)
    page.get_by_role("button", name=say("app.undo")).click()
    expect(rows).to_have_count(5)
    _save(page, say)

    stored = [(step["name"], step["id"]) for step in _steps_of(alice, case)]
    assert [name for name, _ in stored] == ["Four", "One", "Two", "Three", "Five"]
    assert [key for _, key in stored[:4]] == ["Four", "One", "Two", "Three"]


@pytest.fixture
def bobs_page(
    browser: Browser, site: str, watch: Watch, language: str, alice: Asker, project: int
) -> Iterator[Page]:
    """The page of a second person, in a browser of his own."""
    from django.conf import settings

    from hat.web.projects.models import Member
    from tests.web.people import make_user

    bob = make_user("bob", language=language)
    Member.objects.create(project_id=project, user=bob, role="writer")
    cookie = Asker(bob).client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()


def _add_check(page: Page, say: Words, expression: str) -> None:
    page.get_by_role("tab", name=re.compile(f"^{say('editor.tabs.checks')}")).first.click()
    label = say("editor.grid.cell", column=say("editor.checks.expression"), row=2)
    _write(page, label, expression)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")


def _open_step(page: Page, say: Words, name: str) -> None:
    steps = page.get_by_role("navigation", name=say("editor.steps.title"))
    steps.get_by_role("button", name=f"GET {name}", exact=True).click()


def test_two_people_edit_one_case_and_the_second_puts_both_together(
    page: Page, bobs_page: Page, say: Words, alice: Asker, project: int, watch: Watch,
    axe: Callable[..., list[str]],
) -> None:  # fmt: skip
    watch.expect(409)
    check = {"eq": ["status_code", 200]}
    group: dict[str, Any] = {"id": "g", "name": "Group", "steps": [get("/b", id="s2", name="Two")]}
    case = _case(alice, project, get("/a", id="s1", name="One", validate=[check]), group)
    url = say("editor.request.url")
    for one in (page, bobs_page):
        one.goto(f"/p/{project}/cases/{case}")
        _open_step(one, say, "One")

    _add_check(bobs_page, say, "body.of_bob")
    _open_step(bobs_page, say, "Two")
    _write(bobs_page, url, "/bob")
    _save(bobs_page, say)
    _write(page, url, "/alice")
    _add_check(page, say, "body.of_alice")
    _open_step(page, say, "Two")
    _write(page, url, "/also-alice")
    page.keyboard.press("ControlOrMeta+s")

    dialog = page.get_by_role("dialog", name=say("editor.conflict.title"))
    expect(dialog).to_contain_text("bob")
    expect(dialog.get_by_text(say("editor.conflict.clash"))).to_have_count(1)
    expect(dialog.get_by_role("radiogroup")).to_have_count(3)
    assert axe(page) == []
    clash = dialog.get_by_role("radiogroup", name="Group › Two · request.url")
    clash.get_by_text(say("editor.conflict.theirs"), exact=True).click()
    dialog.get_by_role("button", name=say("editor.conflict.apply")).click()
    expect(dialog).to_be_hidden()
    _save(page, say)

    first, group = _steps_of(alice, case)
    assert (first["request"]["url"], group["steps"][0]["request"]["url"]) == ("/alice", "/bob")
    assert [line["eq"][0] for line in first["validate"]] == ["status_code", "body.of_bob", "body.of_alice"]
