"""The numbers of a run while it goes: one definition for the live page, the report and the lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hat.result import Outcome, worst


def is_flaky(outcome: str, counts: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether a case passed only after it had run again."""
    return outcome == Outcome.PASSED and bool(counts.get("retries"))


class Progress:
    """How many cases, steps and checks ended with each outcome so far."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._cases: Counter[str] = Counter()
        self._steps: Counter[str] = Counter()
        self._checks: Counter[str] = Counter()
        self._flaky = 0

    def add(self, outcome: str, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Count one case result."""
        self._cases[outcome] += 1
        self._steps.update(counts.get("steps", {}))
        self._checks.update(counts.get("checks", {}))
        self._flaky += is_flaky(outcome, counts)
        self.total = max(self.total, self.done)

    @property
    def done(self) -> int:
        return self._cases.total()

    @property
    def outcome(self) -> Outcome:
        """The worst outcome so far."""
        return worst(Outcome(name) for name in self._cases)

    def columns(self) -> dict[str, Any]:
        """The numbers as columns of the run's row."""
        return {
            "total": self.total,
            "done": self.done,
            "flaky": self._flaky,
            **{outcome.value: self._cases[outcome.value] for outcome in Outcome},
            "step_counts": dict(self._steps),
            "check_counts": dict(self._checks),
        }
