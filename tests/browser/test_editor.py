"""The case editor: write steps, send them, click values into checks, save."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.errand import send
from tests.browser.paste import paste
from tests.browser.watch import Watch
from tests.target import sample
from tests.web.people import Asker, get

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target() -> Iterator[str]:
    with sample.serve() as place:
        yield f"http://{place}"


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Any:
    return sign_in("alice")


@pytest.fixture
def shop(alice: Any) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(alice, name="Shop")


@pytest.fixture
def make(shop: Any, alice: Any) -> Callable[..., Any]:
    """A case of alice with these steps."""
    from hat.web.projects.models import Case, Module

    def make(name: str, *steps: dict[str, Any], **config: Any) -> Any:
        module, _ = Module.objects.get_or_create(project=shop, name="Users")
        document = {
            "schema": 1, "dialect": "hat", "config": {"name": name, **config}, "teststeps": list(steps),
        }  # fmt: skip
        answer = Asker(alice).post(
            f"/projects/{shop.pk}/cases", {"module_id": module.pk, "name": name, "document": document}
        )
        assert answer.status_code == 201, answer.content
        return Case.objects.get(pk=answer.json()["id"])

    return make


def _open(page: Page, case: Any) -> None:
    page.goto(f"/p/{case.module.project_id}/cases/{case.pk}")
    expect(page.get_by_role("button", name=case.name, exact=True)).to_be_visible()


def _type(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def _stored(case: Any) -> dict[str, Any]:
    case.refresh_from_db()
    document: dict[str, Any] = case.document
    return document


def test_a_pasted_curl_becomes_the_request(page: Page, make: Callable[..., Any]) -> None:
    case = make("Log in", get("/x"))
    _open(page, case)

    page.get_by_role("textbox", name="URL").click()
    page.keyboard.press("ControlOrMeta+a")
    paste(page, "curl -X PUT 'http://api.test/users?page=2' -H 'X-Id: 7' --json '{\"name\": \"ann\"}'")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert _stored(case)["teststeps"][0]["request"] == {
        "method": "PUT",
        "url": "http://api.test/users",
        "params": {"page": "2"},
        "headers": {"X-Id": "7"},
        "json": {"name": "ann"},
    }


def test_a_sent_step_shows_its_answer_and_a_clicked_value_becomes_a_check(
    page: Page, make: Callable[..., Any], target: str, axe: Callable[[Page], list[str]]
) -> None:
    case = make("Read users", get(f"{target}/api/users/1000"))
    _open(page, case)

    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))
    expect(page.get_by_role("region", name="Answer")).to_contain_text(re.compile(r"\d{3} "))
    for part in ("Request sent", "Checks", "Timing", "Body"):
        page.get_by_role("tab", name=part).last.click()
        assert axe(page) == []
    page.get_by_role("tree", name="Body").locator(".json-value").nth(1).click()
    page.get_by_role("menuitem", name="Check equals").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    [check] = _stored(case)["teststeps"][0]["validate"]
    assert check["eq"][0].startswith("body.")


def test_the_query_of_a_url_becomes_parameters(page: Page, make: Callable[..., Any]) -> None:
    case = make("Query", get("/users?page=2&sign=${md5(a&b)}", id="s1"))
    _open(page, case)
    page.get_by_role("tab", name="Params").click()

    page.get_by_text("2 parameters in the URL").get_by_role("button", name="Move here").click()
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    expect(page.get_by_text("in the URL")).to_have_count(0)
    request = _stored(case)["teststeps"][0]["request"]
    assert request["url"] == "/users"
    assert request["params"] == {"page": "2", "sign": "${md5(a&b)}"}


def test_an_answer_is_searched_and_saved(page: Page, make: Callable[..., Any], target: str) -> None:
    case = make("Search", get(f"{target}/m/list", id="s1"))
    _open(page, case)
    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))
    rows = page.get_by_role("tree", name="Body").get_by_role("treeitem")
    expect(rows).to_have_count(10)

    page.get_by_role("searchbox", name="Search keys and values").fill("FOUR")
    expect(rows).to_have_count(2)
    expect(page.get_by_text("1 found", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(rows.first).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Check equals")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download the body").click()

    assert saved.value.suggested_filename == "response.json"
    assert json.loads(Path(saved.value.path()).read_text())[3] == "four"


def test_a_step_that_needs_an_extract_runs_the_earlier_one_first(
    page: Page, make: Callable[..., Any], target: str
) -> None:
    first = get(f"{target}/", extract={"code": "status_code"}, id="s1", name="One")
    second = get(f"{target}/?code=$code", id="s2", name="Two")
    case = make("Chain", first, second)
    _open(page, case)
    page.get_by_role("button", name="GET Two", exact=True).click()
    expect(page.get_by_title("extracted in “One”")).to_have_text("$code")

    send(page, page.get_by_role("button", name="Send", exact=True).first.click)

    expect(page.get_by_role("region", name="Answer")).to_contain_text("after 1 earlier step")


def test_rows_of_a_grid_are_typed_and_kept(page: Page, make: Callable[..., Any]) -> None:
    case = make("Typed", get("/x", id="s1"))
    _open(page, case)
    page.get_by_role("tab", name="Variables").click()

    _type(page, "Name, row 1", "age")
    page.keyboard.press("Enter")
    page.keyboard.type("42")
    page.get_by_label("Type of row 1").select_option("integer")
    _type(page, "Name, row 2", "note")
    page.keyboard.press("Enter")
    page.keyboard.type("later")
    page.get_by_label("Row 2 is on").uncheck()
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert _stored(case)["teststeps"][0]["variables"] == [
        {"name": "age", "value": 42},
        {"name": "note", "value": "later", "enabled": False},
    ]


def test_pasted_lines_become_rows_and_rows_become_text(page: Page, make: Callable[..., Any]) -> None:
    case = make("Paste", get("/x", id="s1"))
    _open(page, case)
    page.get_by_role("tab", name="Headers").click()

    page.get_by_role("table", name="Headers").get_by_role("textbox", name="Name, row 1").click()
    paste(page, "X-One: 1\n# X-Two: two")
    page.get_by_role("button", name="Edit as text").first.click()
    text = page.get_by_role("textbox", name="Headers")
    expect(text).to_contain_text("# X-Two: two")
    text.press("ControlOrMeta+End")
    page.keyboard.insert_text("\nX-Three: 3")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert _stored(case)["teststeps"][0]["request"]["headers"] == [
        {"name": "X-One", "value": "1"},
        {"name": "X-Two", "value": "two", "enabled": False},
        {"name": "X-Three", "value": "3"},
    ]


def test_who_calls_a_case_is_shown_before_it_is_deleted(page: Page, make: Callable[..., Any]) -> None:
    login = make("Log in", get("/token", id="s1"))
    make("Pay", {"id": "s1", "name": "call", "testcase": login.pk})
    _open(page, login)

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete the case").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Pay")).to_be_visible()
    dialog.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile(r"/cases\?module="))
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_large_numbers_stay_exact(page: Page, make: Callable[..., Any]) -> None:
    step = get("/x", id="s1", request={"method": "POST", "url": "/x", "json": {"id": 12345678901234567890}})
    case = make("Exact", step)
    _open(page, case)

    _type(page, "URL", "/y")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    request = _stored(case)["teststeps"][0]["request"]
    assert request == {"method": "POST", "url": "/y", "json": {"id": 12345678901234567890}}


def test_another_case_is_called_after_choosing_it(page: Page, make: Callable[..., Any]) -> None:
    login = make("Log in", get("/token", id="s9"))
    case = make("Pay", get("/pay", id="s1"))
    _open(page, case)

    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("menuitem", name="Call of a case").click()
    expect(page.get_by_role("dialog")).to_contain_text("Arrow keys to move, Enter to choose.")
    page.get_by_role("combobox", name="Search cases").fill("log")
    page.get_by_role("option", name=re.compile("Log in")).click()
    expect(page.get_by_text("Case in Users")).to_be_visible()
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert _stored(case)["teststeps"][1]["testcase"] == login.pk


def test_yaml_and_form_are_one(page: Page, make: Callable[..., Any], watch: Watch) -> None:
    watch.expect(422)
    case = make("Text", get("/x", id="s1", name="One"))
    _open(page, case)
    page.get_by_text("YAML", exact=True).click()
    editor = page.get_by_role("textbox", name="The case as YAML")

    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("config: {name: Text}\nteststeps:\n- {name: One, request: {method: GET, url: [")
    expect(page.get_by_role("alert")).to_contain_text("Line")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(
        "config: {name: Text}\nteststeps:\n- {name: One, request: {method: GET, url: /new}}\n"
    )
    page.get_by_text("Form", exact=True).click()
    expect(page.get_by_role("textbox", name="URL")).to_have_text("/new")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    [step] = _stored(case)["teststeps"]
    assert (step["id"], step["request"]["url"]) == ("s1", "/new")


def test_a_wrong_row_is_shown_at_its_field_and_nothing_is_lost(
    page: Page, make: Callable[..., Any], watch: Watch
) -> None:
    watch.expect(422)
    case = make("Wrong", get("/x", id="s1"))
    _open(page, case)
    page.get_by_role("tab", name="Options").click()

    page.get_by_label("Times", exact=True).fill("many")
    page.get_by_label("Times", exact=True).press("Tab")
    page.keyboard.press("ControlOrMeta+s")

    expect(page.get_by_role("alert")).to_contain_text("teststeps[0].times")
    expect(page.get_by_label("Times", exact=True)).to_have_value("many")


def test_leaving_asks_and_a_draft_comes_back(page: Page, make: Callable[..., Any]) -> None:
    case = make("Draft", get("/x", id="s1"))
    _open(page, case)
    _type(page, "URL", "/draft")

    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("dialog", name="Save your changes?").get_by_role("button", name="Stay here").click()
    expect(page.get_by_role("textbox", name="URL")).to_have_text("/draft")
    page.once("dialog", lambda question: question.accept())
    page.reload()
    page.get_by_role("button", name="Restore").click()

    expect(page.get_by_role("textbox", name="URL")).to_have_text("/draft")
    expect(page.get_by_role("img", name="Not saved")).to_be_visible()


def test_run_waits_for_the_save_that_is_on_its_way(page: Page, make: Callable[..., Any]) -> None:
    case = make("Hasty", get("/x", id="s1"))
    _open(page, case)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"/cases/{case.pk}$"), hold, times=1)
    _type(page, "URL", "/first")
    with page.expect_request(lambda request: request.method == "PUT"):
        page.keyboard.press("ControlOrMeta+s")
    _type(page, "URL", "/second")

    page.get_by_role("button", name="Run", exact=True).click()
    held[0].continue_()

    expect(page.get_by_role("dialog", name="Start a run")).to_be_visible()
    assert _stored(case)["teststeps"][0]["request"]["url"] == "/second"


def test_an_earlier_version_is_brought_back(page: Page, make: Callable[..., Any], alice: Any) -> None:
    case = make("History", get("/first", id="s1"))
    document = _stored(case)
    document["teststeps"][0]["request"]["url"] = "/second"
    Asker(alice).put(f"/cases/{case.pk}", {"version": case.version, "document": document})
    _open(page, case)

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="History").click()
    dialog = page.get_by_role("dialog", name="History")
    changes = dialog.get_by_role("region", name="What changed")
    expect(changes).to_contain_text(re.compile(r"Step 1.*changed.*request\.url.*/first.*/second", re.DOTALL))
    dialog.get_by_role("button", name=re.compile("v1")).click()
    expect(changes).to_contain_text("added")
    dialog.get_by_role("tab", name="YAML").click()
    expect(dialog.get_by_role("textbox", name="Version 1")).to_contain_text("/first")
    page.get_by_role("button", name="Restore this version").click()

    expect(page.get_by_role("textbox", name="URL")).to_have_text("/first")


def test_a_reader_sees_everything_and_changes_nothing(
    page: Page, make: Callable[..., Any], shop: Any, sign_in: Callable[..., Any]
) -> None:
    from hat.web.projects.models import Member

    case = make("Read only", get("/x", id="s1"))
    Member.objects.create(project=shop, user=sign_in("carol"), role="reader")
    page.goto(f"/p/{shop.pk}/cases/{case.pk}")

    expect(page.get_by_role("heading", name="Read only")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("textbox", name="URL")).to_have_attribute("aria-disabled", "true")


def test_no_part_of_the_editor_shuts_anybody_out(
    page: Page, make: Callable[..., Any], look: Callable[[Page], list[str]]
) -> None:
    step = get(
        "/x?$user", id="s1", variables={"user": "ann", "n": 1}, validate=[{"eq": ["status_code", 200]}],
        setup_hooks=["${sign($request)}"],
        request={"method": "POST", "url": "/$user/$gone", "json": {"a": 1}},
    )  # fmt: skip
    case = make("Axe", step, get("/y", id="s2", enabled=False))
    for view in ("checks", "body", "headers", "hooks", "options", "auth", "variables"):
        page.goto(f"/p/{case.module.project_id}/cases/{case.pk}?tab={view}")
        expect(page.get_by_role("tab", selected=True).first).to_be_visible()

        assert look(page) == [], view


def test_a_graphql_query_travels_as_json(page: Page, make: Callable[..., Any]) -> None:
    case = make("Ask", {"name": "Ask", "request": {"method": "POST", "url": "/graphql"}})
    _open(page, case)
    page.get_by_role("tab", name="Body").first.click()
    page.get_by_text("GraphQL", exact=True).click()

    _type(page, "Query", "query { items { id } }")
    _type(page, "Variables as JSON", '{"first": 3')
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    body = _stored(case)["teststeps"][0]["request"]["json"]
    assert body == {"query": "query { items { id } }", "variables": {"first": 3}}
    page.reload()
    expect(page.get_by_role("textbox", name="Query", exact=True)).to_contain_text("items")


def test_what_is_marked_in_a_text_becomes_a_regular_expression(
    page: Page, make: Callable[..., Any], target: str
) -> None:
    case = make("Read users", get(f"{target}/api/users/1000"))
    _open(page, case)
    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))
    page.get_by_text("Raw", exact=True).last.click()

    page.get_by_role("region", name="Answer").locator(".cm-line").first.dblclick()
    page.get_by_role("button", name=re.compile("Extract or check")).click()
    page.get_by_role("menuitem", name="Extract as a variable").click()
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    (expression,) = _stored(case)["teststeps"][0]["extract"].values()
    assert expression.startswith("regex:")
