from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from hat.engine.client import Auth, Outgoing
from tests.target.asking import ask, refusal
from tests.target.guest import Client
from tests.target.wire import Heard, Target, reply


def redirecting(status: str, location: str = "/end") -> Callable[[Heard], bytes]:
    return lambda heard: (
        reply(body=b"end") if heard.target == "/end" else reply(status, b"", f"Location: {location}")
    )


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        ("301 Moved", "POST", "GET", b""),
        ("301 Moved", "PUT", "PUT", b""),
        ("302 Found", "POST", "GET", b""),
        ("302 Found", "DELETE", "GET", b""),
        ("302 Found", "HEAD", "HEAD", b""),
        ("303 See Other", "PUT", "GET", b""),
        ("307 Temporary", "POST", "POST", b"body"),
        ("308 Permanent", "POST", "POST", b"body"),
    ],
)
def test_a_redirect_changes_method_and_body_as_requests_does(
    status: str, method: str, then: str, body: bytes
) -> None:
    content = None if method == "HEAD" else b"body"
    headers = [("Content-Type", "text/plain")]

    [exchanges], target = ask(redirecting(status), "/start", method=method, body=content, headers=headers)

    assert len(exchanges) == 2
    assert (target.heard[1].method, target.heard[1].body) == (then, body)
    assert (target.heard[1].header("Content-Type") is None) == (status[:3] not in ("307", "308"))


def test_each_hop_is_an_exchange() -> None:
    [exchanges], target = ask(redirecting("302 Found"), "/start#part")

    codes = [exchange.response.status_code for exchange in exchanges if exchange.response]
    assert codes == [302, 200]
    assert [exchange.request.url for exchange in exchanges] == [
        f"{target.url}/start#part",
        f"{target.url}/end#part",
    ]


def test_redirects_are_not_followed_when_not_allowed() -> None:
    [exchanges], _ = ask(redirecting("302 Found"), "/start", allow_redirects=False)

    assert len(exchanges) == 1


def test_redirects_in_circles_end() -> None:
    error = refusal(reply("302 Found", b"", "Location: /"))

    assert error.message.endswith("more than 30 redirects")
    assert len(error.exchanges) == 31
    assert error.name == "TooManyRedirects"


def test_a_redirect_to_something_else_than_http_is_an_error() -> None:
    error = refusal(reply("302 Found", b"", "Location: file:///etc/passwd"))

    assert error.kind == "protocol"
    assert "the redirect leads nowhere" in error.message
    assert len(error.exchanges) == 1


def test_cookies_stay_in_the_jar_and_cross_redirects() -> None:
    def answer(heard: Heard) -> bytes:
        if heard.target == "/login":
            return reply("302 Found", b"", "Location: /home", "Set-Cookie: sid=1; Path=/; HttpOnly")
        return reply()

    _, target = ask(answer, "/login", "/later")

    assert [heard.header("Cookie") for heard in target.heard] == [None, "sid=1", "sid=1"]


def test_cookies_of_a_request_are_for_this_request_only() -> None:
    async def talk() -> list[str | None]:
        async with Target(reply()) as target, Client() as client:
            jar = client.new_jar()
            request = Outgoing("GET", target.url + "/", cookies={"a": "1", "b": "2"})
            await client.send(request, jar)
            await client.send(replace(request, cookies={}), jar)
            return [heard.header("Cookie") for heard in target.heard]

    assert asyncio.run(talk()) == ["a=1; b=2", None]


def test_an_own_cookie_header_wins_over_the_jar() -> None:
    _, target = ask(
        reply("200 OK", b"", "Set-Cookie: a=1"), "/", "/", headers=[("Cookie", "own=1")], cookies={"x": "y"}
    )

    assert target.heard[1].header("Cookie") == "own=1"


def test_credentials_do_not_go_to_another_port() -> None:
    async def talk() -> list[str | None]:
        async with (
            Target(reply()) as other,
            Target(reply("302 Found", b"", f"Location: {other.url}/")) as target,
            Client() as client,
        ):
            request = Outgoing("GET", target.url + "/", auth=Auth("basic", "user", "pass"))
            await client.send(request, client.new_jar())
            return [target.heard[0].header("Authorization"), other.heard[0].header("Authorization")]

    assert asyncio.run(talk()) == ["Basic dXNlcjpwYXNz", None]


def test_digest_answers_the_challenge() -> None:
    def answer(heard: Heard) -> bytes:
        if heard.header("Authorization"):
            return reply()
        return reply("401 Unauthorized", b"", 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"')

    [exchanges], target = ask(answer, "/secret?x=1", auth=Auth("digest", "Mufasa", "Circle"))

    given = target.heard[1].header("Authorization")
    assert [exchange.response.status_code for exchange in exchanges if exchange.response] == [401, 200]
    assert given is not None
    assert 'uri="/secret?x=1"' in given
    assert "qop=auth, nc=00000001" in given
