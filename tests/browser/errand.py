"""Carries out the run a page has just started, while its page waits."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from playwright.sync_api import Page


def send(page: Page, press: Callable[[], object]) -> None:
    """Do what starts a run, then work it off as a worker would."""
    with page.expect_response(
        lambda answer: answer.url.endswith("/runs") and answer.status == 202
    ) as started:
        press()
    execute(int(started.value.json()["id"]))


def execute(run_id: int) -> None:
    """Carry out a queued run to its end."""
    # Playwright's loop runs in this thread, the engine needs one of its own.
    worker = Thread(target=_execute, args=(run_id,))
    worker.start()
    worker.join(60)


def _execute(run_id: int) -> None:
    from django.db import connection

    from hat.web.runs.execution import execute

    try:
        execute(run_id)
    finally:
        connection.close()
