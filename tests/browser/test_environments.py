"""Environments: variables, secrets nobody reads again, one default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice"), name="Shop")


@pytest.fixture
def local(shop: Any) -> Any:
    from hat.web.projects.services.environments import create_environment

    return create_environment(
        shop,
        {
            "name": "local",
            "base_url": "http://127.0.0.1:1",
            "variables": {"user": "ann"},
            "secrets": {"password": "swordfish"},
            "is_default": True,
        },
    )


def test_the_first_environment_is_made_and_is_the_default(page: Page, shop: Any) -> None:
    from hat.web.projects.models import Environment

    page.goto(f"/p/{shop.pk}/environments")
    page.get_by_role("main").get_by_role("button", name="New environment").last.click()
    dialog = page.get_by_role("dialog", name="New environment")
    dialog.get_by_label("Name").fill("staging")
    dialog.get_by_label("Base URL").fill("https://staging.test")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="staging")).to_be_visible()

    environment = Environment.objects.get()
    assert (environment.base_url, environment.is_default) == ("https://staging.test", True)


def test_a_secret_is_replaced_but_never_shown(page: Page, shop: Any, local: Any) -> None:
    from hat.web.projects.vault import secrets_of

    page.goto(f"/p/{shop.pk}/environments")
    expect(page.get_by_role("textbox", name="Name of secret 1")).to_have_value("password")
    assert "swordfish" not in page.content()

    page.get_by_role("button", name="Replace").click()
    page.keyboard.type("tuna")
    page.get_by_role("button", name="Add a secret").click()
    page.keyboard.type("token")
    page.get_by_label("Value of secret 2").fill("t0ken")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    local.refresh_from_db()
    assert secrets_of(local) == {"password": "tuna", "token": "t0ken"}
    assert "tuna" not in page.content()


def test_a_variable_is_made_a_secret(page: Page, shop: Any, local: Any) -> None:
    from hat.web.projects.vault import secrets_of

    page.goto(f"/p/{shop.pk}/environments")
    page.get_by_role("button", name="Make it a secret: user").click()
    expect(page.get_by_role("textbox", name="Name of secret 2")).to_have_value("user")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    local.refresh_from_db()
    assert local.variables == {}
    assert secrets_of(local) == {"password": "swordfish", "user": "ann"}


def test_only_rows_that_differ_are_compared(page: Page, shop: Any, local: Any) -> None:
    from hat.web.projects.services.environments import create_environment

    create_environment(
        shop,
        {
            "name": "staging",
            "base_id": local.pk,
            "base_url": "http://127.0.0.1:2",
            "variables": {"city": "Ulm"},
        },
    )
    page.goto(f"/p/{shop.pk}/environments?view=matrix")
    table = page.get_by_role("table", name="Compare as a table")
    table.get_by_role("rowheader", name="user").wait_for()

    page.get_by_label("Only rows that differ").check()
    expect(table.get_by_role("rowheader", name="Base URL")).to_be_visible()
    expect(table.get_by_role("rowheader", name="city")).to_be_visible()
    expect(table.get_by_role("rowheader", name="user")).to_have_count(0)  # inherited
    page.get_by_role("searchbox", name="Search names and values").fill("ulm")
    expect(table.get_by_role("rowheader", name="Base URL")).to_have_count(0)


def test_variables_and_services_are_edited_and_kept(page: Page, shop: Any, local: Any) -> None:
    page.goto(f"/p/{shop.pk}/environments")
    grid = page.get_by_role("table", name="Variables")

    grid.get_by_role("textbox", name="Name, row 2").click()
    page.keyboard.type("page_size")
    page.keyboard.press("Enter")
    page.keyboard.type("20")
    grid.get_by_label("Type of row 2").select_option("integer")
    page.get_by_role("table", name="Base URLs by service").get_by_role(
        "textbox", name="Service, row 1"
    ).click()
    page.keyboard.type("payments")
    page.keyboard.press("Enter")
    page.keyboard.type("http://pay.test")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    local.refresh_from_db()
    assert local.variables == {"user": "ann", "page_size": 20}
    assert local.services == {"payments": "http://pay.test"}


def test_an_environment_is_copied_made_default_and_deleted_with_undo(
    page: Page, shop: Any, local: Any
) -> None:
    from hat.web.projects.models import Environment

    page.goto(f"/p/{shop.pk}/environments")
    for action in ("Copy", "Make it the default"):
        page.get_by_role("main").get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name=action).click()
        expect(page.get_by_role("heading", name="local (copy)")).to_be_visible()
    expect(page.get_by_text("Default", exact=True).first).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("heading", name="local", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="local (copy)")).to_be_visible()

    assert Environment.objects.filter(project=shop, deleted_at=None).count() == 2


def test_an_environment_is_based_on_another_and_overrides_a_value(
    page: Page, shop: Any, local: Any, sign_in: Callable[..., Any]
) -> None:
    asker = Asker(sign_in("alice"))
    heir = asker.post(f"/projects/{shop.pk}/environments", {"name": "heir", "variables": {"n": 1}}).json()
    page.goto(f"/p/{shop.pk}/environments?environment={heir['id']}")
    page.get_by_role("combobox", name="Based on").click()
    page.get_by_role("option", name="local").click()

    inherited = page.get_by_role("table", name="Inherited")
    expect(inherited.get_by_role("row", name="Base URL")).to_contain_text("http://127.0.0.1:1")
    expect(inherited.get_by_role("row", name="password")).to_contain_text("••••••••")
    inherited.get_by_role("button", name="Override user").click()
    expect(inherited.get_by_role("row", name="user")).to_contain_text("overridden here")
    grid = page.get_by_role("table", name="Variables")
    grid.get_by_role("textbox", name="Value, row 2").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("bob")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    stored = asker.get(f"/environments/{heir['id']}").json()
    assert (stored["base_id"], stored["variables"]) == (local.pk, {"n": 1, "user": "bob"})

    page.get_by_role("link", name="local", exact=False).first.click()
    uses = page.get_by_role("region", name="Used by")
    expect(uses.get_by_role("link", name="heir")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_shuts_nobody_out(
    page: Page, shop: Any, local: Any, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    from hat.web.projects.services.environments import create_environment

    fields = {"name": "heir", "base_id": local.pk, "variables": {"user": "bob"}, "is_default": True}
    create_environment(shop, fields)
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/environments")
    expect(page.get_by_role("table", name="Inherited")).to_be_visible()
    expect(page.get_by_role("region", name="Used by")).to_contain_text("Schedules")

    assert axe(page) == []


def test_environments_are_compared_and_changed_in_a_table(
    page: Page, shop: Any, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    asker = Asker(sign_in("alice"))
    for body in (
        {"name": "staging", "base_url": "http://s.test", "variables": {"n": 3}, "secrets": {"key": "old"}},
        {"name": "live", "base_url": "http://l.test", "variables": {"user": "ann"}},
    ):
        asker.post(f"/projects/{shop.pk}/environments", body)
    page.goto(f"/p/{shop.pk}/environments")
    page.get_by_role("button", name="Compare as a table").click()
    table = page.get_by_role("table", name="Compare as a table")
    expect(table.get_by_role("textbox", name="n in staging")).to_have_value("3")

    def saved() -> Any:
        return page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok)

    with saved():
        table.get_by_role("textbox", name="n in staging").fill("4")
        table.get_by_role("textbox", name="n in staging").press("Enter")
    with saved():
        table.get_by_label("key in live").fill("fresh")
        table.get_by_label("key in live").press("Tab")
    expect(table.get_by_label("key in live")).to_have_value("")
    with saved():
        table.get_by_role("textbox", name="user in live").fill("")
        table.get_by_role("textbox", name="user in live").press("Enter")
    expect(table.get_by_role("textbox", name="user in live")).to_have_count(0)
    assert axe(page) == []

    staging, live = asker.get(f"/projects/{shop.pk}/environments").json()["items"]
    assert (staging["variables"], live["variables"], live["secrets"]) == ({"n": 4}, {}, {"key": True})
