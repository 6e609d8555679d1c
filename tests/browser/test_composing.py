"""A Chinese input method composes wherever one writes: nothing is doubled or lost, Enter only chooses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.web.people import Asker, get

pytestmark = pytest.mark.django_db(transaction=True)

HELLO = "\u4f60\u597d"


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Asker:
    return Asker(sign_in("alice"))


@pytest.fixture
def project(alice: Asker) -> int:
    return int(alice.post("/projects", {"name": "Shop"}).json()["id"])


@pytest.fixture
def case(alice: Asker, project: int) -> int:
    module = alice.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    step = {"id": "s1", "name": "One", "request": {"method": "POST", "url": "/x", "json": {"a": 1}}}
    document = {"schema": 1, "dialect": "hat", "config": {"name": "IME"}, "teststeps": [step, get("/y")]}
    body = {"module_id": module, "name": "IME", "document": document}
    return int(alice.post(f"/projects/{project}/cases", body).json()["id"])


@pytest.fixture
def editor(page: Page, project: int, case: int) -> Page:
    page.goto(f"/p/{project}/cases/{case}?step=s1")
    page.get_by_role("textbox", name="URL").filter(has_text="/x").wait_for()
    return page


def compose(page: Page, during: Callable[[], None] = lambda: None) -> None:
    """Types `ni hao` letter by letter, presses Enter in the middle as an input method does, then commits."""
    session = page.context.new_cdp_session(page)
    for text in ("n", "ni", "ni h"):
        _show(session, text)
    # What Chromium tells a page of a key that its input method takes.
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    _show(session, "ni hao")
    during()
    session.send("Input.insertText", {"text": HELLO})
    session.detach()


def _show(session: CDPSession, text: str) -> None:
    where = {"selectionStart": len(text), "selectionEnd": len(text)}
    session.send("Input.imeSetComposition", {"text": text, **where})


def _saved_step(page: Page, alice: Asker, case: int) -> dict[str, Any]:
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    step: dict[str, Any] = alice.get(f"/cases/{case}").json()["document"]["teststeps"][0]
    return step


def _composing_keeps(page: Page, place: Locator) -> None:
    compose(page, during=lambda: expect(place).to_be_focused())


def test_in_the_cells_of_a_grid(editor: Page, alice: Asker, case: int) -> None:
    editor.get_by_role("tab", name="Variables").click()
    for column in ("Name", "Value"):
        cell = editor.get_by_role("textbox", name=f"{column}, row 1", exact=True)
        cell.click()
        _composing_keeps(editor, cell)
        expect(cell).to_have_text(HELLO)

    assert _saved_step(editor, alice, case)["variables"] == {HELLO: HELLO}


def test_in_a_grid_that_is_a_text(editor: Page, alice: Asker, case: int) -> None:
    editor.get_by_role("tab", name="Variables").click()
    editor.get_by_role("button", name="Edit as text").click()
    text = editor.get_by_role("textbox", name="Variables")
    text.click()
    editor.keyboard.type("user: ")
    _composing_keeps(editor, text)

    expect(text).to_have_text(f"user: {HELLO}")
    assert _saved_step(editor, alice, case)["variables"] == {"user": HELLO}


def test_in_a_body(editor: Page, alice: Asker, case: int) -> None:
    editor.get_by_role("tab", name="Body").first.click()
    body = editor.get_by_role("textbox", name="JSON")
    body.click()
    editor.keyboard.press("ControlOrMeta+a")
    editor.keyboard.type('{"name": "')
    _composing_keeps(editor, body)

    assert _saved_step(editor, alice, case)["request"]["json"] == {"name": HELLO}


def test_in_a_url_where_enter_sends(editor: Page, alice: Asker, case: int) -> None:
    url = editor.get_by_role("textbox", name="URL")
    url.click()
    editor.keyboard.press("End")
    asked: list[str] = []
    editor.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    _composing_keeps(editor, url)

    assert _saved_step(editor, alice, case)["request"]["url"] == f"/x{HELLO}"
    assert [one for one in asked if re.search(r"POST .*/runs$", one)] == []


def test_in_the_name_of_a_step(editor: Page, alice: Asker, case: int) -> None:
    editor.get_by_role("button", name="POST One", exact=True).press("F2")
    field = editor.get_by_role("textbox", name="Name of the step")
    expect(field).to_be_focused()
    _composing_keeps(editor, field)
    expect(field).to_have_value(HELLO)
    editor.keyboard.press("Enter")

    assert _saved_step(editor, alice, case)["name"] == HELLO


def test_in_the_name_of_a_case_and_a_tag(editor: Page, alice: Asker, case: int) -> None:
    editor.get_by_role("button", name="IME", exact=True).press("F2")
    name = editor.get_by_role("textbox", name="Name of the case")
    expect(name).to_be_focused()
    _composing_keeps(editor, name)
    editor.keyboard.press("Enter")
    editor.get_by_role("button", name="Tag", exact=True).click()
    tag = editor.get_by_role("textbox", name="Name of the tag")
    _composing_keeps(editor, tag)
    editor.keyboard.press("Enter")
    _saved_step(editor, alice, case)

    stored = alice.get(f"/cases/{case}").json()
    assert (stored["name"], stored["tags"]) == (HELLO, [HELLO])


def test_in_the_search_of_a_list(page: Page, project: int, case: int) -> None:
    page.goto(f"/p/{project}/cases")
    search = page.get_by_role("searchbox", name=re.compile("Search"))
    search.click()
    with page.expect_response(lambda answer: "/cases?" in answer.url and "search=" in answer.url) as found:
        _composing_keeps(page, search)

    expect(search).to_have_value(HELLO)
    assert found.value.json()["total"] == 0
    expect(page.get_by_role("link", name="IME")).to_have_count(0)


def test_in_the_name_of_a_module(page: Page, project: int, case: int, alice: Asker) -> None:
    page.goto(f"/p/{project}/cases")
    row = page.get_by_role("link", name=re.compile("Users")).first
    row.press("F2")
    field = page.get_by_role("textbox", name="Name of the module")
    expect(field).to_be_focused()
    _composing_keeps(page, field)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Enter")

    [module] = alice.get(f"/projects/{project}/modules").json()["items"]
    assert module["name"] == HELLO
