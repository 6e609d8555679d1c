"""Files as cases: every layout is read, a bad file is told and stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.case import Case, Skip
from hat.error import UsageError
from hat.formats import Loaded, load

GET = "{method: GET, url: /x}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder that is the current one."""
    (tmp_path / "debugtalk.py").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> Loaded:
    """Load files by name; the first is asked for, the others lie beside it."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return load(f"{next(iter(files))}.yml")


def only(loaded: Loaded) -> Case:
    """The one case of what was loaded without problems."""
    assert [str(problem) for problem in loaded.problems] == []
    (case,) = loaded.cases
    return case


DIALECTS = [
    ("a list", f"- config: {{name: x}}\n- test: {{name: a, request: {GET}}}", "httprunner2"),
    ("config and teststeps", f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}}}]", "httprunner4"),
    ("skip", f"config: {{name: x}}\nteststeps: [{{name: a, skip: no, request: {GET}}}]", "httprunner2"),
    (
        "an old path",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, extract: {{b: content.c}}}}]",
        "httprunner2",
    ),
    (
        "a new path",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, extract: {{b: body.c}}}}]",
        "httprunner4",
    ),
    (
        "a regular expression",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, extract: {{b: a(.)}}}}]",
        "httprunner2",
    ),
    (
        "extract as a list",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, extract: [{{b: content}}]}}]",
        "httprunner2",
    ),
    (
        "the words text and body",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, extract: {{b: body.x, t: text}}}}]",
        "httprunner4",
    ),
    (
        "a list with the word body",
        f"- config: {{name: x}}\n- test: {{name: a, request: {GET}, extract: [{{b: body}}]}}",
        "httprunner25",
    ),
    (
        "skip and a script",
        f"config: {{name: x}}\nteststeps: [{{name: a, skip: no, validate_script: [pass], request: {GET}}}]",
        "httprunner25",
    ),
    ("output", f"config: {{name: x, output: [a]}}\nteststeps: [{{name: a, request: {GET}}}]", "httprunner2"),
    ("said at the top", f"dialect: hat\nconfig: {{name: x}}\nteststeps: [{{request: {GET}}}]", "hat"),
    (
        "said in config",
        f"config: {{name: x, dialect: httprunner3}}\nteststeps: [{{name: a, request: {GET}}}]",
        "httprunner3",
    ),
]


@pytest.mark.parametrize(("text", "dialect"), [row[1:] for row in DIALECTS], ids=[row[0] for row in DIALECTS])
def test_a_file_shows_its_dialect(folder: Path, text: str, dialect: str) -> None:
    assert only(write(folder, case=text)).dialect == dialect


def test_the_dialect_asked_for_counts(folder: Path) -> None:
    (folder / "case.yml").write_text(f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}}}]")

    assert only(load("case.yml", dialect="hat")).dialect == "hat"


def test_an_unknown_dialect_is_a_wrong_use(folder: Path) -> None:
    with pytest.raises(UsageError, match="unknown dialect 'x'"):
        load(folder, dialect="x")


def test_an_api_file_is_a_case_of_one_step(folder: Path) -> None:
    case = only(write(folder, api=f"{{name: ping, base_url: http://a, request: {GET}}}"))

    assert (case.name, case.base_url, len(case.steps)) == ("ping", "http://a", 1)


def test_a_suite_is_a_case_for_each_entry(folder: Path) -> None:
    loaded = write(
        folder,
        suite="config: {name: s, base_url: http://s, variables: {a: suite}}\n"
        "testcases:\n- {name: one, testcase: case.yml, variables: {a: entry, b: entry},"
        " parameters: {p: [1]}}\n"
        "- {name: two, testcase: case.yml}",
        case=f"- config: {{name: x, variables: {{a: case, b: case}}}}\n- test: {{name: a, request: {GET}}}",
    )

    assert [case.name for case in loaded.cases] == ["one", "two"]
    assert loaded.cases[0].variables == {"a": "suite", "b": "entry"}
    assert loaded.cases[0].parameters == {"p": [1]}
    assert loaded.cases[1].base_url == "http://s"


def test_an_api_is_merged_into_its_step(folder: Path) -> None:
    case = only(
        write(
            folder,
            case="- config: {name: x}\n- test: {name: mine, api: api.yml, variables: {a: step},"
            " validate: [{eq: [status_code, 1]}], setup_hooks: ['${h()}']}",
            api=f"{{name: theirs, base_url: http://api, variables: {{a: api, b: api}}, request: {GET},"
            " validate: [{eq: [status_code, 2]}], setup_hooks: ['${g()}', '${h()}'], times: 2}",
        )
    )

    (step,) = case.steps
    assert (step.name, step.base_url, step.times) == ("mine", "http://api", 2)
    assert step.variables == {"a": "step", "b": "api"}
    assert step.setup_hooks == ("${g()}", "${h()}")
    assert [(check.expect, check.inherited) for check in step.validate] == [(2, True), (1, False)]


def test_an_api_is_found_by_its_id(folder: Path) -> None:
    (folder / "api").mkdir()
    (folder / "api" / "set.yml").write_text(f"- api: {{id: ping, name: p, request: {GET}}}")

    case = only(write(folder, case="- config: {name: x}\n- test: {name: a, api: ping}"))

    assert case.steps[0].request is not None


def test_a_called_case_keeps_its_own_file_and_lines(folder: Path) -> None:
    case = only(
        write(
            folder,
            case="config: {name: x}\nteststeps: [{name: call, testcase: inner.yml}]",
            inner=f"config: {{name: i}}\nteststeps:\n- name: a\n  request: {GET}",
        )
    )

    inner = case.steps[0].case
    assert inner is not None
    assert inner.place("teststeps[0].request.url") == "inner.yml:4: teststeps[0].request.url"


def test_paths_of_a_list_layout_have_lines(folder: Path) -> None:
    case = only(write(folder, case=f"- config:\n    name: x\n- test:\n    name: a\n    request: {GET}"))

    assert case.place("teststeps[0].request") == "case.yml:5: teststeps[0].request"
    assert case.place("config.name") == "case.yml:2: config.name"


def test_the_values_of_dotenv_come_with_the_case(folder: Path) -> None:
    (folder / ".env").write_text("A=1")

    assert only(write(folder, case=f"dialect: hat\nteststeps: [{{request: {GET}}}]")).env == {"A": "1"}


def test_skip_conditions_are_read(folder: Path) -> None:
    text = f"{{name: x}}\nteststeps: [{{name: a, skip: '', skipIf: $b, request: {GET}}}]"

    ours = only(write(folder, case=f"dialect: hat\nconfig: {text}"))
    theirs = only(write(folder, case=f"dialect: httprunner2\nconfig: {text}"))

    assert ours.steps[0].skip == (Skip("skipIf", "$b"),)
    assert theirs.steps[0].skip == (Skip("skip", ""),)


BAD = [
    ("empty", "", "bad.yml: file is empty"),
    ("a number", "5", "bad.yml: file is not a case, it holds a number"),
    ("a text", "abc", "bad.yml: file is not a case, it holds text"),
    ("a list of texts", "[a, b]", "bad.yml: file is not a case"),
    ("no steps", "config: {name: x}", "bad.yml:1: 'teststeps' is missing"),
    (
        "steps that are no list",
        "config: {name: x}\nteststeps: 5",
        "bad.yml:2: teststeps: expected a list of steps",
    ),
    ("a step that is none", "config: {name: x}\nteststeps:\n- 5", "bad.yml:3: teststeps[0]: expected a step"),
    (
        "no request",
        "config: {name: x}\nteststeps:\n- {name: a}",
        "bad.yml:3: teststeps[0]: a step needs a request",
    ),
    ("no name", "config: {}\nteststeps: []", "bad.yml:1: config.name: a case needs a name"),
    (
        "an unknown method",
        "config: {name: x}\nteststeps:\n- {name: a, request: {method: FETCH, url: /}}",
        "bad.yml:3: teststeps[0].request.method: unknown method 'FETCH'",
    ),
    (
        "a check without operands",
        f"config: {{name: x}}\nteststeps:\n- name: a\n  request: {GET}\n  validate: [{{eq: 1}}]",
        "bad.yml:5: teststeps[0].validate[0].eq: expected [actual, expected], got a number",
    ),
    (
        "a missing case",
        "config: {name: x}\nteststeps:\n- {name: a, testcase: none.yml}",
        "bad.yml:3: teststeps[0].testcase: no such file: 'none.yml'",
    ),
    (
        "a case that calls itself",
        "config: {name: x}\nteststeps:\n- {name: a, testcase: bad.yml}",
        "bad.yml:3: teststeps[0].testcase: the case calls itself: bad.yml -> bad.yml",
    ),
    (
        "a missing api",
        "- config: {name: x}\n- test: {name: a, api: none}",
        "bad.yml:2: teststeps[0].api: no such api: 'none'",
    ),
    (
        "times that are no number",
        f"- test: {{name: a, times: many, request: {GET}}}",
        "bad.yml:1: teststeps[0].times: expected a whole number, got 'many'",
    ),
]


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_told_and_stops_no_other(folder: Path, text: str, message: str) -> None:
    (folder / "bad.yml").write_text(text)
    (folder / "good.yml").write_text(f"dialect: hat\nteststeps: [{{request: {GET}}}]")

    loaded = load("bad.yml", "good.yml")

    assert [case.file for case in loaded.cases] == ["good.yml"]
    assert str(loaded.problems[0]).startswith(message)


def test_all_problems_of_a_file_are_told_at_once(folder: Path) -> None:
    loaded = write(folder, case="config: {name: x}\nteststeps:\n- {name: a}\n- 5\n- {name: b, testcase: no}")

    assert [problem.line for problem in loaded.problems] == [3, 4, 5]


def test_cases_that_call_each_other_in_a_circle_are_refused(folder: Path) -> None:
    loaded = write(
        folder,
        a="config: {name: a}\nteststeps: [{name: b, testcase: b.yml}]",
        b="config: {name: b}\nteststeps: [{name: a, testcase: a.yml}]",
    )

    assert loaded.cases == ()
    assert "the case calls itself: a.yml -> b.yml -> a.yml" in str(loaded.problems[0])


def test_other_files_of_a_folder_are_left_alone(folder: Path) -> None:
    (folder / "compose.yml").write_text("services: {web: {image: x}}")
    (folder / "rows.json").write_text('[{"name": "ann"}]')
    (folder / "broken.yml").write_text("config: {")

    loaded = load(folder)

    assert [problem.file for problem in loaded.problems] == [str(folder / "broken.yml")]


def test_every_value_has_a_word(folder: Path) -> None:
    values: list[tuple[Any, str]] = [
        ("2020-01-02", "a date"),
        ("~", "null"),
        ("[]", "a list"),
        ("yes", "a boolean"),
    ]
    for text, word in values:
        loaded = write(folder, case=f"dialect: hat\nteststeps: [{{request: {text}}}]")
        assert text == "~" or f"got {word}" in str(loaded.problems[0])


def test_a_case_that_uses_an_api_of_2_5_is_for_2_5(folder: Path) -> None:
    upload = "name: a\nrequest: {method: POST, url: /x, upload: {note: hi}}\nvalidate: [{eq: [body.x, 1]}]"
    (folder / "api").mkdir()
    (folder / "api" / "a.yml").write_text(upload)

    loaded = write(folder, case="- config: {name: x}\n- test: {name: a, api: api/a.yml}")

    assert [case.dialect for case in loaded.cases] == ["httprunner25"]


@pytest.mark.parametrize(
    ("check", "dialect"),
    [
        ("{own: [status_code, 1]}", "httprunner2"),
        ("{length_equals: [status_code, 1]}", "httprunner2"),
        ("{check: status_code, comparator: count_eq, expect: 1}", "httprunner2"),
        ("{not_equals: [body.x, 1]}", "httprunner25"),
        ("{own: [body.x, 1]}", "httprunner4"),
        ("{equal: [status_code, 1]}", "httprunner4"),
        ("{check: status_code, expect: 1}", "httprunner4"),
        ("{contains: [headers, 1]}", "httprunner4"),
    ],
)
def test_a_comparator_shows_the_dialect(folder: Path, check: str, dialect: str) -> None:
    text = f"config: {{name: x}}\nteststeps: [{{name: a, request: {GET}, validate: [{check}]}}]"

    assert only(write(folder, case=text)).dialect == dialect


CALLS_API = "config: {name: x}\nteststeps: [{name: a, api: api/a.yml}]"
CALLS_CASE = "config: {name: x}\nteststeps: [{name: a, testcase: api/a.yml}]"
REQUEST = "request: {method: GET, url: /x}"


@pytest.mark.parametrize(
    ("text", "referred", "dialect"),
    [
        (CALLS_API, f"name: a\n{REQUEST}\nvalidate: [{{eq: [content.a, 1]}}]", "httprunner2"),
        (CALLS_API, f"name: a\n{REQUEST}\nvalidate: [{{eq: [body.a, 1]}}]", "httprunner4"),
        (CALLS_API, f"name: a\n{REQUEST}", "httprunner4"),
        (CALLS_CASE, f"- config: {{name: a}}\n- test: {{name: b, {REQUEST}}}", "httprunner2"),
        (CALLS_CASE, f"config: {{name: a}}\nteststeps: [{{name: b, times: 2, {REQUEST}}}]", "httprunner2"),
        (f"dialect: httprunner3\n{CALLS_CASE}", "config: {name: a}\nteststeps: []", "httprunner3"),
    ],
)
def test_a_file_is_for_the_same_version_as_those_it_refers_to(
    folder: Path, text: str, referred: str, dialect: str
) -> None:
    (folder / "api").mkdir()
    (folder / "api" / "a.yml").write_text(referred)

    assert only(write(folder, case=text)).dialect == dialect


@pytest.mark.parametrize(
    ("entries", "path", "dialect"),
    [
        ("[{name: a, testcase: called.yml}]", "status_code", "httprunner2"),
        ("[{name: a, testcase: called.yml}]", "body.a", "httprunner3"),
        ("[{name: a, testcase: called.yml}]", "content.a", "httprunner2"),
        ("[{name: a, testcase: called.yml, parameters: {a: [1]}}]", "body.a", "httprunner25"),
        ("{a: {testcase: called.yml}}", "body.a", "httprunner25"),
    ],
)
def test_a_suite_is_for_3_when_its_cases_can_only_be_for_3(
    folder: Path, entries: str, path: str, dialect: str
) -> None:
    step = f"{{name: b, {REQUEST}, validate: [{{eq: [{path}, 1]}}]}}"
    (folder / "called.yml").write_text(f"config: {{name: a}}\nteststeps: [{step}]")
    (folder / "suite.yml").write_text(f"config: {{name: s}}\ntestcases: {entries}")

    cases = load("suite.yml").cases

    assert {case.dialect for case in cases} == {dialect}


def test_comments_in_env_count_only_when_version_2_is_asked_for(folder: Path) -> None:
    (folder / ".env").write_text("# who\n\nA=1\n")
    (folder / "case.yml").write_text(f"- config: {{name: x}}\n- test: {{name: a, {REQUEST}}}")

    shown, asked = load("case.yml"), load("case.yml", dialect="httprunner2")

    assert only(shown).env == {"A": "1"}
    assert "line is not NAME=value" in str(asked.problems[0])
