"""hat run and hat check on bad files and against bad servers: each is told at its place, the rest runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Finished, hat
from tests.target.hostile import TWO_GB, Hostile, hostile

GOOD = """\
dialect: hat
config: {name: good}
teststeps:
- name: ask
  request: {method: GET, url: $url/good, timeout: 60}
  validate:
  - eq: [status_code, 200]
"""
NAMED = "<script>'\"🎩.yml"
FILES: dict[str, str | bytes] = {
    "open.yml": "config: {name: x\nteststeps: []\n",
    "big.yml": b"x: " + b"0" * 20_000_000,
    "bytes.yml": b"\x80\x81\xff" * 100,
    "nul.yml": "config:\n  name: 'a\0b'\n",
    "deep.yml": "config: {name: x}\nteststeps: []\nx: " + "[" * 100_000,
    "date.yml": "config: {name: x}\nteststeps: []\nx:\n- 2020-13-45\n",
    "code.yml": "config: {name: x}\nteststeps: []\nx: !!python/object/apply:os.system ['exit']\n",
    "json.json": '{"config": {"name": "x"},\n "teststeps": [}',
    "steps.yml": "config: {name: x}\nteststeps: nothing\n",
    "row.yml": GOOD + "  - 17\n",
    "method.yml": GOOD.replace("method: GET", "method: [1]"),
    "call.yml": GOOD + "- {name: c, testcase: ../../nowhere.yml}\n",
    "self.yml": "config: {name: x}\nteststeps:\n- {name: c, testcase: self.yml}\n",
    NAMED: GOOD.replace("name: good", "name: '<script>alert(1)</script> 🎩'"),
    "good.yml": GOOD,
}
PROBLEMS = [
    "open.yml:2: not valid YAML: ",
    "big.yml: file of 19.1 MB is over the limit of 10 MB",
    "bytes.yml: text is neither UTF-8 nor GB18030",
    "nul.yml:2: character 0 is not allowed in YAML",
    "deep.yml:3: values are nested too deeply",
    "date.yml:4: not valid YAML: '2020-13-45' cannot be read",
    "code.yml:3: not valid YAML: ",
    "json.json:2: not valid JSON: ",
    "steps.yml:2: teststeps: expected a list of steps, got text",
    "row.yml:8: teststeps[0].validate[1]: expected a check, got a number",
    "method.yml:5: teststeps[0].request.method: expected text, got a list",
    "call.yml:8: teststeps[1].testcase: no such file: '../../nowhere.yml'",
    "self.yml:3: teststeps[0].testcase: the case calls itself",
]


@pytest.fixture(scope="module")
def target() -> Iterator[Hostile]:
    with hostile() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with every bad file, two good ones, and links that lead nowhere."""
    (tmp_path / "debugtalk.py").touch()
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "round").symlink_to(tmp_path)
    return tmp_path


def run(target: Hostile, folder: Path, *arguments: str) -> Finished:
    return hat("run", *arguments, "--var", f"url={target.url}", folder=folder)


def test_check_tells_every_bad_file_at_its_line(folder: Path) -> None:
    finished = hat("check", ".", "--var", "url=http://a.test", folder=folder)

    lines = [line for line in finished.out.splitlines() if line and not line.startswith(" ")]
    assert finished.code == 2
    assert [start for start in PROBLEMS if not any(line.startswith(start) for line in lines)] == []
    assert len(lines) == len(PROBLEMS)


def test_a_run_of_bad_files_runs_the_good_ones_and_reports_all(folder: Path, target: Hostile) -> None:
    finished = run(target, folder, ".", "--json", "out.json", "--junit", "out.xml")

    cases = json.loads((folder / "out.json").read_text())["cases"]
    assert finished.code == 2
    assert sorted(case["file"] for case in cases if case["outcome"] == "passed") == [NAMED, "good.yml"]
    assert sum(case["outcome"] == "error" for case in cases) == len(PROBLEMS)
    assert (folder / "out.xml").read_bytes().startswith(b"<?xml")


def test_a_report_among_the_cases_is_none_of_them(tmp_path: Path, target: Hostile) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "torn.json").write_text('{"cases": [')

    for name in ("torn.json", "new.json", "new.json"):
        assert run(target, tmp_path, ".", "--json", name).code == 0


