"""Sign-in with an OpenID provider: a real one, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.target.openid import CLIENT, agree, openid
from tests.web.people import Asker, make_user


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with openid("http://testserver/sign-in/oidc/back") as address:
        yield address


@pytest.fixture
def provider(db: None, issuer: str, settings: Any) -> str:
    """HAT knows the provider, and has an administrator."""
    make_user("root", is_admin=True)
    settings.HAT_OIDC_ISSUER = issuer
    for name, value in CLIENT.items():
        setattr(settings, name, value)
    return issuer


def way(guest: Asker, then: str = "/") -> str:
    """Where the button on the sign-in page leads."""
    answer = guest.client.get("/sign-in/oidc", {"next": then})
    assert answer.status_code == 302
    return str(answer["Location"])


def came_back(guest: Asker, name: str, then: str = "/") -> Any:
    """What HAT answers to somebody whom the provider sent back."""
    address = urlsplit(agree(way(guest, then), name))
    return guest.client.get(f"{address.path}?{address.query}")


def test_somebody_new_gets_an_account_and_a_session(provider: str) -> None:
    from hat.web.accounts.models import User

    guest = Asker()

    answer = came_back(guest, "dora", then="/projects?page=2")

    assert (answer.status_code, answer["Location"]) == (302, "/projects?page=2")
    me = guest.get("/me").json()
    assert (me["username"], me["name"], me["is_admin"]) == ("dora", "Dora Example", False)
    assert not User.objects.get(username="dora").has_usable_password()
    assert guest.get("/projects").json()["total"] == 0


def test_the_next_time_it_is_the_same_account_even_under_another_name(provider: str) -> None:
    from hat.web.accounts.models import User

    came_back(Asker(), "dora")
    User.objects.filter(username="dora").update(username="dora.smith")
    guest = Asker()

    came_back(guest, "dora")

    assert guest.get("/me").json()["username"] == "dora.smith"
    assert User.objects.count() == 2


def test_a_name_somebody_has_here_leads_to_another_account(provider: str) -> None:
    make_user("dora")
    guest = Asker()

    came_back(guest, "dora")

    assert guest.get("/me").json()["username"] == "dora-2"


def test_it_asks_with_pkce_state_and_nonce(provider: str) -> None:
    asked = parse_qs(urlsplit(way(Asker())).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert {"code_challenge", "state", "nonce"} <= set(asked)


def test_the_code_of_somebody_else_opens_nothing(provider: str) -> None:
    stolen = urlsplit(agree(way(Asker()), "mallory"))
    victim = Asker()
    way(victim)

    answer = victim.client.get(f"{stolen.path}?{stolen.query}")

    assert answer["Location"] == "/login?problem=oidc"
    assert victim.get("/me").status_code == 401


def test_a_code_works_once(provider: str) -> None:
    guest = Asker()
    address = urlsplit(agree(way(guest), "dora"))
    guest.client.get(f"{address.path}?{address.query}")
    guest.delete("/session")

    assert guest.client.get(f"{address.path}?{address.query}")["Location"] == "/login?problem=oidc"


def test_who_says_no_at_the_provider_stays_outside(provider: str) -> None:
    guest = Asker()
    state = parse_qs(urlsplit(way(guest)).query)["state"][0]

    answer = guest.client.get("/sign-in/oidc/back", {"error": "access_denied", "state": state})

    assert answer["Location"] == "/login?problem=oidc"


def test_policy_may_ask_for_an_account_first(provider: str, settings: Any) -> None:
    from hat.web.accounts.models import User

    settings.HAT_OIDC_CREATE_USERS = False
    guest = Asker()

    answer = came_back(guest, "dora")

    assert answer["Location"] == "/login?problem=no_account"
    assert User.objects.count() == 1


@pytest.mark.parametrize(("name", "may"), [("dora", True), ("mallory", False)])
def test_policy_may_name_the_domains_of_verified_addresses(
    provider: str, settings: Any, name: str, may: bool
) -> None:
    settings.HAT_OIDC_EMAIL_DOMAINS = ["Example.COM"]
    guest = Asker()

    came_back(guest, name)

    assert (guest.get("/me").status_code == 200) is may


def test_an_account_that_was_switched_off_stays_outside(provider: str) -> None:
    from hat.web.accounts.models import User

    came_back(Asker(), "dora")
    User.objects.filter(username="dora").update(is_active=False)
    guest = Asker()

    assert came_back(guest, "dora")["Location"] == "/login?problem=inactive"
    assert guest.get("/me").status_code == 401


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "x"])
def test_it_leads_to_pages_of_its_own_alone(provider: str, then: str) -> None:
    assert came_back(Asker(), "dora", then)["Location"] == "/"


def test_before_the_first_administrator_nobody_comes_in(issuer: str, settings: Any, db: None) -> None:
    settings.HAT_OIDC_ISSUER = issuer

    assert Asker().client.get("/sign-in/oidc").status_code == 404


def test_without_a_provider_there_is_no_such_page(db: None) -> None:
    make_user("root")

    assert Asker().client.get("/sign-in/oidc").status_code == 404
    assert Asker().get("/session").json()["oidc"] is None


def test_a_provider_that_is_away_is_told(provider: str, settings: Any) -> None:
    settings.HAT_OIDC_ISSUER = "http://127.0.0.1:9"

    assert Asker().client.get("/sign-in/oidc")["Location"] == "/login?problem=oidc_away"


def test_a_provider_of_another_name_is_refused(provider: str, settings: Any) -> None:
    guest = Asker()
    settings.HAT_OIDC_ISSUER = provider.replace("127.0.0.1", "localhost")
    address = urlsplit(agree(way(guest), "dora"))

    assert guest.client.get(f"{address.path}?{address.query}")["Location"] == "/login?problem=oidc"


def test_an_address_that_begins_too_often_has_to_wait(provider: str) -> None:
    guest = Asker()
    for _ in range(60):
        guest.client.get("/sign-in/oidc")

    assert guest.client.get("/sign-in/oidc")["Location"] == "/login?problem=throttled"


def test_the_log_tells_who_came_and_by_what(provider: str) -> None:
    from hat.web.audit.models import Entry

    came_back(Asker(), "dora")

    told = [(one.user_name, one.action, one.noun) for one in Entry.objects.order_by("id")]
    assert told == [("dora", "create", "user"), ("dora", "sign_in", "user")]
    assert provider in Entry.objects.get(action="sign_in").changed


def test_somebody_with_a_password_may_add_the_provider(provider: str) -> None:
    dora = Asker(make_user("dora.smith"))
    url = dora.post("/me/identities").json()["url"]

    address = urlsplit(agree(str(dora.client.get(url)["Location"]), "dora"))
    assert dora.client.get(f"{address.path}?{address.query}")["Location"] == "/me"

    guest = Asker()
    came_back(guest, "dora")
    assert guest.get("/me").json()["username"] == "dora.smith"


def test_an_identity_of_somebody_else_is_not_taken_over(provider: str) -> None:
    came_back(Asker(), "dora")
    mallory = Asker(make_user("mallory"))
    url = mallory.post("/me/identities").json()["url"]

    address = urlsplit(agree(str(mallory.client.get(url)["Location"]), "dora"))
    answer = mallory.client.get(f"{address.path}?{address.query}")

    assert answer["Location"] == "/me?problem=linked"
    assert mallory.get("/me/identities").json()["total"] == 0


def test_the_last_way_in_is_kept(provider: str) -> None:
    guest = Asker()
    came_back(guest, "dora")
    (identity,) = guest.get("/me/identities").json()["items"]

    assert guest.delete(f"/me/identities/{identity['id']}").status_code == 409

    guest.client.logout()
    smith = Asker(make_user("smith"))
    url = smith.post("/me/identities").json()["url"]
    address = urlsplit(agree(str(smith.client.get(url)["Location"]), "smith"))
    smith.client.get(f"{address.path}?{address.query}")
    (identity,) = smith.get("/me/identities").json()["items"]
    assert smith.delete(f"/me/identities/{identity['id']}").status_code == 204
    assert smith.get("/me/identities").json()["total"] == 0
