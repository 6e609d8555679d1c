"""The system page: what keeps runs from starting, seen at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.test_packages import wheel

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_queue_and_what_is_wrong(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    from hat.web.runs.models import Worker

    sign_in("root", is_admin=True)
    page.goto("/system")
    expect(page.get_by_text("No worker is alive")).to_be_visible()

    now = timezone.now()
    shape = {"host": "h", "pid": 1, "slots": 4, "version": "1"}
    Worker.objects.create(owner="alive#1", seen_at=now + timedelta(minutes=1), labels=["edge"], **shape)
    Worker.objects.create(owner="gone#1", seen_at=now - timedelta(minutes=5), **shape)
    page.reload()

    workers = page.get_by_role("list", name="Workers")
    expect(workers.get_by_role("listitem").filter(has_text="alive#1")).to_contain_text("edge")
    expect(workers.get_by_role("listitem").filter(has_text="gone#1")).to_contain_text("lost")
    expect(page.get_by_text("none waiting, 0 under way")).to_be_visible()
    Worker.objects.filter(owner="alive#1").update(sandbox="process limits time seccomp")
    isolation = page.get_by_role("list", name="Isolation of functions")
    expect(isolation).to_contain_text("the kernel has none", timeout=15_000)
    expect(page.get_by_role("alert").filter(has_text="Functions")).to_contain_text(
        "Functions are refused on h"
    )
    assert axe(page) == []
    page.get_by_label("Functions run also where they cannot be isolated").click()
    expect(page.get_by_role("alert").filter(has_text="Functions")).to_contain_text(
        "Functions run on h though"
    )
    Worker.objects.filter(owner="alive#1").update(
        sandbox="process limits time landlock seccomp no-capabilities no-new-privileges"
    )
    page.reload()
    expect(isolation).to_contain_text("it reads its project and Python, and nothing else")
    expect(isolation).to_contain_text("whether a known path exists")
    page.get_by_label("Functions run also where they cannot be isolated").click()
    expect(page.get_by_role("alert").filter(has_text="Functions")).not_to_be_visible()


def test_a_server_without_a_decision_asks_for_one(
    page: Page, settings: Any, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    settings.HAT_PRIVATE_TARGETS = None
    sign_in("root", is_admin=True)
    page.goto("/system")
    expect(page.get_by_text("Nobody has decided yet")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("button", name="Allow them").click()

    expect(page.get_by_label("This machine and private networks may be reached")).to_be_checked()
    expect(page.get_by_text("Nobody has decided yet")).to_have_count(0)


def test_packages_are_installed_from_a_list(
    page: Page,
    sign_in: Callable[..., Any],
    axe: Callable[[Page], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    watch: Watch,
) -> None:
    watch.expect(422)
    wheel(tmp_path, "tinysign", "def sign(text):\n    return text[::-1]\n")
    monkeypatch.setenv("HAT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    sign_in("root", is_admin=True)
    page.goto("/system")
    packages = page.get_by_role("textbox", name="List")
    install = page.get_by_role("button", name="Install")
    expect(page.get_by_text("nothing is installed")).to_be_visible()

    packages.fill("tinysign")
    install.click()
    expect(page.get_by_text("line 1: 'tinysign' is not NAME==VERSION")).to_be_visible()
    packages.fill("nosuch==1.0")
    install.click()
    expect(page.get_by_text("Not installed, as root wanted")).to_be_visible(timeout=60_000)
    assert axe(page) == []
    packages.fill("tinysign==1.0")
    install.click()

    expect(page.get_by_text("Installed by root")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("1 package is installed")).to_be_visible()
