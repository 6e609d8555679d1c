"""The doctor's facts as Prometheus reads them, at /metrics: for a token, or for this machine alone."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from hat import __version__
from hat.web.doctor import examine
from hat.web.middleware import fault_response, read_address
from hat.web.runs.models import Kind, Run


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics, or the answer of an address that does not exist."""
    if not _may_read(request):
        return fault_response(404)
    registry = CollectorRegistry()
    registry.register(Facts())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if token := settings.HAT_METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.encode())
    address = read_address(request.META.get("REMOTE_ADDR", ""))
    # Whoever comes through a proxy comes from elsewhere, whatever address the proxy has.
    return address is not None and address.is_loopback and not request.META.get("hat.proxied")


class Facts(Collector):
    """Reads the facts when it is asked for them; between two looks it costs nothing."""

    def collect(self) -> Iterator[Metric]:
        facts = examine()
        yield InfoMetricFamily("hat", "The version of HAT.", {"version": __version__})
        for name, text, value in _numbers(facts):
            yield GaugeMetricFamily(f"hat_{name}", text, value)
        runs = GaugeMetricFamily("hat_runs", "Runs that wait and runs under way.", labels=["status"])
        for status in ("queued", "running"):
            runs.add_metric([status], facts[status])
        yield runs
        if facts["database"] == "ok":
            yield _finished()


def _numbers(facts: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    workers = [worker for worker in facts["workers"] if worker["alive"]]
    yield "up", "1 when nothing is wrong.", float(not facts["problems"])
    yield "database_up", "1 when the database answers.", float(facts["database"] == "ok")
    yield "database_seconds", "How long the database took to answer.", facts["database_ms"] / 1000
    yield "broker_up", "1 when the broker answers, or none is used.", float(facts["broker"] != "away")
    yield "workers", "Worker processes alive.", len(workers)
    yield "worker_slots", "Runs that could go at the same time.", sum(one["slots"] for one in workers)
    yield "worker_busy", "Slots that are taken.", sum(one["busy"] for one in workers)
    yield "queue_oldest_seconds", "For how long the oldest queued run has waited.", facts["oldest_s"]
    yield "schedules_overdue", "Schedules whose time passed unseen.", len(facts["overdue"])
    yield "disk_free_bytes", "Room on the disk of the data folder.", facts["disk_free"]


def _finished() -> Metric:
    hour = GaugeMetricFamily("hat_runs_last_hour", "Runs that ended in the last hour.", labels=["outcome"])
    ended = Run.objects.filter(kind=Kind.RUN, finished_at__gte=timezone.now() - timedelta(hours=1)).order_by()
    counted = dict(ended.values_list("outcome").annotate(Count("id")))
    for outcome in ("passed", "failed", "error", "skipped", ""):
        hour.add_metric([outcome or "cancelled"], counted.get(outcome, 0))
    return hour
