"""Channels of a project: made, changed, tried and deleted by its owners; the address is never shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.target.robot import Robot
from tests.web.people import Asker

HOOK = {"name": "Team", "kind": "webhook", "address": "https://hook.example/token-of-the-robot"}


def test_it_tells_of_changes_in_runs_of_schedules_and_scripts_unless_said_otherwise(
    alice: Asker, project: Any
) -> None:
    made = alice.post(f"/projects/{project.pk}/channels", HOOK).json()

    assert {name: made[name] for name in ("when", "triggers", "language", "enabled")} == {
        "when": "change",
        "triggers": ["schedule", "api"],
        "language": "en",
        "enabled": True,
    }


def test_the_address_is_never_answered_and_lies_encrypted(alice: Asker, project: Any) -> None:
    from hat.web.alerts.models import Channel
    from hat.web.audit.models import Entry

    secret = {**HOOK, "secret": "the-signing-secret"}
    made = alice.post(f"/projects/{project.pk}/channels", secret).json()
    alice.patch(f"/channels/{made['id']}", {"address": HOOK["address"] + "-2"})

    answers = json.dumps([made, alice.get(f"/projects/{project.pk}/channels").json()])
    stored = str(list(Channel.objects.values())) + str(list(Entry.objects.values()))
    assert (made["place"], made["is_signed"]) == ("hook.example", True)
    assert "token-of-the-robot" not in answers + stored
    assert "the-signing-secret" not in answers + stored


def test_address_and_secret_stay_when_others_are_changed(alice: Asker, project: Any) -> None:
    from hat.web.alerts.delivery import destination_of
    from hat.web.alerts.kinds import Destination
    from hat.web.alerts.models import Channel

    made = alice.post(f"/projects/{project.pk}/channels", {**HOOK, "secret": "signs"}).json()
    alice.patch(f"/channels/{made['id']}", {"name": "QA", "when": "red"})
    assert destination_of(Channel.objects.get()) == Destination(HOOK["address"], "signs")

    alice.patch(f"/channels/{made['id']}", {"secret": ""})
    assert destination_of(Channel.objects.get()) == Destination(HOOK["address"])


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"address": "ftp://hook.example/x"}, "address", "expected an address such as https://host/path"),
        ({"address": "https:///x"}, "address", "expected an address such as https://host/path"),
        ({"address": "https://[::1/x"}, "address", "expected an address such as https://host/path"),
        ({"kind": "mail"}, "address", f"'{HOOK['address']}' is not a mail address"),
        ({"kind": "mail", "address": ","}, "address", "expected 1 to 50 mail addresses"),
        ({"kind": "pigeon"}, "kind", "there is no kind of channel 'pigeon'"),
        ({"kind": "wecom", "secret": "x"}, "secret", "this kind of channel has no signing secret"),
        ({"when": "never"}, "when", "input should be 'change', 'red' or 'always'"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    wrong: dict[str, str], field: str, message: str, alice: Asker, project: Any
) -> None:
    answer = alice.post(f"/projects/{project.pk}/channels", {**HOOK, **wrong})

    assert answer.status_code == 422
    assert [(fault["path"], fault["message"]) for fault in answer.json()["errors"]] == [(field, message)]


def test_a_test_arrives_or_says_why_not(make_channel: Any, alice: Asker, robot: Robot) -> None:
    channel = make_channel(kind="wecom", language="zh")
    robot.will_answer(200, {"errcode": 0, "errmsg": "ok"})
    robot.will_answer(200, {"errcode": 93000, "errmsg": "invalid webhook url, token-of-the-robot"})

    first, second = (alice.post(f"/channels/{channel.pk}/test").json() for _ in range(2))

    assert first == {"sent": True, "error": ""}
    assert second == {"sent": False, "error": "the message was refused: 93000: invalid webhook url, ***"}
    assert "通知渠道“Team”的测试消息" in robot.received[0].json["markdown"]["content"]


def test_a_test_to_nobody_says_so(alice: Asker, project: Any) -> None:
    closed = {**HOOK, "address": "http://127.0.0.1:1/x"}
    made = alice.post(f"/projects/{project.pk}/channels", closed).json()

    answer = alice.post(f"/channels/{made['id']}/test").json()

    assert answer["sent"] is False
    assert answer["error"]


def test_a_list_tells_how_the_last_alert_went(
    make_channel: Any, make_run: Any, alice: Asker, project: Any, robot: Robot
) -> None:
    from hat.web.alerts.outbox import turn

    make_channel()
    run = make_run(pay="status_code: expected 200, got 500")
    robot.will_answer(500)
    turn()

    (channel,) = alice.get(f"/projects/{project.pk}/channels").json()["items"]
    last = channel["last"]
    assert (last["fate"], last["attempt"], last["run_id"]) == ("waiting", 1, run.pk)
    assert (last["about"], last["error"]) == ("Nightly", "the answer was 500 Internal Server Error")
    assert last["next_at"]


def test_a_deleted_channel_comes_back(make_channel: Any, alice: Asker, project: Any) -> None:
    channel = make_channel()
    alice.delete(f"/channels/{channel.pk}")
    assert alice.get(f"/projects/{project.pk}/channels").json()["items"] == []

    alice.post(f"/channels/{channel.pk}/restore")

    assert len(alice.get(f"/projects/{project.pk}/channels").json()["items"]) == 1


def test_the_list_says_which_kinds_can_be_used(alice: Asker, project: Any, settings: Any) -> None:
    settings.HAT_SMTP_HOST = settings.HAT_SITE_URL = ""

    answer = alice.get(f"/projects/{project.pk}/channels").json()

    ready = {kind["name"]: kind["ready"] for kind in answer["kinds"]}
    assert ready == {**dict.fromkeys(ready, True), "mail": False}
    assert answer["linked"] is False


def test_what_is_done_stands_in_the_audit_log(make_channel: Any, alice: Asker) -> None:
    from hat.web.audit.models import Entry

    channel = make_channel()
    alice.patch(f"/channels/{channel.pk}", {"when": "always"})
    alice.delete(f"/channels/{channel.pk}")

    entries = Entry.objects.filter(noun="channel").order_by("pk")
    assert [entry.action for entry in entries] == ["create", "change", "delete"]
    assert json.loads(entries[1].changed) == [{"field": "when", "before": "change", "after": "always"}]
