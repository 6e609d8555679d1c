"""start.py security: what an audit of packages says when its database answers, and when nobody does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tools.audit import CLEAN, HOLES, Said, page_packages, python_packages
from tools.checks import UNREACHED, Answer, Check, summary

GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
BAD = {"name": "django", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "amqp", "skip_reason": "Dependency not found on PyPI: amqp (5.4.2)"}
OLDER = [{"name": "Django", "version": "5.2.19", "latest_version": "5.2.20"}]
OFFLINE = Said(1, "", "Traceback\nrequests.exceptions.ConnectionError: no way to index.test\n")


def answering(**answers: Said | Any) -> Callable[[Sequence[str]], Said]:
    """A program that answers by the first of these words in its command."""
    said = {
        word: one if isinstance(one, Said) else Said(0, json.dumps(one), "") for word, one in answers.items()
    }
    return lambda command: next(one for word, one in said.items() if any(word in part for part in command))


@pytest.mark.parametrize(
    ("packages", "code", "line"),
    [
        ([GOOD], CLEAN, "1 packages, 0 with known holes"),
        ([GOOD, BAD], HOLES, "django 1.0: CVE-1 (mended in 1.1)"),
        ([GOOD, UNKNOWN], HOLES, "amqp : Dependency not found on PyPI: amqp (5.4.2)"),
    ],
)
def test_a_database_that_answers_decides(
    packages: list[Any], code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert python_packages(answering(pip_audit={"dependencies": packages})) == code
    assert line in capsys.readouterr().out


@pytest.mark.parametrize("first", [{"dependencies": [UNKNOWN]}, OFFLINE])
def test_a_second_database_is_asked_when_the_first_is_silent(first: Any) -> None:
    ask = answering(pypi=first, osv={"dependencies": [BAD]})

    assert python_packages(ask) == HOLES


def test_where_none_answers_nothing_is_claimed(capsys: pytest.CaptureFixture[str]) -> None:
    code = python_packages(answering(pypi={"dependencies": [UNKNOWN]}, osv=OFFLINE, list=OLDER))

    told = capsys.readouterr().out
    assert code == UNREACHED
    assert "the database of pypi could not be reached" in told
    assert "the database of osv could not be reached: requests.exceptions.ConnectionError" in told
    assert "Django 5.2.19 < 5.2.20" in told


def test_a_program_that_cannot_begin_is_no_excuse() -> None:
    assert python_packages(answering(pip_audit=Said(1, "", "No module named pip_audit"))) == HOLES


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(0, '{"auditReportVersion": 2, "vulnerabilities": {}}', ""), CLEAN),
        (
            Said(
                1,
                '{"auditReportVersion": 2, "vulnerabilities": {"vue": {"range": "<3", "severity": "high"}}}',
                "",
            ),
            HOLES,
        ),
        (Said(1, '{"message": "405 Method Not Allowed", "error": {}}', ""), UNREACHED),
        (Said(1, "", "npm: not found"), HOLES),
    ],
)
def test_the_packages_of_the_pages_are_judged_alike(said: Said, code: int) -> None:
    assert page_packages(answering(audit=said, outdated={})) == code


def test_an_open_audit_is_neither_good_nor_bad(capsys: pytest.CaptureFixture[str]) -> None:
    check = Check("security", "npm audit", ())
    answers = [Answer(check, Counter(unreached=1), 1.0), Answer(check, Counter(passed=1), 1.0)]

    assert summary(answers) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 1 open: not reached"
