"""hat run: exit codes, choice of cases, values, output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import ENGLISH, hat
from tests.demo.api import CASES
from tests.target.echo import echo

PASSING = """\
dialect: hat
config: {name: Read an item, base_url: $api, tags: [quick]}
teststeps:
- name: Read
  request: {method: GET, url: /api/items/1}
  validate:
  - eq: [status_code, 200]
"""
FAILING = (
    PASSING.replace("Read an item", "Miss an item").replace("items/1", "items/99").replace("quick", "slow")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a case that passes and one that fails."""
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / "a_passing.yml").write_text(PASSING)
    (tmp_path / "b_failing.yml").write_text(FAILING)
    return tmp_path


def test_it_exits_with_0_when_all_passed(folder: Path, api: str) -> None:
    finished = hat("run", "a_passing.yml", "--var", f"api={api}", folder=folder)

    assert finished.code == 0
    assert "✓ a_passing.yml: Read an item" in finished.out
    assert "1 passed of 1 case, 1 step, 1 check in " in finished.out


def test_it_exits_with_1_when_something_failed(folder: Path, api: str) -> None:
    finished = hat("run", ".", "--var", f"api={api}", folder=folder)

    assert finished.code == 1
    assert "1 passed, 1 failed of 2 cases" in finished.out


def test_a_file_that_cannot_be_read_stops_no_other_and_exits_with_2(folder: Path, api: str) -> None:
    (folder / "c_broken.yml").write_text("config: {")
    finished = hat("run", ".", "--var", f"api={api}", folder=folder)

    assert finished.code == 2
    assert finished.err.startswith("c_broken.yml:")
    assert "1 passed, 1 failed, 1 error of 3 cases" in finished.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere.yml"], "no such file or folder: 'nowhere.yml'"),
        (["run", ".", "--tag", "nightly"], "no case has the tag nightly\n  hint: known here: quick, slow"),
        (["run", ".", "--var", "novalue"], "--var 'novalue' is not NAME=value"),
        (["run", ".", "--var", "n:={"], "--var 'n:={': the value is no JSON"),
        (["run", ".", "--env", "moon"], "no environment 'moon'"),
        (["run", ".", "--env-file", "none"], "no such file: 'none'"),
        (["run", ".", "--json", "debugtalk.py/x.json"], "debugtalk.py/x.json: "),
        (["run", ".", "-j", "0"], "expected a number above 0, not '0'"),
        (["run", ".", "--retries", "x"], "expected a number, not 'x'"),
        (["run", ".", "--dialect", "latin"], "invalid choice: 'latin'"),
        (["run"], "the following arguments are required: PATH"),
        (["fly"], "invalid choice: 'fly'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    folder: Path, arguments: list[str], message: str
) -> None:
    finished = hat(*arguments, folder=folder)

    assert finished.code == 2
    assert message in finished.err
    assert finished.out == ""


def test_a_folder_without_cases_is_wrong_usage(tmp_path: Path) -> None:
    assert hat("run", tmp_path).code == 2


def test_a_tag_chooses_cases(folder: Path, api: str) -> None:
    finished = hat("run", ".", "--tag", "quick", "--tag", "other", "--var", f"api={api}", folder=folder)

    assert finished.code == 0
    assert "of 1 case" in finished.out


def test_quiet_prints_what_did_not_pass_and_the_numbers(folder: Path, api: str) -> None:
    lines = hat("run", ".", "-q", "--var", f"api={api}", folder=folder).out.splitlines()

    assert lines[0].startswith("✗ b_failing.yml: Miss an item")
    assert not any("Read an item" in line for line in lines)
    assert lines[-1].startswith("1 passed, 1 failed of 2 cases")


def test_fail_fast_stops_after_the_first_failure(folder: Path, api: str) -> None:
    (folder / "c_later.yml").write_text(PASSING.replace("Read an item", "Later"))
    options = ("--fail-fast", "--concurrency", "1", "--var", f"api={api}")
    finished = hat("run", ".", *options, folder=folder)

    assert finished.code == 1
    assert "✓ c_later.yml" not in finished.out


