"""Cancel, rerun, delete and restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hat.web.runs.execution import execute
from hat.web.runs.models import Run
from tests.web.people import Asker, get

OK = {"validate": [{"eq": ["status_code", 200]}]}


@pytest.fixture
def cases(make_case: Callable[..., Any]) -> list[Any]:
    good = make_case("good", steps=[get("/users", **OK)])
    bad = make_case("bad", steps=[get("/status/500", **OK)])
    broken = make_case("broken", steps=[get("http://127.0.0.1:1/")])
    return [good, bad, broken]


def test_only_what_failed_or_erred_is_run_again(run_all: Any, cases: list[Any], bob: Asker) -> None:
    run = run_all(cases=[case.pk for case in cases])

    answer = bob.post(f"/runs/{run.pk}/rerun", {"only": "failed"})
    execute(answer.json()["id"])

    again = Run.objects.get(pk=answer.json()["id"])
    assert (answer.status_code, again.retry_of, again.environment) == (202, run, run.environment)
    assert list(again.case_runs.order_by("seq").values_list("name", flat=True)) == ["bad", "broken"]


def test_a_corrected_case_is_green_when_run_again(run_all: Any, cases: list[Any], bob: Asker) -> None:
    run = run_all(cases=[cases[1].pk])
    document = {**cases[1].document, "teststeps": [get("/users", **OK)]}
    bob.put(f"/cases/{cases[1].pk}", {"version": 1, "document": document})

    answer = bob.post(f"/runs/{run.pk}/rerun", {"only": "all"})
    execute(answer.json()["id"])

    assert Run.objects.get(pk=answer.json()["id"]).outcome == "passed"


@pytest.mark.parametrize(
    ("only", "words"), [("failed", "no case of this run failed"), ("all", "exists any more")]
)
def test_nothing_to_run_again_is_said(
    run_all: Any, cases: list[Any], bob: Asker, only: str, words: str
) -> None:
    run = run_all(cases=[cases[0].pk])
    if only == "all":
        bob.delete(f"/cases/{cases[0].pk}")

    answer = bob.post(f"/runs/{run.pk}/rerun", {"only": only})

    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_a_run_is_not_repeated_without_its_environment(
    run_all: Any, cases: list[Any], bob: Asker, environment: Any
) -> None:
    run = run_all(cases=[cases[0].pk])
    bob.delete(f"/environments/{environment.pk}")

    answer = bob.post(f"/runs/{run.pk}/rerun", {"only": "all"})

    assert answer.json()["error"] == "environment_id: the environment 'local' was deleted"


def test_a_try_is_repeated_as_it_was(run_all: Any, bob: Asker, environment: Any) -> None:
    run = run_all(document={"config": {"name": "draft"}, "teststeps": [get("/users")]})

    again = bob.post(f"/runs/{run.pk}/rerun", {}).json()

    assert (again["kind"], again["total"]) == ("try", 1)


def test_a_queued_run_is_cancelled_at_once_and_never_executed(
    start: Any, cases: list[Any], bob: Asker, shop: Any
) -> None:
    run = start(cases=[cases[0].pk])

    answer = bob.post(f"/runs/{run.pk}/cancel").json()
    execute(run.pk)

    assert (answer["status"], answer["outcome"], shop.asked) == ("cancelled", None, [])


def test_a_finished_run_stays_as_it_is_when_cancelled(run_all: Any, cases: list[Any], bob: Asker) -> None:
    run = run_all(cases=[cases[0].pk])

    assert bob.post(f"/runs/{run.pk}/cancel").json()["status"] == "finished"


def test_a_deleted_run_is_gone_until_it_is_restored(run_all: Any, cases: list[Any], bob: Asker) -> None:
    run = run_all(cases=[cases[0].pk])

    assert bob.delete(f"/runs/{run.pk}").status_code == 204
    assert bob.get(f"/runs/{run.pk}").status_code == 404
    assert bob.get("/runs").json()["items"] == []
    assert bob.post(f"/runs/{run.pk}/restore").json()["id"] == run.pk
    assert bob.get(f"/runs/{run.pk}").status_code == 200


def test_deleting_a_queued_run_cancels_it(start: Any, cases: list[Any], bob: Asker) -> None:
    run = start(cases=[cases[0].pk])

    bob.delete(f"/runs/{run.pk}")

    run.refresh_from_db()
    assert run.status == "cancelled"
