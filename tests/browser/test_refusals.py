"""What the server refuses is said in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW, CHANGE = "\u5f53\u524d\u5bc6\u7801", "\u65b0\u5bc6\u7801", "\u4fee\u6539\u5bc6\u7801"
TOO_SHORT = "\u5bc6\u7801\u592a\u77ed\uff0c\u81f3\u5c11\u9700\u8981 8 \u4e2a\u5b57\u7b26\u3002"


def test_a_chinese_page_says_it_in_chinese_at_its_field(
    page: Page, watch: Watch, sign_in: Callable[..., Any]
) -> None:
    watch.expect(422)
    alice = sign_in("alice")
    alice.language = "zh"
    alice.save()
    page.goto("/me")

    page.get_by_label(OLD, exact=True).fill("wrong")
    page.get_by_label(NEW, exact=True).fill("short")
    page.get_by_role("button", name=CHANGE).click()
    expect(page.get_by_text("\u5bc6\u7801\u4e0d\u6b63\u786e", exact=True)).to_be_visible()

    page.get_by_label(OLD, exact=True).fill(PASSWORD)
    page.get_by_role("button", name=CHANGE).click()
    expect(page.get_by_text(TOO_SHORT)).to_be_visible()


def test_an_english_page_says_it_as_the_server_does(
    page: Page, watch: Watch, sign_in: Callable[..., Any]
) -> None:
    watch.expect(422)
    sign_in("alice")
    page.goto("/me")

    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Change password").click()

    expect(page.get_by_text("this is not your password")).to_be_visible()


def test_what_no_field_of_a_form_shows_is_told_beside_it(
    page: Page, watch: Watch, sign_in: Callable[..., Any]
) -> None:
    watch.expect(422)
    sign_in("alice")
    page.goto("/projects")
    errors = [{"path": "elsewhere", "message": "is not allowed"}]
    refusal = {"ok": False, "error": "elsewhere: is not allowed", "code": "invalid", "errors": errors}
    page.route(
        "**/api/v1/projects",
        lambda route: (
            route.fulfill(status=422, json={**refusal, "status": 422})
            if route.request.method == "POST"
            else route.continue_()
        ),
    )

    page.get_by_role("button", name="New project").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Shop")
    page.keyboard.press("Enter")

    expect(page.get_by_text("elsewhere: is not allowed")).to_be_visible()
