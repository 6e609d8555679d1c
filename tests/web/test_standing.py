"""The dashboard's slow and flaky cases, and what the dashboard costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hat.web import standing
from hat.web.projects.models import Environment
from hat.web.runs.models import Run
from tests.web.people import Asker
from tests.web.test_dashboard import result, run  # noqa: F401  the runs of the dashboard's tests

Nights = Callable[..., list[Run]]


@pytest.fixture
def nights(run: Any) -> Nights:  # noqa: F811
    """`nights(case, "PFP")` makes three runs, in which the case passed, failed and passed."""

    def nights(case: Any, outcomes: str, **fields: Any) -> list[Run]:
        words = {"P": "passed", "F": "failed", "E": "error", "S": "skipped"}
        runs = [run(fields.pop("days_ago", 0), done=1, **fields) for _ in outcomes]
        for one, letter in zip(runs, outcomes, strict=True):
            result(one, case, words[letter])
        return runs

    return nights


def _flaky(asker: Asker, **query: Any) -> dict[str, Any]:
    return {one["name"]: one for one in asker.get("/dashboard/cases", **query).json()["flaky"]}


def test_a_case_that_goes_red_and_green_again_and_again_is_flaky(
    carol: Asker, make_case: Any, nights: Nights
) -> None:
    nights(make_case("steady"), "PPPP")
    nights(make_case("broken"), "PPFF")
    nights(make_case("repaired"), "FFPP")
    nights(make_case("left out"), "PSPS")
    runs = nights(make_case("shaky"), "PFEP")

    flaky = _flaky(carol)

    assert list(flaky) == ["shaky"]
    shaky = flaky["shaky"]
    assert (shaky["runs"], shaky["red"], shaky["turns"], shaky["retried"]) == (4, 2, 2, 0)
    assert [one["run_id"] for one in shaky["last"]] == [one.pk for one in reversed(runs)]
    assert [one["outcome"] for one in shaky["last"]] == ["passed", "error", "failed", "passed"]


def test_what_fails_in_one_environment_only_is_not_flaky(
    carol: Asker,
    project: Any,
    make_case: Any,
    run: Any,  # noqa: F811
) -> None:
    case = make_case("only on staging")
    staging, production = (Environment.objects.create(project=project, name=name) for name in "sp")
    for _ in range(3):
        result(run(done=1, environment=staging), case, "failed")
        result(run(done=1, environment=production), case, "passed")

    assert _flaky(carol) == {}


def test_a_case_that_passed_only_when_tried_again_is_flaky(
    carol: Asker,
    make_case: Any,
    run: Any,  # noqa: F811
) -> None:
    result(run(done=1, flaky=1), make_case("again"), "passed", counts={"retries": {"passed": 1}})

    assert _flaky(carol)["again"]["retried"] == 1


def test_the_slowest_come_first_with_the_run_they_took_longest_in(
    carol: Asker,
    make_case: Any,
    run: Any,  # noqa: F811
) -> None:
    quick, slow = make_case("quick"), make_case("slow")
    runs = [run(done=2) for _ in range(3)]
    for one, elapsed_ms in zip(runs, (900.0, 2000.0, 1000.0), strict=True):
        result(one, quick, "passed", elapsed_ms=9.0)
        result(one, slow, "failed", elapsed_ms=elapsed_ms, seq=1)

    answer = carol.get("/dashboard/cases").json()

    assert [one["name"] for one in answer["slow"]] == ["slow", "quick"]
    first = answer["slow"][0]
    assert (first["median_ms"], first["longest_ms"], first["run_id"]) == (1000.0, 2000.0, runs[1].pk)
    assert answer["results"] == 6


def test_only_living_cases_of_these_days_and_of_ones_own_projects_count(
    carol: Asker, charlie: Asker, make_case: Any, nights: Nights
) -> None:
    gone, old = make_case("gone"), make_case("old")
    nights(gone, "PFP")
    for one in nights(old, "PFP"):
        Run.objects.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(days=20))
    gone.deleted_at = timezone.now()
    gone.save()

    assert _flaky(carol) == {}
    assert list(_flaky(carol, days=30)) == ["old"]
    nothing = {"slow": [], "flaky": [], "results": 0, "since": None}
    assert charlie.get("/dashboard/cases", days=30).json() == nothing


def test_no_more_than_the_newest_results_are_looked_at(
    carol: Asker, make_case: Any, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "LOOKED_AT", 3)
    nights(make_case("long ago"), "PFP")
    nights(make_case("lately"), "PFP")

    answer = carol.get("/dashboard/cases").json()

    assert (answer["results"], [one["name"] for one in answer["flaky"]]) == (3, ["lately"])


def test_the_queries_of_the_dashboard_do_not_grow_with_what_is_red(
    carol: Asker, make_case: Any, nights: Nights, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        nights(make_case(f"case {number}"), "PFPF" if number % 2 else "FF")

    with django_assert_max_num_queries(24):  # some of them tell who asks
        page = carol.get("/dashboard").json()
    with django_assert_max_num_queries(10):
        cases = carol.get("/dashboard/cases").json()

    assert (len(page["red_now"]), page["red_count"]) == (50, 60)
    assert (len(cases["slow"]), len(cases["flaky"])) == (8, 8)
