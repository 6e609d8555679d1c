"""What is happening now: the events a run emits, in order of time."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from hat.result import CaseResult, Counts, Outcome, StepResult


class RunStarted(Struct, frozen=True):
    """The run begins; `total` cases (rows included) where it is known beforehand, else None.

    `rows` says of each case, in the order handed in, how many of these are its own.
    """

    started_at: datetime
    total: int | None
    environment: str = ""
    rows: tuple[int, ...] = ()


class CaseStarted(Struct, frozen=True):
    """A case (or one row of it) begins; `index` is its position in the order written."""

    index: int
    name: str
    key: str = ""
    steps: int = 0


class StepStarted(Struct, frozen=True):
    """A top-level step of a case begins, `number` counted from 1; its name is as written.

    Not told while a case that fails would be run again: which of its tries counts is not known yet.
    """

    index: int
    number: int
    name: str


class StepFinished(Struct, frozen=True):
    """A top-level step of a case ended."""

    index: int
    step: StepResult


class CaseFinished(Struct, frozen=True):
    """A case ended; its result holds every step."""

    case: CaseResult


class RunFinished(Struct, frozen=True):
    """The run ended; results themselves came with CaseFinished, so a listener may store them as they come."""

    outcome: Outcome
    counts: Counts
    elapsed_ms: float
    cancelled: bool = False


Event = RunStarted | CaseStarted | StepStarted | StepFinished | CaseFinished | RunFinished
