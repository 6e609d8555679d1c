"""Markup in every text that people or targets may write: each page shows it as text, and no script runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import BrowserContext, Dialog, Page, Response

from tests.browser.scenes.pages import PAGES
from tests.browser.scenes.scene import World
from tests.browser.scenes.world import build
from tests.browser.words import Words
from tests.web.people import Asker
from tests.web.shop import serving

pytestmark = pytest.mark.django_db(transaction=True)

EVIL = "<img src=x onerror=hacked=1>\"'><script>hacked=1</script><a href=javascript:hacked=1>{{hacked=1}}"
CODE = f'def sign(text="{EVIL[:28]}"):\n    """{EVIL}"""\n    return 1\n'
TEXTS = {
    "audit.entry": ("user_name", "token_name", "address", "object_name", "project_name"),
    "accounts.user": ("name",),
    "accounts.visit": ("agent", "address"),
    "accounts.invitation": ("note",),
    "projects.project": ("name", "description"),
    "projects.module": ("name",),
    "projects.case": ("name", "description", "method", "url", "file"),
    "projects.caserevision": ("name", "note"),
    "projects.suite": ("name", "description", "file"),
    "projects.tag": ("name",),
    "projects.environment": ("name", "note", "base_url"),
    "projects.functionsrevision": ("note",),
    "projects.file": ("path",),
    "runs.run": ("name", "environment_name", "reason", "lease_owner"),
    "runs.caserun": ("name", "module", "reason"),
    "runs.runevent": ("owner", "detail"),
    "schedules.schedule": ("name", "run_name", "off_reason"),
    "schedules.fire": ("note",),
    "alerts.channel": ("name", "place"),
}
VALUES = {
    "projects.environment": {"variables": {EVIL: EVIL}, "services": {EVIL: EVIL}},
    "projects.functions": {"source": CODE},
    "runs.caserun": {"row": {EVIL: EVIL}},
    "audit.entry": {"changed": json.dumps([{"field": EVIL, "before": EVIL, "after": [EVIL]}])},
}


@pytest.fixture
def world(sign_in: Callable[..., Any]) -> Iterator[World]:
    """The project that has something of everything, and markup wherever somebody may have written text."""
    root = Asker(sign_in("root", is_admin=True, language="en"))
    with serving() as target:
        made = build(root, target.url)
        hook = {"name": "Team", "kind": "webhook", "address": f"{target.url}/hook"}
        assert root.post(f"/projects/{made['project']}/channels", hook).status_code == 201
        _mark()
        yield made


def _mark() -> None:
    for label, columns in TEXTS.items():
        for row in apps.get_model(label)._default_manager.all():
            for column in columns:
                most = row._meta.get_field(column).max_length
                setattr(row, column, f"{row.pk} {EVIL}"[:most])
            row.save()
    for case in apps.get_model("projects.case")._default_manager.all():
        case.document["config"] |= {"name": EVIL, "variables": {"evil": EVIL}}
        for step in case.document["teststeps"]:
            step |= {"name": EVIL, "variables": {"evil": EVIL}, "validate": [{"eq": [EVIL, EVIL]}]}
        case.save()
    for label, values in VALUES.items():
        apps.get_model(label)._default_manager.update(**values)


@pytest.fixture
def dialogs(context: BrowserContext) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # the editor has not looked closely yet whether something changed
            dialog.accept()
            return
        said.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", hear)
    yield said
    assert said == []


def test_no_page_takes_text_for_markup(page: Page, world: World, dialogs: list[str]) -> None:
    say = Words("en")
    policies: set[str] = set()
    shown = {}

    def note(answer: Response) -> None:
        if answer.headers.get("content-type", "").startswith("text/html"):
            policies.add(answer.headers.get("content-security-policy", ""))

    page.on("response", note)
    for scene in PAGES:
        scene.enter(page, say, world)
        shown[scene.shows] = "onerror=hacked" in page.locator("body").inner_text()
        made = page.locator('a[href^="javascript:" i], [onerror], [onclick], img[src="x"], body script')
        assert (scene.shows, made.count()) == (scene.shows, 0)
        assert (scene.shows, page.evaluate("window.hacked")) == (scene.shows, None)
    assert [policy for policy in policies if "script-src 'self';" not in policy] == []
    assert sum(shown.values()) > len(PAGES) / 2, shown
