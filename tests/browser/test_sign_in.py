"""Signing in and out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def _fill(page: Page, password: str) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_it_returns_to_the_page_that_was_asked_for(page: Page) -> None:
    make_user("alice")

    page.goto("/me")
    _fill(page, PASSWORD)

    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    expect(page).to_have_url(re.compile("/me$"))


def test_a_wrong_password_is_said_and_the_user_name_stays(page: Page, watch: Watch) -> None:
    watch.expect(401)
    make_user("alice")

    page.goto("/login")
    _fill(page, "wrong")

    expect(page.get_by_role("alert")).to_contain_text("The user name or the password is wrong.")
    expect(page.get_by_label("User name")).to_have_value("alice")


def test_it_does_not_return_to_another_site(page: Page, site: str) -> None:
    make_user("alice")

    page.goto("/login?next=//example.org/")
    _fill(page, PASSWORD)

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert page.url.startswith(site)


def test_signing_out_ends_the_session(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in("alice")
    page.goto("/me")
    expect(page.get_by_text("No tokens")).to_be_visible()
    expect(page.get_by_text("This one")).to_be_visible()

    page.get_by_role("button", name="User menu of alice").click()
    page.get_by_role("menuitem", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in to HAT")).to_be_visible()


def test_a_session_that_ended_elsewhere_leads_to_sign_in_and_back(
    page: Page, sign_in: Callable[..., Any], watch: Watch
) -> None:
    watch.expect(401)
    sign_in("alice")
    page.goto("/me")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("link", name="Projects").click()

    expect(page.get_by_role("heading", name="Sign in to HAT")).to_be_visible()
    _fill(page, PASSWORD)
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
