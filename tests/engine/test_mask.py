"""Secrets do not leave the engine, however they are written."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from hat.engine.mask import Mask, encoded_forms
from hat.result import Exchange, Response, SentRequest, Timing

SECRET = 'pä ss/w"rd+1'


def exchange(
    *,
    url: str = "http://a.example/x",
    sent: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    came: tuple[tuple[str, str], ...] = (),
    answer: bytes = b"",
) -> Exchange:
    return Exchange(SentRequest("POST", url, sent, body), Response(200, "OK", came, answer), Timing())


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        quote(SECRET, safe="").lower().replace("p%c3%a4", "p%c3%a4"),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
    ],
)
def test_a_secret_is_hidden_in_every_encoding(text: str) -> None:
    assert Mask([SECRET]).text(f"before {text} after").replace('"', "") == "before *** after"


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_a_secret_is_hidden_in_base64_at_any_offset(before: str) -> None:
    text = base64.b64encode(f"{before}{SECRET}:after".encode()).decode()

    assert "***" in Mask([SECRET]).text(text)
    assert not any(form in Mask([SECRET]).text(text) for form in encoded_forms(SECRET))


def test_the_longest_secret_is_hidden_first() -> None:
    assert Mask(["abcd", "abcdefgh"]).text("abcdefgh abcd") == "*** ***"


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_a_secret_too_short_to_hide_leaves_texts_alone(secret: str) -> None:
    assert Mask([secret]).text("abcabc") == "abcabc"


def test_it_hides_inside_structures_and_keys() -> None:
    value: dict[str, Any] = {
        "a": ["x", "topsecret"],
        "topsecret": 1,
        "n": None,
        "b": True,
        "raw": b"topsecret",
    }

    assert Mask(["topsecret"]).value(value) == {
        "a": ["x", "***"], "***": 1, "n": None, "b": True, "raw": b"***",
    }  # fmt: skip


def test_a_number_that_is_a_secret_is_hidden() -> None:
    assert Mask(["123456"]).value({"pin": 123456, "other": 7}) == {"pin": "***", "other": 7}


def test_without_secrets_values_are_not_copied() -> None:
    value = {"a": 1}

    assert Mask().value(value) is value


def test_an_exchange_with_nothing_to_hide_is_not_copied() -> None:
    plain = exchange(sent=(("Accept", "*/*"),), came=(("Content-Type", "text/plain"),), answer=b"hello")

    assert Mask(["topsecret"]).exchange(plain) is not None
    assert Mask().exchange(plain) is plain


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abc.def", "Bearer ***"),
        ("authorization", "abcdef", "***"),
        ("Proxy-Authorization", "Basic dTpw", "Basic ***"),
        ("Cookie", "a=1; b=2", "a=***; b=***"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=***; Path=/; HttpOnly"),
        ("X-Token", "abc", "***"),
        ("X-Auth-Token", "abc", "***"),
        ("X-Api-Key", "abc", "***"),
        ("X-Signature", "abc", "***"),
        ("Accept", "text/html", "text/html"),
        ("WWW-Authenticate", 'Basic realm="x"', 'Basic realm="x"'),
    ],
)
def test_credentials_in_headers_are_hidden_by_name(name: str, value: str, shown: str) -> None:
    masked = Mask().exchange(exchange(sent=((name, value),), came=((name, value),)))

    assert masked.request.headers == ((name, shown),)
    assert masked.response is not None
    assert masked.response.headers == ((name, shown),)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"user": "ann", "password": "pw\\"1"}', b'{"user": "ann", "password": "***"}'),
        (b'{"newPassword":"x","token":"t"}', b'{"newPassword":"***","token":"t"}'),
        (b"user=ann&password=secret+1", b"user=ann&password=***"),
        (b"client_secret=a&x=1", b"client_secret=***&x=1"),
        (b'{"password": 123}', b'{"password": "***"}'),
        (b'{"password_length": 8}', b'{"password_length": 8}'),
        (b"the password is lost", b"the password is lost"),
        (b"\xff\xfepassword=x", b"\xff\xfepassword=x"),
        (b'{"pwd": 123456, "n": 1}', b'{"pwd": "***", "n": 1}'),
        (rb'{"data": "{\"pwd\": \"a1\", \"n\": 1}"}', rb'{"data": "{\"pwd\": \"***\", \"n\": 1}"}'),
        (rb'{"data": "{\"pwd\": \"a\\\"b\", \"n\": 1}"}', rb'{"data": "{\"pwd\": \"***\", \"n\": 1}"}'),
        (rb'{"data": "{\"password\": 12}"}', rb'{"data": "{\"password\": \"***\"}"}'),
    ],
)
def test_passwords_in_bodies_are_hidden_by_name(body: bytes, shown: bytes) -> None:
    assert Mask().exchange(exchange(body=body)).request.body == shown


def test_a_password_in_the_address_is_hidden() -> None:
    masked = Mask().exchange(exchange(url="http://a.example/x?user=ann&password=abc"))

    assert masked.request.url == "http://a.example/x?user=ann&password=***"


def test_secrets_are_hidden_in_every_part_of_an_exchange() -> None:
    masked = Mask(["topsecret"]).exchange(
        exchange(
            url="http://a.example/topsecret",
            sent=(("X-Plain", "a topsecret b"),),
            body=b"topsecret",
            came=(("Location", "/topsecret"),),
            answer=b'{"a": "topsecret"}',
        )
    )

    assert "topsecret" not in repr(masked)


def test_nothing_is_hidden_by_name_when_nobody_wants_it() -> None:
    plain = exchange(sent=(("Authorization", "Bearer abc"),), body=b'{"password": "x"}')

    assert Mask(names=()).exchange(plain) is plain


def test_other_names_can_be_hidden() -> None:
    masked = Mask(names=["X-Device"]).exchange(exchange(sent=(("x-device", "d"), ("X-Token", "t"))))

    assert masked.request.headers == (("x-device", "***"), ("X-Token", "t"))


def test_passwords_in_rows_are_hidden() -> None:
    row = {"user": "ann", "password": "x", "n": 1}

    assert Mask().row(row) == {"user": "ann", "password": "***", "n": 1}
    assert Mask(names=()).row(row) == row
    assert Mask().row(None) is None
