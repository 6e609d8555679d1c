"""Many cases changed at once from the list: seen before, done, undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Any:
    return sign_in("alice")


@pytest.fixture
def shop(alice: Any) -> Any:
    """A project with fifty-five cases, which all ask the old host."""
    from hat.web.projects.models import Module
    from hat.web.projects.services.cases import Draft, create_case
    from hat.web.projects.services.projects import create_project

    shop = create_project(alice, name="Shop")
    module = Module.objects.create(project=shop, name="Users")
    for number in range(55):
        step = {
            "name": "Log in",
            "request": {
                "method": "POST",
                "url": "https://old.shop.test/login",
                "headers": {"Origin": "https://old.shop.test"},
                "json": {"back": f"https://old.shop.test/{number}"},
            },
        }
        document = {"config": {"name": f"Case {number:02}"}, "teststeps": [step]}
        create_case(alice, module, Draft(document=document))
    return shop


def _documents(shop: Any) -> list[Any]:
    return list(shop.cases.order_by("id").values_list("document", flat=True))


def test_a_host_is_replaced_in_fifty_cases_and_brought_back(page: Page, shop: Any) -> None:
    before = _documents(shop)
    page.goto(f"/p/{shop.pk}/cases?size=100")
    page.get_by_role("checkbox", name="Select all").check()
    for number in range(5):
        page.get_by_role("checkbox", name=f"Select Case {number:02}").uncheck()
    bar = page.get_by_role("toolbar", name="Actions for the selected cases")
    expect(bar).to_contain_text("50 selected")

    page.keyboard.press("h")
    dialog = page.get_by_role("dialog", name="Change many cases")
    expect(dialog).to_contain_text("In 50 selected cases")
    dialog.get_by_label("Find", exact=True).fill("old.shop.test")
    dialog.get_by_label("Replace with").fill("new.shop.test")
    expect(dialog).to_contain_text("150 places in 50 cases")
    dialog.get_by_role("checkbox", name="Bodies").uncheck()
    expect(dialog).to_contain_text("100 places in 50 cases")
    dialog.get_by_role("checkbox", name="request.headers.Origin of Log in in Case 05", exact=True).uncheck()
    expect(dialog).to_contain_text("99 places in 50 cases")
    dialog.get_by_role("checkbox", name="All places of Case 06", exact=True).uncheck()
    dialog.get_by_role("button", name="Change 49 cases").click()
    expect(page.get_by_text("49 cases were changed")).to_be_visible()

    after = _documents(shop)
    assert [document == old for document, old in zip(after, before, strict=True)].count(True) == 6
    request = after[5]["teststeps"][0]["request"]
    assert (request["url"], request["headers"], request["json"]) == (
        "https://new.shop.test/login",
        {"Origin": "https://old.shop.test"},
        {"back": "https://old.shop.test/5"},
    )

    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Undone: 49 cases are as before")).to_be_visible()
    assert _documents(shop) == before


def test_a_check_and_a_header_are_added_to_every_request(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/cases?sort=name")
    page.get_by_role("checkbox", name="Select Case 00").check()
    page.get_by_role("checkbox", name="Select Case 01").check()
    bar = page.get_by_role("toolbar", name="Actions for the selected cases")

    bar.get_by_role("button", name="Change").click()
    page.get_by_role("menuitem", name="Add a check").click()
    dialog = page.get_by_role("dialog", name="Change many cases")
    dialog.get_by_label("Expected", exact=True).fill("201")
    expect(dialog).to_contain_text("status_code eq 201")
    dialog.get_by_role("button", name="Change 2 cases").click()
    expect(page.get_by_text("2 cases were changed")).to_be_visible()
    bar.get_by_role("button", name="Change").click()
    page.get_by_role("menuitem", name="Add a header").click()
    dialog.get_by_label("Header", exact=True).fill("X-Trace")
    dialog.get_by_label("Value", exact=True).fill("${uuid()}")
    dialog.get_by_role("button", name="Change 2 cases").click()
    expect(dialog).to_be_hidden()

    steps = [document["teststeps"][0] for document in _documents(shop)[:3]]
    assert [step.get("validate") for step in steps] == [[{"eq": ["status_code", 201]}]] * 2 + [None]
    assert [step["request"]["headers"].get("X-Trace") for step in steps] == ["${uuid()}", "${uuid()}", None]


def test_a_case_changed_meanwhile_is_said_and_an_earlier_change_can_be_undone(page: Page, shop: Any) -> None:
    from hat.web.projects.models import Case

    page.goto(f"/p/{shop.pk}/cases")
    page.get_by_role("button", name="Find and replace").click()
    dialog = page.get_by_role("dialog", name="Change many cases")
    expect(dialog).to_contain_text("In all cases of the project")
    dialog.get_by_label("Find", exact=True).fill("old.shop.test")
    expect(dialog).to_contain_text("165 places in 55 cases")
    slow = Case.objects.get(name="Case 07")
    Case.objects.filter(pk=slow.pk).update(version=9)

    dialog.get_by_role("button", name="Change 55 cases").click()
    expect(dialog.get_by_role("status")).to_contain_text("Case 07: was changed meanwhile")
    dialog.get_by_role("button", name=re.compile("^Undo: ")).click()
    expect(page.get_by_text("Undone: 54 cases are as before")).to_be_visible()

    assert "old.shop.test" in str(_documents(shop)[0])


def test_a_wrong_expression_is_told_at_its_field(page: Page, shop: Any, watch: Any) -> None:
    watch.expect(422)
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_role("link", name="Case 00")).to_be_visible()
    page.keyboard.press("h")
    dialog = page.get_by_role("dialog", name="Change many cases")
    dialog.get_by_role("checkbox", name="Regular expression").check()
    dialog.get_by_label("Find", exact=True).fill("(")

    expect(dialog).to_contain_text("not a regular expression")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_preview_shuts_nobody_out(
    page: Page, shop: Any, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_role("link", name="Case 00")).to_be_visible()
    page.keyboard.press("h")
    dialog = page.get_by_role("dialog", name="Change many cases")
    dialog.get_by_label("Find", exact=True).fill("old.shop.test")
    expect(dialog).to_contain_text("165 places")

    first = dialog.get_by_role("checkbox", name="All places of Case 00", exact=True)
    first.focus()
    first.press("ArrowDown")
    expect(dialog.get_by_role("checkbox", name="request.url of Log in in Case 00")).to_be_focused()
    assert axe(page) == []
