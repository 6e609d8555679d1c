"""The first-run page: the first administrator, and nothing before that."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_address_leads_to_the_first_run_page_while_nobody_exists(page: Page) -> None:
    page.goto("/projects")

    expect(page).to_have_url(re.compile("/setup$"))
    expect(page.get_by_role("heading", name="Welcome to HAT")).to_be_visible()


def test_the_first_account_administers_and_is_signed_in(page: Page) -> None:
    from hat.web.accounts.models import User

    page.goto("/")
    page.get_by_label("Your name").fill("Li Na")
    page.get_by_label("User name").fill("lina")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("Load the demo project").uncheck()
    page.get_by_role("button", name="Start using HAT").click()

    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(page.get_by_role("button", name="User menu of Li Na")).to_be_visible()
    assert User.objects.get().is_admin


def test_the_demo_project_is_there_when_it_was_wanted(page: Page) -> None:
    page.goto("/")
    page.get_by_label("User name").fill("lina")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Start using HAT").click()

    expect(page.get_by_role("button", name="Project: Demo shop")).to_be_visible()


def test_it_names_what_is_missing_at_the_field(page: Page) -> None:
    page.goto("/setup")

    page.get_by_role("button", name="Start using HAT").click()

    expect(page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("User name")).to_be_focused()


def test_a_weak_password_is_refused_at_its_field_and_what_was_typed_stays(page: Page, watch: Watch) -> None:
    watch.expect(422)
    page.goto("/setup")
    page.get_by_label("User name").fill("lina")
    page.get_by_label("Password", exact=True).fill("short")

    page.get_by_role("button", name="Start using HAT").click()

    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("User name")).to_have_value("lina")


def test_the_language_can_be_changed_before_there_is_an_account(page: Page) -> None:
    page.goto("/setup")

    page.get_by_role("button", name="English").click()
    page.get_by_role("menuitem", name="\u4e2d\u6587").click()

    expect(page.get_by_role("heading", name="\u6b22\u8fce\u4f7f\u7528 HAT")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_server_asks_about_private_networks_and_takes_no_silence(
    page: Page, settings: Any, axe: Callable[[Page], list[str]]
) -> None:
    from hat.web.projects.services.targets import rules_of

    settings.HAT_PRIVATE_TARGETS = None
    page.goto("/setup")
    page.get_by_label("User name").fill("lina")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("Load the demo project").uncheck()
    choice = page.get_by_role("group", name="May tests reach this machine and private networks?")
    assert axe(page) == []

    page.get_by_role("button", name="Start using HAT").click()
    expect(choice).to_contain_text("Fill this in")
    choice.get_by_label("No, refuse requests to them").check()
    page.get_by_role("button", name="Start using HAT").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert (rules_of(None).pk is not None, rules_of(None).private) == (True, False)
    page.goto("/system")

    expect(page.get_by_label("This machine and private networks may be reached")).not_to_be_checked()
