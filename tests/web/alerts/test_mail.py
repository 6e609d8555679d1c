"""Alerts by mail, taken by a real mail server."""

from __future__ import annotations

from typing import Any

from tests.target.postbox import Postbox
from tests.web.people import Asker

TEAM = {"kind": "mail", "address": "qa@example.com, dev@example.com"}


def test_a_red_run_comes_by_mail(make_channel: Any, make_run: Any, postbox: Postbox) -> None:
    from hat.web.alerts.outbox import turn

    make_channel(**TEAM, language="zh")
    run = make_run(run={"name": "夜间\n回归"}, login="passed", pay="code: expected 0, got 40001")
    turn()

    (mail,) = postbox.mails
    assert mail.recipients == ["qa@example.com", "dev@example.com"]
    assert (mail.sender, mail.message["From"]) == ("hat@example.org", "hat@example.org")
    assert mail.message["Subject"] == "❌ 夜间 回归：1 个失败"
    assert "项目：Shop · 环境：staging" in mail.text
    assert "新失败\n- code: expected 0, got 40001（pay）" in mail.text
    assert f"查看报告: https://hat.example.org/runs/{run.pk}" in mail.text


def test_a_recipient_that_is_refused_is_told_without_the_address(
    make_channel: Any, alice: Asker, postbox: Postbox
) -> None:
    postbox.refused = {"qa@example.com", "dev@example.com"}
    channel = make_channel(**TEAM)

    answer = alice.post(f"/channels/{channel.pk}/test").json()

    assert answer == {"sent": False, "error": "the mail server answered 550: no such mailbox ***"}


def test_without_a_mail_server_it_says_what_is_missing(
    make_channel: Any, alice: Asker, settings: Any
) -> None:
    settings.HAT_SMTP_HOST = ""
    channel = make_channel(**TEAM)

    answer = alice.post(f"/channels/{channel.pk}/test").json()

    assert "HAT_SMTP_HOST" in answer["error"]


def test_a_mail_server_that_is_away_is_told(make_channel: Any, alice: Asker, settings: Any) -> None:
    settings.HAT_SMTP_HOST, settings.HAT_SMTP_PORT = "127.0.0.1", 1
    settings.HAT_SMTP_SECURITY, settings.HAT_SMTP_FROM = "none", "hat@example.org"
    channel = make_channel(**TEAM)

    answer = alice.post(f"/channels/{channel.pk}/test").json()

    assert answer["error"].startswith("the mail server cannot be used: ")


def test_its_place_is_the_domain(make_channel: Any) -> None:
    assert make_channel(**TEAM).place == "@example.com"
