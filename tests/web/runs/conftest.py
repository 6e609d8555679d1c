"""Runs made as the page makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.web.people import Asker
from tests.web.shop import ShopServer, serving


@pytest.fixture
def shop() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def environment(project: Any, shop: ShopServer) -> Any:
    """The project's default environment, whose base URL is the shop."""
    from hat.web.projects.models import Environment

    return Environment.objects.create(project=project, name="local", base_url=shop.url, is_default=True)


@pytest.fixture
def start(bob: Asker, project: Any, environment: Any) -> Callable[..., Any]:
    """Starts a run as bob and gives its row: `start(cases=[1, 2])`."""
    from hat.web.runs.models import Run

    def start(**body: Any) -> Any:
        answer = bob.post(f"/projects/{project.pk}/runs", body)
        assert answer.status_code == 202, answer.json()
        return Run.objects.get(pk=answer.json()["id"])

    return start


@pytest.fixture
def run_all(start: Callable[..., Any]) -> Callable[..., Any]:
    """Starts a run, executes it and gives its finished row."""
    from hat.web.runs.execution import execute

    def run_all(**body: Any) -> Any:
        run = start(**body)
        execute(run.pk)
        run.refresh_from_db()
        return run

    return run_all
