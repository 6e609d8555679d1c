"""What is happening now: the events a run emits, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hat.result import CaseResult, Counts, Outcome, StepResult


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins; `total` cases (rows included) where it is known beforehand, else None."""

    started_at: datetime
    total: int | None
    environment: str = ""


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case (or one row of it) begins; `index` is its position in the order written."""

    index: int
    name: str
    key: str = ""
    steps: int = 0


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A top-level step of a case ended."""

    index: int
    step: StepResult


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A case ended; its result holds every step."""

    case: CaseResult


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run ended; results themselves came with CaseFinished, so a listener may store them as they come."""

    outcome: Outcome
    counts: Counts
    elapsed_ms: float
    cancelled: bool = False


Event = RunStarted | CaseStarted | StepFinished | CaseFinished | RunFinished
