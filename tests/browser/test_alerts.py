"""Alerts of a project: an owner adds a channel, tries it, sees how it goes, and takes it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.target.robot import Robot, listening

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def robot() -> Iterator[Robot]:
    with listening() as server:
        yield server


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice"), name="Shop")


def section(page: Page, shop: Any) -> Any:
    page.goto(f"/p/{shop.pk}/settings")
    return page.get_by_role("region", name="Alerts")


def add(page: Page, robot: Robot, kind: str, name: str) -> None:
    """Fills the form of a new channel, which is open, and sends it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name=kind).click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Webhook address").fill(f"{robot.url}/hook/token-of-the-robot")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()


def test_a_channel_is_added_tried_and_taken_away(page: Page, shop: Any, robot: Robot) -> None:
    alerts = section(page, shop)
    expect(alerts.get_by_text("Nobody is told yet")).to_be_visible()
    alerts.get_by_role("button", name="Add a channel").click()
    add(page, robot, "DingTalk", "API team")
    expect(alerts.get_by_role("listitem")).to_contain_text("Newly red or recovered · schedules, scripts")

    robot.will_answer(200, {"errcode": 0, "errmsg": "ok"})
    alerts.get_by_role("button", name="Send test to API team").click()
    expect(alerts.get_by_role("status")).to_have_text("✓ The test arrived at the other side.")
    robot.will_answer(200, {"errcode": 310000, "errmsg": "sign not match"})
    alerts.get_by_role("button", name="Send test to API team").click()
    expect(alerts.get_by_role("status")).to_contain_text("the message was refused: 310000: sign not match")

    alerts.get_by_role("button", name="Delete API team").click()
    expect(alerts.get_by_text("Nobody is told yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(alerts.get_by_role("listitem")).to_contain_text("API team")


def test_a_red_run_is_told_and_the_page_says_so(page: Page, shop: Any, robot: Robot) -> None:
    from django.utils import timezone

    from hat.web.alerts.outbox import turn
    from hat.web.runs.models import Run

    alerts = section(page, shop)
    alerts.get_by_role("button", name="Add a channel").click()
    add(page, robot, "Webhook", "Hook")
    over = {"status": "finished", "outcome": "error", "finished_at": timezone.now()}
    Run.objects.create(project=shop, name="Nightly", trigger="schedule", reason="interrupted", **over)
    turn()
    page.reload()

    expect(alerts.get_by_role("listitem")).to_contain_text("Last sent")
    alerts.get_by_role("link", name="Nightly").click()
    expect(page.get_by_role("heading", name="Nightly", level=1)).to_be_visible()


def test_its_address_stays_unless_a_new_one_is_written(page: Page, shop: Any, robot: Robot) -> None:
    from hat.web.alerts.delivery import destination_of
    from hat.web.alerts.models import Channel

    alerts = section(page, shop)
    alerts.get_by_role("button", name="Add a channel").click()
    add(page, robot, "WeCom", "Group")
    alerts.get_by_role("button", name="Edit Group").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Webhook address")).to_have_value("")
    dialog.get_by_label("a person on these pages").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()

    expect(alerts.get_by_role("listitem")).to_contain_text("schedules, scripts, people")
    assert destination_of(Channel.objects.get()).address.endswith("/hook/token-of-the-robot")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_section_and_its_form_break_no_rule(
    page: Page, shop: Any, robot: Robot, theme: Any, axe: Callable[[Page], list[str]]
) -> None:
    page.emulate_media(color_scheme=theme)
    alerts = section(page, shop)
    alerts.get_by_role("button", name="Add a channel").click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()
    assert axe(page) == []
    add(page, robot, "Feishu", "API team")
    robot.will_answer(200, {"code": 9, "msg": "bad"})
    alerts.get_by_role("button", name="Send test to API team").click()
    expect(alerts.get_by_role("status")).to_contain_text("did not arrive")

    assert axe(page) == []
