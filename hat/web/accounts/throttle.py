"""Limits on guessing and on use, counted in the database so that every process sees them."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from hat.web.accounts.models import SignInAttempt, Spent
from hat.web.audit.actor import address_of
from hat.web.refusal import RefusedError

WINDOW = timedelta(minutes=5)
PER_ADDRESS = 60
MINUTE = 60
# A process tells the others after this share of a limit: few writings, and a few per cent too much.
_SHARE = 20
_MOST_REMEMBERED = 10_000


def key_of(*parts: str) -> str:
    """What is stored instead of names and addresses."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def refuse_guessing(*limits: tuple[str, int]) -> None:
    """Raises 429 when one of the keys was refused too often in the last minutes."""
    now = timezone.now()
    SignInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    for key, limit in limits:
        failed = SignInAttempt.objects.filter(key=key).order_by("at")
        if failed.count() >= limit:
            wait = WINDOW - (now - failed[0].at)
            raise _too_often("too many tries; wait a few minutes", wait.total_seconds())


def note_failure(*keys: str) -> None:
    """One more that was refused."""
    SignInAttempt.objects.bulk_create([SignInAttempt(key=key) for key in keys])


def refuse_often(what: str, request: HttpRequest) -> None:
    """Counts what costs something before anybody is known; raises 429 when an address does it often."""
    key = key_of(what, address_of(request))
    refuse_guessing((key, PER_ADDRESS))
    note_failure(key)


@dataclass(slots=True)
class _Count:
    """What a process knows of a key in this minute: what all had when it last told, its own since."""

    minute: int
    all: int = 0
    own: int = 0


_counts: dict[str, _Count] = {}
_lock = threading.Lock()


def spend(key: str, limit: int) -> None:
    """Counts one use; raises 429 when all processes together had more than `limit` of them this minute."""
    now = time.time()
    minute = int(now // MINUTE)
    with _lock:
        count = _counts.get(key)
        if count is None or count.minute != minute:
            if len(_counts) >= _MOST_REMEMBERED:
                _counts.clear()
            count = _counts[key] = _Count(minute)
        if count.all + count.own >= limit:
            raise _too_often("too many requests; wait a moment", MINUTE - now % MINUTE, "rate")
        count.own += 1
        told = count.own if count.own >= max(limit // _SHARE, 1) else 0
        count.own -= told
        count.all += told
    if told:
        count.all = max(count.all, _tell(key, minute, told))


def _tell(key: str, minute: int, uses: int) -> int:
    """Adds the uses to the row of the minute; answers how many all have."""
    row = Spent.objects.filter(key=key, minute=minute)
    if not row.update(count=F("count") + uses):
        Spent.objects.filter(minute__lt=minute - 1).delete()
        try:
            with transaction.atomic():
                Spent.objects.create(key=key, minute=minute, count=uses)
        except IntegrityError:
            row.update(count=F("count") + uses)
    return row.values_list("count", flat=True).first() or 0


def _too_often(words: str, seconds: float, code: str = "throttled") -> RefusedError:
    return RefusedError(words, status=429, code=code, retry_after=max(int(seconds) + 1, 1))
