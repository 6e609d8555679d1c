"""An invitation: the administrator makes a link, the invited one an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_brings_somebody_into_a_project(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    Asker(sign_in("root", is_admin=True)).post("/projects", {"name": "Shop"})
    page.goto("/users")
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("For whom").fill("Wang Wei")
    page.get_by_label("Project", exact=True).click()
    page.get_by_role("option", name="Shop").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Shop \u00b7 Reader")).to_be_visible()
    assert axe(page) == []
    page.context.clear_cookies()

    page.goto(link)
    expect(page.get_by_text("root invites you to the project")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("User name").fill("wangwei")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Make the account").click()

    expect(page.get_by_role("button", name="User menu of wangwei")).to_be_visible()
    page.goto("/projects")
    expect(page.get_by_role("link", name="Shop")).to_be_visible()


def test_a_revoked_link_says_so(
    page: Page, watch: Watch, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    watch.expect(404)
    root = Asker(sign_in("root", is_admin=True))
    secret = root.post("/invitations", {"note": "Wang Wei"}).json()["secret"]
    page.goto("/users")
    page.get_by_role("button", name="Revoke the invitation of Wang Wei").click()
    expect(page.get_by_text("Open invitations")).to_have_count(0)
    page.context.clear_cookies()

    page.goto(f"/invite#{secret}")

    expect(page.get_by_role("heading", name="This invitation does not work")).to_be_visible()
    assert axe(page) == []


def test_it_reads_in_chinese_and_in_the_dark(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    root = sign_in("root", is_admin=True)
    root.language, root.theme = "zh", "dark"
    root.save()
    Asker(root).post("/invitations", {"note": "Wang Wei"})

    page.goto("/users")

    expect(page.get_by_role("heading", name="\u5f85\u63a5\u53d7\u7684\u9080\u8bf7")).to_be_visible()
    assert axe(page) == []
