"""What a run changed: new, still red, recovered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hat.web.runs.models import CaseRun, Run
from tests.web.people import Asker

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def night(project: Any, make_case: Callable[..., Any]) -> Callable[..., Run]:
    """A run with one result for each case named: `night(pay=("failed", "cause"), login="passed")`."""
    cases: dict[str, Any] = {}

    def night(environment: str = "", row: Any = None, **results: Any) -> Run:
        run = Run.objects.create(
            project=project, name="Nightly", status="finished", environment_name=environment
        )
        for number, (name, result) in enumerate(results.items()):
            outcome, cause = result if isinstance(result, tuple) else (result, "")
            cases.setdefault(name, None)
            cases[name] = cases[name] or make_case(name)
            CaseRun.objects.create(
                run=run,
                seq=number,
                case=cases[name],
                name=name,
                outcome=outcome,
                fingerprint=cause,
                row=row,
                finished_at=START + timedelta(days=run.pk),
                packed=b"",
            )
        return run

    return night


@pytest.fixture
def told(carol: Asker) -> Callable[[Run], dict[str, tuple[Any, ...]]]:
    """What the API says of a run, by the name of the case."""

    def told(run: Run) -> dict[str, tuple[Any, ...]]:
        items = carol.get(f"/runs/{run.pk}/changes").json()["items"]
        names = dict(run.case_runs.values_list("pk", "name"))
        return {
            names[item["case_run_id"]]: (item["change"], item["same_cause"], item["since_run"])
            for item in items
        }

    return told


def test_red_after_green_is_new_and_green_after_red_recovered(night: Any, told: Any) -> None:
    night(pay=("passed"), login=("failed", "a"), list="passed")
    run = night(pay=("failed", "b"), login="passed", list="passed")

    assert told(run) == {"pay": ("new", False, run.pk), "login": ("recovered", False, None)}


def test_red_after_red_says_since_when_and_whether_for_the_same_cause(night: Any, told: Any) -> None:
    night(pay="passed", login="passed")
    first = night(pay=("failed", "a"), login=("error", "x"))
    night(pay=("failed", "a"), login=("failed", "y"))
    last = night(pay=("failed", "a"), login=("failed", "z"))

    assert told(last) == {"pay": ("still", True, first.pk), "login": ("still", False, first.pk)}


def test_a_case_that_never_ran_before_is_new_when_it_is_red(night: Any, told: Any) -> None:
    run = night(pay=("error", "a"), login="passed", skip="skipped")

    assert told(run) == {"pay": ("new", False, run.pk)}


def test_a_skipped_result_between_two_tells_nothing(night: Any, told: Any) -> None:
    first = night(pay=("failed", "a"))
    night(pay="skipped")

    assert told(night(pay=("failed", "a"))) == {"pay": ("still", True, first.pk)}


def test_another_environment_a_deleted_run_and_a_later_run_do_not_count(night: Any, told: Any) -> None:
    night("staging", pay=("failed", "a"))
    gone = night("test", pay=("failed", "a"))
    Run.objects.filter(pk=gone.pk).update(deleted_at=START)
    run = night("test", pay=("failed", "a"))
    night("test", pay="passed")

    assert told(run) == {"pay": ("new", False, run.pk)}


def test_rows_of_one_case_are_compared_each_with_itself(night: Any, told: Any) -> None:
    night(row={"user": "ann"}, pay=("failed", "a"))
    first = night(row={"user": "bob"}, pay=("failed", "a"))

    assert told(first) == {"pay": ("new", False, first.pk)}
    assert told(night(row={"user": "bob"}, pay=("failed", "a"))) == {"pay": ("still", True, first.pk)}


def test_the_number_of_queries_does_not_grow_with_the_cases(
    night: Any, carol: Asker, django_assert_max_num_queries: Any
) -> None:
    night(**{f"case{number}": ("failed", "a") for number in range(20)})
    run = night(**{f"case{number}": ("failed", "a") for number in range(20)})

    with django_assert_max_num_queries(13):  # most of them tell who asks
        assert carol.get(f"/runs/{run.pk}/changes").json()["total"] == 20


def test_the_trend_of_a_result_is_that_of_its_case_and_row_up_to_it(carol: Asker, night: Any) -> None:
    night(pay="passed", login="passed")
    night(row={"user": "bob"}, pay="error")
    run = night(pay=("failed", "a"), login="passed")
    night(pay="passed")
    pay, login = run.case_runs.order_by("seq").values_list("pk", flat=True)

    items = carol.get(f"/runs/{run.pk}/trends", case_runs=[pay]).json()["items"]

    assert items == [{"case_run_id": pay, "outcomes": ["failed", "passed"]}]
    assert carol.get(f"/runs/{run.pk - 1}/trends", case_runs=[login]).json()["items"] == []


def test_trends_are_for_those_who_see_the_run(carol: Asker, charlie: Asker, night: Any) -> None:
    run = night(pay="passed")

    assert charlie.get(f"/runs/{run.pk}/trends", case_runs=[1]).status_code == 404
    assert carol.get(f"/runs/{run.pk}/trends", case_runs=list(range(201))).status_code == 422
