"""Hints to the workers that a run waits: given to a broker where there is one, lost without harm."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

MOST = 16  # one hint makes a worker take run after run, so more than its slots are of no use
CHECK_S = 10.0
RETRY_S = 2.0


class BrokerAwayError(Exception):
    """Raised by a carrier when its broker cannot be reached; the run is safe in the database."""


class Carrier(Protocol):
    """What brings hints to workers."""

    def send(self, counts: Mapping[str, int]) -> None:
        """Publish so many hints for each label (none: see whether a broker is there), or BrokerAwayError."""


class Hints:
    """Sends on a thread of its own, so that nobody waits for a broker; what cannot be sent is kept."""

    def __init__(self, carrier: Callable[[], Carrier]) -> None:
        self._carrier = carrier
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._first_try = threading.Event()
        self._thread: threading.Thread | None = None
        self._counts: Counter[str] = Counter()
        self._away_since: datetime | None = None

    def give(self, count: int = 1, label: str = "") -> None:
        """Tell the workers that have a label; returns at once."""
        with self._lock:
            self._add({label: count})
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_sending, daemon=True, name="hints")
                self._thread.start()
        self._wanted.set()

    def away_since(self, *, wait_s: float = 0.0) -> datetime | None:
        """Since when the broker has not answered us; may wait for the very first answer."""
        if wait_s and self._thread is None:
            self.give(0)
        self._first_try.wait(wait_s)
        return self._away_since

    def _keep_sending(self) -> None:
        while True:
            self._wanted.wait(RETRY_S if self._away_since else CHECK_S)
            self._wanted.clear()
            with self._lock:
                counts, self._counts = self._counts, Counter()
            if not self._sent(counts):
                with self._lock:
                    self._add(counts)
            self._first_try.set()

    def _add(self, counts: Mapping[str, int]) -> None:
        for label, count in counts.items():
            self._counts[label] = min(MOST, self._counts[label] + count)

    def _sent(self, counts: Mapping[str, int]) -> bool:
        try:
            self._carrier().send(counts)
        except BrokerAwayError as reason:
            if self._away_since is None:
                self._away_since = datetime.now(UTC)
                log.warning("the broker does not answer: %s; runs wait in the database", reason)
            return False
        if self._away_since is not None:
            log.warning("the broker answers again")
            self._away_since = None
        return True


@cache
def hints() -> Hints | None:
    """The hints of this process; None where the database alone is the queue."""
    # Celery weighs 30 MB: it is imported only where there is a broker, and on the sending thread.
    return Hints(cache(_broker)) if settings.HAT_BROKER_URL else None


def _broker() -> Carrier:
    carrier: Carrier = import_string("hat.web.celery.Broker")()
    return carrier


def give_hint(count: int = 1, label: str = "") -> None:
    """Tell the workers that have a label that so many runs wait, if there is a broker to tell it."""
    if (given := hints()) is not None:
        given.give(count, label)


def broker_away_since(*, wait_s: float = 0.0) -> datetime | None:
    """Since when the broker has been away, as this process sees it."""
    given = hints()
    return given.away_since(wait_s=wait_s) if given is not None else None
