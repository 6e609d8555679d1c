"""Cases that pass only after a retry: flaky, counted among the passed and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.web.people import Asker, get

OK = {"validate": [{"eq": ["status_code", 200]}]}


@pytest.fixture
def run(make_case: Callable[..., Any], run_all: Callable[..., Any]) -> Any:
    """One case that passes at once, one at the second attempt, one never."""
    cases = [
        make_case("good", steps=[get("/users", **OK)]),
        make_case("late", steps=[get("/late/1", **OK)]),
        make_case("bad", steps=[get("/status/500", **OK)]),
    ]
    return run_all(cases=[case.pk for case in cases], options={"retries": 1})


def test_flaky_cases_are_counted_among_the_passed(run: Any, carol: Asker) -> None:
    assert (run.passed, run.failed, run.flaky) == (2, 1, 1)

    counts = carol.get(f"/runs/{run.pk}").json()["counts"]
    assert (counts["cases"]["passed"], counts["flaky"]) == (2, 1)


def test_lists_say_which_case_is_flaky(run: Any, carol: Asker) -> None:
    cases = carol.get(f"/runs/{run.pk}/delta").json()["cases"]

    assert {one["name"]: one["flaky"] for one in cases} == {"good": False, "late": True, "bad": False}


def test_the_result_says_why_each_earlier_attempt_was_not_good(run: Any, carol: Asker) -> None:
    late = run.case_runs.get(name="late")

    detail = carol.get(f"/runs/{run.pk}/cases/{late.pk}").json()

    assert (detail["attempts"], detail["retried"]) == (2, ["status_code: expected 200, got 503"])


def test_the_reports_name_it(run: Any, carol: Asker) -> None:
    report = json.loads(carol.get(f"/runs/{run.pk}/report.json").content)
    suites = ElementTree.fromstring(carol.get(f"/runs/{run.pk}/report.xml").content)

    assert report["counts"]["flaky"] == 1
    said = suites.findtext("testsuite/system-out") or ""
    assert said.splitlines() == [
        "flaky: late: passed in attempt 2",
        "  attempt 1: status_code: expected 200, got 503",
    ]
    assert suites.find("testsuite/properties/property[@name='flaky']").get("value") == "1"  # type: ignore[union-attr]


def test_the_dashboard_counts_it(run: Any, carol: Asker) -> None:
    today = carol.get("/dashboard?days=1").json()["days"][-1]

    assert (today["passed"], today["flaky"]) == (2, 1)


def test_a_case_that_was_lost_half_way_stays_flaky_after_the_run_goes_on(run: Any) -> None:
    """The numbers of a resumed run are counted from what is stored."""
    from hat.web.runs.progress import Progress

    progress = Progress(3)
    for outcome, counts in run.case_runs.values_list("outcome", "counts"):
        progress.add(outcome, counts)

    assert progress.columns()["flaky"] == 1
