"""Runs that ask for a label go to workers that have it, and say so while there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from hat.web.runs import queue
from hat.web.runs.labels import Taste
from hat.web.runs.limits import change
from hat.web.runs.models import Run, Worker
from tests.web.people import Asker

EDGE = Taste(("edge",), unlabelled=False)
BOTH = Taste(("edge",), unlabelled=True)
PLAIN = Taste()


@pytest.fixture
def started(start: Callable[..., Any], make_case: Callable[..., Any]) -> Callable[..., Run]:
    """A queued run with such options."""
    case = make_case("one")
    return lambda **options: start(cases=[case.pk], options=options)


def work(owner: str, taste: Taste, **columns: Any) -> Worker:
    fields = {"host": "h", "pid": 1, "seen_at": timezone.now(), "slots": 1, **columns}
    labels, plain = list(taste.labels), taste.unlabelled
    return Worker.objects.create(owner=owner, labels=labels, unlabelled=plain, **fields)


def waits(carol: Asker, run: Run) -> tuple[str, str]:
    shown = carol.get(f"/runs/{run.pk}").json()
    return shown["waiting"]["code"], shown["waiting_for"]


@pytest.mark.parametrize(
    ("taste", "taken"), [(PLAIN, ["plain"]), (EDGE, ["edge"]), (BOTH, ["plain", "edge"])]
)
def test_a_worker_takes_what_it_has_the_label_for(
    started: Callable[..., Run], taste: Taste, taken: list[str]
) -> None:
    runs = {started().pk: "plain", started(label="edge").pk: "edge", started(label="dmz").pk: "dmz"}

    assert taste.anything_waits()
    assert [runs[one.pk] for one in queue.claim("w#1", 5, taste)] == taken
    assert not taste.anything_waits()


def test_the_label_comes_from_the_run_else_the_environment_else_the_project(
    started: Callable[..., Run], environment: Any, project: Any
) -> None:
    change(project, label="intranet")
    assert started().label == "intranet"

    type(environment).objects.update(label="edge")
    assert started().label == "edge"
    assert started(label="dmz").label == "dmz"


def test_a_queued_run_says_which_label_no_worker_has(started: Callable[..., Run], carol: Asker) -> None:
    run = started(label="edge")
    assert waits(carol, run) == ("no_worker", "no worker is running")

    work("w#1", PLAIN)
    assert waits(carol, run) == ("no_label", "no worker has label edge")

    work("x#1", EDGE)
    assert waits(carol, run)[0] == "soon"


def test_a_run_without_label_says_when_every_worker_wants_one(
    started: Callable[..., Run], carol: Asker
) -> None:
    work("w#1", EDGE)

    assert waits(carol, started()) == ("no_label", "every worker takes only runs with its label")


def test_only_runs_of_the_same_workers_are_ahead(started: Callable[..., Run], carol: Asker) -> None:
    work("w#1", PLAIN, busy=1)
    work("x#1", EDGE, busy=1)
    for _ in range(2):
        started()
    first, second = started(label="edge"), started(label="edge")

    assert waits(carol, first) == ("busy", "all workers are busy")
    assert waits(carol, second) == ("ahead", "1 run ahead")


def test_a_rerun_asks_for_the_same_label(started: Callable[..., Run], bob: Asker) -> None:
    again = bob.post(f"/runs/{started(label='edge').pk}/rerun", {"only": "all"}).json()

    assert again["label"] == "edge"


@pytest.mark.parametrize("label", ["Edge", "a b", "-x", "x" * 41, "hat;drop", "ü"])
def test_a_label_is_a_plain_word(bob: Asker, project: Any, make_case: Callable[..., Any], label: str) -> None:
    body = {"cases": [make_case("one").pk], "options": {"label": label}}

    answer = bob.post(f"/projects/{project.pk}/runs", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "options.label")


def test_a_list_of_waiting_runs_asks_for_the_queue_once(
    started: Callable[..., Run], carol: Asker, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        started()

    with django_assert_max_num_queries(14):
        runs = carol.get("/runs").json()["items"]

    assert [one["waiting"]["code"] for one in runs] == ["no_worker"] * 12