def test_retries_run_a_failing_case_again(folder: Path, api: str) -> None:
    target = folder / "out.json"
    options = ("--retries", "2", "--json", target, "--var", f"api={api}")
    hat("run", "b_failing.yml", *options, folder=folder)

    assert json.loads(target.read_text())["cases"][0]["attempts"] == 3


def test_max_body_says_how_much_of_a_body_is_read(tmp_path: Path) -> None:
    step = """\
dialect: hat
config: {name: long}
teststeps:
- name: long
  request: {method: POST, url: $url, data: LONG}
  validate: [{contains: [text, xxx]}]
"""
    (tmp_path / "a.yml").write_text(step.replace("LONG", "x" * 1_500_000))
    with echo() as server:
        where = ("--var", f"url={server.url}")
        short = hat("run", "a.yml", *where, "--max-body", "1", folder=tmp_path)
        enough = hat("run", "a.yml", *where, "--max-body", "2", folder=tmp_path)

    assert (short.code, enough.code) == (1, 0)
    assert "the body is longer than the 1 MB that are read of it" in short.out


def test_it_speaks_chinese(folder: Path, api: str) -> None:
    finished = hat("run", ".", "--var", f"api={api}", folder=folder, env={"LANG": "zh_CN.UTF-8"})

    assert "通过 1，失败 1；共 2 个用例，2 个步骤，2 个校验；用时" in finished.out
    assert "运行 2 个用例" in finished.out


def test_colours_are_for_terminals(folder: Path, api: str) -> None:
    arguments = ("run", "a_passing.yml", "--var", f"api={api}")

    assert "\x1b[" not in hat(*arguments, folder=folder).out
    assert "\x1b[32m✓" in hat(*arguments, folder=folder, env={**ENGLISH, "FORCE_COLOR": "1"}).out
    both = {**ENGLISH, "FORCE_COLOR": "1", "NO_COLOR": "1"}
    assert "\x1b[" not in hat(*arguments, folder=folder, env=both).out


def test_an_environment_is_a_file_of_the_project(folder: Path, api: str) -> None:
    (folder / ".env.staging").write_text(f"BASE_URL={api}\nUSER=ann\nAPI_TOKEN=topsecret\n")
    case = PASSING.replace("base_url: $api, ", "").replace("items/1", "items?search=$USER$API_TOKEN")
    (folder / "c.yml").write_text(case)
    finished = hat("run", "c.yml", "--env", "staging", "--json", "o.json", folder=folder)

    written = (folder / "o.json").read_text()
    assert finished.code == 0
    assert "Running 1 case in staging" in finished.out
    assert json.loads(written)["environment"] == "staging"
    assert "search=ann***" in written


def test_an_unknown_environment_names_those_there_are(folder: Path) -> None:
    (folder / ".env.staging").touch()

    assert "hint: known here: staging" in hat("run", ".", "--env", "moon", folder=folder).err


def test_a_variable_may_be_json(folder: Path, api: str) -> None:
    (folder / "c.yml").write_text(PASSING.replace("200]", "$wanted]"))
    options = ("--var", f"api={api}", "--var")

    assert hat("run", "c.yml", *options, "wanted:=200", folder=folder).code == 0
    assert hat("run", "c.yml", *options, "wanted=200", folder=folder).code == 1


def test_the_shell_wins_over_the_env_file(folder: Path, api: str) -> None:
    (folder / ".env").write_text("SHOP=http://127.0.0.1:9\n")
    (folder / "other.env").write_text(f"SHOP={api}\n")
    (folder / "c.yml").write_text(PASSING.replace("$api", '"${ENV(SHOP)}"'))

    assert hat("run", "c.yml", folder=folder).code == 1
    assert hat("run", "c.yml", folder=folder, env={**ENGLISH, "SHOP": api}).code == 0
    assert hat("run", "c.yml", "--env-file", "other.env", folder=folder).code == 0


def test_it_explains_where_values_come_from(folder: Path, api: str) -> None:
    (folder / "c.yml").write_text(PASSING.replace("items/1", "items/$number"))
    options = ("--explain", "--var", f"api={api}", "--var", "number=1")

    assert '$number = "1"  from ' in hat("run", "c.yml", *options, folder=folder).out