def test_a_report_replaces_no_case(tmp_path: Path, target: Hostile) -> None:
    case = json.dumps({"config": {"name": "typed for hours"}, "teststeps": []})
    (tmp_path / "case.json").write_text(case)

    finished = run(target, tmp_path, ".", "--json", "./case.json")

    assert finished.code == 2
    assert finished.err.startswith("case.json: a case of this run, which the report would replace")
    assert (tmp_path / "case.json").read_text() == case


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/hang", "no response within 1 s"),
        ("/reset", "connection reset"),
        ("/leave", "the connection was closed without a response"),
        ("/half", "the response is incomplete"),
        ("/chunks", "the response cannot be read: a chunk of it has no length"),
        ("/lie", "the body is not gzip as it says"),
        ("/loop", "more than 30 redirects"),
    ],
)
def test_a_server_that_means_no_good_ends_its_case_at_its_line(
    path: str, said: str, tmp_path: Path, target: Hostile
) -> None:
    limit = "timeout: 1}" if path == "/hang" else "timeout: 60}"
    (tmp_path / "bad.yml").write_text(GOOD.replace("/good", path).replace("timeout: 60}", limit))
    (tmp_path / "good.yml").write_text(GOOD)

    finished = run(target, tmp_path, "bad.yml", "good.yml")

    told = next(line for line in finished.out.splitlines() if said in line)
    assert finished.code == 1
    assert told.strip().startswith("! bad.yml:5: teststeps[0].request: ")
    assert "1 passed, 1 error of 2 cases" in finished.out


@pytest.mark.parametrize("path", ["/flood", "/bomb"])
def test_a_body_longer_than_is_read_is_reported(path: str, tmp_path: Path, target: Hostile) -> None:
    (tmp_path / "case.yml").write_text(GOOD.replace("/good", path) + "  extract: {all: body}\n")

    finished = run(target, tmp_path, "case.yml", "--json", "out.json", "--junit", "out.xml")

    assert finished.code == 1
    assert "! case.yml:8: teststeps[0].extract.all: the body is longer than the 10 MB" in finished.out
    assert json.loads((tmp_path / "out.json").read_text())["counts"]["cases"]["error"] == 1
    assert target.flooded < TWO_GB // 10


@pytest.mark.parametrize("path", ["/deep", "/digits", "/nul", "/bytes", "/markup"])
def test_an_answer_of_any_size_and_kind_is_reported(path: str, tmp_path: Path, target: Hostile) -> None:
    (tmp_path / "case.yml").write_text(GOOD.replace("/good", path) + "  extract: {all: body}\n")

    finished = run(target, tmp_path, "case.yml", "--json", "out.json", "--junit", "out.xml")

    assert finished.code == 0, finished.out
    assert json.loads((tmp_path / "out.json").read_text())["counts"]["cases"]["passed"] == 1
    assert target.flooded < TWO_GB // 10


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ndef f(:\n", "debugtalk.py:2: invalid syntax"),
        ("import os\nos._exit(3)\n", "debugtalk.py: the process ended itself with exit code 3"),
        ("def f():\n    return 1 / 0\n", "f() in debugtalk.py:2 raised ZeroDivisionError: division by zero"),
    ],
)
def test_functions_that_do_not_work_end_only_the_case_that_needs_them(
    source: str, said: str, tmp_path: Path, target: Hostile
) -> None:
    (tmp_path / "debugtalk.py").write_text(source)
    (tmp_path / "needs.yml").write_text(GOOD.replace("$url/good", '"$url/good?x=${f()}"'))
    (tmp_path / "good.yml").write_text(GOOD)

    finished = run(target, tmp_path, ".")

    assert finished.code == 1
    assert said in finished.out
    assert "1 passed, 1 error of 2 cases" in finished.out


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_server_that_is_not_there_is_named_once_at_the_end(tmp_path: Path, processes: str) -> None:
    (tmp_path / "debugtalk.py").touch()
    for number in range(3):
        text = GOOD.replace("$url", "http://ann:pw@127.0.0.1:9")
        (tmp_path / f"{number}.yml").write_text(text)

    done = hat("run", "-j", processes, ".", folder=tmp_path)

    *_, told, _numbers = done.out.splitlines()
    assert (done.code, told) == (1, "no connection to http://127.0.0.1:9: 3 cases")
