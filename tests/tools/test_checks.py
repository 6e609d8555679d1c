"""start.py test: which groups run, what is counted, and when the whole is good."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools.checks import CHECKS, GROUPS, Answer, junit_counts, split, summary
from tools.console import StartError

PYTEST = next(check for check in CHECKS if check.pytest)


def answer(**counts: int) -> Answer:
    return Answer(PYTEST, Counter(counts), 1.0)


@pytest.fixture
def outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.parametrize(
    ("arguments", "groups", "options"),
    [
        ([], GROUPS, []),
        (["lint"], ("lint",), []),
        (["types", "lint"], ("types", "lint"), []),
        (["python", "-k", "lint"], ("python",), ["-k", "lint"]),
        (["-x"], ("python",), ["-x"]),
        (["tests/tools"], ("python",), ["tests/tools"]),
    ],
)
def test_groups_come_first_and_options_go_to_pytest(
    arguments: list[str], groups: tuple[str, ...], options: list[str]
) -> None:
    assert split(arguments) == (groups, options)


def test_a_group_that_does_not_exist_is_named() -> None:
    with pytest.raises(StartError, match="no group 'litn'"):
        split(["litn"])


def test_the_last_line_holds_the_sums(outside_ci: None, capsys: pytest.CaptureFixture[str]) -> None:
    code = summary([answer(passed=3), answer(passed=2, failed=1, skipped=4)])

    assert code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed, 4 skipped"


def test_all_passed_is_good(outside_ci: None) -> None:
    assert summary([answer(passed=3, skipped=1)]) == 0


def test_no_test_at_all_is_not_good(outside_ci: None) -> None:
    assert summary([]) == 1


def test_a_skipped_test_is_not_good_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    assert summary([answer(passed=3, skipped=1)]) == 1


def test_tests_are_counted_from_a_junit_file(tmp_path: Path) -> None:
    report = tmp_path / "python.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>')

    assert junit_counts(report) == Counter(passed=3, failed=3, skipped=3)


def test_a_missing_junit_file_counts_nothing(tmp_path: Path) -> None:
    assert junit_counts(tmp_path / "none.xml") == Counter()
