"""What every process of a fleet does beside its work: the clock, the alerts, and the sweep at night."""

from __future__ import annotations

from typing import Any

from hat.web.alerts.outbox import turn
from hat.web.nightly import nightly
from hat.web.runs.worker import Duty
from hat.web.schedules.clock import tick


def duty(**fields: Any) -> Duty:
    """The duty of one process, with what else it is told."""
    return Duty(tick, nightly, turn, **fields)
