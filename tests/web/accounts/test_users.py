"""Administering users."""

from __future__ import annotations

from typing import Any

from tests.web.people import PASSWORD, Asker


def test_an_administrator_makes_users_who_can_sign_in(root: Asker) -> None:
    body = {"username": "dora", "password": PASSWORD, "name": "Dora"}

    assert root.post("/users", body).status_code == 201

    assert Asker().post("/session", {"username": "dora", "password": PASSWORD}).status_code == 200


def test_a_name_is_taken_in_any_case_of_letters(root: Asker, alice: Asker) -> None:
    answer = root.post("/users", {"username": "ALICE", "password": PASSWORD})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "username")


def test_the_list_can_be_searched(root: Asker, project: Any) -> None:
    answer = root.get("/users", search="ali").json()

    assert [user["username"] for user in answer["items"]] == ["alice"]
    assert answer["total"] == 1


def test_the_last_administrator_stays(root: Asker) -> None:
    for change in ({"is_admin": False}, {"is_active": False}):
        assert root.patch(f"/users/{root.user.pk}", change).status_code == 409


def test_a_password_can_be_set_anew(root: Asker, alice: Asker) -> None:
    root.patch(f"/users/{alice.user.pk}", {"password": "a new long password"})

    assert alice.get("/me").status_code == 401
    body = {"username": "alice", "password": "a new long password"}
    assert Asker().post("/session", body).status_code == 200


def test_an_unknown_user_is_404(root: Asker) -> None:
    assert root.patch("/users/999999", {"name": "x"}).status_code == 404


def test_a_change_does_not_let_in_who_was_switched_off_meanwhile(root: Asker, alice: Asker) -> None:
    from hat.web.accounts.models import User
    from hat.web.accounts.services import change_user

    read_before = User.objects.get(pk=alice.user.pk)
    root.patch(f"/users/{alice.user.pk}", {"is_active": False})

    change_user(read_before, {"name": "Alice", "password": "another horse battery"})

    now = User.objects.get(pk=alice.user.pk)
    assert (now.name, now.is_active) == ("Alice", False)
    assert now.check_password("another horse battery")
