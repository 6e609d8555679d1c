"""Cron expressions: read five fields, say them in few words, compute their times in a zone."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from hat.web.refusal import Fault, RefusedError

MOST_COUNTED = 1000  # times that were missed are counted so far
MOST_SPELLED = 4  # times of a day that are written out

_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of month": "1 to 31, or L for the last",
    "month": "1 to 12, or JAN to DEC",
    "day of week": "0 to 7, or SUN to SAT; 0 and 7 are Sunday",
}
_SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cron:
    """Five fields that were read without fault, and the zone in which they are meant."""

    fields: str
    zone: str

    def times(self, after: datetime) -> Iterator[datetime]:
        """The times after a moment, in UTC; a time that does not exist comes as soon as the clock goes on."""
        last = after
        for fire in CronSim(self.fields, after.astimezone(ZoneInfo(self.zone))):
            moment = fire.astimezone(UTC)
            # In the hour that comes twice the wall clock alone would lead back in time.
            if moment > last:
                last = moment
                yield moment

    def next_time(self, after: datetime) -> datetime:
        """The first time after a moment."""
        return next(self.times(after))

    def due_times(self, first: datetime, now: datetime) -> tuple[datetime, int]:
        """The last time until now, and how many there were from the first one on (counted so far)."""
        last, count = first, 1
        for moment in islice(self.times(first), MOST_COUNTED):
            if moment > now:
                return last, count
            last, count = moment, count + 1
        return self._last_before(now, last), count

    def words(self) -> dict[str, Any]:
        """What a page needs to say it in its language: a code with its numbers."""
        return _words(CronSim(self.fields, _SOME_DAY), self.fields)

    def _last_before(self, now: datetime, known: datetime) -> datetime:
        back = CronSim(self.fields, now.astimezone(ZoneInfo(self.zone)), reverse=True)
        start = next(back).astimezone(UTC) - timedelta(days=1)
        for moment in self.times(max(start, known)):
            if moment > now:
                break
            known = moment
        return known


def read_cron(text: str, zone: str) -> Cron:
    """A cron expression or a nickname such as `@daily`; a refusal names the field that is wrong."""
    written = text.strip()
    fields = _NICKNAMES.get(written.lower(), written)
    if fields.startswith("@"):
        raise _refused("nickname", f"'{written}' is not known", hint=f"known here: {', '.join(_NICKNAMES)}")
    parts = fields.split()
    if len(parts) != len(_FIELDS):
        raise _refused(
            "fields", f"a cron expression has five fields, not {len(parts)}", hint=", ".join(_FIELDS)
        )
    for place, (name, known) in enumerate(_FIELDS.items()):
        alone = ["*"] * len(parts)
        alone[place] = parts[place]
        # The last days of a month are judged together with the month, below.
        if _fault(" ".join(alone)):
            words = f"'{parts[place]}' is not a valid {name}"
            raise _refused(name.replace(" ", "_"), words, hint=known, value=parts[place])
    cron = Cron(" ".join(parts).upper(), zone)
    if _fault(cron.fields) or next(cron.times(_SOME_DAY), None) is None:
        raise _refused("never", "this time never comes")
    return cron


def preview(
    cron: Cron, now: datetime, count: int = 5, *, first: datetime | None = None
) -> list[dict[str, Any]]:
    """The next times, from `first` on if it is known; `shift_min`: how far the clock was set in between."""
    zone = ZoneInfo(cron.zone)
    before = now.astimezone(zone).utcoffset() or timedelta()
    shown = []
    for moment in islice(cron.times(first - timedelta(seconds=1) if first else now), count):
        local = moment.astimezone(zone)
        offset = local.utcoffset() or timedelta()
        shift_min = int((offset - before).total_seconds() // 60)
        shown.append({"at": moment, "local": local.isoformat(), "shift_min": shift_min})
        before = offset
    return shown


def _fault(fields: str) -> str:
    try:
        CronSim(fields, _SOME_DAY)
    except CronSimError as fault:
        return str(fault)
    return ""


def _refused(code: str, message: str, *, hint: str = "", value: str = "") -> RefusedError:
    return RefusedError(
        f"cron: {message}",
        status=422,
        code="invalid",
        faults=[Fault("cron", message, hint)],
        cron={"code": code, "value": value},
    )


def _words(cron: CronSim, fields: str) -> dict[str, Any]:
    # Days that are no plain numbers (L, LW, 5L, 1#2) are left to the fields as written.
    weekdays = {day % 7 or 7 for day in cron.weekdays if isinstance(day, int)}
    plain = min(cron.days) > 0 and all(isinstance(day, int) for day in cron.weekdays)
    every_day, every_month = len(cron.days) == 31, len(cron.months) == 12
    every_weekday = len(weekdays) == 7
    of_day = _of_day(cron.minutes, cron.hours)
    if plain and every_month and of_day:
        if every_day and every_weekday:
            return of_day
        if "times" in of_day and every_day:
            return {**of_day, "code": "weekly", "weekdays": sorted(weekdays)}
        if "times" in of_day and every_weekday:
            return {**of_day, "code": "monthly", "days": sorted(cron.days)}
    return {"code": "other", "parts": fields.split()}


def _of_day(minutes: Set[int], hours: Set[int]) -> dict[str, Any]:
    """How often within a day, {} if that takes more than a few words."""
    if len(hours) == 24:
        step = _step(minutes, 60)
        if step:
            return {"code": "every_minutes", "step": step}
        return {"code": "hourly", "minute": min(minutes)} if len(minutes) == 1 else {}
    if len(minutes) == 1 and (step := _step(hours, 24)):
        return {"code": "every_hours", "step": step, "minute": min(minutes)}
    if len(minutes) * len(hours) > MOST_SPELLED:
        return {}
    times = [f"{hour:02}:{minute:02}" for hour in sorted(hours) for minute in sorted(minutes)]
    return {"code": "daily", "times": times}


def _step(numbers: Set[int], whole: int) -> int:
    """The step of numbers that divide the whole evenly from 0 on, 0 if they do not; one alone is no step."""
    step = whole // len(numbers)
    return step if len(numbers) > 1 and set(numbers) == set(range(0, whole, step)) else 0
