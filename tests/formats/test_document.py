"""Case documents of the platform: read, examined, parsed, written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.case import Case, Check, Request
from hat.error import FormatError
from hat.formats import FormatErrors, dump, load, parse, problems, read

CONFORMANCE = Path(__file__).parents[1] / "conformance" / "files" / "own"
REQUEST = {"method": "GET", "url": "/x"}


def rows(*pairs: Any, **more: Any) -> list[dict[str, Any]]:
    """Rows as the editor writes them."""
    return [
        {"name": name, "value": value, "enabled": True, "description": "", **more} for name, value in pairs
    ]


def one(**step: Any) -> Case:
    """A case of one step of the editor."""
    return read({"config": {"name": "x"}, "teststeps": [{"name": "a", "request": REQUEST, **step}]})


def test_a_document_is_read() -> None:
    case = read(
        {
            "schema": 1,
            "dialect": "hat",
            "config": {"name": "x", "base_url": "http://a", "variables": rows(("a", 1)), "tags": ["smoke"]},
            "teststeps": [
                {
                    "id": "s1",
                    "name": "a",
                    "description": "why",
                    "request": REQUEST,
                    "export": ["t"],
                    "times": 2,
                }
            ],
        }
    )

    (step,) = case.steps
    assert (case.name, case.base_url, case.variables, case.tags) == ("x", "http://a", {"a": 1}, ("smoke",))
    assert (step.id, step.description, step.export, step.times) == ("s1", "why", ("t",), 2)
    assert step.request == Request(REQUEST)


@pytest.mark.parametrize("dialect", ["hat", "httprunner2", "httprunner3", "httprunner4"])
def test_rows_are_read_in_every_dialect(dialect: str) -> None:
    request = {
        **REQUEST,
        "params": rows(("a", "1"), ("b", "2")),
        "headers": rows(("X", "y")) + rows(("Off", "z"), enabled=False) + rows(("", "")),
    }
    document = {
        "config": {"name": "x"},
        "teststeps": [{"name": "a", "request": request, "extract": rows(("t", "body.t"))}],
    }

    (step,) = read(document, dialect=dialect).steps

    assert step.request is not None
    assert step.request.fields["headers"] == {"X": "y"}
    assert dict(step.extract) == {"t": "body.t"}
    assert step.request.fields["params"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize("dialect", ["hat", "httprunner2"])
def test_a_row_that_is_there_twice_is_sent_twice(dialect: str) -> None:
    request = {**REQUEST, "params": rows(("a", "1"), ("b", "2"), ("a", "3"))}

    (step,) = read({"teststeps": [{"name": "a", "request": request}]}, dialect=dialect).steps

    assert step.request is not None
    assert step.request.fields["params"] == {"a": ["1", "3"], "b": "2"}


def test_blank_fields_of_the_editor_say_nothing() -> None:
    blank: dict[str, Any] = {
        "json": None,
        "data": "",
        "params": [],
        "headers": {},
        "timeout": None,
        "auth": {},
    }

    (step,) = one(
        request={**REQUEST, **blank},
        skip="",
        skipIf="",
        times="",
        variables=[],
        validate=[{"check": "", "expect": ""}],
    ).steps

    assert step.request == Request({**REQUEST, "json": None})
    assert (step.skip, step.times, step.validate) == ((), 1, ())


CHECKS = [
    ("short", {"eq": ["a", 1]}, Check("a", "eq", 1, "", "teststeps[0].validate[0]")),
    ("with a message", {"eq": ["a", 1, "why"]}, Check("a", "eq", 1, "why", "teststeps[0].validate[0]")),
    ("long", {"check": "a", "comparator": "lt", "expect": 1, "message": "why", "enabled": True},
     Check("a", "lt", 1, "why", "teststeps[0].validate[0]")),
    ("the words of hrp", {"check": "a", "assert": "lt", "expect": 1, "msg": "why"},
     Check("a", "lt", 1, "why", "teststeps[0].validate[0]")),
    ("one operand", {"exists": ["a"]}, Check("a", "exists", None, "", "teststeps[0].validate[0]")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "check"), [row[1:] for row in CHECKS], ids=[row[0] for row in CHECKS])
def test_checks_are_read(written: dict[str, Any], check: Check) -> None:
    assert one(validate=[written]).steps[0].validate == (check,)


def test_a_check_that_is_switched_off_is_left_out() -> None:
    assert one(validate=[{"check": "a", "expect": 1, "enabled": False}]).steps[0].validate == ()


def test_all_problems_of_a_document_are_told_with_their_paths() -> None:
    found = problems(
        {
            "config": {"name": "x", "variables": 5},
            "teststeps": [
                {
                    "name": "a",
                    "request": {"url": ""},
                    "validate": [{"eq": ["a"]}, {"eq": 5}, "x"],
                    "times": "many",
                },
                {"name": "b", "request": 5, "retry": {"interval": -1}},
                {"name": "c", "setup_hooks": [5], "wait": 1},
                {"name": "d"},
            ],
        }
    )

    assert [problem.path for problem in found] == [
        "config.variables",
        "teststeps[0].validate[1].eq",
        "teststeps[0].validate[2]",
        "teststeps[0].times",
        "teststeps[0].request.url",
        "teststeps[1].retry.interval",
        "teststeps[1].request",
        "teststeps[2].setup_hooks[0]",
        "teststeps[3]",
    ]


@pytest.mark.parametrize("document", [None, 5, [], "x", {"teststeps": 5}, {"config": 5}], ids=repr)
def test_what_is_no_document_has_problems(document: Any) -> None:
    assert problems(document)


def test_parameters_may_be_rows() -> None:
    case = read({"config": {"name": "x", "parameters": rows(("user", ["ann"]), ("", []))}, "teststeps": []})

    assert case.parameters == {"user": ["ann"]}


def test_parameters_that_are_none_are_told() -> None:
    (problem,) = problems({"config": {"name": "x", "parameters": "abc"}, "teststeps": []})

    assert problem.path == "config.parameters"


def test_a_called_case_is_resolved_by_its_id() -> None:
    called = {"config": {"name": "inner"}, "teststeps": [{"name": "a", "request": REQUEST}]}
    document = {"config": {"name": "outer"}, "teststeps": [{"name": "call", "testcase": 12}]}

    inner = read(document, resolve={12: called}.get).steps[0].case

    assert inner is not None
    assert inner.name == "inner"


RESOLVE = [
    ("missing", {}, "no such case: '1'"),
    (
        "itself",
        {1: {"config": {"name": "a"}, "teststeps": [{"name": "b", "testcase": 1}]}},
        "calls itself: 1 -> 1",
    ),
    ("wrong", {1: {"config": {"name": "a"}, "teststeps": [{"name": "b"}]}}, "in the called case 'a'"),
]


@pytest.mark.parametrize(("known", "message"), [row[1:] for row in RESOLVE], ids=[row[0] for row in RESOLVE])
def test_a_call_that_cannot_be_resolved_is_told(known: dict[int, Any], message: str) -> None:
    with pytest.raises(FormatErrors) as caught:
        read({"config": {"name": "x"}, "teststeps": [{"name": "call", "testcase": 1}]}, resolve=known.get)

    assert message in str(caught.value)
    assert caught.value.problems[0].path == "teststeps[0].testcase"


def test_text_of_a_list_layout_becomes_a_document() -> None:
    document = parse(
        "- config: {name: x, variables: [{a: 1}, {b: 2}]}\n"
        "- test: {name: s, request: {url: /}, extract: [{c: content}]}"
    )

    assert document == {
        "schema": 1,
        "dialect": "httprunner2",
        "config": {"name": "x", "variables": {"a": 1, "b": 2}},
        "teststeps": [{"name": "s", "request": {"url": "/"}, "extract": {"c": "content"}}],
    }


@pytest.mark.parametrize("text", ["", "5", "a: 1", "config: {", "[1]"], ids=repr)
def test_text_that_is_no_case_is_an_error(text: str) -> None:
    with pytest.raises(FormatError):
        parse(text)


def test_a_document_is_written_pleasantly() -> None:
    document = {
        "schema": 1,
        "dialect": "hat",
        "config": {"base_url": "http://a", "name": "登录", "variables": rows(("user", "ann")), "export": []},
        "teststeps": [
            {
                "id": "s1", "enabled": True, "name": "log in", "description": "", "skip": "", "times": 1,
                "validate": [
                    {"check": "status_code", "comparator": "eq", "expect": 200, "message": "",
                     "enabled": True},
                    {"check": "body.code", "comparator": "eq", "expect": "1", "enabled": False},
                ],
                "request": {
                    "headers": rows(("X", "on")) + rows(("Y", "2"), enabled=False),
                    "url": "/login", "method": "POST", "json": {"name": "$user", "note": "a\nb"},
                    "params": [],
                },
            }
        ],
    }  # fmt: skip

    assert dump(document) == (
        "dialect: hat\n"
        "config:\n"
        "  name: 登录\n"
        "  base_url: http://a\n"
        "  variables:\n"
        "    user: ann\n"
        "teststeps:\n"
        "- id: s1\n"
        "  name: log in\n"
        "  request:\n"
        "    method: POST\n"
        "    url: /login\n"
        "    headers:\n"
        "    - {name: X, value: 'on'}\n"
        "    - {name: Y, value: '2', enabled: false}\n"
        "    json:\n"
        "      name: $user\n"
        "      note: |-\n"
        "        a\n"
        "        b\n"
        "  validate:\n"
        "  - eq: [status_code, 200]\n"
        "  - check: body.code\n"
        "    comparator: eq\n"
        "    expect: '1'\n"
        "    enabled: false\n"
    )


FILES = sorted(path for path in CONFORMANCE.rglob("*") if path.suffix in (".yml", ".json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CONFORMANCE)))
def test_what_is_written_is_read_the_same(path: Path) -> None:
    try:
        document = parse(path.read_text(encoding="utf-8"))
    except FormatError:
        return  # what cannot be read is not written

    again = parse(dump(document))

    assert _case(again) == _case(document)
    assert dump(again) == dump(document)


def _case(document: dict[str, Any]) -> Any:
    called = {"config": {"name": "called"}, "teststeps": []}
    try:
        return read(document, resolve=lambda _: called)
    except FormatErrors as error:
        return [problem.message for problem in error.problems]


def test_a_written_file_loads_as_the_case_it_was(tmp_path: Path) -> None:
    document = {"config": {"name": "x"}, "teststeps": [{"name": "a", "request": REQUEST}]}
    (tmp_path / "case.yml").write_text(dump({"dialect": "hat", **document}))

    (case,) = load(tmp_path / "case.yml").cases

    assert case.steps == read(document).steps
