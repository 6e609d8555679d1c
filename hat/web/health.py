"""Health for machines: does the process live, is everything there that a run needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from hat import __version__
from hat.web.doctor import examine
from hat.web.metrics import metrics
from hat.web.runs.waiting import Wait

FATAL = {"database", "disk", "no_worker", "broker"}  # with one of these no run can start


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nobody else."""
    return JsonResponse({"ok": True, "version": __version__})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when a run could start now; 503 names what is missing. Numbers only: whoever asks is unknown."""
    seen = examine()
    facts: dict[str, Any] = {"database": seen["database"]}
    if seen["database"] == "ok":
        facts["workers"] = sum(worker["alive"] for worker in seen["workers"])
        facts["queue"] = {name: seen[name] for name in ("queued", "running", "oldest_s")}
        facts["schedules_overdue"] = len(seen["overdue"])
    facts["disk"] = "nearly full" if "disk" in seen["problems"] else "ok"
    if seen["broker"] != "none":
        facts["broker"] = Wait("broker", since=seen["broker_since"]).words if seen["broker_since"] else "ok"
    ready = not FATAL.intersection(seen["problems"])
    return JsonResponse({"ok": ready, **facts}, status=200 if ready else 503)


urls: list[URLPattern] = [path("healthz", healthz), path("readyz", readyz), path("metrics", metrics)]
