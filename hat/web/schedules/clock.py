"""The tick of the clock: start what is due, each time exactly once, however many clocks tick."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.projects.access import may, role_in
from hat.web.projects.models import Role
from hat.web.refusal import RefusedError
from hat.web.runs.models import Run, Status, Trigger
from hat.web.runs.services import start_run
from hat.web.schedules.choice import Choice, choice_of
from hat.web.schedules.cron import read_cron
from hat.web.schedules.models import Fire, Missed, Overlap, Schedule
from hat.web.schedules.services import manner_of, switch_off

GRACE_S = 3600  # a time that is no later than this counts as on time
KEPT_DAYS = 90
MOST_AT_ONCE = 100

# What a row that cannot be computed may raise; it must not stop the clock for all others.
BAD_ROW = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, DatabaseError)

log = logging.getLogger(__name__)


def tick(now: datetime | None = None) -> int:
    """Handle every schedule that is due; answers how many runs were started. Cheap when nothing is due."""
    moment = now or timezone.now()
    due = Schedule.objects.filter(next_at__lte=moment).order_by("next_at", "pk")
    # Only the numbers: a row that cannot be read must not hide the others.
    return sum(_try(pk, moment) for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def _try(pk: int, now: datetime) -> int:
    try:
        return _handle(pk, now)
    except OperationalError:
        raise  # the database is away: no fault of this schedule
    except RefusedError as refused:
        _give_up(pk, now, "invalid", refused.message)
    except BAD_ROW as fault:
        log.exception("schedule %s is switched off", pk)
        _give_up(pk, now, "broken", f"it cannot be computed: {fault}")
    return 0


def _give_up(pk: int, now: datetime, code: str, why: str) -> None:
    """Switch off what cannot be computed, so that its history says it too."""
    with transaction.atomic():
        switch_off(pk, code, why)
        noted = {"result": Fire.Result.SKIPPED, "note_code": code, "note": why}
        Fire.objects.get_or_create(schedule_id=pk, fire_at=now, defaults=noted)


def _handle(pk: int, now: datetime) -> int:
    schedule = Schedule.objects.select_related("project", "owner").get(pk=pk)
    seen = schedule.next_at
    if seen is None or seen > now:
        return 0
    cron = read_cron(schedule.cron, schedule.zone)
    fire_at, count = cron.due_times(seen, now)
    with transaction.atomic():
        mine = Schedule.objects.filter(pk=pk, next_at=seen, cron=schedule.cron, zone=schedule.zone)
        if not mine.update(next_at=cron.next_time(now), last_at=fire_at):
            return 0  # another clock was faster, or a person changed it
        # What it runs is read again, now that nobody else can write it.
        schedule.refresh_from_db()
        fire, is_new = Fire.objects.get_or_create(
            schedule=schedule,
            fire_at=fire_at,
            defaults={"result": Fire.Result.SKIPPED, "missed": count - 1},
        )
        if is_new:
            _decide(schedule, fire, now)
            fire.save()
            schedule.fires.filter(fire_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return int(fire.run_id is not None) if is_new else 0


def _decide(schedule: Schedule, fire: Fire, now: datetime) -> None:
    """Starts the run, or notes why not; what no later time can heal switches the schedule off."""
    owner, choice = schedule.owner, choice_of(schedule)
    lasting = _lasting_hindrance(schedule, choice)
    if owner is None or lasting:
        fire.note_code, fire.note = lasting or ("owner", "its owner does not exist any more")
        switch_off(schedule.pk, fire.note_code, fire.note)
        return
    passing = _passing_hindrance(schedule, fire, now)
    if passing:
        fire.note_code, fire.note = passing
        return
    _start(owner, schedule, choice, fire)


def _lasting_hindrance(schedule: Schedule, choice: Choice) -> tuple[str, str] | None:
    project, owner, environment = schedule.project, schedule.owner, schedule.environment
    if project.deleted_at or project.archived:
        return "project", "its project is archived or deleted"
    if owner and not (owner.is_active and may(role_in(owner, project), Role.RUNNER)):
        return "owner", f"{owner.display_name} may not run this project any more"
    if environment and environment.deleted_at:
        return "environment", f"its environment '{environment.name}' was deleted"
    if choice.is_gone:
        return "gone", "every case and module it runs was deleted"
    return None


def _passing_hindrance(schedule: Schedule, fire: Fire, now: datetime) -> tuple[str, str] | None:
    if schedule.missed == Missed.SKIP and now - fire.fire_at > timedelta(seconds=GRACE_S):
        fire.missed += 1
        return "late", "no clock was running at that time"
    waiting = Run.objects.filter(fire__schedule=schedule, status__in=(Status.QUEUED, Status.RUNNING))
    if schedule.overlap == Overlap.SKIP and waiting.exists():
        return "overlap", "the run before it is not over"
    return None


def _start(owner: User, schedule: Schedule, choice: Choice, fire: Fire) -> None:
    manner = manner_of(schedule, Trigger.SCHEDULE)
    try:
        with transaction.atomic():
            fire.run = start_run(owner, schedule.project, choice.selection, manner)
    except RefusedError as refused:
        # Too many runs wait, or a module is empty just now: the next time may do better.
        fire.note_code, fire.note = refused.code, refused.message
        return
    fire.result = Fire.Result.STARTED
    if choice.gone:
        fire.note_code, fire.note = "partly", f"{choice.gone} of {choice.chosen} chosen were deleted"
