"""Health for machines: does the process live, is everything there that a run needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from hat import __version__
from hat.web.dashboard import queue_length
from hat.web.runs.waiting import broker_trouble, seen_workers

BROKER_S = 3.0  # how long the very first look at the broker may take


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nobody else."""
    return JsonResponse({"ok": True, "version": __version__})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when a run could start now; 503 names what is missing."""
    facts: dict[str, Any] = {"database": _database()}
    if facts["database"] == "ok":
        facts["workers"] = seen_workers().count()
        facts["queue"] = queue_length()
    if settings.HAT_BROKER_URL:
        facts["broker"] = broker_trouble(wait_s=BROKER_S) or "ok"
    ready = facts["database"] == "ok" and facts["workers"] > 0 and facts.get("broker", "ok") == "ok"
    return JsonResponse({"ok": ready, **facts}, status=200 if ready else 503)


def _database() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM runs_run LIMIT 1")
    except DatabaseError:
        return "does not answer, or is not up to date"
    return "ok"


urls: list[URLPattern] = [path("healthz", healthz), path("readyz", readyz)]
