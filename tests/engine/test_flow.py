"""Groups, loops, functions as steps, setup and teardown, and what a step adds to the case it calls."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from hat.engine import Options, run_all
from hat.formats import FormatErrors, load, read
from hat.result import CaseResult, Outcome, StepResult
from tests.engine.running import echo, get, outcomes, run_case

WRONG = [{"eq": ["status_code", 0]}]
DEBUGTALK = """
import time

def total(numbers):
    print("adding", numbers)
    return {"sum": sum(numbers), "text": "n=" + str(len(numbers))}

def refuse(text):
    assert text == "yes", "the answer is not yes"

def broken():
    raise ValueError("no luck")
"""


def sent(step: StepResult) -> bytes:
    """The body a step sent."""
    return step.exchanges[0].request.body


def group(*steps: dict[str, Any], name: str = "group", **fields: Any) -> dict[str, Any]:
    """A step that holds steps."""
    return {"name": name, "steps": list(steps), **fields}


def run_whole(base: str, root: str = "", options: Options | None = None, **document: Any) -> CaseResult:
    """The result of a document with setup and teardown."""
    config = {"name": "case", "base_url": base, **document.pop("config", {})}
    return run_all([read({"config": config, **document}, root=root)], None, options).cases[0]


def only(word: str, value: Any) -> dict[str, Any]:
    """A field whose name is a word of Python."""
    return {word: value}


@pytest.fixture
def functions(tmp_path: Path) -> str:
    """A project folder with functions."""
    (tmp_path / "debugtalk.py").write_text(DEBUGTALK)
    return str(tmp_path)


def test_a_group_runs_its_steps_as_one_result(sample: str) -> None:
    case = run_case(sample, group(get(), get()), get())

    assert outcomes(case) == ["passed", "passed"]
    assert [step.outcome for step in case.steps[0].steps] == [Outcome.PASSED, Outcome.PASSED]
    assert case.steps[0].steps[1].place == "teststeps[0].steps[1]"


def test_a_failed_step_ends_its_group_and_the_case(sample: str) -> None:
    case = run_case(sample, group(get(name="bad", validate=WRONG), get(), get(always=True)), get())

    assert outcomes(case) == ["failed", "skipped"]
    assert [step.outcome.value for step in case.steps[0].steps] == ["failed", "skipped", "passed"]


def test_a_group_that_may_fail_lets_the_case_go_on(sample: str) -> None:
    case = run_case(sample, group(get(validate=WRONG), **only("continue", True)), get())

    assert outcomes(case) == ["failed", "passed"]


def test_variables_of_a_group_stand_between_a_step_and_what_was_extracted(sample: str) -> None:
    case = run_case(
        sample,
        echo(1, extract={"a": "body.json", "b": "body.json"}),
        group(echo("$a$b$c", variables={"c": 3}), variables={"b": 2, "c": 2}),
        echo("$b"),
    )

    assert sent(case.steps[1].steps[0]) == b'"123"'
    assert sent(case.steps[2]) == b"1"


def test_what_a_group_extracts_is_there_after_it(sample: str) -> None:
    case = run_case(sample, group(echo("x", extract={"a": "body.json"})), echo("$a"))

    assert sent(case.steps[1]) == b'"x"'


def test_for_each_runs_a_step_for_every_item(sample: str) -> None:
    case = run_case(
        sample, echo("$user.$iteration", for_each={"user": "$users"}), variables={"users": ["a", "b"]}
    )

    assert [sent(step) for step in case.steps] == [b'"a.1"', b'"b.2"']
    assert [(step.row, step.iteration) for step in case.steps] == [({"user": "a"}, 1), ({"user": "b"}, 2)]
    assert case.steps[1].title == "echo [user=b]"


ITEMS: list[tuple[str, Any, Any, list[bytes]]] = [
    ("a list alone is walked as item", [1, 2], "$item", [b"1", b"2"]),
    ("a variable alone, too", "$users", "$item", [b'"ann"', b'"bob"']),
    ("an object keeps its parts", {"o": "$objects"}, "$o", [b'{"n":1}', b'{"n":2}']),
    ("names take an item apart", {"a-b": [[1, 2], {"a": 3, "b": 4}]}, ["$a", "$b"], [b"[1,2]", b"[3,4]"]),
    ("the pairs of a mapping", {"key-value": {"x": 1}}, ["$key", "$value"], [b'["x",1]']),
]


@pytest.mark.parametrize(
    ("items", "body", "bodies"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS]
)
def test_for_each_walks(sample: str, items: Any, body: Any, bodies: list[bytes]) -> None:
    variables = {"users": ["ann", "bob"], "objects": [{"n": 1}, {"n": 2}]}

    case = run_case(sample, echo(body, for_each=items), variables=variables)

    assert [sent(step).replace(b" ", b"") for step in case.steps] == bodies


def test_an_empty_list_is_shown_as_skipped(sample: str) -> None:
    case = run_case(sample, get(for_each={"user": []}), get())

    assert outcomes(case) == ["skipped", "passed"]
    assert case.steps[0].skip_reason == "for_each: the list is empty"


def test_for_each_over_no_list_is_an_error_with_its_place(sample: str) -> None:
    case = run_case(sample, get(for_each={"user": "$n"}), variables={"n": 5})

    assert case.steps[0].error is not None
    assert case.steps[0].error.message == "for_each expects a list, got 5"
    assert case.steps[0].error.place == "teststeps[0].for_each"


def test_if_is_asked_for_each_item(sample: str) -> None:
    case = run_case(sample, get(for_each={"n": [1, 2, 3]}, **only("if", {"ne": ["$n", 2]})))

    assert outcomes(case) == ["passed", "skipped", "passed"]


def test_a_failed_item_ends_the_loop_unless_it_may_fail(sample: str) -> None:
    check = [{"ne": ["$n", 1]}]

    stops = run_case(sample, get(for_each={"n": [1, 2]}, validate=check))
    goes_on = run_case(sample, get(for_each={"n": [1, 2]}, validate=check, **only("continue", True)))

    assert outcomes(stops) == ["failed"]
    assert outcomes(goes_on) == ["failed", "passed"]


def test_loops_stand_inside_loops(sample: str) -> None:
    inner = echo("$a$b", for_each={"b": [1, 2]})

    case = run_case(sample, group(group(inner, for_each={"a": ["x", "y"]}), times=2))

    leaves = [leaf for outer in case.steps for middle in outer.steps for leaf in middle.steps]
    assert [sent(leaf) for leaf in leaves] == [b'"x1"', b'"x2"', b'"y1"', b'"y2"'] * 2
    assert [outer.iteration for outer in case.steps] == [1, 2]


def test_while_runs_as_long_as_its_condition_holds(sample: str) -> None:
    loop = get("/m/counter/while", extract={"n": "body.n"}, **only("while", {"lt": ["$n", 3]}))

    case = run_case(sample, loop, variables={"n": 0})

    assert [step.extracted["n"] for step in case.steps] == [1, 2, 3]
    assert [step.title for step in case.steps] == ["get [1]", "get [2]", "get [3]"]


def test_while_may_look_at_the_last_answer(sample: str) -> None:
    case = run_case(
        sample, get("/m/counter/last"), get("/m/counter/last", **only("while", {"lt": ["body.n", 3]}))
    )

    assert outcomes(case) == ["passed"] * 3


def test_a_condition_on_an_answer_that_is_not_there_yet_is_an_error(sample: str) -> None:
    case = run_case(sample, get(**only("while", {"lt": ["body.n", 3]})))

    assert case.steps[0].error is not None
    assert "no step has an answer yet" in case.steps[0].error.message


def test_a_condition_that_cannot_judge_its_value_is_an_error(sample: str) -> None:
    case = run_case(sample, get(**only("while", {"lt": ["$n", 3]})), variables={"n": "2"})

    error = case.steps[0].error
    assert error is not None
    assert error.place == "teststeps[0].while"
    assert error.message == '$n: expected less than 3, got "2" (text and number have no order)'


def test_a_condition_on_a_field_that_is_not_there_does_not_hold(sample: str) -> None:
    case = run_case(sample, get("/m/counter/none"), get(**only("if", {"lt": ["body.nothing", 3]})))

    assert outcomes(case) == ["passed", "skipped"]


def test_while_that_does_not_hold_is_skipped(sample: str) -> None:
    case = run_case(sample, group(get(), **only("while", "$more")), variables={"more": False})

    assert outcomes(case) == ["skipped"]


def test_while_ends_with_an_error_at_its_cap(sample: str) -> None:
    case = run_case(
        sample, group(get(), max_iterations=2, **only("while", "$more")), get(), variables={"more": True}
    )

    assert outcomes(case) == ["passed", "passed", "error", "skipped"]
    error = case.steps[2].error
    assert error is not None
    assert (error.kind, error.message) == ("loop", "'$more' still holds after 2 iterations")
    assert error.place == "teststeps[0].while"
    assert "max_iterations" in error.hint


def test_a_loop_sees_a_cancel(sample: str) -> None:
    started = time.monotonic()
    options = Options(cancelled=lambda: time.monotonic() - started > 0.5)
    loop = group(
        get(), {"name": "wait", "wait": 0.01}, name="loop", max_iterations=10_000, **only("while", "yes")
    )

    case = run_case(sample, loop, get(), get(name="clean", always=True), options=options)

    assert case.error is not None
    assert case.error.kind == "cancelled"
    assert outcomes(case)[-3:] in (["error", "skipped", "passed"], ["passed", "skipped", "passed"])


def test_teardown_has_only_so_long_after_a_cancel(sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hat.engine.sequence._TEARDOWN_S", 0.1)
    started = time.monotonic()
    options = Options(cancelled=lambda: time.monotonic() - started > 0.2)

    case = run_whole(
        sample,
        teststeps=[{"name": "wait", "wait": 60}],
        teardown=[{"name": "slow", "wait": 60}, {"name": "next", "wait": 60}],
        options=options,
    )

    assert outcomes(case) == ["error", "error", "error"]
    assert case.steps[1].error is not None
    assert case.steps[1].error.message == "not done 0.1 s after the run was cancelled"


def test_a_teardown_under_way_is_not_cut_off_by_a_cancel(sample: str) -> None:
    started = time.monotonic()
    options = Options(cancelled=lambda: time.monotonic() - started > 0.2)

    case = run_whole(
        sample, teststeps=[get(validate=WRONG)], teardown=[{"name": "slow", "wait": 0.8}], options=options
    )

    assert outcomes(case) == ["failed", "passed"]


def test_setup_and_teardown_surround_the_steps(sample: str) -> None:
    case = run_whole(sample, setup=[get(name="before")], teststeps=[get()], teardown=[get(name="after")])

    assert [(step.name, step.phase) for step in case.steps] == [
        ("before", "setup"),
        ("get", ""),
        ("after", "teardown"),
    ]
    assert case.steps[2].place == "teardown[0]"


def test_teardown_runs_whatever_fails(sample: str) -> None:
    case = run_whole(
        sample,
        setup=[get(validate=WRONG)],
        teststeps=[get()],
        teardown=[get(name="first", validate=WRONG), get(name="second")],
    )

    assert outcomes(case) == ["failed", "skipped", "failed", "passed"]


def test_a_function_is_a_step(sample: str, functions: str) -> None:
    step = {
        "name": "add",
        "function": "${total($numbers)}",
        "extract": {"sum": "body.sum", "first": "$.text", "n": r"regex:n=(\d)"},
        "validate": [{"eq": ["body.sum", 6]}, {"eq": ["body", {"sum": 6, "text": "n=3"}]}],
    }

    case = run_case(sample, step, echo("$sum"), root=functions, variables={"numbers": [1, 2, 3]})

    assert outcomes(case) == ["passed", "passed"]
    assert case.steps[0].returned == {"sum": 6, "text": "n=3"}
    assert case.steps[0].extracted == {"sum": 6, "first": "n=3", "n": "3"}
    assert case.steps[0].log == "adding [1, 2, 3]\n"
    assert sent(case.steps[1]) == b"6"


def test_a_function_that_asserts_fails_and_one_that_raises_is_an_error(sample: str, functions: str) -> None:
    steps: list[dict[str, Any]] = [
        {"name": "no", "function": "${refuse(no)}", "continue": True},
        {"name": "b", "function": "${broken()}"},
    ]

    case = run_case(sample, *steps, root=functions)

    assert outcomes(case) == ["failed", "error"]
    assert case.steps[1].error is not None
    assert case.steps[1].error.kind == "function"
    assert "broken() in debugtalk.py:12 raised ValueError: no luck" in case.steps[1].error.message


def test_a_function_is_tried_again_until_its_checks_hold(sample: str) -> None:
    step = {
        "name": "roll",
        "function": "${random_int(1, 2)}",
        "retry": {"until": {"eq": ["body", 2]}, "interval": 0},
    }

    case = run_case(sample, step)

    assert case.steps[0].returned == 2


CALLED = """
dialect: hat
config: {name: called, variables: {user: ann}, export: [seen]}
teststeps:
- name: ask
  request: {method: POST, url: /m/echo, json: {user: $user, n: 1}}
  extract: {seen: body.json.user}
