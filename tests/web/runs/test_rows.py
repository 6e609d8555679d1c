"""Runs of chosen rows of parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, get


def users(*names: str) -> dict[str, Any]:
    return {"parameters": {"user": list(names)}}


def test_a_run_takes_the_rows_its_options_name_and_keeps_them_when_repeated(
    make_case: Callable[..., Any], run_all: Callable[..., Any], bob: Asker
) -> None:
    case = make_case("as $user", steps=[get("/users?$user")], config=users("ann", "bob", "cy"))
    other = make_case("of others", steps=[get("/users")], config=users("dan"))

    run = run_all(cases=[case.pk, other.pk], options={"rows": "1, user=cy"})

    found = list(run.case_runs.order_by("seq").values_list("name", "row", "outcome"))
    assert found == [
        ("as ann", {"user": "ann"}, "passed"),
        ("as cy", {"user": "cy"}, "passed"),
        ("of others", {"user": "dan"}, "passed"),
    ]
    again = bob.post(f"/runs/{run.pk}/rerun", {}).json()
    assert again["total"] == 2


def test_a_case_without_a_chosen_row_is_left_out_with_the_reason(
    make_case: Callable[..., Any], run_all: Callable[..., Any]
) -> None:
    case = make_case("as $user", steps=[get("/users?$user")], config=users("ann", "bob"))

    run = run_all(cases=[case.pk], options={"rows": "3"})

    assert (run.total, run.skipped) == (1, 1)
    assert run.case_runs.get().reason == "none of its 2 rows is chosen"


def test_a_choice_that_cannot_be_read_is_refused_at_its_field(
    make_case: Callable[..., Any], bob: Asker, project: Any
) -> None:
    case = make_case("log in")

    answer = bob.post(f"/projects/{project.pk}/runs", {"cases": [case.pk], "options": {"rows": "first"}})

    assert answer.status_code == 422
    problem = answer.json()["errors"][0]
    assert problem["path"] == "options.rows"
    assert problem["message"] == "'first' names no row: write 2, 4-6 or user=ann"
