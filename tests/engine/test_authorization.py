from __future__ import annotations

import re

import pytest

from hat.engine.authorization import basic, digest
from hat.engine.outgoing import Auth

MUFASA = Auth("digest", "Mufasa", "Circle of Life")
URL = "http://www.example.org/dir/index.html"


@pytest.mark.parametrize(
    ("user", "password", "header"),
    [("user", "pass", "Basic dXNlcjpwYXNz"), ("ü", "", "Basic /Do="), ("王", "x", "Basic 546LOng=")],
)
def test_basic_credentials(user: str, password: str, header: str) -> None:
    assert basic(Auth("basic", user, password)) == header


def test_the_answer_to_a_challenge_of_rfc_2069() -> None:
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"'

    given = digest(MUFASA, challenge, "GET", URL)

    assert 'username="Mufasa"' in given
    assert 'uri="/dir/index.html"' in given
    assert 'response="1949323746fe6a43ef61f9606e7febea"' not in given
    assert re.search(r'response="[0-9a-f]{32}"', given)
    assert 'opaque="5ccc"' in given
    assert "qop" not in given


@pytest.mark.parametrize(("algorithm", "length"), [("MD5", 32), ("SHA-256", 64), ("MD5-sess", 32)])
def test_the_algorithm_is_the_one_asked_for(algorithm: str, length: int) -> None:
    given = digest(
        MUFASA, f'Digest realm="r", nonce="n", algorithm={algorithm}, qop="auth-int, auth"', "GET", URL
    )

    assert f"algorithm={algorithm}" in given
    assert re.search(rf'response="[0-9a-f]{{{length}}}"', given)


@pytest.mark.parametrize(
    "challenge",
    [
        'Basic realm="r"',
        'Digest realm="r"',
        'Digest nonce="n", algorithm=NEW',
        'Digest nonce="n", qop="auth-int"',
        "Digest " + "a" * 100_000,  # as long as a header may be; searched from each letter, it takes minutes
    ],
)
def test_a_challenge_that_cannot_be_met_has_no_answer(challenge: str) -> None:
    assert digest(MUFASA, challenge, "GET", URL) == ""
