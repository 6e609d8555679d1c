"""Sessions as their people see them: where one is signed in, and ending what should not be."""

from __future__ import annotations

import re
import threading
import time

from django.contrib.sessions.models import Session as StoredSession
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from hat.web.accounts.models import User, Visit
from hat.web.audit.actor import address_of
from hat.web.audit.services import record

# How exact `last seen` is; a page asks twice a second, and each writing costs.
SEEN_AGAIN = 60.0
_MOST_REMEMBERED = 10_000

_seen: dict[str, float] = {}
_lock = threading.Lock()

# The first that fits names it: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edge", r"Edg[A-Za-z]*/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* .*Safari"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def device(agent: str) -> tuple[str, str]:
    """Browser with its version, and system, as a user agent names them; '' for what it does not."""
    browser = next(
        (f"{name} {found[1]}" for name, form in _BROWSERS if (found := re.search(form, agent))), ""
    )
    return browser, next((name for name, form in _SYSTEMS if re.search(form, agent)), "")


def note_visit(request: HttpRequest, user: User) -> None:
    """Remembers that this session was used just now; once a minute is exact enough."""
    key = request.session.session_key
    if not key or not _is_due(key):
        return
    seen = {
        "user": user,
        "seen_at": timezone.now(),
        "address": address_of(request),
        "agent": request.headers.get("User-Agent", "")[:500],
    }
    Visit.objects.update_or_create(session_key=key, defaults=seen)


def visits_of(user: User) -> list[Visit]:
    """The open sessions of a user, last used first; those that ran out are forgotten."""
    stored = StoredSession.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    Visit.objects.filter(user=user).exclude(session_key__in=stored).delete()
    return list(Visit.objects.filter(user=user).order_by("-seen_at", "-id"))


def end_visit(visit: Visit) -> None:
    """That browser has to sign in again."""
    with transaction.atomic():
        _end([visit.session_key])
        record("end_sessions", visit.user, after={"sessions": 1})


def sign_out_everywhere(user: User) -> None:
    """No browser stays signed in."""
    with transaction.atomic():
        record("end_sessions", user, after={"sessions": end_visits(user)})


def end_visits(user: User, *, keep: str = "") -> int:
    """All sessions of a user end, but the one to keep; answers how many."""
    keys = list(
        Visit.objects.filter(user=user).exclude(session_key=keep).values_list("session_key", flat=True)
    )
    _end(keys)
    return len(keys)


def _end(keys: list[str]) -> None:
    StoredSession.objects.filter(session_key__in=keys).delete()
    Visit.objects.filter(session_key__in=keys).delete()


def _is_due(key: str) -> bool:
    now = time.monotonic()
    with _lock:
        if now - _seen.get(key, -SEEN_AGAIN) < SEEN_AGAIN:
            return False
        if len(_seen) >= _MOST_REMEMBERED:
            _seen.clear()
        _seen[key] = now
    return True
