"""The dashboard fits a small window, and leads from a flaky or slow case to its run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_table_of_runs_stays_in_its_panel(page: Page, sign_in: Callable[..., Any]) -> None:
    from hat.web.projects.services.projects import create_project
    from hat.web.runs.models import Run

    shop = create_project(sign_in("alice"), name="Shop")
    Run.objects.create(project=shop, name="A run with a name that is long enough", status="queued")
    page.goto("/")
    expect(page.get_by_role("link", name="A run with a name")).to_be_visible()

    table = page.get_by_role("table", name="Recent runs")
    assert table.evaluate("it => it.scrollWidth <= it.parentElement.clientWidth")


def test_a_flaky_and_a_slow_case_lead_to_their_runs(
    page: Page, sign_in: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    from hat.web.projects.models import Case, Module
    from hat.web.projects.services.projects import create_project
    from hat.web.runs.models import CaseRun, Run

    shop = create_project(sign_in("alice"), name="Shop")
    module = Module.objects.create(project=shop, name="Users")
    case = Case.objects.create(
        project=shop, module=module, name="Pay", document={}, updated_at=timezone.now()
    )
    runs = []
    for outcome in ("passed", "failed", "passed"):
        run = Run.objects.create(
            project=shop, name="Nightly", status="finished", outcome=outcome, done=1, **{outcome: 1}
        )
        runs.append(run)
        CaseRun.objects.create(
            run=run,
            seq=0,
            case=case,
            name="Pay",
            outcome=outcome,
            elapsed_ms=1500.0,
            finished_at=timezone.now(),
            packed=b"",
        )
    page.goto("/")

    flaky = page.get_by_role("list", name="Flaky")
    expect(flaky).to_contain_text("2 turns in 3 runs")
    expect(page.get_by_role("list", name="Slowest")).to_contain_text("1.5s")
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        assert axe(page) == []
    link = flaky.get_by_role("link", name="Pay", exact=True)
    expect(link).to_have_attribute("href", f"/runs/{runs[-1].pk}?case={case.pk}")
