"""Sign-in with a directory: slapd, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.target import certificate
from tests.target.slapd import BASE, PASSWORD, Directory, directory
from tests.web.people import PASSWORD as OWN_PASSWORD
from tests.web.people import Asker, make_user


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    with directory(tmp_path_factory.mktemp("slapd")) as running:
        yield running


@pytest.fixture(params=["StartTLS", "ldaps"])
def ldap(request: pytest.FixtureRequest, db: None, slapd: Directory, settings: Any) -> Directory:
    """HAT knows the directory, and has an administrator."""
    for name, value in slapd.settings.items():
        setattr(settings, name, value)
    if request.param == "ldaps":
        settings.HAT_LDAP_URL = slapd.secure_url
    make_user("root", is_admin=True)
    return slapd


def tried(username: str, password: str = PASSWORD) -> tuple[Asker, Any]:
    guest = Asker()
    return guest, guest.post("/session", {"username": username, "password": password})


def test_somebody_of_the_directory_gets_an_account_and_a_session(ldap: Directory) -> None:
    guest, answer = tried("wangwei")

    assert answer.status_code == 200, answer.json()
    me = guest.get("/me").json()
    assert (me["username"], me["name"], me["is_admin"]) == ("wangwei", "\u738b\u4f1f", False)
    assert me["has_password"] is False


def test_the_next_time_it_is_the_same_account(ldap: Directory) -> None:
    from hat.web.accounts.models import User

    tried("dora")
    guest, _ = tried("DORA")

    assert guest.get("/me").json()["username"] == "dora"
    assert User.objects.count() == 2


@pytest.mark.parametrize("password", ["", " ", "wrong", "x\0y", OWN_PASSWORD])
def test_a_wrong_or_empty_password_opens_nothing(ldap: Directory, password: str) -> None:
    from hat.web.accounts.models import User

    guest, answer = tried("dora", password)

    assert answer.status_code in (401, 422)
    assert guest.get("/me").status_code == 401
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "username",
    ["nobody", "*", "d*", "dora)(uid=*", "*)(|(uid=*", "dora\\2a", "twin", "reader", f"uid=dora,{BASE}"],
)
def test_a_name_is_a_name_and_no_filter(ldap: Directory, username: str) -> None:
    guest, answer = tried(username)

    assert answer.status_code == 401
    assert guest.get("/me").status_code == 401


def test_the_own_password_of_an_account_goes_on_working(ldap: Directory) -> None:
    guest, _ = tried("root", OWN_PASSWORD)

    assert guest.get("/me").json()["is_admin"] is True


def test_a_name_somebody_has_here_leads_to_another_account(ldap: Directory) -> None:
    make_user("dora", is_admin=True)

    guest, _ = tried("dora")

    assert (guest.get("/me").json()["username"], guest.get("/me").json()["is_admin"]) == ("dora-2", False)


def administrator() -> Asker:
    from hat.web.accounts.models import User

    return Asker(User.objects.get(username="root"))


def test_an_administrator_joins_an_entry_to_an_account(ldap: Directory) -> None:
    from hat.web.audit.models import Entry

    own = make_user("dora")

    answer = administrator().post(f"/users/{own.pk}/identities", {"directory_name": "dora"})

    assert (answer.status_code, answer.json()["total"], answer.json()["directory"]) == (200, 1, True)
    guest, _ = tried("dora")
    assert guest.get("/me").json()["id"] == own.pk
    told = Entry.objects.get(action="link")
    assert (told.user_name, told.object_name) == ("root", "dora")


def test_the_account_the_directory_made_is_joined_and_switched_off(ldap: Directory) -> None:
    from hat.web.accounts.models import User

    own = make_user("dora")
    before, _ = tried("dora")
    assert before.get("/me").json()["username"] == "dora-2"

    answer = administrator().post(f"/users/{own.pk}/identities", {"username": "dora-2"})

    assert answer.status_code == 200, answer.json()
    assert before.get("/me").status_code == 401
    guest, _ = tried("dora")
    assert guest.get("/me").json()["id"] == own.pk
    assert User.objects.get(username="dora-2").is_active is False


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"directory_name": "nobody"}, 422),
        ({"directory_name": "d*"}, 422),
        ({"username": "nobody"}, 422),
        ({"username": "dora"}, 409),
        ({"username": "root"}, 409),
        ({}, 422),
    ],
)
def test_what_leads_to_nobody_is_joined_to_nobody(ldap: Directory, body: Any, status: int) -> None:
    own = make_user("dora")

    assert administrator().post(f"/users/{own.pk}/identities", body).status_code == status
    assert own.identities.count() == 0


def test_an_entry_of_another_account_is_not_taken(ldap: Directory) -> None:
    tried("dora")
    other = make_user("other")

    answer = administrator().post(f"/users/{other.pk}/identities", {"directory_name": "dora"})

    assert (answer.status_code, answer.json()["code"]) == (409, "linked")


def test_an_administrator_parts_them_again(ldap: Directory) -> None:
    own = make_user("dora")
    root = administrator()
    root.post(f"/users/{own.pk}/identities", {"directory_name": "dora"})
    (identity,) = root.get(f"/users/{own.pk}/identities").json()["items"]

    assert root.delete(f"/users/{own.pk}/identities/{identity['id']}").status_code == 204

    guest, _ = tried("dora")
    assert guest.get("/me").json()["username"] == "dora-2"


def test_policy_may_ask_for_an_account_first(ldap: Directory, settings: Any) -> None:
    settings.HAT_LDAP_CREATE_USERS = False

    _, answer = tried("dora")

    assert (answer.status_code, answer.json()["code"]) == (403, "no_account")


def test_an_account_that_was_switched_off_stays_outside(ldap: Directory) -> None:
    from hat.web.accounts.models import User

    tried("dora")
    User.objects.filter(username="dora").update(is_active=False)

    guest, answer = tried("dora")

    assert answer.json()["code"] == "inactive"
    assert guest.get("/me").status_code == 401


def test_guessing_is_slowed_down(ldap: Directory) -> None:
    for number in range(8):
        tried("dora", f"guess {number}")

    assert tried("dora")[1].status_code == 429


def test_a_directory_of_an_unknown_certificate_is_not_asked(
    ldap: Directory, settings: Any, tmp_path: Path
) -> None:
    settings.HAT_LDAP_CA_FILE = str(certificate.make(tmp_path))

    _, answer = tried("dora")

    assert (answer.status_code, answer.json()["code"]) == (503, "directory_away")


def test_a_directory_of_another_name_is_not_asked(ldap: Directory, settings: Any) -> None:
    settings.HAT_LDAP_URL = settings.HAT_LDAP_URL.replace("127.0.0.1", "localhost")

    assert tried("dora")[1].status_code == 503


def test_a_directory_that_is_away_keeps_nobody_of_ours_outside(ldap: Directory, settings: Any) -> None:
    settings.HAT_LDAP_URL = "ldap://127.0.0.1:9"

    assert tried("dora")[1].status_code == 503
    assert tried("root", OWN_PASSWORD)[1].status_code == 200


def test_no_password_goes_over_an_open_line(ldap: Directory, settings: Any, slapd: Directory) -> None:
    settings.HAT_LDAP_URL = slapd.url
    settings.HAT_LDAP_STARTTLS = False

    assert tried("dora")[1].status_code == 503  # this slapd asks for confidentiality


def test_the_log_has_no_password(ldap: Directory, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.HAT_LDAP_BIND_PASSWORD = "not the reader's word"

    assert tried("dora")[1].status_code == 503

    assert PASSWORD not in caplog.text
    assert "not the reader's word" not in caplog.text
