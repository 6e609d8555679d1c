"""Cron expressions: what is read, how it is said, when it fires where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hat.web.refusal import RefusedError
from hat.web.schedules.cron import Cron, preview, read_cron

BERLIN, LORD_HOWE, SHANGHAI = "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local_times(cron: str, zone: str, after: str, count: int) -> list[str]:
    """The next times on the clocks of the zone, `after` being UTC."""
    moments = islice(read_cron(cron, zone).times(utc(after)), count)
    return [moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M %z") for moment in moments]


CHANGES: dict[str, tuple[str, str, str, list[str]]] = {
    "an ordinary night": ("30 2 * * *", BERLIN, "2026-02-01", ["02-01 02:30 +0100", "02-02 02:30 +0100"]),
    "a time that does not exist comes as soon as the clock goes on": (
        ("30 2 * * *", BERLIN, "2026-03-28T12:00", ["03-29 03:00 +0200", "03-30 02:30 +0200"])
    ),
    "two times that do not exist come once": (
        ("0,30 2 * * *", BERLIN, "2026-03-28T12:00", ["03-29 03:00 +0200", "03-30 02:00 +0200"])
    ),
    "a time that comes twice fires once": (
        ("30 2 * * *", BERLIN, "2026-10-24T12:00", ["10-25 02:30 +0200", "10-26 02:30 +0100"])
    ),
    "from within the second of two equal hours it does not go back": (
        ("30 2 * * *", BERLIN, "2026-10-25T01:15", ["10-26 02:30 +0100"])
    ),
    "half hours go on through the hour that comes twice": (
        (
            "*/30 * * * *",
            BERLIN,
            "2026-10-24T23:45",
            ["10-25 02:00 +0200", "10-25 02:30 +0200", "10-25 02:00 +0100", "10-25 02:30 +0100"],
        )
    ),
    "half hours leave out the hour that does not exist": (
        ("*/30 * * * *", BERLIN, "2026-03-29T00:15", ["03-29 01:30 +0100", "03-29 03:00 +0200"])
    ),
    "every hour counts both equal hours": (
        (
            "0 * * * *",
            BERLIN,
            "2026-10-24T23:30",
            ["10-25 02:00 +0200", "10-25 02:00 +0100", "10-25 03:00 +0100"],
        )
    ),
    "Lord Howe sets its clock by half an hour: spring": (
        ("15 2 * * *", LORD_HOWE, "2026-10-02T20:00", ["10-04 02:30 +1100", "10-05 02:15 +1100"])
    ),
    "Lord Howe sets its clock by half an hour: autumn": (
        ("45 1 * * *", LORD_HOWE, "2026-04-04T12:00", ["04-05 01:45 +1100", "04-06 01:45 +1030"])
    ),
    "half hours on Lord Howe in autumn": (
        (
            "*/30 * * * *",
            LORD_HOWE,
            "2026-04-04T14:15",
            ["04-05 01:30 +1100", "04-05 01:30 +1030", "04-05 02:00 +1030"],
        )
    ),
    "no change of clocks": ("0 2 * * 1-5", SHANGHAI, "2026-03-27T00:00", ["03-30 02:00 +0800"]),
    "the last of a month": ("0 0 L * *", "UTC", "2028-02-01", ["02-29 00:00 +0000", "03-31 00:00 +0000"]),
}


@pytest.mark.parametrize(("cron", "zone", "after", "expected"), CHANGES.values(), ids=CHANGES)
def test_it_fires_when_people_there_expect_it(cron: str, zone: str, after: str, expected: list[str]) -> None:
    assert local_times(cron, zone, after, len(expected)) == expected


@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE, "America/New_York", "America/St_Johns", SHANGHAI])
@pytest.mark.parametrize("cron", ["*/30 * * * *", "30 2 * * *", "0 */2 * * *", "15 1 * * 0", "@hourly"])
def test_through_a_year_its_times_only_go_forward(cron: str, zone: str) -> None:
    moments = list(islice(read_cron(cron, zone).times(utc("2026-01-01")), 400))

    assert moments == sorted(set(moments))


@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE, SHANGHAI])
def test_one_by_one_gives_the_same_times_as_all_at_once(zone: str) -> None:
    cron = read_cron("*/30 1-3 * * *", zone)
    start = utc("2026-10-20") if zone == BERLIN else utc("2026-04-01")
    at_once = list(islice(cron.times(start), 60))

    one_by_one, moment = [], start
    for _ in at_once:
        moment = cron.next_time(moment)
        one_by_one.append(moment)

    assert one_by_one == at_once


WORDS: dict[str, dict[str, Any]] = {
    "* * * * *": {"code": "every_minutes", "step": 1},
    "*/15 * * * *": {"code": "every_minutes", "step": 15},
    "0,30 * * * *": {"code": "every_minutes", "step": 30},
    "*/7 * * * *": {"code": "other", "parts": ["*/7", "*", "*", "*", "*"]},
    "@hourly": {"code": "hourly", "minute": 0},
    "5 * * * *": {"code": "hourly", "minute": 5},
    "10 */6 * * *": {"code": "every_hours", "step": 6, "minute": 10},
    "@daily": {"code": "daily", "times": ["00:00"]},
    "0 2,14 * * *": {"code": "daily", "times": ["02:00", "14:00"]},
    "0 2 * * 1-5": {"code": "weekly", "times": ["02:00"], "weekdays": [1, 2, 3, 4, 5]},
    "0 2 * * sun,7,0": {"code": "weekly", "times": ["02:00"], "weekdays": [7]},
    "30 8 1,15 * *": {"code": "monthly", "times": ["08:30"], "days": [1, 15]},
    "0 0 * 2 *": {"code": "other", "parts": ["0", "0", "*", "2", "*"]},
    "0 0 13 * FRI": {"code": "other", "parts": ["0", "0", "13", "*", "FRI"]},
    "0 0 * * 5L": {"code": "other", "parts": ["0", "0", "*", "*", "5L"]},
    "0 0 LW * *": {"code": "other", "parts": ["0", "0", "LW", "*", "*"]},
}


@pytest.mark.parametrize("text", WORDS)
def test_it_is_said_in_few_words(text: str) -> None:
    assert read_cron(text, "UTC").words() == WORDS[text]


WRONG = {
    "* * * *": ("fields", "a cron expression has five fields, not 4"),
    "0 0 2 * * *": ("fields", "a cron expression has five fields, not 6"),
    "": ("fields", "a cron expression has five fields, not 0"),
    "60 * * * *": ("minute", "'60' is not a valid minute"),
    "0 24 * * *": ("hour", "'24' is not a valid hour"),
    "0 0 0 * *": ("day_of_month", "'0' is not a valid day of month"),
    "0 0 * 13 *": ("month", "'13' is not a valid month"),
    "0 0 * * 8": ("day_of_week", "'8' is not a valid day of week"),
    "0 0 * * MOON": ("day_of_week", "'MOON' is not a valid day of week"),
    "*/0 * * * *": ("minute", "'*/0' is not a valid minute"),
    "0 0 31 2 *": ("never", "this time never comes"),
    "@reboot": ("nickname", "'@reboot' is not known"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_expression_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_cron(text, "UTC")

    code, message = WRONG[text]
    assert refused.value.as_dict()["cron"]["code"] == code
    assert [(fault.path, fault.message) for fault in refused.value.faults] == [("cron", message)]


DUE = {
    "just now": ("0 * * * *", "2026-05-01T10:00", "2026-05-01T10:00", "2026-05-01T10:00", 1),
    "three behind": ("0 * * * *", "2026-05-01T10:00", "2026-05-01T12:59", "2026-05-01T12:00", 3),
    "a year of minutes": ("* * * * *", "2025-05-01T00:00", "2026-05-01T00:00", "2026-05-01T00:00", 1001),
    "a day of minutes a year": (
        "* * 1 1 *",
        "2020-01-01T00:00",
        "2026-03-01T00:00",
        "2026-01-01T23:59",
        1001,
    ),
}


@pytest.mark.parametrize("case", DUE)
def test_of_times_that_passed_the_last_is_found(case: str) -> None:
    text, first, now, last, count = DUE[case]

    assert read_cron(text, "UTC").due_times(utc(first), utc(now)) == (utc(last), count)


def test_a_preview_marks_where_the_clock_is_set() -> None:
    shown = preview(Cron("30 2 * * *", BERLIN), utc("2026-03-28T00:00"), 4)

    assert [(time["local"][:16], time["shift_min"]) for time in shown] == [
        ("2026-03-28T02:30", 0),
        ("2026-03-29T03:00", 60),
        ("2026-03-30T02:30", 0),
        ("2026-03-31T02:30", 0),
    ]
