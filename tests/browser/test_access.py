"""Accessibility of what comes and goes; pages, dialogs and menus stand in test_every_scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_word_of_what_was_done_breaks_no_rule(
    page: Page, sign_in: Callable[..., Any], look: Callable[[Page], list[str]]
) -> None:
    from hat.web.projects.services.projects import create_project

    create_project(sign_in("alice", is_admin=True), name="Shop")
    page.goto("/projects")

    page.get_by_role("button", name="Actions for Shop").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    assert look(page) == []
