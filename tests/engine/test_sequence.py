"""The steps of a case: what ends it, what is left out, repeated, tried again or called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.case import Environment
from hat.engine import Options, run_all
from hat.formats import load, read
from hat.result import CaseResult, Outcome
from tests.engine.running import echo, get, outcomes, run_case

WRONG = [{"eq": ["status_code", 0]}]


def sent(case: CaseResult, step: int = 0) -> bytes:
    """The body a step sent."""
    return case.steps[step].exchanges[0].request.body


def test_a_failed_step_ends_its_case_and_the_rest_is_skipped(sample: str) -> None:
    case = run_case(sample, get(), get(name="bad", validate=WRONG), get())

    assert outcomes(case) == ["passed", "failed", "skipped"]
    assert case.steps[2].skip_reason == "step 'bad' failed"
    assert case.outcome is Outcome.FAILED


def test_continue_lets_the_case_go_on(sample: str) -> None:
    case = run_case(sample, {**get(validate=WRONG), "continue": True}, get())

    assert outcomes(case) == ["failed", "passed"]


def test_a_step_that_always_runs_runs_after_a_failure(sample: str) -> None:
    case = run_case(sample, get(validate=WRONG), get(), get(name="clean up", always=True))

    assert outcomes(case) == ["failed", "skipped", "passed"]


def test_a_disabled_step_is_left_out(sample: str) -> None:
    case = run_case(sample, get(enabled=False), get())

    assert outcomes(case) == ["skipped", "passed"]
    assert case.steps[0].skip_reason == "disabled"


SKIPS = [
    ({"skip": "not now"}, "not now"),
    ({"skip": True}, "skip"),
    ({"skip": False}, ""),
    ({"skip": ""}, ""),
    ({"skipIf": "$on"}, "$on evaluate to True"),
    ({"skipIf": "$off"}, ""),
    ({"skipUnless": "$off"}, "$off evaluate to False"),
    ({"skipUnless": "$on"}, ""),
    ({"skipIf": "$own", "variables": {"own": True}}, "$own evaluate to True"),
    ({"skipIf": "false"}, ""),
]


@pytest.mark.parametrize(("fields", "reason"), SKIPS, ids=[str(row[0]) for row in SKIPS])
def test_conditions_skip_a_step(sample: str, fields: dict[str, Any], reason: str) -> None:
    case = run_case(sample, get(**fields), variables={"on": True, "off": False})

    assert case.steps[0].skip_reason == reason
    assert outcomes(case) == ["skipped" if reason else "passed"]


def test_a_case_is_skipped_as_a_whole(sample: str) -> None:
    case = run_case(sample, get(), skipIf="$off", skipUnless="$off", variables={"off": False})

    assert case.outcome is Outcome.SKIPPED
    assert case.steps == ()


def test_times_repeats_a_step(sample: str) -> None:
    case = run_case(sample, get(times=3), get(times=0))

    assert outcomes(case) == ["passed"] * 3


def test_parameters_of_a_step_repeat_it_with_each_row(sample: str) -> None:
    case = run_case(sample, echo("$a$b", parameters={"a": [1, 2]}, variables={"a": 0, "b": "-$a"}))

    assert [sent(case, step) for step in range(2)] == [b'"1-1"', b'"2-2"']


def test_a_step_is_tried_again_until_its_checks_hold(sample: str) -> None:
    step = get(
        "/m/flaky/again/2", validate=[{"eq": ["status_code", 200]}], retry={"interval": 0, "timeout": 5}
    )

    case = run_case(sample, step)

    assert outcomes(case) == ["passed"]
    assert case.steps[0].attempts == 3


def test_a_step_is_tried_again_until_a_condition_holds(sample: str) -> None:
    retry = {"until": {"ge": ["body.n", 3]}, "interval": 0, "timeout": 5}

    case = run_case(sample, get("/m/counter/until", retry=retry))

    assert case.steps[0].attempts == 3


def test_a_step_that_never_holds_fails_when_its_time_is_over(sample: str) -> None:
    case = run_case(sample, get(validate=WRONG, retry={"interval": 0.01, "timeout": 0.02}))

    assert outcomes(case) == ["failed"]


def test_if_decides_about_a_step(sample: str) -> None:
    case = run_case(sample, get(**{"if": "$on"}), get(**{"if": "$off"}), variables={"on": 1, "off": 0})

    assert outcomes(case) == ["passed", "skipped"]


def test_a_step_may_wait(sample: str) -> None:
    case = run_case(sample, {"name": "pause", "wait": "$time"}, variables={"time": 0})

    assert outcomes(case) == ["passed"]


def test_a_step_calls_a_case_and_takes_what_it_exports(sample: str) -> None:
    called = {
        "config": {"name": "inner", "base_url": sample, "variables": {"user": "nobody"}, "export": ["got"]},
        "teststeps": [echo("$user", extract={"got": "body.json", "kept": "status_code"})],
    }
    document = {
        "config": {"name": "outer", "base_url": sample},
        "teststeps": [
            {"name": "call", "testcase": 7, "variables": {"user": "ann"}, "export": ["kept"]},
            echo("$got $kept"),
        ],
    }

    case = run_all([read(document, resolve={7: called}.get)]).cases[0]

    assert outcomes(case) == ["passed", "passed"]
    assert [step.name for step in case.steps[0].steps] == ["echo"]
    assert case.steps[0].extracted == {"got": "ann", "kept": 200}
    assert sent(case, 1) == b'"ann 200"'


def test_a_failure_of_a_called_case_is_one_of_the_step(sample: str) -> None:
    called = {"config": {"name": "inner", "base_url": sample}, "teststeps": [get(validate=WRONG), get()]}
    document = {"config": {"name": "outer"}, "teststeps": [{"name": "call", "testcase": 1}]}

    case = run_all([read(document, resolve={1: called}.get)]).cases[0]

    assert case.steps[0].outcome is Outcome.FAILED
    assert [step.outcome.value for step in case.steps[0].steps] == ["failed", "skipped"]


def test_cookies_are_kept_within_a_case_and_shared_with_called_ones(sample: str) -> None:
    called = {"config": {"name": "inner", "base_url": sample}, "teststeps": [get("/m/setcookie?a=1")]}
    document = {
        "config": {"name": "outer", "base_url": sample},
        "teststeps": [{"name": "call", "testcase": 1}, get("/m/echo", extract={"seen": "body.cookies"})],
    }

    first, second = run_all([read(document, resolve={1: called}.get), read({**document, "teststeps": [
        get("/m/echo", extract={"seen": "body.cookies"})]})]).cases  # fmt: skip

    assert first.steps[1].extracted == {"seen": {"a": "1"}}
    assert second.steps[0].extracted == {"seen": {}}


def test_the_environment_gives_what_the_case_does_not_say(sample: str) -> None:
    environment = Environment(
        base_url=sample, services={"files": f"{sample}/m"}, variables={"a": "env", "b": "env"}
    )

    case = run_case(
        "",
        echo(["$a", "$b"]),
        get("/echo", base_url="files"),
        environment=environment,
        variables={"a": "case"},
    )

    assert sent(case) == b'["case", "env"]'
    assert case.steps[1].exchanges[0].request.url == f"{sample}/m/echo"


def test_overrides_win_over_the_config(sample: str) -> None:
    case = run_case(
        sample, echo("$a"), environment=Environment(overrides={"a": "said"}), variables={"a": "case"}
    )

    assert sent(case) == b'"said"'


def test_secrets_are_sent_but_never_shown(sample: str) -> None:
    environment = Environment(secrets={"key": "s3cr3t-value"})

    case = run_case(
        sample, echo({"k": "$key"}, extract={"k": "body.json.k"}), get(validate=[{"eq": ["$key", "x"]}]),
        environment=environment, export=["k"],
    )  # fmt: skip

    assert "s3cr3t-value" not in repr(case)
    assert case.exported == {"k": "***"}


def test_a_missing_path_is_a_failure_that_names_what_is_near(sample: str) -> None:
    case = run_case(sample, get(extract={"x": "body.data.idd", "y": "body.data.id"}, validate=WRONG))

    step = case.steps[0]
    assert step.outcome is Outcome.FAILED
    assert step.error is not None
    assert step.error.kind == "extract"
    assert step.error.hint == "did you mean 'body.data.id'?"
    assert step.extracted == {"y": 42}
    assert len(step.checks) == 1


def test_a_refused_connection_is_an_error(sample: str) -> None:
    case = run_case("http://127.0.0.1:9", get())

    assert outcomes(case) == ["error"]
    assert case.steps[0].error is not None
    assert case.steps[0].error.kind == "connect"


def test_an_unknown_variable_is_an_error_at_its_place(sample: str) -> None:
    case = run_case(sample, echo({"a": ["$nope"]}), variables={"known": 1})

    error = case.steps[0].error
    assert error is not None
    assert (error.kind, error.place) == ("template", "teststeps[0].request.json.a[0]")
    assert error.hint == "known here: known"


def test_all_checks_of_a_step_are_judged(sample: str) -> None:
    checks = [{"eq": ["status_code", 1]}, {"eq": ["$nope", 1]}, {"eq": ["status_code", 200]}]

    case = run_case(sample, get(validate=checks))

    assert [check.outcome.value for check in case.steps[0].checks] == ["failed", "error", "passed"]


def test_an_unknown_comparator_is_told_before_anything_is_sent(sample: str) -> None:
    case = run_case(sample, get(), get(validate=[{"equls": ["status_code", 200]}]))

    assert case.steps == ()
    assert case.error is not None
    assert case.error.message == "unknown comparator 'equls'"
    assert case.error.place == "teststeps[1].validate[0]"
    assert case.error.hint == "did you mean 'equals'?"


def test_functions_and_hooks_of_the_project_are_called(sample: str, tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text(
        "def double(x): return 2 * x\n"
        "def sign(request, key): request['headers'] = {'X-Sign': key}; print('signed')\n"
        "def soften(response): response.status_code = 418\n"
        "def near(actual, expected): assert abs(actual - expected) < 2\n"
    )
    step = echo(
        "${double($n)}",
        setup_hooks=["${sign($request, k1)}", {"made": "${double(4)}"}],
        teardown_hooks=["${soften($response)}"],
        extract={"code": "status_code"},
        validate=[
            {"near": ["status_code", 417]},
            {"eq": ["$made", 8]},
            {"eq": ["body.headers.x-sign", "k1"]},
        ],
    )

    case = run_case(sample, step, root=str(tmp_path), variables={"n": 21})

    assert outcomes(case) == ["passed"], case
    assert sent(case) == b"42"
    assert case.steps[0].extracted == {"code": 418}
    assert "signed" in case.steps[0].log


def test_a_hook_of_a_step_may_count_on_headers(sample: str, tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text("def sign(request): request['headers']['X-Sign'] = 'k1'\n")
    step = get("/m/echo", setup_hooks=["${sign($request)}"], validate=[{"eq": ["body.headers.x-sign", "k1"]}])

    case = run_case(sample, step, root=str(tmp_path))

    assert outcomes(case) == ["passed"], case


def test_what_hooks_of_the_case_print_is_in_the_log_without_secrets(sample: str, tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text("def say(word): print('it is', word)\n")

    case = run_case(
        sample,
        get(),
        root=str(tmp_path),
        environment=Environment(secrets={"key": "s3cr3t-key"}),
        setup_hooks=["${say(begun)}"],
        teardown_hooks=["${say(over)}", "${say($key)}"],
    )

    log = case.steps[0].log
    assert [line for line in log.splitlines() if line] == ["it is begun", "it is over", "it is ***"]


def test_functions_of_python_run_in_a_sandbox(sample: str, tmp_path: Path) -> None:
    case = run_case(sample, echo("${sum($l)}"), root=str(tmp_path), variables={"l": [1, 2, 3]})

    assert sent(case) == b"6"


def test_explain_tells_where_values_came_from(sample: str, tmp_path: Path) -> None:
    (tmp_path / "case.yml").write_text(
        f"dialect: hat\nconfig:\n  name: x\n  base_url: {sample}\n  variables:\n    a: 1\n    b: 2\n"
        "  parameters: {c: [3]}\nteststeps:\n- name: s\n  variables:\n    b: 4\n"
        "  request: {method: POST, url: /m/echo, json: [$a, $b, $c, $d]}\n",
    )
    environment = Environment(variables={"a": 0, "d": 5})

    result = run_all(load(tmp_path / "case.yml").cases, environment, Options(explain=True))

    found = {origin.name: origin for origin in result.cases[0].steps[0].origins}
    assert {name: (origin.source, origin.value) for name, origin in found.items()} == {
        "a": ("config", 1),
        "b": ("step", 4),
        "c": ("row", 3),
        "d": ("environment", 5),
    }
    assert found["a"].place.endswith("case.yml:6: config.variables.a")
    assert found["b"].place.endswith("case.yml:12: teststeps[0].variables.b")
    assert [(one.source, one.value) for one in found["a"].hides] == [("environment", 0)]
    assert [(one.source, one.value) for one in found["b"].hides] == [("config", 2)]


def test_explain_tells_the_item_of_a_loop_from_the_variable_it_hides(sample: str) -> None:
    step = {**echo("$user"), "for_each": {"user": ["ann"]}, "variables": {"user": "bob"}}

    case = run_case(sample, step, options=Options(explain=True))

    (origin,) = case.steps[0].origins
    assert (origin.source, origin.value) == ("loop", "ann")
    assert [(one.source, one.value) for one in origin.hides] == [("step", "bob")]


def test_a_function_that_raises_is_an_error_with_its_line(sample: str, tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text("def sign(key):\n    raise ValueError('key is empty')\n")

    case = run_case(sample, echo("${sign(a)}"), root=str(tmp_path))

    error = case.steps[0].error
    assert error is not None
    assert error.message == "sign() in debugtalk.py:2 raised ValueError: key is empty"


def test_functions_that_cannot_be_loaded_end_only_the_cases_that_need_them(
    sample: str, tmp_path: Path
) -> None:
    (tmp_path / "debugtalk.py").write_text("def broken(:\n")
    calls = {"name": "calls", "base_url": sample, "variables": {"x": "${broken()}"}}
    compares = {**get(), "validate": [{"broken": ["status_code", 200]}]}
    documents = [
        {"config": calls, "teststeps": [get()]},
        {"config": {"name": "compares", "base_url": sample}, "teststeps": [compares]},
        {"config": {"name": "old", "base_url": sample}, "dialect": "httprunner2", "teststeps": [get()]},
        {"config": {"name": "none of it", "base_url": sample}, "teststeps": [get()]},
    ]

    *bad, good = run_all([read(document, root=str(tmp_path)) for document in documents]).cases

    assert [case.outcome.value for case in (*bad, good)] == ["error", "error", "error", "passed"]
    errors = [case.error for case in bad if case.error is not None]
    assert [error.place for error in errors] == ["debugtalk.py:1"] * 3
