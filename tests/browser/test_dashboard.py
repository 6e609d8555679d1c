"""The dashboard fits a small window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
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
