"""One entry of a test suite as a case of its own."""

from __future__ import annotations

from typing import Any

import pytest

from hat.error import FormatErrors
from hat.formats import dump, parse, problems, read

CALLED = {
    "dialect": "httprunner4",
    "config": {"name": "called", "base_url": "http://own", "variables": {"a": 1, "b": 1, "c": 1}},
    "teststeps": [{"name": "ask", "request": {"method": "GET", "url": "/"}}],
}


def entry(dialect: str = "httprunner2", **config: Any) -> dict[str, Any]:
    return {
        "dialect": dialect,
        "config": {"name": "as ann", "suite": "all", "variables": {"b": 2, "c": 2}, **config},
        "teststeps": [{"name": "as ann", "testcase": 7, "variables": {"a": 3, "c": 3}}],
    }


@pytest.mark.parametrize(
    ("dialect", "variables", "base_url"),
    [
        ("httprunner2", {"a": 3, "b": 2, "c": 2}, "http://own"),
        ("httprunner3", {"a": 3, "b": 2, "c": 3}, "http://suite"),
    ],
)
def test_the_layers_of_a_suite_win_as_in_its_dialect(
    dialect: str, variables: dict[str, int], base_url: str
) -> None:
    case = read(entry(dialect, base_url="http://suite"), resolve=lambda _: CALLED)

    assert (case.name, case.dialect, case.variables) == ("as ann", dialect, variables)
    assert case.base_url == base_url
    assert [step.name for step in case.steps] == ["ask"]


def test_its_parameters_count_in_every_dialect() -> None:
    case = read(entry(parameters={"user": [1, 2]}), resolve=lambda _: CALLED)

    assert case.parameters == {"user": [1, 2]}


@pytest.mark.parametrize("steps", [[], [{"name": "x", "request": {"url": "/"}}], entry()["teststeps"] * 2])
def test_it_has_one_step_that_calls(steps: list[Any]) -> None:
    (problem,) = problems({**entry(), "teststeps": steps})

    assert (problem.path, problem.hint) == (
        "config.suite",
        "without 'suite' in config it is an ordinary case",
    )


def test_a_call_that_leads_nowhere_is_told_at_its_step() -> None:
    with pytest.raises(FormatErrors) as caught:
        read(entry(), resolve=lambda _: None)

    assert [problem.path for problem in caught.value.problems] == ["teststeps[0].testcase"]


def test_it_survives_as_yaml() -> None:
    document = {"schema": 1, **entry(parameters={"user": [1, 2]})}

    assert parse(dump(document)) == document