def test_a_module_is_the_folder_of_its_file(api: str, tmp_path: Path) -> None:
    target = tmp_path / "o.json"
    hat("run", CASES / "items" / "search.yml", "--json", target, env={**ENGLISH, "DEMO_URL": api})

    assert json.loads(target.read_text())["cases"][0]["module"] == "items"


def test_functions_are_isolated_when_that_is_asked_for(tmp_path: Path) -> None:
    source = "import os\n\ndef check_files():\n    assert not os.path.exists('/etc/passwd')\n    return 0\n"
    (tmp_path / "debugtalk.py").write_text(source)
    case = "config: {name: c, dialect: hat}\nteststeps:\n- {name: a, wait: '${check_files()}'}\n"
    (tmp_path / "case.yml").write_text(case)
    strict = {**ENGLISH, "HAT_SANDBOX": "strict"}
    bare = {**strict, "HAT_SANDBOX_WITHOUT": "namespaces,tree,landlock,seccomp"}

    usual = hat("run", "case.yml", folder=tmp_path)
    isolated = hat("run", "case.yml", folder=tmp_path, env=strict)
    refused = hat("run", "case.yml", folder=tmp_path, env=bare)
    agreed = hat("run", "case.yml", folder=tmp_path, env={**bare, "HAT_SANDBOX_AGREED": "1"})
    wrong = hat("run", "case.yml", folder=tmp_path, env={**strict, "HAT_SANDBOX_WITHOUT": "walls"})

    assert (usual.code, isolated.code, refused.code, agreed.code, wrong.code) == (1, 0, 1, 1, 2)
    assert "cannot be isolated on this system: it has no seccomp" in refused.out
    assert "functions run without isolation: it has no seccomp" in agreed.err
    assert isolated.err == refused.err == ""


def test_the_metadata_of_a_cloud_is_reached_only_by_an_exception(tmp_path: Path) -> None:
    case = PASSING.replace("$api", "http://169.254.169.254").replace("/api/items/1}", "/, timeout: 0.2}")
    (tmp_path / "cloud.yml").write_text(case)

    refused = hat("run", "cloud.yml", folder=tmp_path)
    tried = hat("run", "cloud.yml", folder=tmp_path, env={**ENGLISH, "HAT_ALLOW_TARGETS": "169.254.0.0/16"})
    wrong = hat("run", "cloud.yml", folder=tmp_path, env={**ENGLISH, "HAT_ALLOW_TARGETS": "a b"})

    assert "refused by the outbound policy: 169.254.169.254:80 is where a cloud keeps" in refused.out
    assert tried.code == 1
    assert "outbound policy" not in tried.out
    assert (wrong.code, "HAT_ALLOW_TARGETS: 'a b' is neither a host" in wrong.err) == (2, True)


def test_chosen_rows_run_and_a_case_that_was_left_out_says_why(tmp_path: Path, api: str) -> None:
    rows = PASSING.replace("base_url", "parameters: {number: [1, 2, 3]}, base_url").replace(
        "items/1", "items/$number"
    )
    (tmp_path / "rows.yml").write_text(rows)
    (tmp_path / "two.yml").write_text(rows.replace("[1, 2, 3]", "[1, 2]"))

    finished = hat("run", ".", "--rows", "3", "--var", f"api={api}", "--junit", "j.xml", folder=tmp_path)

    assert finished.code == 0
    assert "1 passed, 1 skipped of 2 cases" in finished.out
    assert "two.yml: Read an item (none of its 2 rows is chosen)" in finished.out
    assert '<skipped message="none of its 2 rows is chosen"/>' in (tmp_path / "j.xml").read_text()


def test_a_choice_of_rows_that_cannot_be_read_is_refused_before_anything_is_read(folder: Path) -> None:
    finished = hat("run", ".", "--rows", "first", folder=folder)

    assert finished.code == 2
    assert "--rows: 'first' names no row: write 2, 4-6 or user=ann" in finished.err
