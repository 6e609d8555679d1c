"""Shapes of runs in the API."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hat.engine.choice import read_choice
from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery
from hat.web.runs.models import Alerting, Kind, Status, Trigger
from hat.web.runs.shards import MOST
from hat.web.text import Id, Label, Line, Search

OutcomeWord = Literal["passed", "failed", "error", "skipped"]


_zones = cache(available_timezones)  # it walks a tree of six hundred files


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"'{name}' is not a time zone")
    return name


Zone = Annotated[str, Field(max_length=100), AfterValidator(_zone)]


def _rows(text: str) -> str:
    read_choice(text)
    return text


Rows = Annotated[str, Field(max_length=1000), AfterValidator(_rows)]


class RunOptions(Schema):
    """How a run goes: cases at once, stop, retries, shards (null: as is best), by whom; and who is told.

    `rows` chooses rows of parameters by number and value, such as `1, 4-6, user=ann`.
    """

    concurrency: Annotated[int, Field(ge=1, le=100)] | None = None
    fail_fast: bool = False
    retries: Annotated[int, Field(ge=0, le=10)] = 0
    shards: Annotated[int, Field(ge=1, le=MOST)] | None = None
    label: Label = ""
    alerts: Alerting = Alerting.USUAL
    rows: Rows = ""


class RunNew(Schema):
    """What to run: suites, cases, modules, everything, or a document that is not saved yet."""

    cases: list[Id] = Field([], max_length=10_000)
    modules: list[Id] = Field([], max_length=10_000)
    suites: list[Id] = Field([], max_length=1000)
    all: bool = False
    document: dict[str, Any] | None = None
    step_id: str | None = Field(None, max_length=100)
    up_to: bool = False
    case_id: Id | None = None
    environment_id: Id | None = None
    name: Annotated[Line, Field(max_length=200)] = ""
    zone: Zone = "UTC"
    options: RunOptions = RunOptions()


class Pin(Schema):
    """Whether a run is kept whatever its age."""

    pinned: bool


class Rerun(Schema):
    """Which cases of a run to run again."""

    only: Literal["failed", "all"] = "all"


class Shape(BaseModel):
    """What is answered many times a second: read from plain values, without the detours of `Schema`."""

    model_config = ConfigDict(from_attributes=True)


class Named(Shape):
    id: int
    name: str


class EnvironmentName(Shape):
    id: int | None
    name: str


class Tally(Shape):
    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0


class Wait(Shape):
    """What a queued run waits for, as a code with its values, for a page to word."""

    code: Literal["broker", "no_worker", "no_label", "limit", "ahead", "busy", "soon"]
    label: str
    most: int
    ahead: int
    since: datetime | None


class Counts(Shape):
    """Numbers by outcome; `flaky` says how many of the cases that passed did so only after a retry."""

    cases: Tally
    steps: Tally
    checks: Tally
    flaky: int = 0


class RunOut(Shape):
    """A run as every page shows it."""

    id: int
    project: Named
    name: str
    kind: Kind
    status: Status
    outcome: OutcomeWord | None
    trigger: Trigger
    environment: EnvironmentName | None
    created_by: UserBrief | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    elapsed_ms: float | None
    total: int
    done: int
    counts: Counts
    waiting_for: str
    waiting: Wait | None
    label: str
    shards: int
    pinned: bool
    reason: str
    retry_of: int | None
    cancelling: bool
    attempt: int


class RunList(PageOf[RunOut]):
    """Runs, newest first."""


class RunQuery(PageQuery):
    """Which runs are listed; several outcomes or statuses are written with commas, a day begins in `zone`."""

    outcome: Search = ""
    status: Search = ""
    trigger: Search = ""
    kind: Search = "run"
    environment: Id | None = None
    day: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))] | None = None
    zone: Zone = "UTC"


class CaseRunRow(Shape):
    """A case result as lists show it."""

    id: int
    seq: int
    case_id: int | None
    name: str
    module: str
    tags: list[str]
    row: dict[str, Any] | None
    outcome: OutcomeWord
    flaky: bool
    elapsed_ms: float
    reason: str
    fingerprint: str


class StepRows(Shape):
    """Steps as rows of the named columns."""

    columns: list[str]
    rows: list[list[Any]]


class CaseUnderway(Shape):
    """A case a worker is at; `number` of its top-level steps have begun, and `step` is the last of them."""

    name: str
    step: str
    number: int
    steps: int


class Underway(Shape):
    """How many cases are under way, and some of them: those that began first."""

    count: int
    cases: list[CaseUnderway]


class Delta(Shape):
    """What is new since a cursor."""

    run: RunOut
    expected_ms: float | None  # the whole run, by the runs before it; none when it ended
    underway: Underway
    cases: list[CaseRunRow]
    steps: StepRows
    cursor: str
    more: bool


class ChangeOut(Schema):
    """How a result stands to the one before; `since` and `since_run` tell of the first red one in a row."""

    case_run_id: int
    change: Literal["new", "still", "recovered"]
    same_cause: bool
    since: datetime | None
    since_run: int | None


class ChangeList(PageOf[ChangeOut]):
    """The cases that are red, or were red before."""


class TrendQuery(Schema):
    """Results of a run, those somebody sees at once."""

    case_runs: list[Id] = Field([], max_length=200)


class TrendOut(Schema):
    """How the case and row of a result ended lately, newest first, the result itself included."""

    case_run_id: int
    outcomes: list[str]


class TrendList(PageOf[TrendOut]):
    """The trends of some results."""


class BodyQuery(Schema):
    """Which body of a case result: of which step, which hop of it, what was sent or what came."""

    step: str = Field("0", max_length=100)
    hop: int = Field(0, ge=0, le=1000)
    part: Literal["request", "response"] = "response"


class BodyOut(Schema):
    body: str


class RunEventOut(Schema):
    """One line of the history of a run; `shard` is 0 for the run as a whole."""

    at: datetime
    kind: str
    attempt: int
    owner: str
    detail: str
    shard: int


class RunEventList(PageOf[RunEventOut]):
    """The history of a run, oldest first."""
