"""The demo project: what must pass passes, what must fail fails, side by side and again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import ENGLISH, hat
from tests.demo.api import CASES


def test_the_whole_project_exits_with_1_and_writes_its_reports(api: str, tmp_path: Path) -> None:
    json_file, junit_file = tmp_path / "out.json", tmp_path / "out.xml"
    options = ("--json", json_file, "--junit", junit_file)
    finished = hat("run", CASES, *options, env={**ENGLISH, "DEMO_URL": api})

    document = json.loads(json_file.read_text(encoding="utf-8"))
    assert finished.code == 1
    assert finished.out.count("✗ ") > 4
    assert document["counts"]["cases"]["failed"] == 4
    assert document["counts"]["cases"]["error"] == 1
    assert junit_file.read_text(encoding="utf-8").count("<testcase ") == len(document["cases"])


def test_the_green_cases_pass_at_once_and_again(api: str) -> None:
    env = {**ENGLISH, "DEMO_URL": api}

    assert hat("run", CASES, "--tag", "green", "-q", env=env).code == 0
    assert hat("run", CASES, "--tag", "green", "-q", "--concurrency", "20", env=env).code == 0


def test_only_cases_tagged_so_fail(api: str, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    hat("run", CASES, "--tag", "on-purpose", "--json", target, env={**ENGLISH, "DEMO_URL": api})

    outcomes = {case["name"]: case["outcome"] for case in json.loads(target.read_text())["cases"]}
    assert outcomes == {
        "On purpose: nobody answers at this address": "error",
        "On purpose: a field that is not there": "failed",
        "On purpose: an order with somebody else's token": "failed",
        "On purpose: a profile that differs deep inside": "failed",
        "On purpose: a user who is not there": "failed",
    }


def test_every_case_is_green_or_fails_on_purpose() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CASES.glob("*/*.yml")]

    assert len(texts) >= 25
    assert all(("green" in text) != ("on-purpose" in text) for text in texts)
    assert {path.parent.name for path in CASES.glob("*/*.yml")} == {"users", "items", "orders"}
