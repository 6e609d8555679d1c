"""One's own profile and password."""

from __future__ import annotations

from tests.web.people import PASSWORD, Asker

NEW = "another long password"


def test_language_and_theme_are_kept(alice: Asker) -> None:
    alice.patch("/me", {"language": "zh", "theme": "dark", "name": "爱丽丝"})

    me = alice.get("/me").json()
    assert (me["language"], me["theme"], me["name"]) == ("zh", "dark", "爱丽丝")


def test_an_unknown_theme_is_refused_at_its_field(alice: Asker) -> None:
    answer = alice.patch("/me", {"theme": "pink"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "theme")


def test_a_new_password_keeps_this_session_and_ends_the_others(alice: Asker) -> None:
    elsewhere = Asker(alice.user)

    assert alice.post("/me/password", {"old": PASSWORD, "new": NEW}).status_code == 204

    assert alice.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 401


def test_the_old_password_must_be_right(alice: Asker) -> None:
    answer = alice.post("/me/password", {"old": "x", "new": NEW})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "old")


def test_the_new_password_must_be_good(alice: Asker) -> None:
    answer = alice.post("/me/password", {"old": PASSWORD, "new": "alice"})

    assert {fault["path"] for fault in answer.json()["errors"]} == {"new"}


def test_a_token_cannot_change_the_password(alice: Asker) -> None:
    secret = alice.post("/tokens", {"name": "ci", "scope": "write"}).json()["secret"]

    answer = Asker(token=secret).post("/me/password", {"old": PASSWORD, "new": NEW})

    assert answer.status_code == 403
