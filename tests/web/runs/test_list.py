"""Lists of runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hat.web.projects.models import Project
from hat.web.runs.models import Run
from tests.web.people import Asker


@pytest.fixture
def runs(project: Any) -> dict[str, Run]:
    made = {
        "green": Run(status="finished", outcome="passed", trigger="api"),
        "red": Run(status="finished", outcome="failed"),
        "broken": Run(status="finished", outcome="error"),
        "waiting": Run(status="queued"),
        "trying": Run(status="finished", outcome="passed", kind="try"),
    }
    for name, run in made.items():
        run.project, run.name = project, name
        run.save()
    return made


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [run["name"] for run in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["waiting", "broken", "red", "green"]),
        ({"outcome": "failed,error"}, ["broken", "red"]),
        ({"status": "queued"}, ["waiting"]),
        ({"trigger": "api"}, ["green"]),
        ({"search": "RE"}, ["red", "green"]),
        ({"kind": "try"}, ["trying"]),
        ({"sort": "name"}, ["broken", "green", "red", "waiting"]),
        ({"page": 2, "page_size": 3}, ["green"]),
    ],
)
def test_runs_are_filtered_searched_and_paged(
    carol: Asker, project: Any, runs: Any, query: Any, expected: list[str]
) -> None:
    assert names(carol.get(f"/projects/{project.pk}/runs", **query)) == expected


@pytest.mark.parametrize(("zone", "expected"), [("UTC", ["green"]), ("Asia/Shanghai", ["red", "green"])])
def test_a_day_begins_in_the_zone_of_the_reader(
    carol: Asker, runs: dict[str, Run], zone: str, expected: list[str]
) -> None:
    Run.objects.filter(pk=runs["green"].pk).update(created_at="2026-02-22T15:59:59Z")
    Run.objects.filter(pk=runs["red"].pk).update(created_at="2026-02-21T16:00:00Z")

    assert names(carol.get("/runs", day="2026-02-22", zone=zone)) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"day": "9999-12-31"},
        {"day": "x"},
        {"outcome": "green"},
        {"status": "x"},
        {"sort": "password"},
        {"page": 0},
    ],
)
def test_an_unknown_filter_is_refused(carol: Asker, project: Any, query: Any) -> None:
    assert carol.get(f"/projects/{project.pk}/runs", **query).status_code == 422


def test_the_list_over_all_projects_shows_only_ones_own(carol: Asker, charlie: Asker, runs: Any) -> None:
    other = Project.objects.create(name="Other")
    Run.objects.create(project=other, name="theirs")

    assert names(carol.get("/runs")) == ["waiting", "broken", "red", "green"]
    assert names(charlie.get("/runs")) == []


def test_a_queued_run_says_in_the_list_what_it_waits_for(carol: Asker, runs: Any) -> None:
    waiting = carol.get("/runs", status="queued").json()["items"][0]

    assert waiting["waiting_for"] == "no worker is running"


def test_a_list_costs_the_same_few_queries_however_long_it_is(carol: Asker, project: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            carol.get(f"/projects/{project.pk}/runs")
        return len(queries)

    Run.objects.create(project=project, name="one", status="finished")
    cost()  # the first request of a session notes the visit
    before = cost()
    Run.objects.bulk_create(Run(project=project, name=str(number), status="finished") for number in range(20))

    assert cost() == before
