"""The profile with its tokens, and the administration of users."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_one_prefers_follows_into_a_fresh_browser(page: Page, sign_in: Callable[..., Any]) -> None:
    user = sign_in("alice")
    page.goto("/me")

    page.get_by_label("Theme").click()
    page.get_by_role("option", name="Dark").click()
    page.get_by_label("Tables of the editor").click()
    page.get_by_role("option", name="As text").click()
    page.get_by_label("Language").click()
    with page.expect_response(lambda answer: answer.url.endswith("/me")):
        page.get_by_role("option", name="\u4e2d\u6587").click()
    page.evaluate("localStorage.clear()")
    page.reload()

    expect(page.get_by_role("heading", name="\u4e2a\u4eba\u8d44\u6599")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    user.refresh_from_db()
    assert (user.language, user.theme, user.grid) == ("zh", "dark", "text")
    expect(page.get_by_label("\u7f16\u8f91\u5668\u4e2d\u7684\u8868\u683c")).to_have_text("\u6587\u672c")


def test_a_token_is_shown_once_and_opens_the_api_until_it_is_revoked(
    page: Page, sign_in: Callable[..., Any]
) -> None:
    sign_in("alice")
    page.goto("/me")
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Name", exact=True).last.fill("Jenkins")
    page.get_by_role("button", name="Create").click()

    secret = page.get_by_label("Token", exact=True).input_value()
    page.get_by_role("button", name="Done").click()

    assert Asker(token=secret).get("/projects").status_code == 200
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("button", name="Revoke Jenkins").click()
    expect(page.get_by_role("button", name="Revoke Jenkins")).to_have_count(0)
    assert Asker(token=secret).get("/projects").status_code == 401


def test_an_administrator_makes_a_user_who_can_sign_in(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in("root", is_admin=True)
    page.goto("/users")
    page.get_by_role("button", name="New user").click()
    page.get_by_label("User name").fill("wangwei")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("cell", name="wangwei", exact=True)).to_be_visible()
    page.context.clear_cookies()

    page.goto("/login")
    page.get_by_label("User name").fill("wangwei")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("button", name="User menu of wangwei")).to_be_visible()


def test_a_blocked_user_is_marked(page: Page, sign_in: Callable[..., Any]) -> None:
    from tests.web.people import make_user

    sign_in("root", is_admin=True)
    make_user("bob")
    page.goto("/users")

    page.get_by_role("button", name="Change bob").click()
    page.get_by_label("May sign in").uncheck()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("row", name=re.compile("bob"))).to_contain_text("Blocked")


def test_others_have_no_administration(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in("alice")

    page.goto("/users")

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
