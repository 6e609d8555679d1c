"""Cases that others need: run once per run, shared, renewed, shown."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from hat.engine import Options, examine, run_all
from hat.formats import load
from hat.result import Outcome, RunResult

LOGIN = """
dialect: hat
config: {{name: log in, base_url: "{base}", export: [token], {more}}}
teststeps:
- name: get a token
  request: {{url: /m/counter/{counter}}}
  extract: {{token: body.n, secret: body.n}}
"""
USER = """
dialect: hat
config: {{name: {name}, base_url: "{base}", needs: {needs}}}
teststeps:
- name: use it
  request: {{method: POST, url: /m/echo, json: $token}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "debugtalk.py").touch()
    return tmp_path


def write_login(folder: Path, base: str, counter: str, more: str = "", name: str = "login") -> None:
    """The case that others need; each of its runs gives another token."""
    (folder / f"{name}.yml").write_text(LOGIN.format(base=base, counter=counter, more=more))


def write_user(folder: Path, base: str, name: str, needs: str = "login") -> None:
    (folder / f"{name}.yml").write_text(USER.format(base=base, name=name, needs=needs))


def run_users(*names: str, options: Options | None = None) -> RunResult:
    """The result of cases by their names."""
    loaded = load(*(f"{name}.yml" for name in names))
    assert loaded.problems == ()
    return run_all(loaded.cases, None, options)


def sent(result: RunResult) -> list[Any]:
    """What the last step of each case sent."""
    return [json.loads(case.steps[-1].exchanges[0].request.body) for case in result.cases]


def test_a_needed_case_runs_once_for_all_who_need_it(sample: str, project: Path) -> None:
    write_login(project, sample, "once")
    for name in "abcdef":
        write_user(project, sample, name)

    result = run_users(*"abcdef", options=Options(concurrency=6))

    assert result.outcome is Outcome.PASSED
    assert sent(result) == [1] * 6
    shown = [case.steps[0] for case in result.cases]
    assert {step.name for step in shown} == {"needs login"}
    assert sum(len(step.steps) for step in shown) == 1
    assert all(step.extracted == {"token": 1} for step in shown)
    assert result.counts.steps.passed == 6 + 6


def test_without_export_everything_extracted_is_handed_on(sample: str, project: Path) -> None:
    write_login(project, sample, "all")
    login = project / "login.yml"
    login.write_text(login.read_text().replace("export: [token], ", ""))
    write_user(project, sample, "a")

    assert run_users("a").cases[0].steps[0].extracted == {"token": 1, "secret": 1}


def test_the_own_config_wins_over_what_is_needed(sample: str, project: Path) -> None:
    write_login(project, sample, "wins")
    write_user(project, sample, "a")
    user = project / "a.yml"
    user.write_text(user.read_text().replace("needs:", "variables: {token: own}, needs:"))

    assert sent(run_users("a")) == ["own"]


def test_cookies_of_the_needed_case_are_kept(sample: str, project: Path) -> None:
    (project / "login.yml").write_text(
        f'dialect: hat\nconfig: {{name: log in, base_url: "{sample}"}}\n'
        "teststeps: [{name: in, request: {url: /m/setcookie?session=abc}}]\n"
    )
    write_user(project, sample, "a")
    user = project / "a.yml"
    user.write_text(user.read_text().replace("json: $token", "json: 1"))

    headers = dict(run_users("a").cases[0].steps[-1].exchanges[0].request.headers)

    assert headers["Cookie"] == "session=***"


def test_a_needed_case_that_fails_is_the_reason_of_all(sample: str, project: Path) -> None:
    write_login(project, sample, "fails")
    login = project / "login.yml"
    login.write_text(login.read_text() + "  validate: [{eq: [status_code, 201]}]\n")
    write_user(project, sample, "a")
    write_user(project, sample, "b")

    result = run_users("a", "b", options=Options(concurrency=1))

    assert [case.outcome for case in result.cases] == [Outcome.FAILED, Outcome.FAILED]
    assert [step.outcome.value for step in result.cases[0].steps] == ["failed", "skipped"]
    assert result.cases[1].steps[1].skip_reason == "needs login failed"
    again = result.cases[1].steps[0].error
    assert again is not None
    assert again.message == "needs login: status_code: expected 201, got 200"


def test_it_is_renewed_when_what_it_gave_expires(sample: str, project: Path) -> None:
    write_login(project, sample, "expires", "expires: 0.1")
    write_user(project, sample, "a")
    user = project / "a.yml"
    user.write_text(user.read_text().replace("teststeps:\n", "teststeps:\n- {name: wait, wait: 0.3}\n"))

    case = run_users("a").cases[0]

    assert [step.name for step in case.steps] == ["needs login", "wait", "needs login", "use it"]
    assert json.loads(case.steps[-1].exchanges[0].request.body) == 2


def test_expires_may_be_what_the_case_extracted(sample: str, project: Path) -> None:
    write_login(project, sample, "variable", "expires: $token")
    write_user(project, sample, "a")

    assert run_users("a").outcome is Outcome.PASSED


