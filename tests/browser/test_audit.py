"""The audit log: administrators find a deed, owners see their project, and it reads in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deeds(sign_in: Callable[..., Any]) -> int:
    """The administrator, signed in, made and changed things; answers the project."""
    root = Asker(sign_in("root", is_admin=True))
    shop = root.post("/projects", {"name": "Shop"}).json()["id"]
    root.patch(f"/projects/{shop}", {"description": "Everything we sell"})
    root.post(f"/projects/{shop}/modules", {"name": "Users"})
    return int(shop)


def test_an_administrator_finds_a_change_and_sees_what_changed(
    page: Page, deeds: int, axe: Callable[[Page], list[str]]
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("row", name=re.compile("created the module .Users."))).to_be_visible()

    page.get_by_role("combobox", name=re.compile("What")).click()
    page.get_by_role("option", name="Changed").click()
    expect(page.get_by_role("row", name=re.compile("created the module"))).to_have_count(0)
    assert "action=change" in page.url
    assert axe(page) == []
    page.get_by_role("link", name=re.compile("changed the project .Shop.")).click()

    detail = page.get_by_role("dialog")
    expect(detail.get_by_role("row", name=re.compile("description"))).to_contain_text("Everything we sell")
    assert axe(page) == []
    page.reload()
    expect(page.get_by_role("dialog")).to_contain_text("Everything we sell")


def test_the_log_can_be_taken_away(page: Page, deeds: int) -> None:
    page.goto("/audit?object=module")

    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()

    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Users" in text
    assert "Everything we sell" not in text


def test_an_owner_reaches_the_log_of_the_project_from_its_settings(
    page: Page, deeds: int, sign_in: Callable[..., Any]
) -> None:
    shop = Asker(sign_in("alice")).post("/projects", {"name": "Own"}).json()["id"]
    page.goto(f"/p/{shop}/settings")

    page.get_by_role("main").get_by_role("link", name="Audit log").click()

    expect(page.get_by_role("row", name=re.compile("created the project .Own."))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Shop"))).to_have_count(0)


def test_it_reads_in_chinese_and_in_the_dark(
    page: Page, deeds: int, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    user = sign_in("root")
    user.language, user.theme = "zh", "dark"
    user.save()

    page.goto("/audit")

    expect(page.get_by_role("heading", name="\u5ba1\u8ba1\u65e5\u5fd7")).to_be_visible()
    created = "\u65b0\u5efa\u4e86\u6a21\u5757\u201cUsers\u201d"
    expect(page.get_by_role("row", name=re.compile(created))).to_be_visible()
    assert axe(page) == []
