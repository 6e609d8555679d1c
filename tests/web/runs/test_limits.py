"""What a project's owner allows: how many runs at once, and how long one may take."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from hat.web.audit.models import Entry
from hat.web.runs import queue
from hat.web.runs.execution import execute
from hat.web.runs.models import Run, Worker
from hat.web.runs.waiting import waiting_for
from tests.web.people import Asker, get
from tests.web.shop import ShopServer


@pytest.fixture
def limit(alice: Asker, project: Any) -> Callable[..., Any]:
    """Sets limits as the owner does."""

    def limit(**body: Any) -> Any:
        answer = alice.patch(f"/projects/{project.pk}/limits", body)
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return limit


def test_a_project_without_limits_has_the_usual_ones(alice: Asker, project: Any) -> None:
    usual = alice.get(f"/projects/{project.pk}/limits").json()

    assert usual == {
        "concurrency": None,
        "deadline_s": 3600,
        "keep_days": None,
        "keep_runs": None,
        "label": "",
    }


def test_what_an_owner_decides_is_in_the_audit_log(limit: Callable[..., Any]) -> None:
    limit(keep_days=30)

    entry = Entry.objects.get(noun="limits")
    assert (entry.user_name, entry.project_name) == ("alice", "Shop")
    assert entry.changes == [{"field": "keep_days", "before": None, "after": 30}]


def test_what_is_not_sent_stays(limit: Callable[..., Any]) -> None:
    limit(concurrency=2, keep_days=30)

    assert limit(deadline_s=60) == {
        "concurrency": 2,
        "deadline_s": 60,
        "keep_days": 30,
        "keep_runs": None,
        "label": "",
    }


@pytest.mark.parametrize("body", [{"concurrency": 0}, {"deadline_s": 0}, {"keep_days": "x"}])
def test_limits_out_of_reason_are_refused(alice: Asker, project: Any, body: dict[str, Any]) -> None:
    assert alice.patch(f"/projects/{project.pk}/limits", body).status_code == 422


def test_a_project_runs_no_more_at_once_than_it_may(
    limit: Callable[..., Any], start: Callable[..., Any], make_case: Callable[..., Any]
) -> None:
    limit(concurrency=2)
    case = make_case("one")
    runs = [start(cases=[case.pk]) for _ in range(3)]

    taken = queue.claim("w#1", 3)

    assert [one.pk for one in taken] == [one.pk for one in runs[:2]]
    assert queue.claim_one(runs[2].pk, "w#2") is None
    queue.recover("w")
    assert len(queue.claim("x#1", 3)) == 2


def test_a_full_project_does_not_stop_another(
    limit: Callable[..., Any], start: Callable[..., Any], make_case: Callable[..., Any], project: Any
) -> None:
    from hat.web.projects.models import Project

    limit(concurrency=1)
    runs = [start(cases=[make_case("one").pk]) for _ in range(2)]
    other = Run.objects.create(project=Project.objects.create(name="Other"), name="other")

    assert [one.pk for one in queue.claim("w#1", 3)] == [runs[0].pk, other.pk]


def test_a_run_says_that_its_project_is_full(
    limit: Callable[..., Any], start: Callable[..., Any], make_case: Callable[..., Any]
) -> None:
    from django.utils import timezone

    limit(concurrency=1)
    runs = [start(cases=[make_case("one").pk]) for _ in range(3)]
    Worker.objects.create(owner="w#1", host="h", pid=1, seen_at=timezone.now(), slots=9)
    queue.claim("w#1")

    assert waiting_for(runs[1]) == "this project runs at most 1 at a time"
    assert waiting_for(runs[2]) == "this project runs at most 1 at a time, 1 run ahead"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_exceed_the_limit(
    limit: Callable[..., Any], start: Callable[..., Any], make_case: Callable[..., Any]
) -> None:
    limit(concurrency=2)
    case = make_case("one")
    for _ in range(8):
        start(cases=[case.pk])
    taken: list[Run] = []

    def claim(number: int) -> None:
        taken.extend(queue.claim(f"w{number}#1", 8))
        connection.close()

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 2


@pytest.mark.django_db(transaction=True)
def test_a_run_that_takes_too_long_ends_as_an_error_that_says_so(
    limit: Callable[..., Any], start: Callable[..., Any], make_case: Callable[..., Any], shop: ShopServer
) -> None:
    limit(deadline_s=1)
    run = start(cases=[make_case("quick").pk, make_case("slow", steps=[get("/hang/1")]).pk])

    execute(run.pk)
    run.refresh_from_db()

    assert (run.status, run.outcome) == ("finished", "error")
    assert run.reason == "the run took longer than 1 s"
    assert run.passed == 1
