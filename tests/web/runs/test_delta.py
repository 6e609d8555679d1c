"""Following a run by a cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hat.web.projects.models import Tag
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.outline import COLUMNS
from tests.web.people import Asker

ROW = dict.fromkeys(COLUMNS, "")


@pytest.fixture
def run(project: Any) -> Run:
    return Run.objects.create(project=project, name="Nightly", status="running")


def add(run: Run, seq: int, steps: int) -> CaseRun:
    rows = [list({**ROW, "path": str(number)}.values()) for number in range(steps)]
    return CaseRun.objects.create(
        run=run,
        seq=seq,
        name=f"case {seq}",
        outcome="passed",
        finished_at=timezone.now(),
        outline=rows,
        packed=b"",
    )


def pages(asker: Asker, run: Run) -> list[Any]:
    found = [asker.get(f"/runs/{run.pk}/delta").json()]
    while found[-1]["more"]:
        found.append(asker.get(f"/runs/{run.pk}/delta", after=found[-1]["cursor"]).json())
    return found


def test_a_page_names_its_columns_as_agreed(carol: Asker, run: Run) -> None:
    case_run = add(run, 0, 1)

    page = carol.get(f"/runs/{run.pk}/delta").json()

    assert page["steps"]["columns"] == [
        *["id", "case_run_id", "path", "depth", "name", "method", "url", "status_code", "outcome"],
        *["elapsed_ms", "reason", "checks_passed", "checks_failed"],
    ]
    assert page["steps"]["rows"][0][:3] == [f"{case_run.pk}.0", case_run.pk, "0"]
    assert page["cases"][0]["id"] == case_run.pk


def test_a_case_has_the_tags_it_has_now(carol: Asker, run: Run, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")
    Tag.objects.create(case=case, name="smoke")
    CaseRun.objects.filter(pk=add(run, 0, 1).pk).update(case=case)
    add(run, 1, 1)

    page = carol.get(f"/runs/{run.pk}/delta").json()

    assert [row["tags"] for row in page["cases"]] == [["smoke"], []]


def test_a_cursor_gives_only_what_came_after_it(carol: Asker, run: Run) -> None:
    add(run, 1, 2)
    first = carol.get(f"/runs/{run.pk}/delta").json()
    add(run, 0, 1)

    second = carol.get(f"/runs/{run.pk}/delta", after=first["cursor"]).json()
    third = carol.get(f"/runs/{run.pk}/delta", after=second["cursor"]).json()

    assert [len(page["steps"]["rows"]) for page in (first, second, third)] == [2, 1, 0]
    assert [[case["name"] for case in page["cases"]] for page in (second, third)] == [["case 0"], []]
    assert third["cursor"] == second["cursor"]


def test_a_long_run_comes_in_pages_of_a_thousand_steps(carol: Asker, run: Run) -> None:
    for seq in range(5):
        add(run, seq, 499)

    found = pages(carol, run)

    rows = [row[0] for page in found for row in page["steps"]["rows"]]
    assert [len(page["steps"]["rows"]) for page in found] == [1000, 1000, 495]
    assert len(set(rows)) == len(rows) == 5 * 499
    assert [case["seq"] for page in found for case in page["cases"]] == [0, 1, 2, 3, 4]


def test_a_case_of_very_many_steps_is_cut_between_pages(carol: Asker, run: Run) -> None:
    add(run, 0, 2500)
    add(run, 1, 1)

    found = pages(carol, run)

    assert [len(page["steps"]["rows"]) for page in found] == [1000, 1000, 501]
    assert [len(page["cases"]) for page in found] == [1, 0, 1]


def test_many_small_cases_come_in_pages_too(carol: Asker, run: Run) -> None:
    for seq in range(251):
        add(run, seq, 1)

    assert [len(page["cases"]) for page in pages(carol, run)] == [250, 1]


@pytest.mark.parametrize("cursor", ["", "0", "x", "-1", "1:x", "9" * 40, "²"])
def test_a_strange_cursor_is_no_fault(carol: Asker, run: Run, cursor: str) -> None:
    assert carol.get(f"/runs/{run.pk}/delta", after=cursor).status_code == 200


def test_a_page_costs_the_same_few_queries_however_long_the_run(
    carol: Asker, run: Run, connection: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            carol.get(f"/runs/{run.pk}/delta")
        return len(queries)

    cost()  # the first request of a session notes the visit
    before = cost()
    for seq in range(100):
        add(run, seq, 3)

    assert cost() == before


@pytest.fixture
def connection() -> Any:
    from django.db import connection

    return connection


def test_the_expected_time_is_that_of_the_runs_before(
    start: Any, make_case: Any, carol: Asker, environment: Any
) -> None:
    case = make_case("one")
    ended = [start(cases=[case.pk]) for _ in range(3)]
    for run, elapsed_ms in zip(ended, (100, 300, 200), strict=True):
        Run.objects.filter(pk=run.pk).update(
            elapsed_ms=elapsed_ms, status="finished", finished_at=timezone.now()
        )
    waiting = start(cases=[case.pk])

    told = [carol.get(f"/runs/{one.pk}/delta").json()["expected_ms"] for one in (ended[-1], waiting)]

    assert told == [None, 200]