"""


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a case to call."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / "called.yml").write_text(CALLED)
    return tmp_path


def test_a_step_adds_to_the_case_it_calls(sample: str, called: Path) -> None:
    (called / "case.yml").write_text(f"""
dialect: hat
config: {{name: caller, base_url: "{sample}"}}
teststeps:
- name: call
  testcase: called.yml
  variables: {{user: bob}}
  extract: {{n: body.json.n}}
  validate:
  - eq: [$seen, bob]
  - eq: [body.json.n, 1]
  - eq: [$n, 2]
""")

    case = run_all(load("case.yml").cases).cases[0]

    assert case.steps[0].extracted == {"seen": "bob", "n": 1}
    assert [check.outcome.value for check in case.steps[0].checks] == ["passed", "passed", "failed"]
    assert case.outcome is Outcome.FAILED


def test_a_call_is_tried_again_with_its_checks(sample: str, called: Path) -> None:
    (called / "count.yml").write_text("""
dialect: hat
config: {name: count}
teststeps:
- {name: ask, request: {url: /m/counter/call}}
""")
    (called / "case.yml").write_text(f"""
dialect: hat
config: {{name: caller, base_url: "{sample}"}}
teststeps:
- {{name: call, testcase: count.yml, retry: {{until: {{ge: [body.n, 3]}}, interval: 0}}}}
""")

    case = run_all(load("case.yml").cases).cases[0]

    assert case.outcome is Outcome.PASSED
    assert case.steps[0].attempts == 3


def test_a_step_adds_to_an_api_file(sample: str, called: Path) -> None:
    (called / "ask.yml").write_text("""
