"""What a run is at, as its live page hears of it."""

from __future__ import annotations

from typing import Any

from hat.event import CaseFinished, CaseStarted, StepStarted
from hat.result import CaseResult, Outcome
from hat.web.runs.models import Run
from hat.web.runs.state import move
from hat.web.runs.underway import MOST_SHOWN, Underway
from tests.web.people import Asker

LOG_IN = {"name": "Log in", "step": "ask", "number": 1, "steps": 2}


def test_it_names_the_cases_that_began_with_the_step_each_is_in() -> None:
    heard = Underway()
    heard.hear([CaseStarted(0, "Log in", steps=2), StepStarted(0, 1, "ask"), CaseStarted(1, "Pay", steps=1)])
    heard.hear([StepStarted(1, 1, "pay"), CaseFinished(CaseResult(name="Log in", outcome=Outcome.PASSED))])

    pay = {"name": "Pay", "step": "pay", "number": 1, "steps": 1}
    assert heard.column() == {"count": 1, "cases": [pay]}


def test_it_names_a_few_and_counts_all() -> None:
    heard = Underway()
    heard.hear([CaseStarted(number, f"case {number}") for number in range(20)])

    column = heard.column()
    assert column["count"] == 20
    assert [case["name"] for case in column["cases"]] == [f"case {number}" for number in range(MOST_SHOWN)]


def test_the_page_of_a_run_in_shards_hears_of_all_its_workers(carol: Asker, project: Any) -> None:
    run = Run.objects.create(project=project, name="All", status="running", shards=2)
    for shard in (1, 2):
        column = {"count": 4, "cases": [{**LOG_IN, "number": shard}] * 4}
        fields = {"status": "running", "part_of": run, "kind": "shard", "shard": shard, "underway": column}
        Run.objects.create(project=project, name="All", **fields)

    underway = carol.get(f"/runs/{run.pk}/delta").json()["underway"]

    assert underway["count"] == 8
    assert [case["number"] for case in underway["cases"]] == [1, 1, 1, 1, 2]


def test_a_run_that_loses_its_worker_is_at_nothing(carol: Asker, project: Any) -> None:
    column = {"count": 1, "cases": [LOG_IN]}
    run = Run.objects.create(project=project, name="All", status="running", underway=column)
    assert carol.get(f"/runs/{run.pk}/delta").json()["underway"] == column

    move("lost", Run.objects.filter(pk=run.pk))

    assert carol.get(f"/runs/{run.pk}/delta").json()["underway"] == {"count": 0, "cases": []}
