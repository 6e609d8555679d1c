"""Alerts of finished runs: who is told, once and no more, and what happens when somebody does not listen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.target.robot import Robot

RED = "status_code: expected 200, got 500"


def turn() -> None:
    from hat.web.alerts.outbox import turn

    turn()


def alerts() -> list[Any]:
    from hat.web.alerts.models import Alert

    return list(Alert.objects.order_by("pk"))


def come_due() -> None:
    """As if the pause were over."""
    from hat.web.alerts.models import Alert

    Alert.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_red_run_is_told_once(make_channel: Any, make_run: Any, robot: Robot) -> None:
    make_channel()
    run = make_run(login="passed", pay=RED)

    for _ in range(3):
        turn()
        come_due()

    (received,) = robot.received
    assert received.json["run"]["url"] == f"https://hat.example.org/runs/{run.pk}"
    assert received.json["new"] == [{"reason": RED, "count": 1, "cases": ["pay"]}]
    (alert,) = alerts()
    assert (alert.fate, alert.error, alert.attempt) == ("sent", "", 1)


def test_what_stays_red_is_told_when_it_went_red_and_when_it_recovers(
    make_channel: Any, make_run: Any, robot: Robot
) -> None:
    make_channel()
    for how in ("passed", RED, RED, RED, "passed", "passed"):
        make_run(pay=how)
        turn()

    told = [
        (one.json["run"]["outcome"], len(one.json["new"]), one.json["recovered"]) for one in robot.received
    ]
    assert told == [("failed", 1, []), ("passed", 0, ["pay"])]


@pytest.mark.parametrize(
    ("when", "expected"), [("always", 3), ("red", 2), ("change", 1)], ids=["always", "red", "change"]
)
def test_a_channel_hears_what_it_wants(
    when: str, expected: int, make_channel: Any, make_run: Any, robot: Robot
) -> None:
    make_channel(when=when)
    for how in ("passed", RED, RED):
        make_run(pay=how)
    turn()

    assert len(robot.received) == expected


@pytest.mark.parametrize(
    ("run", "heard"),
    [
        ({"trigger": "manual"}, False),
        ({"trigger": "api"}, True),
        ({"status": "cancelled", "outcome": ""}, False),
        ({"kind": "try"}, False),
        ({"kind": "shard"}, False),
        ({"status": "running"}, False),
        ({"alerts": "never"}, False),
        ({"trigger": "manual", "alerts": "always"}, True),
        ({"finished_at": timezone.now() - timedelta(days=2)}, False),
        ({"deleted_at": timezone.now()}, False),
    ],
)
def test_it_is_told_of_finished_runs_of_its_triggers(
    run: dict[str, Any], heard: bool, make_channel: Any, make_run: Any, robot: Robot
) -> None:
    make_channel()
    make_run(run=run, pay=RED)

    turn()

    assert bool(robot.received) is heard


def test_a_run_that_was_broken_off_is_told_of(make_channel: Any, make_run: Any, robot: Robot) -> None:
    make_channel()
    make_run(run={"outcome": "error", "reason": "interrupted: its worker stopped answering"}, pay="passed")

    turn()

    assert "interrupted: its worker stopped answering" in robot.received[0].json["text"]


def test_a_channel_that_was_switched_off_or_deleted_hears_nothing(
    make_channel: Any, make_run: Any, robot: Robot, alice: Any
) -> None:
    off, gone = make_channel(), make_channel(name="Gone")
    make_run(pay=RED)
    from hat.web.alerts.outbox import write_down

    write_down()
    alice.patch(f"/channels/{off.pk}", {"enabled": False})
    alice.delete(f"/channels/{gone.pk}")
    turn()
    make_run(pay=RED, login=RED)
    turn()

    assert robot.received == []
    assert {(alert.fate, alert.error) for alert in alerts()} == {("failed", "the channel was switched off")}


def test_it_is_tried_again_with_pauses_and_then_given_up(
    make_channel: Any, make_run: Any, robot: Robot
) -> None:
    make_channel()
    make_run(pay=RED)
    pauses = []
    for _ in range(7):
        robot.will_answer(503, "busy")
        before = timezone.now()
        turn()
        pauses.append(round((alerts()[0].due_at - before).total_seconds() / 10) * 10)
        come_due()

    assert pauses[:4] == [30, 120, 600, 1800]
    assert len(robot.received) == 5
    (alert,) = alerts()
    assert (alert.fate, alert.attempt) == ("failed", 5)
    assert alert.error == "the answer was 503 Service Unavailable"


def test_nothing_is_sent_before_its_pause_is_over(make_channel: Any, make_run: Any, robot: Robot) -> None:
    make_channel()
    make_run(pay=RED)
    robot.will_answer(503)
    for _ in range(3):
        turn()

    assert len(robot.received) == 1
    assert alerts()[0].fate == "waiting"


def test_a_redirect_is_not_followed(make_channel: Any, make_run: Any, robot: Robot) -> None:
    make_channel()
    make_run(pay=RED)
    robot.will_answer(302, Location=f"{robot.url}/elsewhere")
    turn()

    assert len(robot.received) == 1
    assert alerts()[0].error == "the answer was 302 Found"


def test_it_goes_only_where_requests_of_the_project_may_go(
    make_channel: Any, make_run: Any, robot: Robot, alice: Any, project: Any
) -> None:
    make_channel()
    make_run(pay=RED)
    alice.put(f"/projects/{project.pk}/targets", {"private": False})
    turn()

    assert robot.received == []
    assert "is an address of this machine or a private network" in alerts()[0].error


def test_an_error_tells_nothing_of_the_address(make_channel: Any, make_run: Any, robot: Robot) -> None:
    make_channel(kind="feishu", secret="the-signing-secret")
    make_run(pay=RED)
    robot.will_answer(200, {"code": 9, "msg": "no token-of-the-robot, no the-signing-secret"})
    turn()

    assert alerts()[0].error == "the message was refused: 9: no ***, no ***"


def test_a_worker_that_dies_before_it_sends_leaves_it_to_others(
    make_channel: Any, make_run: Any, robot: Robot
) -> None:
    from hat.web.alerts.outbox import _take, send_due, write_down

    make_channel()
    make_run(pay=RED)
    write_down()
    _take(alerts()[0].pk, 0)  # and here it dies

    assert send_due() == 0
    come_due()
    assert send_due() == 1
    assert len(robot.received) == 1


def test_one_that_comes_back_late_does_not_undo_what_others_did(
    make_channel: Any, make_run: Any, robot: Robot
) -> None:
    from hat.web.alerts.models import Alert, Fate
    from hat.web.alerts.outbox import _close, _take, send_due, write_down

    make_channel()
    make_run(pay=RED)
    write_down()
    _take(alerts()[0].pk, 0)
    late = Alert.objects.get()
    come_due()
    send_due()

    _close(late, Fate.FAILED, "too late")

    assert alerts()[0].fate == "sent"


@pytest.mark.django_db(transaction=True)
def test_many_processes_send_one_message(make_channel: Any, make_run: Any, robot: Robot) -> None:
    from django.db import OperationalError, connection

    make_channel()
    make_run(pay=RED)
    ready = threading.Barrier(4)

    def go() -> None:
        ready.wait()
        for _ in range(5):
            try:
                turn()
            except OperationalError:  # as the worker does: the next turn tries again
                continue
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(robot.received) == 1


def test_a_row_that_cannot_be_told_is_not_in_the_way_of_others(
    make_channel: Any, make_run: Any, robot: Robot, caplog: pytest.LogCaptureFixture
) -> None:
    from hat.web.runs.models import Run

    channel = make_channel()
    channel.__class__.objects.filter(pk=channel.pk).update(when="never heard of")
    broken = make_run(pay=RED)
    turn()
    channel.__class__.objects.filter(pk=channel.pk).update(when="always")
    make_run(pay=RED)
    turn()

    assert Run.objects.get(pk=broken.pk).told
    assert "nobody is told of Run" in caplog.text
    assert len(robot.received) == 1


def test_a_real_run_is_told_of(
    make_channel: Callable[..., Any], make_case: Any, alice: Any, project: Any, robot: Robot
) -> None:
    from hat.web.runs.execution import execute
    from tests.web.people import get

    make_channel(triggers=["manual"])
    check = {"eq": ["status_code", 201]}
    make_case("Log in", steps=[get(robot.url, validate=[check])])
    started = alice.post(f"/projects/{project.pk}/runs", {"all": True, "name": "By hand"}).json()
    execute(started["id"])
    turn()

    (told,) = [one.json for one in robot.received]
    assert told["title"] == "❌ By hand: 1 failed"
    assert told["new"][0]["cases"] == ["Log in"]
