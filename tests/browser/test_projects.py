"""Projects: create, rename, archive, delete with undo, members."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice", name="Alice"), name="Shop", description="Orders and cart")


def _menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="Actions for Shop").click()
    page.get_by_role("menuitem", name=item).click()


def test_a_new_project_opens_its_cases(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in("alice")
    page.goto("/projects")
    page.get_by_role("button", name="New project").first.click()

    page.get_by_role("textbox", name="Name").fill("Shop <b>\U0001f600</b>")
    page.get_by_role("button", name="Create").click()

    expect(page).to_have_url(re.compile(r"/p/\d+/cases$"))
    expect(page.get_by_role("button", name="Project: Shop <b>\U0001f600</b>")).to_be_visible()


def test_files_are_imported_into_a_new_project(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in("alice")
    page.goto("/projects")
    page.get_by_role("button", name="Import").first.click()

    dialog = page.get_by_role("dialog", name="Import into a new project")
    dialog.get_by_role("textbox", name="Name").fill("Shop")
    dialog.get_by_role("button", name="Choose files").click()

    expect(page).to_have_url(re.compile(r"/p/\d+/import$"))
    expect(page.get_by_role("button", name="Project: Shop")).to_be_visible()


def test_renaming_shows_at_once(page: Page, shop: Any) -> None:
    page.goto("/projects")
    _menu(page, "Rename")

    page.get_by_role("textbox", name="Name").fill("Web shop")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Web shop")).to_be_visible()
    shop.refresh_from_db()
    assert shop.name == "Web shop"


def test_a_deleted_project_comes_back_by_undo(page: Page, shop: Any) -> None:
    page.goto("/projects")

    _menu(page, "Delete")
    expect(page.get_by_role("link", name="Shop")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Shop")).to_be_visible()


def test_an_archived_project_is_found_under_archived(page: Page, shop: Any) -> None:
    page.goto("/projects")

    _menu(page, "Archive")
    expect(page.get_by_role("link", name="Shop")).to_have_count(0)
    page.goto("/projects?show=archived")

    expect(page.get_by_role("link", name="Shop")).to_be_visible()


def test_the_search_is_kept_in_the_address(page: Page, shop: Any) -> None:
    page.goto("/projects")

    page.get_by_role("searchbox", name="Search projects").fill("cart")
    expect(page).to_have_url(re.compile(r"search=cart"))
    page.reload()

    expect(page.get_by_role("searchbox", name="Search projects")).to_have_value("cart")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()


def test_an_owner_adds_changes_and_removes_a_member(page: Page, shop: Any) -> None:
    make_user("bob", name="Bob")
    page.goto(f"/p/{shop.pk}/settings")

    page.get_by_label("User name").fill("bob")
    page.get_by_role("button", name="Add member").click()
    page.get_by_role("combobox", name="Role of bob: Writer").click()
    page.get_by_role("option", name="Reader").click()

    expect(page.get_by_role("combobox", name="Role of bob: Reader")).to_be_visible()
    page.get_by_role("button", name="Remove bob").click()
    expect(page.get_by_role("button", name="Remove bob")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("combobox", name="Role of bob: Reader")).to_be_visible()


def test_an_unknown_member_is_an_error_at_the_field(page: Page, shop: Any, watch: Watch) -> None:
    watch.expect(422)
    page.goto(f"/p/{shop.pk}/settings")

    page.get_by_label("User name").fill("nobody")
    page.get_by_role("button", name="Add member").click()

    expect(page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("there is no user 'nobody'")).to_be_visible()


def test_a_reader_sees_settings_but_no_buttons_to_change_them(
    page: Page, shop: Any, sign_in: Callable[..., Any]
) -> None:
    from hat.web.projects.services.projects import add_member

    sign_in("carol")
    add_member(shop, username="carol", role="reader")
    page.goto(f"/p/{shop.pk}/settings")

    expect(page.get_by_role("textbox", name="Name")).to_be_disabled()
    expect(page.get_by_role("button", name="Delete the project")).to_have_count(0)
    expect(page.get_by_role("button", name="Add member")).to_have_count(0)


def test_a_stranger_is_told_there_is_no_such_project(
    page: Page, shop: Any, sign_in: Callable[..., Any], watch: Watch
) -> None:
    watch.expect(404)
    sign_in("charlie")

    page.goto(f"/p/{shop.pk}/settings")

    expect(page.get_by_role("alert")).to_contain_text("This does not exist, or you have no access to it.")
