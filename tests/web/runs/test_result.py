"""Reading what a run left: detail, history, reports, lines of its history."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import pytest

from hat.reports import html
from hat.web.projects.models import Case, Environment, Module
from hat.web.runs.packing import unpack
from tests.reports.pages import inside, page
from tests.web.people import Asker, get

__all__ = ["page"]
OK = {"validate": [{"eq": ["status_code", 200]}]}


@pytest.fixture
def case(make_case: Callable[..., Any]) -> Any:
    return make_case("one", steps=[get("/users", **OK), get("/status/500", **OK)])


def test_a_detail_holds_request_response_and_checks(run_all: Any, case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk])

    detail = carol.get(f"/runs/{run.pk}/cases/{run.case_runs.get().pk}").json()

    first, second = detail["steps"]
    assert first["exchanges"][0]["request"]["method"] == "GET"
    assert "王芳" in first["exchanges"][0]["response"]["body"]
    assert second["checks"][0] | {"place": ""} == {
        "expression": "status_code",
        "comparator": "eq",
        "expected": 200,
        "actual": 500,
        "outcome": "failed",
        "message": "status_code: expected 200, got 500",
        "place": "",
    }
    assert (detail["case_id"], detail["outcome"]) == (case.pk, "failed")


def test_the_history_shows_the_last_runs_of_the_case(run_all: Any, case: Any, carol: Asker) -> None:
    runs = [run_all(cases=[case.pk]) for _ in range(3)]

    newest = carol.get(f"/runs/{runs[2].pk}/cases/{runs[2].case_runs.get().pk}").json()["history"]
    older = carol.get(f"/runs/{runs[1].pk}/cases/{runs[1].case_runs.get().pk}").json()["history"]

    assert [one["run_id"] for one in newest] == [runs[2].pk, runs[1].pk, runs[0].pk]
    assert [one["run_id"] for one in older] == [runs[1].pk, runs[0].pk]
    assert newest[0]["outcome"] == "failed"


def test_the_history_says_where_a_case_ran_and_in_which_version(
    run_all: Any, case: Any, bob: Asker, carol: Asker, project: Any
) -> None:
    run_all(cases=[case.pk])
    assert bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document}).status_code == 200
    staging = Environment.objects.create(project=project, name="staging")
    run = run_all(cases=[case.pk], environment_id=staging.pk)

    history = carol.get(f"/runs/{run.pk}/cases/{run.case_runs.get().pk}").json()["history"]

    assert [(one["version"], one["environment"]) for one in history] == [(2, "staging"), (1, "local")]


def test_a_case_result_is_found_in_its_own_run_only(run_all: Any, case: Any, carol: Asker) -> None:
    first, second = run_all(cases=[case.pk]), run_all(cases=[case.pk])

    assert carol.get(f"/runs/{first.pk}/cases/{second.case_runs.get().pk}").status_code == 404


def test_an_old_report_survives_the_deletion_of_its_module(run_all: Any, case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk])
    Case.objects.all().delete()
    Module.objects.all().delete()

    page = carol.get(f"/runs/{run.pk}/delta").json()

    assert [(one["name"], one["module"], one["case_id"]) for one in page["cases"]] == [("one", "Users", None)]
    detail = carol.get(f"/runs/{run.pk}/cases/{page['cases'][0]['id']}").json()
    assert (detail["name"], detail["history"]) == ("one", [])


def test_the_json_report_is_the_result_json(run_all: Any, case: Any, make_case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk, make_case("two", steps=[get("/users", **OK)]).pk])

    answer = carol.get(f"/runs/{run.pk}/report.json")

    report = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="run-{run.pk}.json"'
    assert (report["schema"], report["outcome"], report["cancelled"]) == (1, "failed", False)
    assert [one["name"] for one in report["cases"]] == ["one", "two"]
    assert report["counts"]["cases"] == {"passed": 1, "failed": 1, "error": 0, "skipped": 0}


def test_failed_is_counted_and_not_total_minus_passed(run_all: Any, make_case: Any) -> None:
    """In the original a skipped or broken case counted as failed."""
    broken = make_case("broken", steps=[get("http://127.0.0.1:1/")])
    skipped = make_case("skipped", steps=[get("/users", skip="not today")])
    good = make_case("good", steps=[get("/users", **OK)])

    run = run_all(cases=[broken.pk, skipped.pk, good.pk])

    assert (run.passed, run.failed, run.error, run.skipped) == (1, 0, 1, 1)


def test_the_junit_report_names_failures(run_all: Any, case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk])

    suites = ElementTree.fromstring(carol.get(f"/runs/{run.pk}/report.xml").content)

    (suite,) = suites.findall("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")


def test_the_html_report_is_one_file_or_says_how_to_get_it(run_all: Any, case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk])

    answer = carol.get(f"/runs/{run.pk}/report.html")

    if html.TEMPLATE.exists():
        assert html.PLACEHOLDER not in answer.content
    else:
        assert (answer.status_code, answer.json()["code"]) == (503, "not_built")


def test_an_unknown_report_does_not_exist(run_all: Any, case: Any, carol: Asker) -> None:
    assert carol.get(f"/runs/{run_all(cases=[case.pk]).pk}/report.docx").status_code == 404


def test_the_history_of_a_run_is_readable(run_all: Any, case: Any, carol: Asker) -> None:
    run = run_all(cases=[case.pk])

    kinds = [event["kind"] for event in carol.get(f"/runs/{run.pk}/events").json()["items"]]

    assert kinds == ["accepted", "claimed", "finished"]


def test_a_long_body_comes_in_two_parts(run_all: Any, make_case: Any, carol: Asker) -> None:
    much = {"method": "GET", "url": "/users", "data": "数" * 300_000}
    case = make_case("long", steps=[{"name": "much", "request": much}])
    run = run_all(cases=[case.pk])
    path = f"/runs/{run.pk}/cases/{run.case_runs.get().pk}"

    request = carol.get(path).json()["steps"][0]["exchanges"][0]["request"]
    whole = carol.get(f"{path}/body", step="0", hop=0, part="request").json()["body"]

    assert (len(request["body"]), request["rest"]) == (200_000, 100_000)
    kept = unpack(run.case_runs.get().packed)["steps"][0]["exchanges"][0]["request"]
    assert kept["body"] == request["body"]  # the rest lies beside the result
    report = json.loads(carol.get(f"/runs/{run.pk}/report.json").content)
    assert report["cases"][0]["steps"][0]["exchanges"][0]["request"]["body"] == whole
    assert whole == "数" * 300_000
    assert carol.get(f"{path}/body", step="7").status_code == 404
    assert carol.get(f"{path}/body", step="0", hop=9).status_code == 404


@pytest.mark.usefixtures("page")
def test_a_small_file_keeps_the_bodies_of_red_cases_only(run_all: Any, make_case: Any, carol: Asker) -> None:
    green, red = make_case("green", steps=[get("/users")]), make_case("red", steps=[get("/status/500", **OK)])
    run = run_all(cases=[green.pk, red.pk])

    page = carol.get(f"/runs/{run.pk}/report.html", bodies="red").content
    cases = {case["name"]: case for case in inside(page)["cases"]}

    assert cases["green"]["steps"][0]["exchanges"][0]["response"]["left_out"] is True
    assert "王芳" not in json.dumps(cases["green"], ensure_ascii=False)
    assert cases["red"]["steps"][0]["exchanges"][0]["response"]["body"]