def test_expires_that_is_no_time_is_an_error(sample: str, project: Path) -> None:
    write_login(project, sample, "wrong", "expires: soon")
    write_user(project, sample, "a")

    error = run_users("a").cases[0].steps[0].error

    assert error is not None
    assert error.message == 'expires is a number of seconds, got "soon"'


def test_a_needed_case_may_need_others(sample: str, project: Path) -> None:
    write_login(project, sample, "chain", name="session")
    (project / "login.yml").write_text(
        USER.format(base=sample, name="login", needs="session") + "  extract: {token: body.json}\n"
    )
    write_user(project, sample, "a", "[login, session]")

    result = run_users("a")

    assert [step.name for step in result.cases[0].steps] == ["needs login", "needs session", "use it"]
    assert [step.name for step in result.cases[0].steps[0].steps] == ["needs session", "use it"]
    assert sent(result) == [1]


def test_a_called_case_may_need_others(sample: str, project: Path) -> None:
    write_login(project, sample, "called")
    write_user(project, sample, "a")
    (project / "caller.yml").write_text(
        f'dialect: hat\nconfig: {{name: caller, base_url: "{sample}"}}\n'
        "teststeps: [{name: call, testcase: a.yml}]\n"
    )

    case = run_users("caller").cases[0]

    assert case.outcome is Outcome.PASSED
    assert [step.name for step in case.steps[0].steps] == ["needs login", "use it"]


def test_a_cancel_ends_those_who_wait(sample: str, project: Path) -> None:
    write_login(project, sample, "cancel")
    login = project / "login.yml"
    login.write_text(login.read_text() + "- {name: wait, wait: 60}\n")
    write_user(project, sample, "a")
    write_user(project, sample, "b")
    begun: list[float] = []

    def cancelled() -> bool:
        begun.append(time.monotonic())
        return begun[-1] - begun[0] > 0.3

    result = run_users("a", "b", options=Options(cancelled=cancelled, concurrency=2))

    assert result.cancelled
    assert {case.outcome for case in result.cases} == {Outcome.ERROR}


@pytest.mark.parametrize(
    ("needs", "message"),
    [
        ("nobody", "no such case: 'nobody'"),
        ("a", "the case calls itself: a.yml -> a.yml"),
        ("5", "expected the path or name of a case, got a number"),
        ("twin", "2 files are called 'twin'"),
        ("rows", "'rows' has rows, a needed case runs once"),
    ],
)
def test_a_need_that_cannot_be_met_is_told_when_it_is_read(project: Path, needs: str, message: str) -> None:
    for folder in ("x", "y"):
        (project / folder).mkdir()
        write_login(project / folder, "http://127.0.0.1", "x", name="twin")
    write_login(project, "http://127.0.0.1", "x", "parameters: {a: [1, 2]}", name="rows")
    write_user(project, "http://127.0.0.1", "a", needs)

    problems = load("a.yml").problems

    assert [problem.message for problem in problems] == [message]
    assert problems[0].path == "config.needs"
    assert problems[0].line == 3


def test_needs_in_a_circle_are_told_when_they_are_read(project: Path) -> None:
    write_user(project, "http://127.0.0.1", "a", "b")
    write_user(project, "http://127.0.0.1", "b", "a")

    assert [problem.message for problem in load("a.yml").problems] == [
        "the case calls itself: a.yml -> b.yml -> a.yml"
    ]


def test_the_config_may_use_what_is_needed(sample: str, project: Path) -> None:
    write_login(project, sample, "config")
    write_user(project, sample, "a")
    user = project / "a.yml"
    user.write_text(user.read_text().replace("needs:", "headers: {X-Token: t-$token}, needs:"))

    headers = dict(run_users("a").cases[0].steps[-1].exchanges[0].request.headers)

    assert headers["X-Token"] == "***"


def test_a_case_that_is_left_out_asks_for_nothing(sample: str, project: Path) -> None:
    write_login(project, sample, "left")
    write_user(project, sample, "a")
    user = project / "a.yml"
    user.write_text(user.read_text().replace("needs:", "skipIf: $quiet, variables: {quiet: true}, needs:"))

    case = run_users("a").cases[0]

    assert (case.outcome, case.steps) == (Outcome.SKIPPED, ())


@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_case_that_is_chosen_too_runs_once_and_is_shown_as_itself(
    sample: str, project: Path, concurrency: int
) -> None:
    write_login(project, sample, f"chosen{concurrency}")
    write_user(project, sample, "a")
    write_user(project, sample, "b")

    result = run_users("a", "login", "b", options=Options(concurrency=concurrency))

    assert [case.name for case in result.cases] == ["a", "log in", "b"]
    assert [[len(step.steps) for step in case.steps] for case in result.cases] == [[0, 0], [0], [0, 0]]
    assert [case.steps[0].extracted["token"] for case in result.cases] == [1, 1, 1]
    assert result.counts.cases.passed == 3
    assert result.counts.steps.passed == 5


def test_what_is_wrong_in_a_needed_case_is_told_by_check(sample: str, project: Path) -> None:
    write_login(project, sample, "check")
    login = project / "login.yml"
    login.write_text(login.read_text() + "  validate: [{equls: [status_code, 200]}]\n")
    write_user(project, sample, "a")

    assert [problem.message for problem in examine(load("a.yml").cases)] == ["unknown comparator 'equls'"]
