"""Rows of schedules as the values the API answers with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from hat.web.refusal import RefusedError
from hat.web.schedules.choice import Choice, choices_of
from hat.web.schedules.cron import preview, read_cron
from hat.web.schedules.models import Fire, Schedule

SHOWN = 5


def schedule_value(schedule: Schedule) -> dict[str, Any]:
    """A schedule as every page shows it."""
    return schedule_values([schedule])[0]


def schedule_values(schedules: Sequence[Schedule]) -> list[dict[str, Any]]:
    """Several schedules with few queries."""
    choices = choices_of(schedules)
    last = _last_fires([schedule.pk for schedule in schedules])
    return [_value(one, choices[one.pk], last.get(one.pk)) for one in schedules]


def fire_values(fires: Sequence[Fire]) -> list[dict[str, Any]]:
    return [fire_value(fire) for fire in fires]


def fire_value(fire: Fire) -> dict[str, Any]:
    """One time that came, with the run it started."""
    run = fire.run if fire.run and fire.run.deleted_at is None else None
    return {
        "at": fire.fire_at,
        "result": fire.result,
        "note_code": fire.note_code,
        "note": fire.note,
        "missed": fire.missed,
        "run_id": run.pk if run else None,
        "status": run.status if run else None,
        "outcome": (run.outcome or None) if run else None,
    }


def preview_value(text: str, zone: str) -> dict[str, Any]:
    """What a cron expression means: words and the next times."""
    cron = read_cron(text, zone)
    return {"words": cron.words(), "next": preview(cron, timezone.now(), SHOWN)}


def _value(schedule: Schedule, choice: Choice, last: Fire | None) -> dict[str, Any]:
    environment = schedule.environment
    return {
        "id": schedule.pk,
        "project": schedule.project,
        "name": schedule.name,
        "cron": schedule.cron,
        "zone": schedule.zone,
        **_times(schedule),
        "next_at": schedule.next_at,
        "last_at": schedule.last_at,
        "last": fire_value(last) if last else None,
        "enabled": schedule.enabled,
        "off_code": schedule.off_code,
        "off_reason": schedule.off_reason,
        "all": choice.everything,
        "cases": choice.cases,
        "modules": choice.modules,
        "suites": choice.suites,
        "gone": choice.gone,
        "environment": {"id": environment.pk, "name": environment.name} if environment else None,
        "run_name": schedule.run_name,
        "options": schedule.options,
        "missed": schedule.missed,
        "overlap": schedule.overlap,
        "owner": schedule.owner,
        "created_at": schedule.created_at,
        "updated_at": schedule.updated_at,
    }


def _times(schedule: Schedule) -> dict[str, Any]:
    """Words and next times; a stored expression that cannot be read has none, and is still listed."""
    try:
        cron, first = read_cron(schedule.cron, schedule.zone), schedule.next_at
        times = preview(cron, timezone.now(), SHOWN, first=first) if first else []
    except (RefusedError, ValueError, LookupError):
        return {"words": None, "next": []}
    return {"words": cron.words(), "next": times}


def _last_fires(ids: Sequence[int]) -> dict[int, Fire]:
    newest = Fire.objects.filter(schedule__in=ids).order_by().values("schedule").annotate(last=Max("pk"))
    numbers = [row["last"] for row in newest]
    return {fire.schedule_id: fire for fire in Fire.objects.filter(pk__in=numbers).select_related("run")}
