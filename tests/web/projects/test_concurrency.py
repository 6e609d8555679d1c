"""Several people at once: one wins, nobody overwrites another's work unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.web.people import Asker, call, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """The answers of jobs that start together, each in a thread of its own."""
    start = threading.Barrier(len(jobs))
    answers: list[Any] = [None] * len(jobs)

    def work(index: int, job: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[index] = job()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_of_many_saves_of_one_version_one_wins(project: Any, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")
    bob = case.owner

    def save(number: int) -> Callable[[], int]:
        body = {"version": 1, "document": case.document, "name": f"Name {number}"}
        asker = Asker(bob)
        return lambda: int(asker.put(f"/cases/{case.pk}", body).status_code)

    statuses = at_once(*[save(number) for number in range(6)])

    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
    assert list(case.revisions.values_list("version", flat=True)) == [1, 2]


def test_two_calls_that_would_close_a_circle_do_not_both_succeed(
    project: Any, make_case: Callable[..., Any]
) -> None:
    first, second = make_case("First"), make_case("Second")

    def save(case: Any, called: Any) -> Callable[[], int]:
        body = {"version": 1, "document": {**case.document, "teststeps": [call(called)]}}
        asker = Asker(case.owner)
        return lambda: int(asker.put(f"/cases/{case.pk}", body).status_code)

    statuses = at_once(save(first, second), save(second, first))

    assert sorted(statuses) == [200, 422]


def test_of_two_first_users_one_is_made(db: None) -> None:
    def set_up(name: str) -> Callable[[], int]:
        body = {"username": name, "password": "correct horse battery"}
        asker = Asker()
        return lambda: int(asker.post("/setup", body).status_code)

    statuses = at_once(set_up("alice"), set_up("mallory"))

    assert sorted(statuses) == [201, 409]


def test_of_two_saves_of_the_functions_one_wins(project: Any) -> None:
    bob = Asker(project.members.get(user__username="bob").user)
    body = {"source": "a = 1\n", "version": 0}

    statuses = at_once(
        *[lambda: bob.put(f"/projects/{project.pk}/functions", body).status_code for _ in range(2)]
    )

    assert sorted(statuses) == [200, 409]


def test_the_last_two_owners_cannot_both_leave(project: Any) -> None:
    from hat.web.projects.models import Member

    other = Member.objects.create(project=project, user=make_user("dora"), role="owner")
    alice = project.members.get(user__username="alice")

    def leave(member: Any) -> Callable[[], int]:
        asker = Asker(member.user)
        return lambda: int(asker.delete(f"/members/{member.pk}").status_code)

    statuses = at_once(leave(other), leave(alice))

    assert sorted(statuses) == [204, 409]
