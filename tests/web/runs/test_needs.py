"""Cases that others need, loops and teardown in runs of the platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, get
from tests.web.shop import ShopServer

Make = Callable[..., Any]
OK = {"validate": [{"eq": ["status_code", 200]}]}


def make_user(bob: Asker, make_case: Make, name: str, needs: Any) -> Any:
    """A case that needs another one."""
    case = make_case(name)
    document = {
        **case.document,
        "config": {"name": name, "needs": needs},
        "teststeps": [get("/users?by=$who")],
    }
    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": document})
    assert answer.status_code == 200, answer.json()
    return case


def test_a_needed_case_comes_along_and_runs_once(
    bob: Asker, make_case: Make, run_all: Callable[..., Any], shop: ShopServer
) -> None:
    login = make_case("Log in", steps=[get("/users", extract={"who": "status_code"})])
    users = [make_user(bob, make_case, name, needs) for name, needs in (("A", login.pk), ("B", "Log in"))]

    run = run_all(cases=[case.pk for case in users])

    assert run.outcome == "passed", list(run.case_runs.values_list("reason", flat=True))
    assert sorted(shop.asked) == ["/users", "/users?by=200", "/users?by=200"]
    rows = bob.get(f"/runs/{run.pk}/delta").json()["steps"]["rows"]
    assert [row[4] for row in rows if row[3] == 0].count("needs Log in") == 2


def test_a_case_that_is_tried_gets_what_it_needs_by_name(
    bob: Asker, make_case: Make, project: Any, environment: Any, shop: ShopServer
) -> None:
    from hat.web.runs.execution import execute

    make_case("Log in", steps=[get("/users", extract={"who": "status_code"})])
    document = {"config": {"name": "new", "needs": "Log in"}, "teststeps": [get("/users?by=$who")]}

    answer = bob.post(f"/projects/{project.pk}/runs", {"document": document})
    execute(answer.json()["id"])

    assert shop.asked == ["/users", "/users?by=200"]


def test_iterations_are_told_apart_in_the_outline(
    bob: Asker, make_case: Make, run_all: Callable[..., Any]
) -> None:
    steps = [{"name": "group", "for_each": {"n": [1, 2]}, "steps": [get("/users?page=$n")]}]
    case = make_case("Loop", steps=steps)

    run = run_all(cases=[case.pk])

    rows = bob.get(f"/runs/{run.pk}/delta").json()["steps"]["rows"]
    assert [(row[2], row[4]) for row in rows if row[3] == 0] == [("0", "group [n=1]"), ("1", "group [n=2]")]
    detail = bob.get(f"/runs/{run.pk}/cases/{run.case_runs.get().pk}").json()
    assert detail["steps"][1]["row"] == {"n": 2}
