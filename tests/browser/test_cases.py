"""The case list: modules, search, ticks, and what is done with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker, get

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Any:
    return sign_in("alice")


@pytest.fixture
def shop(alice: Any) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(alice, name="Shop")


@pytest.fixture
def make(shop: Any, alice: Any) -> Callable[..., Any]:
    """A case of alice in the module of that name."""
    from hat.web.projects.models import Case, Module

    def make(name: str, module: str = "Users", **fields: Any) -> Any:
        row, _ = Module.objects.get_or_create(project=shop, name=module)
        document = {"schema": 1, "dialect": "hat", "config": {"name": name}, "teststeps": [get("/x")]}
        answer = Asker(alice).post(
            f"/projects/{shop.pk}/cases", {"module_id": row.pk, "name": name, "document": document, **fields}
        )
        assert answer.status_code == 201, answer.content
        return Case.objects.get(pk=answer.json()["id"])

    return make


def _names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("[data-row-link]").all_inner_texts()]


def test_a_new_case_needs_no_more_than_a_name_and_enter(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_role("button", name="New case").first).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_focused()

    page.keyboard.type("Sign up")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Sign up", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="URL").first).to_contain_text("/")


def test_the_empty_list_teaches_and_the_first_case_is_written_from_a_curl(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_text("No cases here yet")).to_be_visible()

    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New case")
    dialog.get_by_label("Start from cURL").fill("curl -X POST http://api.test/login -d user=ann")
    dialog.get_by_role("button", name="Create").click()

    expect(page).to_have_url(re.compile(r"/p/\d+/cases/\d+"))
    expect(page.get_by_role("button", name="POST /login", exact=True)).to_be_visible()


def test_search_and_module_are_kept_in_the_address(page: Page, make: Callable[..., Any], shop: Any) -> None:
    for name in ("Log in", "Log out", "Sign up"):
        make(name)
    make("Log an order", module="Orders")
    page.goto(f"/p/{shop.pk}/cases")

    page.get_by_role("link", name="Users").click()
    page.get_by_role("searchbox", name="Search name").fill("log")
    expect(page.locator("[data-row-link]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"search=log"))
    page.reload()

    expect(page.get_by_role("searchbox", name="Search name")).to_have_value("log")
    expect(page.locator("[data-row-link]")).to_have_count(2)


def test_ticked_cases_are_moved_tagged_and_deleted_with_undo(
    page: Page, make: Callable[..., Any], shop: Any
) -> None:
    one, two = make("One"), make("Two")
    make("Three", module="Orders")
    page.goto(f"/p/{shop.pk}/cases")

    page.get_by_role("checkbox", name="Select One").check()
    page.get_by_role("checkbox", name="Select Two").check()
    bar = page.get_by_role("toolbar", name="Actions for the selected cases")
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Move").click()
    page.get_by_role("menuitem", name="Orders").click()
    expect(page.get_by_text("2 cases were moved")).to_be_visible()
    bar.get_by_role("button", name="Tag").click()
    dialog = page.get_by_role("dialog", name="Tag 2 cases")
    dialog.get_by_role("button", name="Tag", exact=True).click()
    dialog.get_by_role("textbox").fill("smoke")
    dialog.get_by_role("textbox").press("Enter")
    dialog.get_by_role("button", name="Add tags").click()
    expect(page.get_by_text("2 cases were tagged")).to_be_visible()
    bar.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-row-link]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row-link]")).to_have_count(3)

    for case in (one, two):
        case.refresh_from_db()
        assert (case.module.name, [tag.name for tag in case.tags.all()], case.deleted_at) == (
            "Orders",
            ["smoke"],
            None,
        )


def test_modules_are_made_renamed_ordered_and_deleted_with_undo(
    page: Page, make: Callable[..., Any], shop: Any
) -> None:
    from hat.web.projects.models import Module

    make("One", module="Users")
    page.goto(f"/p/{shop.pk}/cases")
    tree = page.get_by_role("navigation", name="Modules")

    tree.get_by_role("button", name="New module").click()
    tree.get_by_role("textbox", name="Name of the module").fill("Orders")
    page.keyboard.press("Enter")
    tree.get_by_role("link", name="Orders").press("F2")
    tree.get_by_role("textbox", name="Name of the module").fill("Baskets")
    page.keyboard.press("Enter")
    tree.get_by_role("link", name="Baskets").press("Alt+ArrowUp")
    expect(tree.get_by_role("listitem").first).to_contain_text("Baskets")
    tree.get_by_role("link", name="Baskets").press("Delete")
    expect(tree.get_by_role("link", name="Baskets")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(tree.get_by_role("link", name="Baskets")).to_be_visible()

    modules = Module.objects.filter(project=shop, deleted_at=None).order_by("position")
    assert [module.name for module in modules] == ["Baskets", "Users"]


def test_a_batch_is_run_as_ticked_in_the_chosen_environment(
    page: Page, make: Callable[..., Any], shop: Any, alice: Any
) -> None:
    from hat.web.runs.models import Run

    one, two, three = make("One"), make("Two"), make("Three")
    Asker(alice).post(
        f"/projects/{shop.pk}/environments", {"name": "staging", "base_url": "http://127.0.0.1:1"}
    )
    page.goto(f"/p/{shop.pk}/cases")

    page.get_by_role("checkbox", name="Select One").check()
    page.get_by_role("checkbox", name="Select Three").check()
    page.get_by_role("toolbar").get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog", name="Start a run")
    expect(dialog).to_contain_text("2 cases")
    dialog.get_by_label("Environment").click()
    page.get_by_role("option", name=re.compile("staging")).click()
    dialog.get_by_label("Name").fill("Before lunch")
    dialog.get_by_label("Run in the background").check()
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Run “Before lunch” was started.")).to_be_visible()

    run = Run.objects.get()
    assert run.environment
    assert (run.name, run.environment.name, run.total) == ("Before lunch", "staging", 2)
    assert two.pk not in {one.pk, three.pk}


def test_the_list_in_chinese_keeps_no_english_behind(
    page: Page, make: Callable[..., Any], shop: Any, alice: Any
) -> None:
    make("\u767b\u5f55")
    alice.language = "zh"
    alice.save()
    page.goto(f"/p/{shop.pk}/cases")

    expect(page.get_by_role("heading", name="\u7528\u4f8b", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="\u767b\u5f55")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_shuts_nobody_out(
    page: Page, make: Callable[..., Any], shop: Any, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    make("One", tags=["smoke"], priority="P1")
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/cases")
    expect(page.get_by_role("link", name=re.compile("One"))).to_be_visible()
    assert axe(page) == []

    page.get_by_role("checkbox", name="Select One").check()
    page.get_by_role("toolbar").get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("dialog", name="Start a run")).to_be_visible()
    assert axe(page) == []
