"""Shapes of schedules in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery
from hat.web.runs.models import Status
from hat.web.runs.schemas import EnvironmentName, Named, OutcomeWord, RunOptions, Zone
from hat.web.schedules.models import CRON_LENGTH, Missed, Overlap
from hat.web.text import Id, Line, Name, Search

CronText = Annotated[Line, Field(max_length=CRON_LENGTH)]


class ScheduleNew(Schema):
    """When to run what; without `environment_id` in the project's default environment."""

    name: Name
    cron: CronText
    zone: Zone = "UTC"
    cases: list[Id] = Field([], max_length=10_000)
    modules: list[Id] = Field([], max_length=10_000)
    suites: list[Id] = Field([], max_length=1000)
    all: bool = False
    environment_id: Id | None = None
    run_name: Annotated[Line, Field(max_length=200)] = ""
    options: RunOptions = RunOptions()
    missed: Missed = Missed.ONCE
    overlap: Overlap = Overlap.QUEUE
    enabled: bool = True


class SchedulePatch(Schema):
    """What to change; the rest stays."""

    name: Name | None = None
    cron: CronText | None = None
    zone: Zone | None = None
    cases: Annotated[list[Id], Field(max_length=10_000)] | None = None
    modules: Annotated[list[Id], Field(max_length=10_000)] | None = None
    suites: Annotated[list[Id], Field(max_length=1000)] | None = None
    all: bool | None = None
    environment_id: Id | None = None
    run_name: Annotated[Line, Field(max_length=200)] | None = None
    options: RunOptions | None = None
    missed: Missed | None = None
    overlap: Overlap | None = None
    enabled: bool | None = None


class CronWords(Schema):
    """A cron expression as a code with its numbers, for a page to word; `other` has the five fields."""

    code: Literal["every_minutes", "hourly", "every_hours", "daily", "weekly", "monthly", "other"]
    step: int = 0
    minute: int = 0
    times: list[str] = []
    weekdays: list[int] = []
    days: list[int] = []
    parts: list[str] = []


class NextTime(Schema):
    """One time to come; `shift_min` is how far the zone's clock was set since the one before."""

    at: datetime
    local: str
    shift_min: int


class LastFire(Schema):
    """The last time that came: a run with its outcome, or why there is none."""

    at: datetime
    result: Literal["started", "skipped"]
    note_code: str
    note: str
    missed: int
    run_id: int | None
    status: Status | None
    outcome: OutcomeWord | None


class ScheduleOut(Schema):
    """A schedule as every page shows it; `gone` counts chosen cases and modules that were deleted."""

    id: int
    project: Named
    name: str
    cron: str
    zone: str
    words: CronWords | None
    next: list[NextTime]
    next_at: datetime | None
    last_at: datetime | None
    last: LastFire | None
    enabled: bool
    off_code: str
    off_reason: str
    all: bool
    cases: list[Named]
    modules: list[Named]
    suites: list[Named]
    gone: int
    environment: EnvironmentName | None
    run_name: str
    options: RunOptions
    missed: Missed
    overlap: Overlap
    owner: UserBrief | None
    created_at: datetime
    updated_at: datetime


class ScheduleList(PageOf[ScheduleOut]):
    """Schedules of a project."""


class FireList(PageOf[LastFire]):
    """The times that came, newest first."""


class PreviewQuery(Schema):
    """A cron expression that may still be wrong."""

    cron: Search
    zone: Zone = "UTC"


class Preview(Schema):
    """What a cron expression means."""

    words: CronWords
    next: list[NextTime]


class ScheduleQuery(PageQuery):
    """Which schedules are listed."""


class NextSchedule(Schema):
    """A schedule that is on, with its next time."""

    id: int
    name: str
    project: Named
    next_at: datetime
    zone: str
