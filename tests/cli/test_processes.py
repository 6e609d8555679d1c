"""`-j N` shares cases out to processes; what comes out does not depend on it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hat.case import Case, Need, Step
from hat.cli.exit import Exit
from hat.cli.processes import share

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

QUICK = """\
dialect: hat
config:
  name: Quick {number}
  base_url: $api
  parameters: {{row: [{rows}]}}
teststeps:
- name: ask
  request: {{method: GET, url: '/api/slow?ms=1'}}
  validate:
  - eq: [status_code, {status}]
"""
SLOW = """\
dialect: hat
config: {name: Slow, base_url: $api}
teststeps:
- name: wait
  request: {method: GET, url: '/api/slow?ms=5000'}
"""
TIMES = ("elapsed_ms", "timing_ms", "started_at", "Date", "date")


def test_the_report_is_the_same_whatever_runs_at_once(api: str, tmp_path: Path) -> None:
    for number in range(9):
        text = QUICK.format(number=number, rows=", ".join("abc"[: number % 3 + 1]), status=200 + number % 2)
        (tmp_path / f"c{number}.yml").write_text(text)
    (tmp_path / "broken.yml").write_text("config: {name: broken}\nteststeps: 7\n")

    ways = [["-j", "1"], ["-j", "2"], ["-j", "4", "--concurrency", "1"], ["--concurrency", "20"]]
    results = [_run(tmp_path, api, *way) for way in ways]

    assert [result["counts"]["cases"]["total"] for result in results] == [19] * 4
    assert [case["index"] for case in results[0]["cases"]] == list(range(19))
    assert results[1:] == results[:1] * 3


def test_what_is_printed_is_the_same_too(api: str, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"c{number}.yml").write_text(QUICK.format(number=number, rows="a", status=201))

    printed = [_start(tmp_path, api, "-j", jobs).communicate(timeout=60)[0] for jobs in ("1", "3")]

    assert printed[0].startswith("Running 4 cases\n")
    assert printed[0].count("expected 201, got 200") == 4
    assert sorted(_without_times(printed[0])) == sorted(_without_times(printed[1]))


def test_ctrl_c_stops_every_process_and_the_reports_are_written(api: str, tmp_path: Path) -> None:
    for number in range(2):  # each process gets one of both kinds, and begins them together
        (tmp_path / f"a{number}.yml").write_text(QUICK.format(number=number, rows="a", status=200))
        (tmp_path / f"s{number}.yml").write_text(SLOW)

    process = _start(tmp_path, api, "-j", "2")
    begun = 0
    while begun < 2:  # both processes are at work
        begun += "Quick" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=30)[1]

    assert process.returncode == Exit.INTERRUPTED
    assert "Traceback" not in err
    report = json.loads((tmp_path / "o.json").read_text())
    assert report["cancelled"] is True
    slow = [case for case in report["cases"] if case["name"] == "Slow"]
    assert [case["error"]["kind"] for case in slow] == ["cancelled", "cancelled"]


def test_a_lost_process_loses_only_its_cases_and_says_so(api: str, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(QUICK.format(number=0, rows="a", status=200))
    (tmp_path / "b.yml").write_text(SLOW)

    process = _start(tmp_path, api, "-j", "2")
    lines = [process.stdout.readline() for _ in range(3)]
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    process.communicate(timeout=30)

    assert lines[2].startswith("✓ a.yml: Quick 0")
    assert process.returncode == Exit.FAILED
    quick, slow = json.loads((tmp_path / "o.json").read_text())["cases"]
    assert quick["outcome"] == "passed"
    assert slow["error"]["message"] == "the process that ran the case ended with signal 9"


def test_cases_go_where_the_fewest_steps_are() -> None:
    cases = [Case(name=str(number), steps=(Step(),) * steps) for number, steps in enumerate((5, 1, 1, 2, 1))]

    assert share(cases, 2) == [[0], [1, 2, 3, 4]]
    assert share(cases[:1], 4) == [[0]]


def test_cases_that_need_the_same_case_stay_together() -> None:
    login, seed = (Need(name, Case(name=name), name) for name in ("login", "seed"))
    calling = Case(name="calls", steps=(Step(steps=(Step(case=Case(name="inner", needs=(seed,))),)),))
    cases = [
        Case(name="a", needs=(login,)),
        Case(name="b"),
        calling,
        Case(name="c", needs=(login,)),
        Case(name="d", needs=(seed, login)),
    ]

    assert share(cases, 3) == [[0, 2, 3, 4], [1]]


def _start(folder: Path, api: str, *options: str) -> Any:
    command = [sys.executable, "-u", "-m", "hat", "run", ".", "--var", f"api={api}", "--json", "o.json"]
    return subprocess.Popen(
        [*command, *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _run(folder: Path, api: str, *options: str) -> Any:
    (folder / "o.json").unlink(missing_ok=True)
    _start(folder, api, *options).communicate(timeout=60)
    return _timeless(json.loads((folder / "o.json").read_text()))


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key not in TIMES}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def _without_times(printed: str) -> list[str]:
    lines = printed.partition("Slowest:")[0].splitlines()
    return [
        line.rpartition("  ")[0] if line[:1] in "✓✗" else line
        for line in lines
        if " ms" not in line[-6:] or line[:1] in "✓✗"
    ]
