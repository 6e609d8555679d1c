"""JUnit XML that CI servers read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree
from msgspec.structs import replace

from hat.reports import render
from hat.reports.junit import render as render_document
from hat.result import CaseResult, Outcome, RunResult
from tests.reports.results import RUN

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "junit.xsd")))


def suites(run: RunResult = RUN) -> ElementTree.Element:
    return ElementTree.fromstring(render(run, "junit"))


def test_it_is_valid() -> None:
    SCHEMA.assertValid(etree.fromstring(render(RUN, "junit")))


def test_an_empty_run_is_valid() -> None:
    SCHEMA.assertValid(etree.fromstring(render(replace(RUN, cases=(), environment=""), "junit")))


def test_a_suite_is_a_module_or_a_file() -> None:
    assert [suite.get("name") for suite in suites()] == ["users", "orders.yml", "cases"]


def test_a_suite_counts_its_cases() -> None:
    counted = [
        {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} for suite in suites()
    ]

    assert counted == [
        {"tests": "2", "failures": "1", "errors": "0", "skipped": "0"},
        {"tests": "2", "failures": "0", "errors": "1", "skipped": "1"},
        {"tests": "1", "failures": "0", "errors": "1", "skipped": "0"},
    ]


def test_a_flaky_case_passed_and_is_named_with_its_reasons() -> None:
    case = CaseResult(
        name="Pay <now>",
        module="shop",
        outcome=Outcome.PASSED,
        attempts=2,
        retried=("code: expected 0, got 1",),
    )
    shown = render(replace(RUN, cases=(case,), environment=""), "junit")
    SCHEMA.assertValid(etree.fromstring(shown))

    (suite,) = ElementTree.fromstring(shown)

    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert [one.attrib for one in suite.findall("properties/property")] == [{"name": "flaky", "value": "1"}]
    said = suite.findtext("system-out")
    assert said == "flaky: Pay <now>: passed in attempt 2\n  attempt 1: code: expected 0, got 1"


def test_a_row_is_part_of_the_name() -> None:
    (case, _) = suites()[0].findall("testcase")

    assert case.get("name") == "All is well 好 [user=ann, n=12345678901234567890]"
    assert case.get("classname") == "users.login"


def test_a_failure_says_where_and_what() -> None:
    failure = suites()[0].find("testcase/failure")

    assert failure is not None
    assert failure.get("message") == "status_code: expected 200, got 404"
    assert failure.get("type") == "check"
    assert failure.text == (
        "teststeps[0]: Create (POST http://api.example/a?x=1)\n  status_code: expected 200, got 404"
    )


def test_an_error_inside_a_called_case_is_told_once() -> None:
    error = suites()[1].find("testcase/error")

    assert error is not None
    assert error.get("type") == "connect"
    assert error.text == (
        "Log in > Token\n  login.yml:3: GET http://x/: connection refused\n  hint: is it started?"
    )


def test_a_file_that_could_not_be_read_is_an_error() -> None:
    error = suites()[2].find("testcase/error")

    assert error is not None
    assert error.text == "broken.yml:2: not valid YAML"


def test_a_skipped_case_says_why() -> None:
    skipped = suites()[1].find("testcase/skipped")

    assert skipped is not None
    assert skipped.get("message") == "maintenance"


def test_control_characters_become_escapes() -> None:
    (_, case) = suites()[0].findall("testcase")

    assert case.get("name") == 'Fails <&> "quoted"\\x1b[0m\\x00'


@pytest.mark.parametrize("name", ["\ud800", "\ufffe", "😀", "a\nb\tc"])
def test_any_name_is_well_formed(name: str) -> None:
    case = CaseResult(name=name, outcome=Outcome.PASSED)

    assert suites(replace(RUN, cases=(case,))).find("testsuite/testcase") is not None


def test_it_takes_a_document_as_the_database_keeps_it() -> None:
    from hat.reports.json import as_dict

    assert render_document(as_dict(RUN)).encode() == render(RUN, "junit")
