"""A run in shards: parts that workers take each for itself, joined into one report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from hat.web.runs import queue
from hat.web.runs.execution import execute
from hat.web.runs.limits import change
from hat.web.runs.models import Run, Worker
from hat.web.runs.shards import suggested
from hat.web.runs.state import OVER
from tests.web.people import Asker, get

OK = {"validate": [{"eq": ["status_code", 200]}]}


@pytest.fixture
def cases(make_case: Callable[..., Any]) -> list[int]:
    """Five cases, the fourth of which fails."""
    return [
        make_case(f"case {number}", steps=[get("/status/404" if number == 3 else "/users", **OK)]).pk
        for number in range(5)
    ]


@pytest.fixture
def run(start: Callable[..., Any], cases: list[int]) -> Run:
    """A queued run of the five cases in two shards."""
    made: Run = start(cases=cases, options={"shards": 2})
    return made


def shards(run: Run) -> list[Run]:
    return list(run.parts.order_by("shard"))


def seen(run: Run) -> tuple[str, str, int]:
    run.refresh_from_db()
    return run.status, run.outcome, run.done


def outcomes(run: Run) -> list[tuple[str, str]]:
    return list(run.case_runs.order_by("seq").values_list("name", "outcome"))


def test_the_shards_join_into_one_report(run: Run, carol: Asker) -> None:
    first, second = shards(run)
    assert ([one.total for one in (first, second)], seen(run)) == ([3, 2], ("queued", "", 0))

    execute(first.pk)
    assert seen(run) == ("queued", "", 3)
    execute(second.pk)

    assert seen(run) == ("finished", "failed", 5)
    assert (run.passed, run.failed, run.total, run.check_counts) == (4, 1, 5, {"passed": 4, "failed": 1})
    assert outcomes(run) == [(f"case {n}", "failed" if n == 3 else "passed") for n in range(5)]
    assert run.started_at is not None
    assert len(carol.get(f"/runs/{run.pk}/delta").json()["cases"]) == 5
    kinds = [one["kind"] for one in carol.get(f"/runs/{run.pk}/events").json()["items"] if not one["shard"]]
    assert (kinds.count("accepted"), kinds.count("finished")) == (1, 1)


def test_the_shards_are_no_runs_of_their_own(run: Run, carol: Asker) -> None:
    assert [one["id"] for one in carol.get("/runs").json()["items"]] == [run.pk]
    assert carol.get("/runs?kind=shard").status_code == 422
    assert [carol.get(f"/runs/{part.pk}").status_code for part in shards(run)] == [404, 404]
    assert carol.get("/dashboard").json()["queue"] == {"queued": 1, "running": 0}


def test_the_whole_is_never_claimed_itself(run: Run) -> None:
    assert queue.claim_one(run.pk, "w#1") is None
    assert {one.pk for one in queue.claim("w#1", 9)} == {part.pk for part in shards(run)}
    assert seen(run)[0] == "running"


def test_cancelling_ends_queued_shards_and_asks_the_others(run: Run, bob: Asker) -> None:
    first, _ = shards(run)
    queue.claim_one(first.pk, "w#1")

    assert bob.post(f"/runs/{run.pk}/cancel").json()["cancelling"] is True
    assert [part.status for part in shards(run)] == ["running", "cancelled"]
    lease = queue.Lease(first.pk, 1, "w#1", run.pk)
    assert queue.cancel_asked(lease)
    queue.finish(lease, {}, [], outcome="", reason="cancelled")

    assert seen(run)[0] == "cancelled"


def test_cancelling_a_queued_run_ends_it_at_once(run: Run, bob: Asker) -> None:
    assert bob.post(f"/runs/{run.pk}/cancel").json()["status"] == "cancelled"
    assert {part.status for part in shards(run)} == {"cancelled"}


def test_a_lost_shard_is_taken_again_and_nothing_is_stored_twice(run: Run) -> None:
    first, second = shards(run)
    execute(second.pk)
    queue.claim_one(first.pk, "dead#1")
    assert seen(run)[0] == "running"
    Run.objects.filter(pk=first.pk).update(lease_until=Now() - timedelta(seconds=1))

    assert queue.sweep() == 1
    assert seen(run)[0] == "queued"
    execute(first.pk)

    assert seen(run) == ("finished", "failed", 5)
    assert len(outcomes(run)) == 5


def test_a_shard_that_is_lost_too_often_makes_the_run_an_error_with_its_results(run: Run) -> None:
    first, second = shards(run)
    execute(second.pk)
    for number in range(first.max_attempts):
        queue.claim_one(first.pk, f"w#{number}")
        Run.objects.filter(pk=first.pk).update(lease_until=Now() - timedelta(seconds=1))
        queue.sweep()

    assert seen(run) == ("finished", "error", 2)
    assert run.reason == "shard 1 of 2: interrupted: its worker stopped answering, 3 times in a row"


def test_a_shard_that_goes_on_does_not_run_what_is_stored(run: Run, shop: Any) -> None:
    first, _ = shards(run)
    held = queue.claim_one(first.pk, "w#1")
    assert held is not None
    from hat.web.runs.execution import Execution
    from hat.web.runs.loop import Loop

    loop = Loop()
    Execution(held, loop).carry_out()
    loop.close()
    Run.objects.filter(pk=first.pk).update(status="queued")
    asked = len(shop.asked)

    execute(first.pk)

    assert (len(shop.asked), seen(run)[2]) == (asked, 3)


def test_the_limit_of_a_project_counts_each_shard(run: Run, project: Any) -> None:
    change(project, concurrency=1)

    assert len(queue.claim("w#1", 9)) == 1
    assert queue.claim("w#1", 9) == []


def test_cases_at_once_are_shared_out(start: Callable[..., Any], cases: list[int]) -> None:
    from hat.web.runs.shards import share

    run = start(cases=cases, options={"shards": 4, "concurrency": 10})

    assert [share(part, 10) for part in shards(run)] == [2, 2, 2, 2]
    assert share(run, 10) == 10


def test_a_rerun_is_split_the_same_way_as_far_as_there_are_cases(run: Run, bob: Asker) -> None:
    for part in shards(run):
        execute(part.pk)

    assert bob.post(f"/runs/{run.pk}/rerun", {"only": "all"}).json()["shards"] == 2
    assert bob.post(f"/runs/{run.pk}/rerun", {"only": "failed"}).json()["shards"] == 0


def test_stop_at_the_first_red_case_and_shards_exclude_each_other(
    bob: Asker, project: Any, cases: list[int]
) -> None:
    body = {"cases": cases, "options": {"shards": 2, "fail_fast": True}}

    answer = bob.post(f"/projects/{project.pk}/runs", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "options.shards")


@pytest.mark.parametrize(
    ("cases", "workers", "shards"),
    [(499, 8, 1), (500, 1, 1), (500, 8, 2), (2000, 4, 4), (10_000, 100, 32), (500, 0, 1)],
)
def test_large_runs_are_split_for_several_workers(cases: int, workers: int, shards: int) -> None:
    assert suggested(cases, workers) == shards


def test_a_large_run_is_split_by_itself_unless_its_order_matters(
    start: Callable[..., Any], cases: list[int], monkeypatch: pytest.MonkeyPatch, project: Any
) -> None:
    monkeypatch.setattr("hat.web.runs.shards.SUGGESTED_FROM", 4)
    monkeypatch.setattr("hat.web.runs.shards.SUGGESTED_CASES", 2)
    for number in range(3):
        Worker.objects.create(owner=f"w{number}#1", host="h", pid=1, seen_at=timezone.now())

    assert start(cases=cases).shards == 2
    assert start(cases=cases, options={"shards": 1}).shards == 0
    assert start(cases=cases, options={"concurrency": 1}).shards == 0
    assert start(cases=cases, options={"fail_fast": True}).shards == 0
    project.dialect = "httprunner2"
    project.save()
    for case in project.cases.all():
        case.document.pop("dialect", None)
        case.save()
    assert start(cases=cases).shards == 0


def test_deleting_it_takes_the_shards_from_the_queue(run: Run, bob: Asker) -> None:
    bob.delete(f"/runs/{run.pk}")

    assert {part.status for part in shards(run)} <= set(OVER)
    assert queue.claim("w#1", 9) == []
