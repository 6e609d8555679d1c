"""The summary in the form of HttpRunner 2.2, and the class that gives it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from hat import __version__
from hat.error import UsageError
from hat.httprunner import HttpRunner
from hat.reports.httprunner import summary
from tests.reports.results import RUN
from tests.target.sample import serve

CASES = """\
- config: {name: shop, base_url: "http://ADDRESS", variables: {code: 0}}
- test:
    name: sample
    request: {method: GET, url: /m/sample}
    extract: [{got: content.code}]
    validate: [{eq: [status_code, 200]}, {eq: [content.code, $code]}]
- test:
    name: wrong
    request: {method: POST, url: /m/echo, json: {a: 1}}
    validate: [{eq: [status_code, 404]}]
- test: {name: left out, skip: later, request: {method: GET, url: /m/sample}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "debugtalk.py").write_text("")
    return tmp_path


def test_it_runs_a_folder_and_sums_it_up(folder: Path) -> None:
    with serve() as address:
        (folder / "shop.yml").write_text(CASES.replace("ADDRESS", address))
        runner = HttpRunner(failfast=False)
        found = runner.run(folder)

    assert runner.summary is runner._summary is found
    assert found["success"] is False
    assert found["stat"]["testcases"] == {"total": 1, "success": 0, "fail": 1}
    assert found["stat"]["teststeps"] == {
        "total": 3,
        "failures": 1,
        "errors": 0,
        "skipped": 1,
        "expectedFailures": 0,
        "unexpectedSuccesses": 0,
        "successes": 1,
    }
    assert found["platform"]["httprunner_version"] == f"HAT {__version__}"
    json.dumps(found)


def test_a_record_holds_what_report_pages_read(folder: Path) -> None:
    with serve() as address:
        (folder / "shop.yml").write_text(CASES.replace("ADDRESS", address))
        (detail,) = HttpRunner().run(folder)["details"]

    first, second, third = detail["records"]
    assert (detail["name"], detail["base_url"]) == ("shop", f"http://{address}")
    assert detail["in_out"]["in"] == {"code": 0}
    assert [record["status"] for record in detail["records"]] == ["success", "failure", "skipped"]
    assert (second["attachment"], third["attachment"]) == ("status_code: expected 404, got 200", "later")
    assert float(first["response_time"]) > 0
    assert third["response_time"] == "N/A"
    met = first["meta_datas"]
    assert first["meta_datas_expanded"] == [met]
    assert met["data"][0]["request"]["url"] == f"http://{address}/m/sample"
    assert met["response"]["json"]["code"] == 0
    assert met["response"]["content_type"].startswith("application/json")
    assert second["meta_datas"]["request"]["body"] == '{"a": 1}'
    assert second["meta_datas"]["validators"] == [
        {
            "comparator": "equals",
            "check": "status_code",
            "check_value": 200,
            "expect": 404,
            "expect_value": 404,
            "check_result": "fail",
        }
    ]


def test_a_file_that_cannot_be_read_is_an_error_of_the_summary(folder: Path) -> None:
    (folder / "broken.yml").write_text("- config: {")

    (detail,) = HttpRunner().run([folder])["details"]

    (record,) = detail["records"]
    assert (detail["success"], record["status"]) == (False, "error")
    assert record["attachment"].startswith("not valid YAML: ")
    assert record["meta_datas"]["data"][0]["request"]["method"] == "N/A"


def test_it_takes_a_dict_and_values_that_win() -> None:
    with serve() as address:
        case = {
            "config": {"name": "dict", "base_url": f"http://{address}", "variables": {"code": 1}},
            "teststeps": [
                {
                    "name": "sample",
                    "request": {"method": "GET", "url": "/m/sample"},
                    "validate": [{"eq": ["content.code", "$code"]}],
                }
            ],
        }
        good = HttpRunner().run({"testcases": [case]}, mapping={"code": 0})
        bad = HttpRunner().run(case)

    assert (good["success"], bad["success"]) == (True, False)


def test_each_case_shows_its_own_variables_also_dates_and_two_of_one_name() -> None:
    cases = [
        {"config": {"name": "same", "variables": {"day": date(2026, 1, number)}}, "teststeps": []}
        for number in (1, 2)
    ]

    found = HttpRunner().run({"testcases": cases})

    json.dumps(found)
    assert [detail["in_out"]["in"]["day"] for detail in found["details"]] == ["2026-01-01", "2026-01-02"]


def test_with_failfast_a_case_ends_at_its_first_failure_and_the_next_one_runs(folder: Path) -> None:
    with serve() as address:
        text = CASES.replace("ADDRESS", address).replace("status_code, 200", "status_code, 500")
        (folder / "a.yml").write_text(text)
        (folder / "b.yml").write_text(text)

        found = HttpRunner(failfast=True).run(folder)

    statuses = [[record["status"] for record in detail["records"]] for detail in found["details"]]
    assert statuses == [["failure"]] * 2


def test_it_writes_summary_and_report_where_it_is_told(folder: Path) -> None:
    (folder / "empty.yml").write_text("config: {name: empty}\nteststeps: []\n")
    report = folder / "out" / "report.html"

    found = HttpRunner(save_tests=True, report_file=str(report)).run(folder / "empty.yml")

    assert json.loads((folder / "logs" / "empty.summary.json").read_text()) == found
    assert "<html" in report.read_text()


def test_a_folder_without_cases_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="no case in"):
        HttpRunner().run(folder)


def test_every_kind_of_result_has_its_place() -> None:
    found = summary(RUN, "1.0")

    json.dumps(found)
    assert len(found["details"]) == len(RUN.cases)
    records = [record for detail in found["details"] for record in detail["records"]]
    assert {"success", "failure", "error", "skipped"} >= {record["status"] for record in records}
    assert all(record["meta_datas_expanded"] for record in records)