name: ask
request: {method: POST, url: /m/echo, headers: {A: "1", B: "1"}, json: {user: $user}}
variables: {user: ann}
validate: [{eq: [status_code, 200]}]
""")
    (called / "case.yml").write_text(f"""
dialect: hat
config: {{name: caller, base_url: "{sample}"}}
teststeps:
- name: as bob
  api: ask.yml
  variables: {{user: bob}}
  request: {{headers: {{B: "2"}}}}
  extract: {{seen: body.json.user}}
  validate: [{{eq: [$seen, bob]}}]
""")

    case = run_all(load("case.yml").cases).cases[0]

    assert case.outcome is Outcome.PASSED, case
    assert len(case.steps[0].checks) == 2
    headers = dict(case.steps[0].exchanges[0].request.headers)
    assert (headers["A"], headers["B"]) == ("1", "2")


def test_a_case_runs_several_times(sample: str) -> None:
    document = {"config": {"name": "case", "base_url": sample, "times": 2, "parameters": {"a": [1, 2]}},
                "teststeps": [get()]}  # fmt: skip
    plain = {"config": {"name": "case", "base_url": sample, "times": 3}, "teststeps": [get()]}

    cases = run_all([read(document), read(plain)]).cases

    assert [(case.row, case.row_index) for case in cases[:4]] == [
        ({"a": 1}, 0), ({"a": 1}, 1), ({"a": 2}, 2), ({"a": 2}, 3)]  # fmt: skip
    assert [case.row_index for case in cases[4:]] == [0, 1, 2]


WRONG_STEPS: list[tuple[dict[str, Any], str, str]] = [
    ({"steps": []}, "steps", "a group needs steps"),
    ({"steps": [get()], "validate": WRONG}, "validate", "a group has no 'validate', its steps have"),
    ({"function": "total"}, "function", "expected a call, got 'total'"),
    ({**get(), "for_each": 5}, "for_each", "expected a name with its list, got a number"),
    ({**get(), "for_each": {"a": [1], "b": [2]}}, "for_each", "expected one name with its list, got 2 names"),
    ({**get(), "for_each": [1], "while": "$a"}, "", "'for_each' and 'while' cannot stand at one step"),
    (
        {**get(), "while": "$a", "max_iterations": 0},
        "max_iterations",
        "expected a number from 1 to 10000, got 0",
    ),
    (
        {**get(), "max_iterations": 5},
        "max_iterations",
        "max_iterations is the cap of a 'while', there is none",
    ),
    ({**get(), "if": {"eq": [1]}}, "if", "a check in a condition is {comparator: [actual, expected]}"),
    ({**get(), "retry": {"until": "body.a"}}, "retry.until", "expected a check, got text"),
    ({"name": "nothing"}, "", "a step needs one of request, testcase, function, steps, wait"),
]


@pytest.mark.parametrize(("step", "path", "message"), WRONG_STEPS, ids=[row[2] for row in WRONG_STEPS])
def test_what_cannot_run_is_told_when_it_is_read(step: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(FormatErrors) as caught:
        read({"config": {"name": "case"}, "teststeps": [step]})

    assert [problem.message for problem in caught.value.problems] == [message]
    assert caught.value.problems[0].path == ".".join(part for part in ("teststeps[0]", path) if part)


def test_an_unknown_comparator_of_a_condition_is_told_before_anything_is_sent(sample: str) -> None:
    case = run_case(sample, get(**only("if", {"equls": ["$a", 1]})), variables={"a": 1})

    assert case.steps == ()
    assert case.error is not None
    assert case.error.message == "unknown comparator 'equls'"
