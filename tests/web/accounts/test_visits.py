"""Where one is signed in: the list of sessions, and ending them."""

from __future__ import annotations

from typing import Any

import pytest

from hat.web.accounts.visits import device
from tests.web.people import PASSWORD, Asker, make_user

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (CHROME, "Chrome 141", "Linux"),
        (CHROME + " Edg/141.0.1", "Edge 141", "Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox 143", "Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari 18",
            "iPhone",
        ),
        ("curl/8.5", "", ""),
        ("", "", ""),
    ],
)
def test_a_user_agent_names_browser_and_system(agent: str, browser: str, system: str) -> None:
    assert device(agent) == (browser, system)


@pytest.fixture
def browsers(db: None) -> tuple[Asker, Asker]:
    """Dora in two browsers."""
    dora = make_user("dora")
    first = Asker(dora, HTTP_USER_AGENT=CHROME, REMOTE_ADDR="192.0.2.7")
    second = Asker(dora)
    for browser in (first, second):
        browser.get("/me")
    return first, second


def test_the_list_says_which_and_from_where(browsers: tuple[Asker, Asker]) -> None:
    items = browsers[0].get("/me/sessions").json()["items"]

    (own,) = [item for item in items if item["current"]]
    assert len(items) == 2
    assert (own["browser"], own["system"], own["address"]) == ("Chrome 141", "Linux", "192.0.2.7")


def test_nobody_sees_the_sessions_of_others(browsers: tuple[Asker, Asker], alice: Asker) -> None:
    theirs = browsers[0].get("/me/sessions").json()["items"]

    assert len(alice.get("/me/sessions").json()["items"]) == 1
    assert alice.delete(f"/me/sessions/{theirs[0]['id']}").status_code == 404


def test_ending_one_leaves_the_other(browsers: tuple[Asker, Asker]) -> None:
    first, second = browsers
    other = next(item for item in first.get("/me/sessions").json()["items"] if not item["current"])

    assert first.delete(f"/me/sessions/{other['id']}").status_code == 204

    assert (first.get("/me").status_code, second.get("/me").status_code) == (200, 401)
    assert len(first.get("/me/sessions").json()["items"]) == 1


def test_signing_out_everywhere_ends_all(browsers: tuple[Asker, Asker]) -> None:
    assert browsers[0].delete("/me/sessions").status_code == 204

    assert [browser.get("/me").status_code for browser in browsers] == [401, 401]


def test_a_new_password_ends_the_others(browsers: tuple[Asker, Asker]) -> None:
    first, second = browsers

    first.post("/me/password", {"old": PASSWORD, "new": "quite another word"})

    assert (first.get("/me").status_code, second.get("/me").status_code) == (200, 401)
    assert [item["current"] for item in first.get("/me/sessions").json()["items"]] == [True]


@pytest.mark.parametrize("change", [{"password": "quite another word"}, {"is_active": False}], ids=str)
def test_an_administrators_change_ends_them(
    change: dict[str, Any], browsers: tuple[Asker, Asker], root: Asker
) -> None:
    from hat.web.accounts.models import Visit

    root.patch(f"/users/{browsers[0].user.pk}", change)

    assert not Visit.objects.filter(user=browsers[0].user).exists()
    assert browsers[0].get("/me").status_code == 401


def test_an_administrator_ends_all_of_a_user(browsers: tuple[Asker, Asker], root: Asker) -> None:
    from hat.web.audit.models import Entry

    assert root.delete(f"/users/{browsers[0].user.pk}/sessions").status_code == 204

    assert [browser.get("/me").status_code for browser in browsers] == [401, 401]
    entry = Entry.objects.get(action="end_sessions")
    assert (entry.user_name, entry.object_name) == ("root", "dora")


def test_signing_out_takes_it_from_the_list(browsers: tuple[Asker, Asker]) -> None:
    browsers[1].delete("/session")

    assert len(browsers[0].get("/me/sessions").json()["items"]) == 1


def test_a_session_that_ran_out_is_forgotten(browsers: tuple[Asker, Asker]) -> None:
    from django.contrib.sessions.models import Session

    first, second = browsers
    Session.objects.filter(session_key=second.client.session.session_key).delete()

    assert len(first.get("/me/sessions").json()["items"]) == 1


def test_a_limited_token_ends_nothing(browsers: tuple[Asker, Asker], alice: Asker, project: Any) -> None:
    body = {"name": "ci", "scope": "write", "project_id": project.pk}
    token = alice.post("/tokens", body).json()["secret"]

    assert Asker(token=token).delete("/me/sessions").status_code == 403
