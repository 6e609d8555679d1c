"""Channels of alice's project, made as the page makes them, and who receives their alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.target.postbox import Postbox, taking_mail
from tests.target.robot import Robot, listening
from tests.web.people import Asker


@pytest.fixture
def robot() -> Iterator[Robot]:
    with listening() as server:
        yield server


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    """A mail server that the settings name."""
    with taking_mail() as server:
        settings.HAT_SMTP_HOST, settings.HAT_SMTP_PORT = "127.0.0.1", server.port
        settings.HAT_SMTP_SECURITY, settings.HAT_SMTP_FROM = "none", "hat@example.org"
        yield server


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.HAT_SITE_URL = "https://hat.example.org"


@pytest.fixture
def make_channel(alice: Asker, project: Any, robot: Robot) -> Callable[..., Any]:
    """Makes a channel as alice: `make_channel(kind="feishu", when="red")`; it leads to the robot."""
    from hat.web.alerts.models import Channel

    def make(**fields: Any) -> Any:
        usual = {"name": "Team", "kind": "webhook", "address": f"{robot.url}/hook/token-of-the-robot"}
        answer = alice.post(f"/projects/{project.pk}/channels", {**usual, **fields})
        assert answer.status_code == 201, answer.json()
        return Channel.objects.get(pk=answer.json()["id"])

    return make


@pytest.fixture
def make_run(project: Any, make_case: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a finished run: `make_run(login="passed", pay="status_code: expected 200, got 500")`."""
    from django.utils import timezone

    from hat.web.accounts.models import User
    from hat.web.projects.models import Case
    from hat.web.runs.models import CaseRun, Run

    def make(*, run: dict[str, Any] | None = None, **cases: str) -> Any:
        now, reds = timezone.now(), [name for name, how in cases.items() if how != "passed"]
        usual = {
            "project": project,
            "name": "Nightly",
            "status": "finished",
            "trigger": "schedule",
            "environment_name": "staging",
            "finished_at": now,
            "elapsed_ms": 83_400.0,
            "outcome": "failed" if reds else "passed",
            "passed": len(cases) - len(reds),
            "failed": len(reds),
            "done": len(cases),
            "total": len(cases),
            "created_by": User.objects.get(username="bob"),
        }
        row = Run.objects.create(**{**usual, **(run or {})})
        for seq, (name, how) in enumerate(cases.items()):
            case = Case.objects.filter(name=name).first() or make_case(name)
            outcome, reason = ("passed", "") if how == "passed" else ("failed", how)
            CaseRun.objects.create(
                run=row,
                seq=seq,
                case=case,
                name=name,
                outcome=outcome,
                reason=reason,
                fingerprint=reason[:16],
                finished_at=now,
                packed=b"",
            )
        return row

    return make
