"""The first run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.people import PASSWORD, Asker, make_user

FIRST = {"username": "alice", "password": PASSWORD, "language": "zh"}


def test_the_first_user_becomes_administrator_and_is_signed_in(anonymous: Asker) -> None:
    answer = anonymous.post("/setup", FIRST)

    assert answer.status_code == 201
    assert answer.json()["user"]["is_admin"] is True
    assert anonymous.get("/me").json()["language"] == "zh"


def test_it_is_open_only_while_nobody_exists(anonymous: Asker) -> None:
    make_user("alice")

    assert anonymous.post("/setup", {**FIRST, "username": "mallory"}).status_code == 409
    assert anonymous.get("/session").json()["setup_required"] is False


def test_from_another_machine_it_needs_the_word_of_the_start(db: None) -> None:
    from hat.web.accounts.services import setup_token

    stranger = Asker(REMOTE_ADDR="203.0.113.5")

    assert stranger.get("/session").json()["setup_token_required"] is True
    assert stranger.post("/setup", FIRST).status_code == 403
    assert stranger.post("/setup", {**FIRST, "token": setup_token()}).status_code == 201


def test_a_proxy_on_this_machine_is_not_this_machine(db: None) -> None:
    proxied = Asker(HTTP_X_FORWARDED_FOR="203.0.113.5")

    assert proxied.post("/setup", FIRST).status_code == 403


def test_the_demo_project_comes_along_if_wanted(
    anonymous: Asker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "list.yml").write_text("config: {name: List users}\nteststeps: []\n")
    monkeypatch.setattr("hat.web.setup.demo_folder", lambda: tmp_path)

    anonymous.post("/setup", {**FIRST, "demo": True})

    (project,) = anonymous.get("/projects").json()["items"]
    assert (project["name"], project["module_count"], project["case_count"]) == ("Demo shop", 1, 1)


def test_a_weak_password_is_refused_at_its_field(anonymous: Asker) -> None:
    answer = anonymous.post("/setup", {**FIRST, "password": "12345"})

    assert answer.status_code == 422
    assert {fault["path"] for fault in answer.json()["errors"]} == {"password"}


def test_missing_fields_are_all_named(anonymous: Asker) -> None:
    errors = anonymous.post("/setup", {}).json()["errors"]

    assert [(fault["path"], fault["message"]) for fault in errors] == [
        ("username", "is missing"),
        ("password", "is missing"),
    ]


def test_the_word_is_kept_where_only_we_can_read(db: None) -> None:
    from hat.web.accounts.services import setup_token
    from hat.web.folder import data_folder

    setup_token()

    file: Any = data_folder() / "setup.token"
    assert file.stat().st_mode & 0o777 == 0o600
