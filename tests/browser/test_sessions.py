"""One's own sessions: see them, end one, sign out everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_session_elsewhere_can_be_ended(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    alice = sign_in("alice")
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0"
    elsewhere = Asker(alice, HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.7")
    elsewhere.get("/me")
    page.goto("/me")
    expect(page.get_by_text("Firefox 143 on Windows")).to_be_visible()
    expect(page.get_by_text("This one")).to_have_count(1)
    assert axe(page) == []

    page.get_by_role("button", name="End the session at 192.0.2.7").click()

    expect(page.get_by_text("Firefox 143 on Windows")).to_have_count(0)
    assert elsewhere.get("/me").status_code == 401


def test_signing_out_everywhere_ends_here_too(page: Page, sign_in: Callable[..., Any]) -> None:
    elsewhere = Asker(sign_in("alice"))
    elsewhere.get("/me")
    page.goto("/me")

    page.get_by_role("button", name="Sign out everywhere").click()

    expect(page).to_have_url(re.compile("/login"))
    assert elsewhere.get("/me").status_code == 401


def test_an_administrator_signs_somebody_out(page: Page, sign_in: Callable[..., Any]) -> None:
    bob = sign_in("bob")
    elsewhere = Asker(bob)
    elsewhere.get("/me")
    sign_in("root", is_admin=True)
    page.goto("/users")

    page.get_by_role("button", name="Change bob").click()
    page.get_by_role("button", name="Sign out everywhere").click()

    expect(page.get_by_text("is signed out everywhere")).to_be_visible()
    assert elsewhere.get("/me").status_code == 401
