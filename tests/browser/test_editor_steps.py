"""The list of steps: long ones, groups, setup and teardown, several at once, calls, answers of before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.errand import send
from tests.target import sample
from tests.web.people import Asker, get

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target() -> Iterator[str]:
    with sample.serve() as place:
        yield f"http://{place}"


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Asker:
    return Asker(sign_in("alice"))


@pytest.fixture
def module(alice: Asker) -> dict[str, Any]:
    project = alice.post("/projects", {"name": "Shop"}).json()["id"]
    made: dict[str, Any] = alice.post(f"/projects/{project}/modules", {"name": "Orders"}).json()
    return {"project": project, **made}


@pytest.fixture
def write_case(alice: Asker, module: dict[str, Any]) -> Callable[..., int]:
    """A case with these steps, and others before and after them."""

    def write_case(name: str, *steps: dict[str, Any], **parts: Any) -> int:
        document = {"dialect": "hat", "config": {"name": name}, **parts, "teststeps": list(steps)}
        body = {"module_id": module["id"], "name": name, "document": document}
        return int(alice.post(f"/projects/{module['project']}/cases", body).json()["id"])

    return write_case


@pytest.fixture
def look_at(page: Page, module: dict[str, Any]) -> Callable[[int], Locator]:
    """Open a case in the editor; answers its list of steps."""

    def look_at(case: int) -> Locator:
        page.goto(f"/p/{module['project']}/cases/{case}")
        steps = page.get_by_role("navigation", name="Steps")
        expect(steps.locator("[data-step]").first).to_be_visible()
        return steps

    return look_at


def _save(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def _shape(steps: list[dict[str, Any]]) -> list[Any]:
    return [[step["name"], _shape(step["steps"])] if "steps" in step else step["name"] for step in steps]


def _row(steps: Locator, name: str) -> Locator:
    return steps.get_by_role("listitem").filter(has=steps.page.get_by_text(name, exact=True))


def test_a_function_that_is_heard_of_after_the_text_is_no_longer_unknown(
    page: Page,
    alice: Asker,
    module: dict[str, Any],
    write_case: Callable[..., int],
    look_at: Callable[[int], Locator],
) -> None:
    source = {"source": "def sign(a):\n    return a\n", "version": 0}
    assert alice.put(f"/projects/{module['project']}/functions", source).status_code == 200
    body = {"method": "POST", "url": "/x", "json": {"sign": "${sign(1)}", "other": "${gone(1)}"}}
    case = write_case("Late", {"name": "Late", "id": "s1", "request": body})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/functions", hold)

    look_at(case)
    page.get_by_role("tab", name="Body").first.click()
    unknown = page.locator(".cm-content .name-unknown")
    expect(unknown).to_have_text([re.compile(r"sign"), re.compile(r"gone")])
    for route in held:
        route.continue_()

    expect(unknown).to_have_text([re.compile(r"gone")])


def test_a_case_of_300_steps_has_few_rows_in_the_page_and_all_of_them_by_key_search_and_drag(
    page: Page,
    write_case: Callable[..., int],
    look_at: Callable[[int], Locator],
    alice: Asker,
    axe: Callable[[Page], list[str]],
) -> None:
    case = write_case("Long", *(get(f"/{n}", name=f"Step {n}") for n in range(300)))
    steps = look_at(case)
    expect(steps.get_by_role("listitem").first).to_have_attribute("aria-setsize", "300")
    assert steps.get_by_role("listitem").count() < 80
    assert axe(page) == []

    steps.get_by_role("button", name="GET Step 0", exact=True).focus()
    for _ in range(40):
        page.keyboard.press("ArrowDown")
    expect(steps.get_by_role("button", name="GET Step 40", exact=True)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(steps.get_by_role("button", name="GET Step 40", exact=True)).to_be_focused()

    grip = _row(steps, "Step 40").locator(".step-grip").bounding_box()
    area = steps.locator(".step-list").bounding_box()
    assert grip
    assert area
    page.mouse.move(grip["x"] + 4, grip["y"] + 6)
    page.mouse.down()
    page.mouse.move(area["x"] + 60, area["y"] + 2)  # at the upper edge the list goes on by itself
    expect(_row(steps, "Step 0")).to_be_in_viewport()
    page.mouse.move(area["x"] + 60, area["y"] + 2)
    page.mouse.up()

    steps.get_by_role("searchbox", name="Find a step").fill("step 299")
    expect(steps.get_by_role("listitem")).to_have_count(1)
    steps.get_by_role("button", name="GET Step 299", exact=True).press("Delete")
    expect(steps.get_by_role("listitem")).to_have_count(0)
    _save(page)

    stored = _shape(alice.get(f"/cases/{case}").json()["document"]["teststeps"])
    assert (stored[0], stored[-1], len(stored)) == ("Step 40", "Step 298", 299)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_setup_and_teardown_are_seen_and_edited_in_the_list(
    page: Page,
    write_case: Callable[..., int],
    look_at: Callable[[int], Locator],
    alice: Asker,
    axe: Callable[[Page], list[str]],
    theme: Literal["light", "dark"],
) -> None:
    group = {"name": "Each", "for_each": {"id": "$orders"}, "steps": [get("/pay/$id", name="Pay")]}
    case = write_case("Flow", get("/a", name="A"), group, get("/b", name="B"), setup=[get("/s", name="Set")])
    page.emulate_media(color_scheme=theme)
    steps = look_at(case)
    for head in ("Setup 1", "Steps 4", "Teardown"):
        expect(steps.get_by_role("heading", name=head, level=3)).to_be_visible()
    expect(_row(steps, "Each")).to_contain_text("for id in $orders")

    steps.get_by_role("button", name="GET B", exact=True).press("Alt+ArrowRight")
    steps.get_by_role("button", name="Fold Each").click()
    expect(_row(steps, "Pay")).to_have_count(0)
    steps.get_by_role("button", name="Unfold Each").click()
    steps.get_by_role("button", name="Add to Teardown").click()
    page.get_by_role("menuitem", name="HTTP request", exact=True).click()
    page.get_by_role("textbox", name="URL").click()
    page.keyboard.type("/clean")
    page.keyboard.press("Tab")
    steps.get_by_role("button", name="Actions of A").click()
    page.get_by_role("menuitem", name="Put into a group").click()
    page.get_by_role("combobox", name="If", exact=True).select_option("check")
    page.get_by_role("textbox", name="If: Expected").click()
    page.keyboard.type("200")
    page.keyboard.press("Tab")
    expect(_row(steps, "Group of steps")).to_contain_text("if status_code = 200")
    assert axe(page) == []
    _save(page)

    document = alice.get(f"/cases/{case}").json()["document"]
    assert _shape(document["teststeps"]) == [["Group of steps", ["A"]], ["Each", ["Pay", "B"]]]
    assert document["teststeps"][0]["if"] == {"eq": ["status_code", 200]}
    assert [_shape(document[part]) for part in ("setup", "teardown")] == [["Set"], ["Step 6"]]


def test_a_step_of_a_group_is_sent_with_the_loop_around_it(
    page: Page, write_case: Callable[..., int], look_at: Callable[[int], Locator], target: str
) -> None:
    inner = [get(f"{target}/api/users/1", name="Skip"), get(f"{target}/api/users/$id", name="Read")]
    case = write_case("Rounds", {"name": "Each", "for_each": {"id": [1000]}, "steps": inner})
    steps = look_at(case)
    steps.get_by_role("button", name="GET Read", exact=True).click()

    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))

    expect(page.get_by_role("region", name="Answer")).to_contain_text(re.compile(r"\d{3} "))
    page.get_by_role("tab", name="Request sent").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("/api/users/1000")


def test_ticked_steps_are_changed_at_once_and_brought_back(
    page: Page, write_case: Callable[..., int], look_at: Callable[[int], Locator], alice: Asker
) -> None:
    group = {"name": "Both", "steps": [get("/old/c", name="C")]}
    case = write_case("Bulk", get("/old/a", name="A"), get("/old/b", name="B"), group)
    steps = look_at(case)
    for name in ("A", "C"):
        steps.get_by_role("checkbox", name=f"Choose {name}", exact=True).click()
    expect(page.get_by_role("toolbar", name="Chosen steps")).to_contain_text("2 selected")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("menuitem", name="Find and replace").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Find", exact=True).fill("/old/")
    dialog.get_by_label("Replace with").fill("/new/")
    expect(dialog.get_by_role("list", name="Places that change").get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name="Change 2 places").click()
    url = page.get_by_role("textbox", name="URL")
    expect(url).to_have_text("/new/a")

    page.get_by_role("button", name="Undo").click()
    expect(url).to_have_text("/old/a")
    steps.get_by_role("button", name="GET C", exact=True).click()
    expect(url).to_have_text("/old/c")
    page.get_by_role("textbox", name="URL").click()
    page.keyboard.press("End")
    page.keyboard.type("c")
    _save(page)

    stored = alice.get(f"/cases/{case}").json()["document"]["teststeps"]
    urls = [step["request"]["url"] for step in (*stored[:2], *stored[2]["steps"])]
    assert urls == ["/old/a", "/old/b", "/old/cc"]


def test_a_called_case_is_opened_in_place(
    page: Page, write_case: Callable[..., int], look_at: Callable[[int], Locator]
) -> None:
    login = write_case("Log in", get("/token", name="Token", extract={"token": "body.token"}))
    case = write_case("Pay", {"name": "first", "testcase": login})
    look_at(case)

    called = page.get_by_role("list", name="Log in")
    called.get_by_role("button", name=re.compile("Token")).click()
    expect(called).to_contain_text("token: body.token")
    called.get_by_role("link", name=re.compile("Token")).click()

    expect(page).to_have_url(re.compile(rf"/cases/{login}\?step="))
    expect(page.get_by_role("textbox", name="URL")).to_have_text("/token")


def test_an_answer_of_before_is_looked_at_again(
    page: Page, write_case: Callable[..., int], look_at: Callable[[int], Locator], target: str
) -> None:
    case = write_case("Twice", get(f"{target}/api/users/1000", name="One"))
    look_at(case)
    answer = page.get_by_role("region", name="Answer")
    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))
    expect(answer).to_contain_text(re.compile(r"\d{3} "))
    page.get_by_role("textbox", name="URL").click()
    page.keyboard.press("End")
    page.keyboard.type("1")
    send(page, lambda: page.keyboard.press("ControlOrMeta+Enter"))
    page.get_by_role("tab", name="Request sent").click()
    expect(answer).to_contain_text("/api/users/10001")

    answer.get_by_role("button", name=re.compile("2$")).click()
    page.get_by_role("menu").get_by_role("menuitemcheckbox").or_(page.get_by_role("menuitem")).last.click()

    expect(answer).to_contain_text("/api/users/1000")
    expect(answer).not_to_contain_text("/api/users/10001")


def test_a_case_gets_another_owner(
    page: Page,
    write_case: Callable[..., int],
    look_at: Callable[[int], Locator],
    alice: Asker,
    module: dict[str, Any],
) -> None:
    from hat.web.projects.models import Member
    from tests.web.people import make_user

    bob = make_user("bob")
    Member.objects.create(project_id=module["project"], user=bob, role="writer")
    case = write_case("Mine", get("/a", name="A"))
    steps = look_at(case)

    steps.get_by_role("button", name=re.compile("^Config")).click()
    page.get_by_role("combobox", name="Owner").click()
    page.get_by_role("option", name=re.compile("bob", re.IGNORECASE)).click()
    _save(page)

    assert alice.get(f"/cases/{case}").json()["owner"]["username"] == "bob"
