"""Signing in and out."""

from __future__ import annotations

from tests.web.people import PASSWORD, Asker, make_user


def test_it_says_who_is_signed_in(alice: Asker) -> None:
    answer = alice.get("/session").json()

    assert answer["user"]["username"] == "alice"
    assert answer["setup_required"] is False
    assert answer["csrf_token"]


def test_it_tells_nobody_that_they_are_signed_out(anonymous: Asker) -> None:
    make_user("alice")

    assert anonymous.get("/session").json()["user"] is None


def test_the_right_password_opens_a_session(anonymous: Asker) -> None:
    make_user("alice")

    answer = anonymous.post("/session", {"username": "ALICE", "password": PASSWORD})

    assert answer.status_code == 200
    assert anonymous.get("/me").json()["username"] == "alice"


def test_signing_out_closes_it(alice: Asker) -> None:
    assert alice.delete("/session").status_code == 204

    assert alice.get("/me").status_code == 401


def test_wrong_name_and_wrong_password_look_the_same(anonymous: Asker) -> None:
    make_user("alice")

    wrong_password = anonymous.post("/session", {"username": "alice", "password": "x"})
    wrong_name = anonymous.post("/session", {"username": "nobody", "password": "x"})

    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.json()["error"] == wrong_name.json()["error"]


def test_an_inactive_user_stays_outside(anonymous: Asker) -> None:
    make_user("alice", is_active=False)

    assert anonymous.post("/session", {"username": "alice", "password": PASSWORD}).status_code == 401


def test_guessing_is_slowed_down_even_for_the_right_password(anonymous: Asker) -> None:
    make_user("alice")
    for number in range(8):
        anonymous.post("/session", {"username": "alice", "password": f"guess {number}"})

    answer = anonymous.post("/session", {"username": "alice", "password": PASSWORD})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_nul_in_the_name_is_just_a_wrong_name(anonymous: Asker) -> None:
    answer = anonymous.post("/session", {"username": "al\0ice", "password": "x"})

    assert answer.status_code in (401, 422)
