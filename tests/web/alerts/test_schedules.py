"""A schedule that comes to a time and starts no run is told of, unless that was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.target.robot import Robot


@pytest.fixture
def make_schedule(project: Any, make_case: Any) -> Any:
    """Makes a schedule of bob's that is due now."""
    from hat.web.accounts.models import User
    from hat.web.schedules.models import Schedule

    def make(**fields: Any) -> Any:
        usual = {
            "project": project,
            "name": "Nightly",
            "cron": "0 2 * * *",
            "zone": "Asia/Shanghai",
            "next_at": timezone.now() - timedelta(seconds=1),
            "cases": [make_case("Log in").pk],
            "owner": User.objects.get(username="bob"),
        }
        return Schedule.objects.create(**{**usual, **fields})

    return make


def tick_and_tell() -> None:
    from hat.web.alerts.outbox import turn
    from hat.web.schedules.clock import tick

    tick()
    turn()
    turn()


def test_a_schedule_whose_owner_may_not_run_any_more(
    make_channel: Any, make_schedule: Any, alice: Any, project: Any, robot: Robot
) -> None:
    from hat.web.projects.models import Member

    make_channel(language="zh")
    schedule = make_schedule()
    Member.objects.filter(user__username="bob").update(role="reader")
    tick_and_tell()

    (told,) = [one.json for one in robot.received]
    assert told["event"] == "schedule"
    assert told["schedule"] == {
        "id": schedule.pk,
        "name": "Nightly",
        "enabled": False,
        "url": f"https://hat.example.org/projects/{project.pk}/schedules",
    }
    assert "它的负责人已不能运行此项目。\n它已被停用" in told["text"]


def test_a_schedule_that_cannot_be_computed(make_channel: Any, make_schedule: Any, robot: Robot) -> None:
    make_channel()
    make_schedule(cron="never")
    tick_and_tell()

    (told,) = [one.json for one in robot.received]
    assert told["title"] == "⚠️ The schedule “Nightly” started no run"
    assert told["code"] == "invalid"
    assert "cron expression" in told["text"]


def test_a_time_that_was_missed(make_channel: Any, make_schedule: Any, robot: Robot) -> None:
    make_channel()
    due = (timezone.now() - timedelta(hours=3)).replace(second=0, microsecond=0)
    make_schedule(missed="skip", cron=f"{due.minute} {due.hour} * * *", zone="UTC", next_at=due)
    tick_and_tell()

    (told,) = [one.json for one in robot.received]
    assert (told["code"], told["schedule"]["enabled"]) == ("late", True)
    assert f"Due at {due:%Y-%m-%d %H:%M} (UTC)" in told["text"]


def test_leaving_a_time_out_because_the_run_before_goes_on_is_no_news(
    make_channel: Any, make_schedule: Any, robot: Robot, project: Any
) -> None:
    from hat.web.runs.models import Run
    from hat.web.schedules.models import Fire

    make_channel()
    schedule = make_schedule(overlap="skip")
    going_on = Run.objects.create(project=project, name="Nightly", status="running")
    Fire.objects.create(schedule=schedule, fire_at=timezone.now() - timedelta(days=1), run=going_on)
    tick_and_tell()

    assert robot.received == []
    assert set(Fire.objects.filter(result="skipped").values_list("note_code", "told")) == {("overlap", True)}


def test_a_channel_without_schedules_hears_nothing_of_them(
    make_channel: Any, make_schedule: Any, robot: Robot
) -> None:
    make_channel(triggers=["api"])
    make_schedule(cron="never")
    tick_and_tell()

    assert robot.received == []
