"""Several clocks at once: each due time has exactly one run, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from hat.web.runs.models import Run
from hat.web.schedules.clock import tick
from hat.web.schedules.models import Fire
from tests.web.projects.test_concurrency import at_once
from tests.web.schedules.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)

CLOCKS, SCHEDULES, HOURS = 3, 6, 4


def patient_tick(moment: Any) -> int:
    """A tick, again when the database was busy, as the worker does it at its next turn."""
    for _ in range(20):
        try:
            return tick(moment)
        except OperationalError:
            continue
    raise AssertionError("the database was busy for 20 ticks")


def test_clocks_that_tick_at_once_start_each_due_run_once(make_schedule: Callable[..., Any]) -> None:
    schedules = [make_schedule(name=f"Schedule {number}") for number in range(SCHEDULES)]
    moments = [NOON + timedelta(hours=number) for number in range(HOURS)]

    def clock() -> int:
        return sum(patient_tick(moment) for moment in moments)

    started = at_once(*[clock for _ in range(CLOCKS)])

    fires = sorted(Fire.objects.values_list("schedule_id", "fire_at"))
    assert len(fires) == len(set(fires))
    assert sum(started) == Run.objects.count() == Fire.objects.filter(result="started").count()
    missed = sum(Fire.objects.values_list("missed", flat=True))
    assert len(fires) + missed == SCHEDULES * HOURS
    assert {pk for pk, _ in fires} == {schedule.pk for schedule in schedules}


def test_of_two_clocks_at_the_same_moment_one_starts_the_run(make_schedule: Callable[..., Any]) -> None:
    make_schedule()

    started = at_once(*[lambda: patient_tick(NOON) for _ in range(4)])

    assert sorted(started) == [0, 0, 0, 1]
    assert Run.objects.count() == 1
