"""The functions page: Python with marks from the server, the functions found, versions kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.errand import send
from tests.browser.watch import Watch
from tests.web.people import Asker, make_user

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Any:
    return sign_in("alice")


@pytest.fixture
def shop(alice: Any) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(alice, name="Shop")


def _write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Source of debugtalk.py").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def test_functions_are_found_while_typing_and_saved(page: Page, shop: Any, alice: Any) -> None:
    page.goto(f"/p/{shop.pk}/functions")
    _write(page, 'def sign(user, key="x"):\n    """Sign it."""\n    return user + key\n')

    found = page.get_by_role("complementary", name="Functions found")
    expect(found).to_contain_text(re.compile(r"sign\(user, key='x'\)"))
    expect(found).to_contain_text("Sign it.")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert "return user + key" in Asker(alice).get(f"/projects/{shop.pk}/functions").json()["source"]


def test_a_syntax_error_stands_at_its_line_and_may_be_saved(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/functions")
    _write(page, "def good():\n    return 1\n\ndef broken(:\n    pass\n")

    expect(page.get_by_role("alert")).to_contain_text("Line 4")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text(re.compile("Saved. No case calls these functions"))).to_be_visible()


def test_a_version_saved_meanwhile_is_shown_and_not_run_over(
    page: Page, shop: Any, alice: Any, watch: Watch
) -> None:
    watch.expect(409)
    page.goto(f"/p/{shop.pk}/functions")
    _write(page, "MINE = 1\n")
    asker = Asker(alice)
    version = asker.get(f"/projects/{shop.pk}/functions").json()["version"]
    asker.put(f"/projects/{shop.pk}/functions", {"source": "THEIRS = 1\n", "version": version})

    page.keyboard.press("ControlOrMeta+s")
    dialog = page.get_by_role("dialog", name="Somebody saved the functions meanwhile")
    expect(dialog).to_contain_text("THEIRS")
    dialog.get_by_role("button", name="Keep all of mine").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    assert asker.get(f"/projects/{shop.pk}/functions").json()["source"] == "MINE = 1\n"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_shuts_nobody_out(
    page: Page, shop: Any, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/functions")
    _write(page, 'def sign(user):\n    """Sign it."""\n    return len(user) + 1  # why\n')
    expect(page.get_by_role("complementary", name="Functions found")).to_contain_text("Sign it.")

    assert axe(page) == []


def test_an_owner_gives_functions_a_network_and_a_reviewer(
    page: Page, shop: Any, alice: Any, axe: Callable[[Page], list[str]]
) -> None:
    from hat.web.projects.models import Member

    bob = make_user("bob")
    Member.objects.create(project=shop, user=bob, role="writer")
    page.goto(f"/p/{shop.pk}/settings")
    page.get_by_label("Functions may use the network").check()
    expect(page.get_by_label("Functions may use the network")).to_be_enabled()
    page.get_by_label("Changes to functions need a reviewer").check()
    expect(page.get_by_label("Changes to functions need a reviewer")).to_be_enabled()
    saved = Asker(bob).put(f"/projects/{shop.pk}/functions", {"source": "THEIRS = 1\n", "version": 0})
    assert saved.json()["review"]["active"] == 0

    page.goto(f"/p/{shop.pk}/functions")
    expect(page.get_by_title("These functions may open TCP connections")).to_be_visible()
    expect(page.get_by_text("Version 1 waits for a reviewer; runs use version 0.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Look at the change").click()
    dialog = page.get_by_role("dialog", name="Version 1 against version 0")
    expect(dialog).to_contain_text("THEIRS = 1")
    dialog.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Runs use this version now.")).to_be_visible()
    expect(page.get_by_text("waits for a reviewer")).to_have_count(0)


def test_a_function_is_tried_with_arguments(page: Page, shop: Any, alice: Any) -> None:
    source = "def add(a, b):\n    return {'sum': a + b}\n\n\ndef bad():\n    raise ValueError('no key')\n"
    Asker(alice).put(f"/projects/{shop.pk}/functions", {"source": source, "version": 0})
    page.goto(f"/p/{shop.pk}/functions")
    found = page.get_by_role("complementary", name="Functions found")
    found.get_by_role("button", name="Try add").click()
    form = found.get_by_role("form", name="Try it")
    expect(form.get_by_label("Call")).to_have_value("${add(a, b)}")
    form.get_by_label("Call").fill("${add(40, 2)}")
    send(page, form.get_by_role("button", name="Run").click)
    expect(form.get_by_role("status")).to_contain_text('"sum": 42')

    found.get_by_role("button", name="Try bad").click()
    send(page, form.get_by_role("button", name="Run").click)
    expect(form.get_by_role("status")).to_contain_text("bad() in debugtalk.py:6 raised ValueError: no key")


def test_who_calls_a_function_is_told_and_an_earlier_version_comes_back(
    page: Page, shop: Any, alice: Any, axe: Callable[[Page], list[str]]
) -> None:
    asker = Asker(alice)
    for version, source in enumerate(
        ("def sign():\n    return 1\n\n\ndef old(): ...\n", "def sign():\n    return 2\n")
    ):
        asker.put(f"/projects/{shop.pk}/functions", {"source": source, "version": version})
    module = asker.post(f"/projects/{shop.pk}/modules", {"name": "Users"}).json()["id"]
    step = {"name": "s", "request": {"method": "GET", "url": "/${sign()}/${old()}"}}
    document = {"schema": 1, "dialect": "hat", "config": {"name": "Log in"}, "teststeps": [step]}
    asker.post(f"/projects/{shop.pk}/cases", {"module_id": module, "name": "Log in", "document": document})
    page.goto(f"/p/{shop.pk}/functions")

    found = page.get_by_role("complementary", name="Functions found")
    found.get_by_role("button", name="sign: called by 1 case").click()
    expect(found.get_by_role("list", name="Cases that call sign").get_by_role("link")).to_have_text("Log in")
    expect(
        found.get_by_role("region", name="Defined nowhere: these cases end with an error")
    ).to_contain_text("old")

    page.get_by_role("button", name="Versions").click()
    dialog = page.get_by_role("dialog", name="Versions of debugtalk.py")
    changes = dialog.get_by_role("table", name="What changed")
    expect(changes).to_contain_text("return 2")
    assert axe(page) == []
    dialog.get_by_role("button", name="v1").click()
    dialog.get_by_role("button", name="Restore this version").click()
    expect(found.get_by_role("button", name="old: called by 1 case")).to_be_visible()
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("version 3")).to_be_visible()


def test_an_owner_takes_the_functions_from_a_writer_who_reads_on(
    page: Page, shop: Any, alice: Any, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    from hat.web.projects.models import Member

    Asker(alice).put(f"/projects/{shop.pk}/functions", {"source": "def sign(): ...\n", "version": 0})
    Member.objects.create(project=shop, user=make_user("bob"), role="writer")
    page.goto(f"/p/{shop.pk}/settings")
    page.get_by_role("listitem").filter(has_text="bob").get_by_label("Edits functions").uncheck()
    expect(page.get_by_text("bob may no longer edit functions")).to_be_visible()
    assert axe(page) == []
    sign_in("bob")
    page.goto(f"/p/{shop.pk}/functions")

    expect(page.get_by_text("an owner of the project can allow that")).to_be_visible()
    expect(page.get_by_role("complementary", name="Functions found")).to_contain_text("sign()")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("button", name="Try sign")).to_be_visible()
    assert axe(page) == []
