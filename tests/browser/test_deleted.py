"""Deleted things: found again, restored, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_deleted_is_found_and_comes_back(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    alice = sign_in("alice")
    asker = Asker(alice)
    project = asker.post("/projects", {"name": "Shop"}).json()["id"]
    module = asker.post(f"/projects/{project}/modules", {"name": "Orders"}).json()["id"]
    asker.delete(f"/modules/{module}")
    page.goto(f"/p/{project}/settings")
    page.get_by_role("link", name="Deleted things").click()

    row = page.get_by_role("row").filter(has_text="Orders")
    expect(row).to_contain_text("Module")
    expect(row).to_contain_text("alice")
    assert axe(page) == []
    page.get_by_role("button", name="Restore “Orders”").click()
    expect(page.get_by_text("Nothing was deleted")).to_be_visible()
    assert asker.get(f"/projects/{project}/modules").json()["total"] == 1

    asker.delete(f"/projects/{project}")
    alice.language = "zh"
    alice.save()
    page.goto("/projects")
    page.get_by_role("link", name="已删除的项目").click()
    page.get_by_role("button", name="恢复“Shop”").click()
    expect(page.get_by_text("没有删除任何内容")).to_be_visible()
    assert asker.get("/projects").json()["total"] == 1
