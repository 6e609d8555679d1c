"""What is kept of the attempts of a retried step: the first and the last ones, long bodies cut."""

from __future__ import annotations

from collections import deque

from hat.engine.mask import Mask
from hat.result import EarlierAttempt, Exchange, StepResult, why

FIRST, LAST = 5, 5  # attempts that are kept; those between are not
LONGEST_BODY = 16 * 1024  # of an attempt, in bytes
_MOST_EXCHANGES = 5  # of one attempt: its last redirect hops


class Earlier:
    """The attempts at a step before its last one, as they come."""

    def __init__(self, mask: Mask) -> None:
        """`mask` hides what a cut would leave half of."""
        self._mask = mask
        self._first: list[EarlierAttempt] = []
        self._last: deque[EarlierAttempt] = deque(maxlen=LAST)

    def add(self, number: int, result: StepResult) -> None:
        """Keep an attempt that was not the last one."""
        exchanges = tuple(
            self._mask.exchange(one).shortened(LONGEST_BODY)
            for one in exchanges_of(result)[-_MOST_EXCHANGES:]
        )
        kept = EarlierAttempt(number, result.outcome, why(result), result.elapsed_ms, exchanges)
        (self._first if len(self._first) < FIRST else self._last).append(kept)

    @property
    def kept(self) -> tuple[EarlierAttempt, ...]:
        """Those that are kept, in order."""
        return (*self._first, *self._last)


def exchanges_of(result: StepResult) -> tuple[Exchange, ...]:
    """The exchanges of a step, or those of the last step inside it that has some."""
    if result.exchanges:
        return result.exchanges
    return next((found for inner in reversed(result.steps) if (found := exchanges_of(inner))), ())
