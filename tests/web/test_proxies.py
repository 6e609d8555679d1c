"""Whose address counts: that of a client behind a trusted proxy, and nobody else's word."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from tests.web.people import PASSWORD, Asker, make_user

FIRST = {"username": "alice", "password": PASSWORD}


@pytest.fixture
def proxies(settings: Any) -> None:
    settings.HAT_TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("127.0.0.1"), ip_network("fd00::/8")]


def seen(**meta: str) -> str:
    """From where the audit log says somebody signed in."""
    from hat.web.audit.models import Entry

    make_user("alice")
    Asker(**meta).post("/session", FIRST)
    return Entry.objects.get(action="sign_in").address


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "203.0.113.7, 10.1.1.1", "203.0.113.7"),
        (
            "10.0.0.5",
            "127.0.0.1, 203.0.113.7",
            "203.0.113.7",
        ),  # the first one anybody may write
        ("10.0.0.5", "198.51.100.1,203.0.113.7:4711", "203.0.113.7"),
        ("fd00::1", "[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "nonsense", "10.0.0.5"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
    ],
)
def test_a_trusted_proxy_says_who_asks(
    db: None, proxies: None, peer: str, forwarded: str, address: str
) -> None:
    assert seen(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded) == address


def test_without_proxies_nobody_is_believed(db: None) -> None:
    assert seen(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="127.0.0.1") == "203.0.113.9"


def test_guessing_is_counted_by_client_and_not_by_proxy(db: None, proxies: None) -> None:
    make_user("alice")
    one = Asker(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="203.0.113.7")
    for number in range(8):
        one.post("/session", {**FIRST, "password": f"guess {number}"})

    other = Asker(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="203.0.113.8")
    assert one.post("/session", FIRST).status_code == 429
    assert other.post("/session", FIRST).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_behind_a_proxy_the_first_user_needs_the_link(
    db: None, settings: Any, said: dict[str, str], known: bool
) -> None:
    if known:
        settings.HAT_TRUSTED_PROXIES = [ip_network("127.0.0.1")]

    assert Asker(**said).post("/setup", FIRST).status_code == 403


def test_where_proxies_are_known_even_a_silent_one_needs_the_link(db: None, proxies: None) -> None:
    assert Asker().post("/setup", FIRST).status_code == 403


def test_behind_https_this_machine_needs_the_link_too(db: None, settings: Any) -> None:
    settings.HAT_HTTPS = True

    assert Asker().post("/setup", FIRST).status_code == 403


def test_who_is_no_proxy_cannot_say_that_it_came_by_https(db: None, proxies: None, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    said = {"HTTP_X_FORWARDED_PROTO": "https"}

    assert "Strict-Transport-Security" in Asker(REMOTE_ADDR="10.0.0.5", **said).get("/session")
    assert "Strict-Transport-Security" not in Asker(REMOTE_ADDR="203.0.113.9", **said).get("/session")
