"""What steps of HttpRunner's own files do beside the conformance cases, as the real programs do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running import echo, get, outcomes, run_case

FUNCTIONS = """
from httprunner.response import ResponseObject

def keys(request):
    return " ".join(sorted(request))

def kind(response):
    return [type(response).__name__, isinstance(response, ResponseObject), isinstance({}, ResponseObject)]
"""
KEYS = {
    "httprunner2": ("headers method verify", "headers verify"),
    "httprunner25": ("headers method url verify", "headers verify"),
    "httprunner4": (
        "allow_redirects cookies data headers method params req_json timeout url verify",
        "allow_redirects cookies data headers json params timeout verify",
    ),
}


@pytest.mark.parametrize("dialect", KEYS)
def test_hooks_see_the_request_as_the_program_has_it_before_and_after(
    sample: str, tmp_path: Path, dialect: str
) -> None:
    (tmp_path / "debugtalk.py").write_text(FUNCTIONS)
    before, after = KEYS[dialect]
    step = get(
        setup_hooks=[{"before": "${keys($request)}"}],
        teardown_hooks=[{"after": "${keys($request)}"}, {"kind": "${kind($response)}"}],
        validate=[{"eq": ["$before", before]}, {"eq": ["$after", after]}, {"eq": ["$kind", "$wanted"]}],
        variables={"wanted": ["ResponseObject", True, False]},
    )
    step["request"]["headers"] = {"A": "b"}

    case = run_case(sample, step, root=str(tmp_path), dialect=dialect)

    assert [check.message for check in case.steps[0].checks if check.message] == []
    assert outcomes(case) == ["passed"]


def test_a_value_that_is_not_there_ends_the_checks_of_a_step_in_2(sample: str) -> None:
    checks = [{"eq": ["content.code", 1]}, {"eq": ["headers.Nope", 1]}, {"eq": ["foo.bar", 1]}]

    case = run_case(sample, get(validate=checks), dialect="httprunner2")

    assert outcomes(case) == ["failed"]
    assert len(case.steps[0].checks) == 2


def test_what_is_expected_of_a_value_that_is_not_there_calls_no_function_in_2(
    sample: str, tmp_path: Path
) -> None:
    (tmp_path / "debugtalk.py").write_text("def boom(): raise ValueError('boom')\n")
    checks = [{"eq": ["content.nothing", "${boom()}"]}]

    case = run_case(sample, get(validate=checks), dialect="httprunner2", root=str(tmp_path))

    step = case.steps[0]
    assert (step.outcome.value, step.error) == ("failed", None)
    assert (step.checks[0].outcome.value, step.checks[0].expected) == ("failed", "${boom()}")


def test_a_skipped_step_shows_its_name_and_reason_as_in_2(sample: str) -> None:
    steps = [get(name="of $who", skipUnless=False), get(name="of $later", skipIf=True)]

    case = run_case(sample, *steps, dialect="httprunner2", variables={"who": "ann", "later": "soon"})

    assert [(step.name, step.skip_reason) for step in case.steps] == [
        ("of ann", "False evaluate to False"),
        ("of soon", "True evaluate to True"),
    ]


def test_a_name_in_a_condition_that_nothing_gives_is_found_first_in_2(sample: str) -> None:
    case = run_case(sample, get(), get(skipIf="$nowhere"), dialect="httprunner2")

    assert case.steps == ()
    assert case.error is not None
    assert "variable 'nowhere' is not defined" in case.error.message


def test_variables_of_a_step_that_the_config_hides_are_not_looked_at_in_2(sample: str) -> None:
    step = echo({"a": "$a"}, variables={"a": "$nowhere"}, validate=[{"eq": ["content.json.a", 5]}])

    case = run_case(sample, step, dialect="httprunner2", variables={"a": 5})

    assert outcomes(case) == ["passed"]


@pytest.mark.parametrize(("dialect", "outcome"), [("httprunner3", "failed"), ("httprunner4", "passed")])
def test_the_word_assert_came_with_4(sample: str, dialect: str, outcome: str) -> None:
    check = {"check": "status_code", "assert": "less_than", "expect": 300, "msg": "m"}

    assert outcomes(run_case(sample, get(validate=[check]), dialect=dialect)) == [outcome]
