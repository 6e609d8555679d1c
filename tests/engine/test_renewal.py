"""A needed case runs again when an answer of 401 says that what it gave is no good any more."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hat.engine import Options, collect, stream
from hat.formats import load
from hat.result import Outcome, RunResult, StepResult
from tests.target.wire import Heard, Target, reply

USES = {"url": "/profile", "headers": {"Authorization": "Bearer $token"}}
OK = {"validate": [{"eq": ["status_code", 200]}]}
REVOKE = {"name": "revoke", "request": {"url": "/revoke"}}


class Service:
    """Gives tokens, and forgets the last one when it is told to."""

    def __init__(self) -> None:
        self.given = 0
        self.token = ""

    def __call__(self, heard: Heard) -> bytes:
        path = heard.target.partition("?")[0]
        if path == "/login":
            self.given += 1
            self.token = f"token-{self.given}"
            return reply(
                "200 OK", json.dumps({"token": self.token}).encode(), f"Set-Cookie: sid={self.token}"
            )
        if path == "/revoke":
            self.token = "nobody's"
            return reply()
        given = [heard.header(name) or "" for name in ("Authorization", "Cookie")]
        good = path != "/forbidden" and any(self.token in text for text in (*given, heard.target))
        return reply("200 OK" if good or path == "/open" else "401 Unauthorized")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run cases of these steps; all need a login, which exports a token."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "debugtalk.py").touch()

    def go(*cases: list[Any], concurrency: int = 1, **config: Any) -> tuple[RunResult, Service]:
        async def talk() -> RunResult:
            async with Target(service) as server:
                common = {"base_url": server.url}
                login = {"name": "in", "request": {"url": "/login"}, "extract": {"token": "body.token"}}
                write("login", {**common, "name": "log in"}, [login])
                paths = [
                    write(f"case{number}", {**common, "name": "case", "needs": "login", **config}, steps)
                    for number, steps in enumerate(cases)
                ]
                loaded = load(*paths)
                assert loaded.problems == ()
                events = stream(loaded.cases, None, Options(concurrency=concurrency))
                return collect([event async for event in events])

        service = Service()
        return asyncio.run(talk()), service

    def write(name: str, config: dict[str, Any], steps: list[Any]) -> str:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"dialect": "hat", "config": config, "teststeps": steps}))
        return str(path)

    return go


def use(name: str, request: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A step that wants 200."""
    return {"name": name, "request": USES if request is None else request, **OK, **more}


def names(steps: tuple[StepResult, ...]) -> list[str]:
    return [step.name for step in steps]


def test_an_answer_of_401_renews_what_the_request_carried_and_sends_it_again(run: Any) -> None:
    result, service = run([use("one"), REVOKE, use("two")])

    steps = result.cases[0].steps
    assert result.outcome is Outcome.PASSED
    assert names(steps) == ["needs login", "one", "revoke", "needs login", "two"]
    assert service.given == 2
    last = steps[-1]
    assert [one.response.status_code for one in last.exchanges if one.response] == [401, 200]
    assert (last.attempts, last.log) == (2, "the answer was 401, so 'login' was renewed")


@pytest.mark.parametrize(
    ("config", "request_"),
    [
        ({"headers": {"Authorization": "$bearer"}, "variables": {"bearer": "Bearer $token"}}, {"url": "/x"}),
        ({"auth": {"type": "bearer", "token": "$token"}}, {"url": "/x"}),
        ({}, {"url": "/x?key=$token", "headers": {"Cookie": "none"}}),
        ({}, {"url": "/x"}),
    ],
    ids=["config", "auth", "query", "cookie"],
)
def test_it_does_so_wherever_the_value_went(run: Any, config: Any, request_: Any) -> None:
    result, service = run([use("one", request_), REVOKE, use("two", request_)], **config)

    assert result.outcome is Outcome.PASSED, result
    assert service.given == 2


def test_it_is_renewed_once_for_all_who_were_refused(run: Any) -> None:
    wait = {"name": "wait", "wait": 0.2}
    cases = [[use("one"), *([REVOKE] if number == 0 else []), wait, use("two")] for number in range(6)]

    result, service = run(*cases, concurrency=6)

    assert result.outcome is Outcome.PASSED
    assert service.given == 2
    assert sum(names(case.steps).count("needs login") for case in result.cases) == 6 + 1


def test_a_step_that_expects_401_is_left_alone(run: Any) -> None:
    expects = {
        "name": "expects",
        "request": {"url": "/forbidden"},
        "validate": [{"eq": ["status_code", 401]}],
    }

    result, service = run([use("one"), expects])

    assert result.outcome is Outcome.PASSED
    assert service.given == 1


def test_where_it_does_not_help_the_case_does_not_try_again(run: Any) -> None:
    forbidden = use("no", {**USES, "url": "/forbidden"}, **{"continue": True})

    result, service = run([use("one"), forbidden, forbidden])

    assert [step.outcome.value for step in result.cases[0].steps][-2:] == ["failed", "failed"]
    assert service.given == 2


def test_what_no_answer_has_accepted_is_not_renewed(run: Any) -> None:
    result, service = run([use("no", {**USES, "url": "/forbidden"})])

    assert result.outcome is Outcome.FAILED
    assert service.given == 1


def test_a_request_without_the_value_renews_nothing(run: Any) -> None:
    bare = {"url": "/x", "headers": {"Cookie": "none"}}

    result, service = run([use("one"), use("no", bare)])

    assert result.outcome is Outcome.FAILED
    assert service.given == 1


def test_in_a_called_case_and_in_a_loop_it_is_renewed_as_well(run: Any, tmp_path: Path) -> None:
    inner = {"config": {"name": "inner"}, "dialect": "hat", "teststeps": [use("one"), REVOKE, use("two")]}
    (tmp_path / "inner.json").write_text(json.dumps(inner))
    looped = {**use("again"), "for_each": {"n": [1, 2]}}

    config = {"headers": {"X-Token": "$token"}}
    result, service = run([{"name": "call", "testcase": "inner.json"}, REVOKE, looped], **config)

    assert result.outcome is Outcome.PASSED, result
    steps = result.cases[0].steps
    assert names(steps) == ["needs login", "call", "revoke", "needs login", "again", "again"]
    assert names(steps[1].steps) == ["one", "revoke", "needs login", "two"]
    sent = dict(steps[1].steps[-1].exchanges[-1].request.headers)
    assert sent["X-Token"] == "***"
    assert service.given == 3
