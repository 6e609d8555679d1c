"""The list of cases: search, filters, order, pages, and few queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.people import Asker, get

Make = Callable[..., Any]


@pytest.fixture
def cases(make_case: Make) -> dict[str, Any]:
    return {
        "Log in": make_case("Log in", steps=[get("/users/login")], tags=["smoke"], priority="P0"),
        "List": make_case("List", steps=[get("/users"), get("/users/1")], tags=["smoke", "slow"]),
        "支付": make_case("支付", steps=[], priority="P2"),
    }


def names(asker: Asker, project: Any, **query: Any) -> list[str]:
    answer = asker.get(f"/projects/{project.pk}/cases", **query)
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


def test_a_row_says_what_a_case_does(carol: Asker, project: Any, cases: dict[str, Any]) -> None:
    row = carol.get(f"/projects/{project.pk}/cases").json()["items"][1]

    assert (row["name"], row["step_count"], row["method"], row["url"]) == ("List", 2, "GET", "/users")
    assert (row["owner"]["username"], row["tags"], row["last"]) == ("bob", ["smoke", "slow"], [])
    assert "document" not in row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "log"}, ["Log in"]),
        ({"search": "USERS smoke"}, ["Log in", "List"]),
        ({"search": "支"}, ["支付"]),
        ({"search": "%"}, []),
        ({"search": "\0"}, ["Log in", "List", "支付"]),
        ({"tag": "slow"}, ["List"]),
        ({"tag": ["smoke", "slow"]}, ["List"]),
        ({"priority": "P0"}, ["Log in"]),
        ({"outcome": "none"}, ["Log in", "List", "支付"]),
        ({"outcome": "failed"}, []),
        ({"module": 999_999}, []),
        ({"owner": 999_999}, []),
        ({"sort": "name"}, ["List", "Log in", "支付"]),
        ({"sort": "-step_count"}, ["List", "Log in", "支付"]),
        ({"sort": "-position"}, ["支付", "List", "Log in"]),
        ({"sort": "-updated_at"}, ["支付", "List", "Log in"]),
        ({"page_size": 2, "page": 2}, ["支付"]),
        ({"page": 9}, []),
    ],
)
def test_it_finds(
    query: dict[str, Any], found: list[str], carol: Asker, project: Any, cases: dict[str, Any]
) -> None:
    assert names(carol, project, **query) == found


@pytest.mark.parametrize(
    "query", [{"sort": "password"}, {"page": 0}, {"page_size": 10_000}, {"module": "x"}, {"outcome": "great"}]
)
def test_a_wrong_filter_is_refused_at_its_name(query: dict[str, Any], carol: Asker, project: Any) -> None:
    answer = carol.get(f"/projects/{project.pk}/cases", **query)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, next(iter(query)))


def test_the_last_outcomes_are_shown_and_filter(carol: Asker, project: Any, cases: dict[str, Any]) -> None:
    ran(project, cases["Log in"], "passed")
    last = ran(project, cases["Log in"], "passed", "failed")
    ran(project, cases["List"], "passed")

    row = carol.get(f"/projects/{project.pk}/cases").json()["items"][0]

    assert row["last"][0] == {"run_id": last.pk, "outcome": "failed"}
    assert len(row["last"]) == 2
    assert names(carol, project, outcome="failed") == ["Log in"]
    assert names(carol, project, outcome="passed") == ["List"]
    assert names(carol, project, outcome="none") == ["支付"]


def ran(project: Any, case: Any, *outcomes: str) -> Any:
    """A finished run in which a case had these outcomes, one for each row."""
    from hat.web.runs.models import CaseRun, Run

    run = Run.objects.create(project=project, name="Nightly", status="finished", outcome=outcomes[-1])
    now = timezone.now()
    for seq, outcome in enumerate(outcomes):
        CaseRun.objects.create(
            run=run, seq=seq, case=case, name=case.name, outcome=outcome, finished_at=now, packed=b""
        )
    return run


def test_more_cases_need_no_more_queries(carol: Asker, project: Any, make_case: Make) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            names(carol, project)
        return len(seen)

    make_case("First", tags=["a"])
    queries()  # the first request of a session notes the visit
    few = queries()
    for number in range(20):
        make_case(f"Case {number}", tags=["a", "b"])

    assert queries() == few <= 10
    assert carol.get("/projects").status_code == 200


def test_more_projects_need_no_more_queries(alice: Asker) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            alice.get("/projects")
        return len(seen)

    queries()  # the first request of a session notes the visit
    few = queries()
    for number in range(10):
        alice.post("/projects", {"name": f"Project {number}"})

    assert queries() == few <= 8
