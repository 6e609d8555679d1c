"""Make, change, switch, delete schedules, and run one now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.projects.models import Project
from hat.web.refusal import RefusedError
from hat.web.runs.how import How
from hat.web.runs.models import Run, Trigger
from hat.web.runs.services import Manner, environment_of, start_run
from hat.web.schedules.choice import check_choice, choice_of
from hat.web.schedules.cron import read_cron
from hat.web.schedules.models import Fire, Schedule

_PLAIN = ("name", "cron", "zone", "cases", "modules", "suites", "run_name", "options", "missed", "overlap")
_TOLD = (*_PLAIN, "everything", "enabled", "environment")
_KINDS = ("suites", "cases", "modules")
_CHOICE = {*_KINDS, "everything"}


def create_schedule(user: User, project: Project, wishes: Mapping[str, Any]) -> Schedule:
    """A schedule whose runs are started in the name of whoever makes it."""
    return _apply(Schedule(project=project), user, wishes)


def change_schedule(user: User, schedule: Schedule, wishes: Mapping[str, Any]) -> Schedule:
    """Writes what is given; from now on it runs in the name of whoever changed it."""
    return _apply(schedule, user, wishes)


def switch(user: User, schedule: Schedule, *, on: bool) -> Schedule:
    """On: from now on, in the name of whoever switched it on; off: until then."""
    return _apply(schedule, user, {"enabled": on})


def delete_schedule(schedule: Schedule) -> None:
    """Takes it out of the list and off the clock."""
    with transaction.atomic():
        Schedule.objects.filter(pk=schedule.pk).update(deleted_at=timezone.now(), next_at=None)
        record("delete", schedule)


def restore_schedule(schedule: Schedule) -> Schedule:
    """Undoes a deletion; what came due meanwhile is not caught up."""
    schedule.deleted_at = None
    _arm(schedule)
    with transaction.atomic():
        schedule.save(update_fields=["deleted_at", "next_at"])
        record("restore", schedule)
    return schedule


def run_now(user: User, schedule: Schedule, trigger: Trigger) -> Run:
    """A run of what the schedule runs, started by a person; its times stay as they are."""
    choice = choice_of(schedule)
    if choice.is_gone:
        words = "everything this schedule runs was deleted"
        raise RefusedError(words, status=422, code="schedule_gone", hint="choose other cases or modules")
    with transaction.atomic():
        run = start_run(user, schedule.project, choice.selection, manner_of(schedule, trigger))
        Fire.objects.create(schedule=schedule, fire_at=timezone.now(), result=Fire.Result.STARTED, run=run)
    return run


def manner_of(schedule: Schedule, trigger: Trigger) -> Manner:
    """How its runs go."""
    return Manner(
        environment=environment_of(schedule.project, schedule.environment_id),
        name=schedule.run_name or schedule.name,
        zone=schedule.zone,
        how=How(**schedule.options),
        trigger=trigger,
    )


def switch_off(pk: int, code: str, reason: str) -> None:
    """Takes a schedule off the clock and says why; people see the reason beside the switch."""
    Schedule.objects.filter(pk=pk).update(enabled=False, next_at=None, off_code=code, off_reason=reason)


@transaction.atomic
def _apply(schedule: Schedule, user: User, wishes: Mapping[str, Any]) -> Schedule:
    is_new = schedule._state.adding
    if not is_new:
        # Whoever switched it off since it was read did so for good.
        schedule.refresh_from_db(from_queryset=Schedule.objects.select_for_update())
    before = {} if is_new else fields_of(schedule, *_TOLD)
    changed = [name for name in _PLAIN if name in wishes]
    for name in changed:
        setattr(schedule, name, wishes[name])
    for given, column in (("all", "everything"), ("enabled", "enabled")):
        if given in wishes:
            setattr(schedule, column, wishes[given])
            changed.append(column)
    if "environment_id" in wishes:
        schedule.environment = environment_of(schedule.project, wishes["environment_id"])
        changed.append("environment")
    if _CHOICE.intersection(changed):
        wanted = {kind: getattr(schedule, kind) for kind in _KINDS}
        check_choice(schedule.project, wanted, everything=schedule.everything)
    if {"cron", "zone", "enabled"}.intersection(changed):
        _arm(schedule)
        changed.append("next_at")
    if wishes.get("enabled"):
        schedule.off_code = schedule.off_reason = ""
        changed += ["off_code", "off_reason"]
    if is_new or wishes.get("enabled") is not False:
        schedule.owner = user
        changed.append("owner")
    # Only what was changed: the clock may be writing the rest.
    schedule.save(update_fields=None if is_new else [*changed, "updated_at"])
    verb = "create" if is_new else "change"
    record(verb, schedule, before=before, after=fields_of(schedule, *_TOLD), by=user)
    return schedule


def _arm(schedule: Schedule) -> None:
    cron = read_cron(schedule.cron, schedule.zone)
    is_on = schedule.enabled and schedule.deleted_at is None
    schedule.next_at = cron.next_time(timezone.now()) if is_on else None
