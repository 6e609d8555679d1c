"""The outbox: alerts are written down once a run is finished, and then sent, again and again if need be."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from hat.result import Outcome
from hat.web.alerts.delivery import deliver
from hat.web.alerts.digest import Digest, digest
from hat.web.alerts.message import Message
from hat.web.alerts.models import Alert, Channel, Fate, When
from hat.web.alerts.wording import about_fire, about_run
from hat.web.runs.models import Alerting, Kind, Run, Status, Trigger
from hat.web.runs.state import OVER, in_seconds
from hat.web.schedules.clock import BAD_ROW
from hat.web.schedules.models import Fire

LEASE_S: Final = 60  # whoever took an alert has so long; then it is taken to be dead with it
PAUSES_S: Final = (30, 120, 600, 1800)  # after an attempt that failed; then it is given up
AT_ONCE: Final = 50
NEWS_H: Final = 24  # what is older is no news any more
_CHOSEN: Final = ("overlap",)  # reasons a schedule starts no run that its owner asked for

log = logging.getLogger(__name__)


def turn() -> None:
    """What a process does every second beside its work: write down what is new, send what is due."""
    write_down()
    send_due()


def write_down() -> int:
    """Alerts about what ended since the last turn, each run and time by one process only."""
    runs = Run.objects.filter(told=False, kind=Kind.RUN, status__in=OVER)
    fires = Fire.objects.filter(told=False, result=Fire.Result.SKIPPED)
    return _tell(runs, _tell_run) + _tell(fires, _tell_fire)


def _tell(untold: QuerySet[Any], tell: Callable[[int], int]) -> int:
    count = 0
    for pk in list(untold.order_by("id").values_list("id", flat=True)[:AT_ONCE]):
        try:
            count += tell(pk)
        except OperationalError:
            raise  # the database is away
        except BAD_ROW:
            log.exception("nobody is told of %s %s", untold.model.__name__, pk)
            untold.filter(pk=pk).update(told=True)
    return count


def _tell_run(pk: int) -> int:
    with transaction.atomic():
        if not Run.objects.filter(pk=pk, told=False).update(told=True):
            return 0  # another process does
        run = Run.objects.select_related("project").get(pk=pk)
        return _write(_listeners(run), run=run)


def _tell_fire(pk: int) -> int:
    with transaction.atomic():
        if not Fire.objects.filter(pk=pk, told=False).update(told=True):
            return 0
        fire = Fire.objects.select_related("schedule").get(pk=pk)
        if fire.note_code in _CHOSEN or _is_old(fire.fire_at):
            return 0
        channels = Channel.objects.filter(project=fire.schedule.project_id, enabled=True, deleted_at=None)
        return _write([one for one in channels if Trigger.SCHEDULE in one.triggers], fire=fire)


def _write(channels: list[Channel], **about: Run | Fire) -> int:
    now = timezone.now()
    Alert.objects.bulk_create([Alert(channel=channel, due_at=now, **about) for channel in channels])
    return len(channels)


def _listeners(run: Run) -> list[Channel]:
    """The channels that are told about a run."""
    if run.status != Status.FINISHED or run.alerts == Alerting.NEVER or run.deleted_at is not None:
        return []
    if run.finished_at is None or _is_old(run.finished_at):
        return []
    channels = list(Channel.objects.filter(project=run.project_id, enabled=True, deleted_at=None))
    if run.alerts == Alerting.ALWAYS:
        return channels
    channels = [one for one in channels if run.trigger in one.triggers]
    changed = any(one.when == When.CHANGE for one in channels) and _has_changed(run, digest(run))
    red = run.outcome in (Outcome.FAILED, Outcome.ERROR)
    tell = {When.ALWAYS: True, When.RED: red, When.CHANGE: changed}
    return [one for one in channels if tell[When(one.when)]]


def _has_changed(run: Run, found: Digest) -> bool:
    """A run that was broken off is told of as well: its cases do not say so."""
    return found.has_changed or bool(run.reason)


def _is_old(moment: datetime) -> bool:
    return timezone.now() - moment > timedelta(hours=NEWS_H)


def send_due() -> int:
    """Send what is due; answers how many arrived."""
    due = Alert.objects.filter(fate=Fate.WAITING, due_at__lte=Now()).order_by("due_at")
    count = 0
    for pk, attempt in list(due.values_list("pk", "attempt")[:AT_ONCE]):
        try:
            if _take(pk, attempt):
                count += _send(Alert.objects.select_related("channel__project").get(pk=pk))
        except OperationalError:
            raise
        except BAD_ROW:
            log.exception("alert %s cannot be sent", pk)  # after its lease it is tried again
    return count


def _take(pk: int, attempt: int) -> int:
    """Take an alert: only one of those who saw it waiting can."""
    mine = Alert.objects.filter(pk=pk, attempt=attempt, fate=Fate.WAITING)
    return mine.update(attempt=F("attempt") + 1, due_at=in_seconds(LEASE_S))


def _send(alert: Alert) -> bool:
    if hopeless := _fault_of(alert):
        _close(alert, Fate.FAILED, hopeless)
        return False
    wrong = deliver(alert.channel, _message(alert))
    if not wrong:
        _close(alert, Fate.SENT, "", sent_at=Now())
        return True
    log.warning("alert %s of project %s: %s", alert.pk, alert.channel.project_id, wrong)
    if alert.attempt > len(PAUSES_S):
        _close(alert, Fate.FAILED, wrong)
    else:
        _close(alert, Fate.WAITING, wrong, due_at=in_seconds(PAUSES_S[alert.attempt - 1]))
    return False


def _fault_of(alert: Alert) -> str:
    """Why an alert is not sent at all."""
    if not alert.channel.enabled or alert.channel.deleted_at is not None:
        return "the channel was switched off"
    return "its sender ended in the middle, several times" if alert.attempt > len(PAUSES_S) + 1 else ""


def _message(alert: Alert) -> Message:
    if alert.run_id is not None:
        run = Run.objects.select_related("project", "created_by").get(pk=alert.run_id)
        return about_run(run, digest(run), alert.channel.language)
    fire = Fire.objects.select_related("schedule__project").get(alert=alert)
    return about_fire(fire, alert.channel.language)


def _close(alert: Alert, fate: Fate, error: str, **columns: object) -> None:
    """Write down how it went, unless somebody else took the alert meanwhile."""
    mine = Alert.objects.filter(pk=alert.pk, attempt=alert.attempt, fate=Fate.WAITING)
    mine.update(fate=fate, error=error, **columns)
