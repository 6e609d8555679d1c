"""A report shared by a link: made on its page, read by somebody who is not signed in, revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)

DETAIL = (
    b'{"name": "Log in", "outcome": "failed", "steps": [], "elapsed_ms": 12.0,'
    b' "error": {"kind": "template", "message": "variable \'x\' is not defined", "place": ""}}'
)


@pytest.fixture
def run(sign_in: Callable[..., Any]) -> Any:
    """A finished run of alice with one red case."""
    from hat.web.projects.services.projects import create_project
    from hat.web.runs.models import CaseRun, Run
    from hat.web.runs.packing import pack_text

    alice = sign_in("alice")
    run = Run.objects.create(
        project=create_project(alice, name="Shop"),
        name="Nightly",
        status="finished",
        outcome="error",
        total=1,
        done=1,
        error=1,
        created_by=alice,
        elapsed_ms=12,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    CaseRun.objects.create(
        run=run,
        seq=1,
        name="Log in",
        outcome="error",
        finished_at=timezone.now(),
        elapsed_ms=12,
        packed=pack_text(DETAIL),
    )
    return run


def test_a_link_shows_the_report_to_somebody_not_signed_in(
    page: Page, watch: Watch, run: Any, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"/runs/{run.pk}")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    expect(page.get_by_text("by alice")).to_be_visible()
    assert axe(page) == []
    page.context.clear_cookies()

    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("heading", name="Nightly")).to_be_visible()
    expect(page.get_by_role("note").get_by_text("variable 'x' is not defined")).to_be_visible()
    expect(page.get_by_text("alice")).to_have_count(0)
    expect(page.get_by_role("link")).to_have_count(0)
    assert axe(page) == []
    assert link.split("#")[1] in page.url  # choosing a step keeps the link whole

    watch.expect(404)
    Asker(run.created_by).delete(f"/runs/{run.pk}/share-links/{run.share_links.get().pk}")
    page.reload()
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert axe(page) == []


def test_a_link_is_revoked_on_its_page(page: Page, run: Any) -> None:
    Asker(run.created_by).post(f"/runs/{run.pk}/share-links", {"days": 7})
    page.goto(f"/runs/{run.pk}")
    page.get_by_role("button", name="Share").click()

    page.get_by_role("button", name="Revoke the link").click()

    expect(page.get_by_text("The link opens nothing any more.")).to_be_visible()
    expect(page.get_by_text("Links that open this report")).to_have_count(0)
    assert not run.share_links.exists()


def test_it_reads_in_chinese_and_in_the_dark(page: Page, run: Any, axe: Callable[[Page], list[str]]) -> None:
    run.created_by.language, run.created_by.theme = "zh", "dark"
    run.created_by.save()
    page.goto(f"/runs/{run.pk}")

    page.get_by_role("button", name="\u5206\u4eab").click()

    expect(page.get_by_role("heading", name="\u5206\u4eab\u8fd9\u4efd\u62a5\u544a")).to_be_visible()
    assert axe(page) == []
