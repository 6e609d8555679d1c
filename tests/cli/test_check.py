"""hat check: every problem with file and line, nothing sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import hat
from tests.demo.api import CASES

WRONG = """\
dialect: hat
config: {name: Wrong}
teststeps:
- name: No list
  request: {method: GET, url: http://127.0.0.1:9}
  validate:
  - eq: status_code
"""


def test_it_says_that_all_is_well() -> None:
    finished = hat("check", CASES)

    assert finished.code == 0
    assert finished.out == ""
    assert finished.err.endswith(" cases read, no problems\n")


def test_it_lists_every_problem_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(WRONG)
    (tmp_path / "b.yml").write_text("config: {")
    finished = hat("check", ".", folder=tmp_path)

    assert finished.code == 2
    assert "a.yml:7: teststeps[0].validate[0].eq: expected [actual, expected], got text" in finished.out
    assert "b.yml:" in finished.out
    assert finished.err == "0 cases read, 2 problems\n"


def test_it_lists_problems_as_json_for_editors(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(WRONG)
    (problem,) = json.loads(hat("check", ".", "--format", "json", folder=tmp_path).out)["problems"]

    assert problem["level"] == "error"
    assert problem["file"] == "a.yml"
    assert problem["line"] == 7
    assert problem["path"] == "teststeps[0].validate[0].eq"
    assert problem["message"] == "expected [actual, expected], got text"
    assert problem["hint"]


def test_it_finds_what_only_the_engine_knows(tmp_path: Path) -> None:
    text = WRONG.replace("eq: status_code", "equls: [status_code, 200]")
    (tmp_path / "a.yml").write_text(text + "  - eq: ['regex:(', 1]\n")
    finished = hat("check", ".", folder=tmp_path)

    assert finished.code == 2
    assert "a.yml:7: teststeps[0].validate[0]: unknown comparator 'equls'" in finished.out
    assert "a.yml:8: teststeps[0].validate[1]: regular expression '('" in finished.out


def test_what_an_environment_gives_is_known(tmp_path: Path) -> None:
    case = '- config: {name: old}\n- test: {name: a, request: {method: GET, url: "$base/a"}}\n'
    (tmp_path / "a.yml").write_text(case)
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / ".env.staging").write_text("base=http://127.0.0.1:9\n")

    assert "variable 'base' is not defined" in hat("check", "a.yml", folder=tmp_path).out
    assert hat("check", "a.yml", "--env", "staging", folder=tmp_path).code == 0
    assert hat("check", "a.yml", "--var", "base=x", folder=tmp_path).code == 0


def test_it_speaks_chinese() -> None:
    assert "没有问题" in hat("check", CASES, env={"HAT_LANG": "zh"}).err


def test_a_missing_path_is_wrong_usage() -> None:
    assert hat("check", "nowhere").code == 2


def test_a_folder_without_cases_is_wrong_usage(tmp_path: Path) -> None:
    assert hat("check", tmp_path).code == 2


OLD = """\
config: {name: Old, parametres: {a: [1]}}
teststeps:
- name: Go
  request: {method: GET, url: http://127.0.0.1:9, header: {A: "1"}}
  validte: [{eq: [status_code, 200]}]
"""


def test_words_that_httprunner_does_not_know_are_warnings(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(OLD)
    finished = hat("check", ".", folder=tmp_path)

    assert finished.code == 0
    assert finished.out.splitlines() == [
        "a.yml:1: config.parametres: warning: unknown word 'parametres' in config",
        "  hint: did you mean 'parameters'?",
        "a.yml:4: teststeps[0].request.header: warning: unknown word 'header' in a request",
        "  hint: did you mean 'headers'?",
        "a.yml:5: teststeps[0].validte: warning: unknown word 'validte' in a step",
        "  hint: did you mean 'validate'?",
    ]
    assert finished.err == "1 case read, no problems, 3 warnings\n"


def test_words_that_dialect_hat_does_not_know_are_problems(tmp_path: Path) -> None:
    text = "dialect: hat\ntearDown: []\n" + OLD.replace("validte", "timeout")
    (tmp_path / "a.yml").write_text(text)
    found = json.loads(hat("check", ".", "--format", "json", folder=tmp_path).out)["problems"]

    assert [(problem["level"], problem["path"], problem["hint"]) for problem in found] == [
        ("error", "tearDown", "did you mean 'teardown'?"),
        ("error", "config.parametres", "did you mean 'parameters'?"),
        ("error", "teststeps[0].request.header", "did you mean 'headers'?"),
        ("error", "teststeps[0].timeout", "it stands in a request"),
    ]


def test_words_of_ones_own_begin_with_x(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "dialect: hat\n"
        + OLD.replace("parametres", "x-owner").replace("header:", "x-header:").replace("validte", "validate")
    )

    assert hat("check", ".", folder=tmp_path).code == 0


def test_a_word_of_hat_in_an_httprunner_file_says_how_to_use_it(tmp_path: Path) -> None:
    text = OLD.replace("validte: [{eq: [status_code, 200]}]", "for_each: {x: [1]}")
    (tmp_path / "a.yml").write_text(text)

    assert hat("check", ".", folder=tmp_path).out.splitlines()[-2:] == [
        "a.yml:5: teststeps[0].for_each: warning: unknown word 'for_each' in a step",
        "  hint: it is a word of HAT's own cases: write `dialect: hat` as the first line of the file",
    ]


def test_a_case_that_others_call_tells_its_problem_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("dialect: hat\nconfig: {name: A}\nteststeps:\n- {name: n}\n")
    for name in ("b", "c"):
        text = f"dialect: hat\nconfig: {{name: {name}}}\nteststeps:\n- {{name: call, testcase: a.yml}}\n"
        (tmp_path / f"{name}.yml").write_text(text)

    finished = hat("check", ".", folder=tmp_path)

    told = "a.yml:4: teststeps[0]: a step needs one of request, testcase, function, steps, wait"
    assert finished.out.splitlines().count(told) == 1


OPEN = """\
dialect: hat
config: {name: open, base_url: "http://127.0.0.1:9", variables: {page: 1}, parameters: {lang: [en, zh]}}
teststeps:
- name: $lang
  for_each: {id-state: [[1, a]]}
  request: {url: "/$page/$id/$state/$iteration/$usr"}
  extract: {token: body.token}
  setup_hooks: [{stamp: "${timestamp()}"}]
- name: after
  request: {url: /, headers: {token: $token, stamp: $stamp}}
"""


def test_a_variable_that_nothing_gives_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(OPEN)
    finished = hat("check", "a.yml", folder=tmp_path)

    assert finished.code == 0
    assert finished.out == (
        "a.yml:6: teststeps[0].request.url: warning: variable 'usr' is not defined\n"
        "  hint: known here: id, lang, page, stamp, state, token; or give it by --env or --var\n"
    )
    assert finished.err == "1 case read, no problems, 1 warning\n"


CONDITIONS = """\
dialect: hat
config: {name: conditions}
teststeps:
- name: loop
  while: {lt: [$nope, 10]}
  steps:
  - {name: pause, wait: 0}
- name: once
  if: ${whatever(1)}
  wait: 0
- name: again
  request: {method: GET, url: http://127.0.0.1:9}
  retry: {until: {eq: [$state, done]}, interval: 1, timeout: 1}
"""


def test_conditions_are_looked_through_like_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CONDITIONS)
    found = json.loads(hat("check", "a.yml", "--format", "json", folder=tmp_path).out)["problems"]

    assert {(one["path"], one["message"]) for one in found} == {
        ("teststeps[0].while", "variable 'nope' is not defined"),
        ("teststeps[1].if", "function 'whatever' is not defined"),
        ("teststeps[2].retry.until", "variable 'state' is not defined"),
    }


def test_an_expression_that_reads_nothing_is_a_problem_unless_a_hook_may_set_it(tmp_path: Path) -> None:
    text = WRONG.replace("eq: status_code", "lt: [timing.connect, 5]")
    (tmp_path / "a.yml").write_text(text)
    (tmp_path / "b.yml").write_text(text + '  teardown_hooks: ["${sleep(0)}"]\n')
    (problem,) = json.loads(hat("check", ".", "--format", "json", folder=tmp_path).out)["problems"]

    assert (problem["file"], problem["line"], problem["level"]) == ("a.yml", 7, "error")
    assert problem["message"] == "'timing.connect' reads nothing of a response"
    assert problem["hint"] == "did you mean 'timing_ms'?"


def test_a_variable_that_the_environment_gives_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(OPEN)

    assert hat("check", "a.yml", "--var", "usr=ann", folder=tmp_path).out == ""


def test_a_value_of_a_needed_or_called_case_is_known(tmp_path: Path) -> None:
    login = OPEN.replace(", parameters: {lang: [en, zh]}", "").replace("$lang", "log in").replace("$usr", "x")
    (tmp_path / "login.yml").write_text(login)
    asks = "dialect: hat\nconfig: {name: asks, needs: login.yml}\nteststeps: [{request: {url: http://a/$token}}]\n"
    (tmp_path / "asks.yml").write_text(asks)
    calls = asks.replace(", needs: login.yml", "").replace("[{", "[{testcase: login.yml}, {")
    (tmp_path / "calls.yml").write_text(calls)

    assert hat("check", "asks.yml", "calls.yml", folder=tmp_path).out == ""


CIRCLE = """\
config: {name: Round, variables: {a: $b, b: "x$c", c: $a}}
teststeps:
- name: one
  variables: {p: $q, q: $p}
  request: {method: GET, url: "http://127.0.0.1:9/$a$p"}
"""


@pytest.mark.parametrize("dialect", ["hat", "httprunner2", "httprunner3", "httprunner4"])
def test_it_tells_the_circle_of_variables_that_need_each_other(dialect: str, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CIRCLE)

    finished = hat("check", "a.yml", "--dialect", dialect, folder=tmp_path)

    assert finished.code == 2
    assert finished.out.splitlines() == [
        "a.yml:1: config.variables.a: variables need each other: a -> b -> c -> a",
        "a.yml:4: teststeps[0].variables.p: variables need each other: p -> q -> p",
    ]


def test_a_circle_that_a_value_from_outside_breaks_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CIRCLE.replace("{p: $q, q: $p}", "{p: $q, q: $a}"))

    assert hat("check", "a.yml", "--var", "a=1", folder=tmp_path).code == 0


def test_a_row_breaks_a_circle(tmp_path: Path) -> None:
    text = CIRCLE.replace("c: $a", "c: 1").replace("- name: one", "- name: one\n  parameters: {p: [1, 2]}")
    (tmp_path / "a.yml").write_text(f"dialect: hat\n{text}")

    finished = hat("check", "a.yml", folder=tmp_path)

    assert (finished.out, finished.code) == ("", 0)


def test_in_a_chinese_console_problems_hints_and_warnings_are_chinese(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(WRONG.replace("Wrong}", "Wrong, variabls: {a: 1}}"))
    (tmp_path / "b.yml").write_text(
        WRONG.replace("9}", "9/$nobody}").replace("eq: status_code", "eq: [1, 1]")
    )

    finished = hat("check", ".", env={"LANG": "zh_CN.UTF-8"}, folder=tmp_path)

    assert (
        "a.yml:2: config.variabls: 不认识的字段“variabls”（config）\n  提示: 是否想写“variables”？"
        in finished.out
    )
    assert "b.yml:5: teststeps[0].request.url: 警告: 变量“nobody”未定义" in finished.out
    assert finished.err == "已读取 1 个用例,2 个问题，1 个警告\n"


def test_in_a_chinese_console_a_run_says_in_chinese_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(WRONG)

    found = hat("run", "a.yml", env={"HAT_LANG": "zh"}, folder=tmp_path)
    missing = hat("run", "no.yml", env={"HAT_LANG": "zh"}, folder=tmp_path)

    assert "应为 [实际值, 期望值]，实际是文本\n  提示: " in found.err
    assert missing.err == "没有这个文件或文件夹：“no.yml”\n"
