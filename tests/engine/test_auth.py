"""Credentials of requests: each type, the nearest one wins, OAuth2 tokens are fetched once and renewed."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from hat.case import Environment
from hat.engine import Options, collect, stream
from hat.formats import read
from hat.result import CaseResult, Outcome, RunResult
from tests.engine.running import get
from tests.target.wire import Heard, Target, reply

TYPES = "none, basic, digest, bearer, api_key, oauth2, certificate"
GRANTS = "client_credentials, password, refresh_token"
PLACES = "expected header, query or cookie"
BREAK = "auth: a line break cannot be part"
BASIC = "Basic " + b64encode(b"ann:secret-1").decode()


def case(*steps: dict[str, Any], dialect: str = "hat", **config: Any) -> dict[str, Any]:
    """A document; `{base}` in its texts is where the server listens."""
    return {
        "dialect": dialect,
        "config": {"name": "case", "base_url": "{base}", **config},
        "teststeps": list(steps),
    }


def talk(
    answer: Callable[[Heard], Any] | bytes,
    *documents: dict[str, Any],
    auth: Any = None,
    options: Options | None = None,
) -> tuple[RunResult, list[Heard]]:
    """Run documents against a server; what it heard."""

    async def go() -> tuple[RunResult, list[Heard]]:
        async with Target(answer) as server:
            texts = json.dumps([documents, auth]).replace("{base}", server.url)
            filled, given = json.loads(texts)
            cases = [read(document) for document in filled]
            environment = Environment(auth=given, variables={"who": "ann"}, secrets={"word": "secret-1"})
            events = [event async for event in stream(cases, environment, options)]
            return collect(events), server.heard

    return asyncio.run(go())


def sent(auth: Any, *, url: str = "/x") -> Heard:
    """The request of a step with these credentials."""
    _, heard = talk(reply(), case(get(url, auth=auth)))
    return heard[0]


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"type": "basic", "username": "ann", "password": "secret-1"}, "Authorization", BASIC),
        (["ann", "secret-1"], "Authorization", BASIC),
        ({"type": "basic", "username": "$who", "password": "$word"}, "Authorization", BASIC),
        ({"type": "bearer", "token": "t-$who"}, "Authorization", "Bearer t-ann"),
        ({"type": "api_key", "name": "X-Key", "value": "$word"}, "X-Key", "secret-1"),
        ({"type": "api_key", "name": "key", "value": "k v", "in": "cookie"}, "Cookie", "key=k v"),
        ("none", "Authorization", None),
        ({"type": "none"}, "Authorization", None),
    ],
)  # fmt: skip
def test_credentials_stand_where_their_type_says(auth: Any, header: str, value: str | None) -> None:
    assert sent(auth).header(header) == value


@pytest.mark.parametrize(("url", "target"), [("/x", "/x?key=a%26b"), ("/x?y=1", "/x?y=1&key=a%26b")])
def test_an_api_key_in_the_query_joins_it(url: str, target: str) -> None:
    assert sent({"type": "api_key", "name": "key", "value": "a&b", "in": "query"}, url=url).target == target


def test_several_credentials_go_together() -> None:
    both = [{"type": "api_key", "name": "X-Key", "value": "k"}, {"type": "bearer", "token": "t"}]

    heard = sent(both)

    assert (heard.header("X-Key"), heard.header("Authorization")) == ("k", "Bearer t")


BEARER = {"type": "bearer", "token": "near"}
FAR = {"type": "bearer", "token": "far"}
PLAIN = {"name": "plain", "request": {"url": "/x"}}


@pytest.mark.parametrize(
    ("environment", "config", "step", "value"),
    [
        (FAR, {}, {}, "Bearer far"),
        (FAR, {"auth": BEARER}, {}, "Bearer near"),
        (FAR, {"auth": FAR}, {"auth": BEARER}, "Bearer near"),
        (FAR, {"auth": "none"}, {}, None),
        (FAR, {}, {"auth": "none"}, None),
        (FAR, {}, {"auth": False}, None),
        (FAR, {}, {"request": {"url": "/x", "headers": {"authorization": "own"}}}, "own"),
        (FAR, {}, {"request": {"url": "/x", "auth": BEARER}}, "Bearer near"),
        (None, {}, {}, None),
    ],
)
def test_the_nearest_credentials_win(environment: Any, config: Any, step: Any, value: str | None) -> None:
    _, heard = talk(reply(), case({**PLAIN, **step}, **config), auth=environment)

    assert heard[0].header("Authorization") == value


@pytest.mark.parametrize("dialect", ["httprunner2", "httprunner4"])
def test_files_of_httprunner_take_those_of_the_environment(dialect: str) -> None:
    step = {"name": "plain", "request": {"method": "GET", "url": "/x"}}

    _, heard = talk(reply(), case(step, dialect=dialect), auth=FAR)

    assert heard[0].header("Authorization") == "Bearer far"


def test_no_credential_follows_a_redirect_to_another_host() -> None:
    def answer(heard: Heard) -> bytes:
        if heard.target == "/x":
            port = (heard.header("Host") or "").partition(":")[2]
            return reply("302 Found", b"", f"Location: http://localhost:{port}/there")
        return reply()

    key = {"type": "api_key", "name": "X-Key", "value": "key-1234"}
    _, heard = talk(answer, case(get("/x", auth=[key, BEARER])))

    assert [(one.header("X-Key"), one.header("Authorization")) for one in heard] == [
        ("key-1234", "Bearer near"),
        (None, None),
    ]


def test_no_credential_is_shown() -> None:
    def answer(heard: Heard) -> bytes:
        return reply("200 OK", json.dumps({"got": dict(heard.headers), "url": heard.target}).encode())

    auth = [
        {"type": "api_key", "name": "k", "value": "key-1234", "in": "query"},
        {"type": "bearer", "token": "tok-5678"},
    ]
    run, _ = talk(answer, case(get("/x", auth=auth, extract={"all": "body"}, validate=[{"eq": ["body", 1]}])))

    assert "key-1234" not in repr(run)
    assert "tok-5678" not in repr(run)


class Office:
    """An OAuth2 server with one resource behind it."""

    def __init__(self, *, expires_in: int | None = 3600, refuses_first: bool = False) -> None:
        self.expires_in = expires_in
        self.refuses_first = refuses_first
        self.forms: list[dict[str, str]] = []
        self.headers: list[str | None] = []

    async def __call__(self, heard: Heard) -> bytes:
        if heard.target == "/token":
            self.forms.append(dict(parse_qsl(heard.body.decode())))
            self.headers.append(heard.header("Authorization"))
            await asyncio.sleep(0.02)
            number = len(self.forms)
            body = {"access_token": f"token-{number}", "refresh_token": f"again-{number}"}
            if self.expires_in is not None:
                body["expires_in"] = str(self.expires_in)
            return reply("200 OK", json.dumps(body).encode())
        if heard.header("Authorization") == "Bearer token-1" and self.refuses_first:
            return reply("401 Unauthorized")
        good = (heard.header("Authorization") or "").startswith("Bearer token-")
        return reply("200 OK" if good else "401 Unauthorized", (heard.header("Authorization") or "").encode())


OAUTH = {"type": "oauth2", "token_url": "{base}/token", "client_id": "me", "client_secret": "s/cret-1"}
GOOD = [{"eq": ["status_code", 200]}]


def test_a_token_is_fetched_once_for_all_cases() -> None:
    office = Office()
    documents = [case(get("/x", validate=GOOD), get("/y", validate=GOOD)) for _ in range(20)]

    run, heard = talk(office, *documents, auth=OAUTH, options=Options(concurrency=20))

    assert run.outcome is Outcome.PASSED
    assert office.forms == [{"grant_type": "client_credentials"}]
    assert office.headers == ["Basic " + b64encode(b"me:s%2Fcret-1").decode()]
    assert len(heard) == 41


@pytest.mark.parametrize(
    ("more", "form"),
    [
        (
            {"scope": "a b", "audience": "x"},
            {"grant_type": "client_credentials", "scope": "a b", "audience": "x"},
        ),
        (
            {"client_auth": "body"},
            {"grant_type": "client_credentials", "client_id": "me", "client_secret": "s/cret-1"},
        ),
        (
            {"grant": "password", "username": "ann", "password": "pass-word"},
            {"grant_type": "password", "username": "ann", "password": "pass-word"},
        ),
        (
            {"grant": "refresh_token", "refresh_token": "old-token"},
            {"grant_type": "refresh_token", "refresh_token": "old-token"},
        ),
    ],
    ids=["scope", "in the form", "password", "refresh token"],
)  # fmt: skip
def test_each_grant_asks_in_its_way(more: dict[str, str], form: dict[str, str]) -> None:
    office = Office()

    run, _ = talk(office, case(get("/x", validate=GOOD)), auth=OAUTH | more)

    assert run.outcome is Outcome.PASSED
    assert office.forms == [form]
    assert not [word for word in ("token-1", "again-1", "s/cret-1") if word in repr(run)]


def test_a_token_that_ended_is_renewed_by_its_refresh_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hat.engine.tokens._EARLY_S", 7200.0)
    monkeypatch.setattr("hat.engine.tokens._LEAST_S", 0.0)
    office = Office()

    run, _ = talk(office, case(get("/x", validate=GOOD), get("/y", validate=GOOD)), auth=OAUTH)

    assert run.outcome is Outcome.PASSED
    assert [form["grant_type"] for form in office.forms] == ["client_credentials", "refresh_token"]
    assert office.forms[1]["refresh_token"] == "again-1"


def test_a_refused_token_is_renewed_once_for_all() -> None:
    office = Office(refuses_first=True, expires_in=None)
    documents = [case(get("/x", validate=GOOD)) for _ in range(5)]

    run, heard = talk(office, *documents, auth=OAUTH, options=Options(concurrency=5))

    assert run.outcome is Outcome.PASSED
    assert len(office.forms) == 2
    assert len(heard) == 12


def test_an_answer_of_401_to_a_new_token_stays() -> None:
    def answer(heard: Heard) -> bytes:
        is_token = heard.target == "/token"
        return reply("200 OK", b'{"access_token": "abcd"}') if is_token else reply("401 Unauthorized")

    run, heard = talk(answer, case(get("/x", validate=[{"eq": ["status_code", 401]}])), auth=OAUTH)

    assert run.outcome is Outcome.PASSED
    assert [one.target for one in heard] == ["/token", "/x", "/token", "/x"]


def failure(given: Any, answer: bytes = b"") -> CaseResult:
    """The case whose credentials cannot be had."""
    run, _ = talk(answer or reply(), case(get("/x", auth=given)))
    return run.cases[0]


def test_a_refusal_of_the_token_says_why() -> None:
    body = b'{"error": "invalid_client", "error_description": "who is me"}'
    step = failure(OAUTH, reply("401 Unauthorized", body)).steps[0]

    assert step.error is not None
    assert step.error.message.endswith("/token: expected 200, got 401: invalid_client: who is me")
    assert step.exchanges[0].request.url.endswith("/token")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"type": "bearer", "token": None}, "auth.token: bearer needs it"),
        ({"type": "$who"}, f"auth.type: expected one of {TYPES}, got 'ann'"),
        ({"type": "bearer", "token": "$line"}, f"{BREAK} of the header 'Authorization'"),
        ({"type": "certificate", "cert": "no.pem"}, "auth.cert: no such file: 'no.pem'"),
        ({"type": "api_key", "name": "a", "value": "b", "in": "$who"}, f"auth.in: {PLACES}, got 'ann'"),
        ({**OAUTH, "grant": "$who"}, f"auth.grant: expected one of {GRANTS}, got 'ann'"),
    ],
    ids=["no token", "type", "line break", "certificate", "place", "grant"],
)  # fmt: skip
def test_credentials_that_cannot_be_used_are_an_error(given: Any, message: str) -> None:
    document = case(get("/x", auth="$given"), variables={"line": "a\r\nb", "given": given})

    run, heard = talk(reply(), document)

    assert heard == []
    step = run.cases[0].steps[0]
    assert step.error is not None
    assert (step.error.kind, step.error.message) == ("request", message)
