"""The doctor: what keeps runs from starting or ending, as facts for pages, monitors and metrics."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from hat.engine.sandbox.layers import KNOWN, isolate
from hat.web.accounts.people import require_admin
from hat.web.dashboard import queue_length
from hat.web.hints import broker_away_since
from hat.web.projects.services.isolation import function_rules
from hat.web.runs.models import Run, Status, Worker
from hat.web.runs.waiting import SEEN_S
from hat.web.schedules.models import Schedule

OVERDUE_S = 120  # a clock ticks each second, so nothing honest is later than this
FULL_MB = 200  # less room than this, and the next large result may not be stored
LONG_S = 300  # a run that waits longer than this deserves a look
BROKER_S = 3.0  # how long the very first look at the broker may take

router = Router(tags=["system"])


class SystemWorker(Schema):
    """A worker process; `alive` is false for one that stopped showing itself in the last day.

    `layers` are those around functions there, `isolates` whether they are enough; null until it has looked.
    """

    owner: str
    host: str
    pid: int
    started_at: datetime
    seen_at: datetime
    slots: int
    busy: int
    version: str
    transport: str
    labels: list[str]
    unlabelled: bool
    layers: list[str]
    isolates: bool | None
    alive: bool


class Overdue(Schema):
    """A schedule whose time has passed without a clock that saw it."""

    id: int
    name: str
    project_id: int
    next_at: datetime


class System(Schema):
    """Everything the doctor knows; `problems` are codes, the worst first.

    `layers` are those there may be around functions; `agreed`: functions run where too few of them are.
    """

    problems: list[str]
    database: str
    database_kind: str
    database_ms: float
    broker: str
    broker_since: datetime | None
    queued: int
    running: int
    oldest_s: float
    overdue: list[Overdue]
    disk_free: int
    disk_total: int
    workers: list[SystemWorker]
    layers: list[str]
    agreed: bool


@router.get("/system", response=System, operation_id="system")
def read(request: HttpRequest) -> dict[str, Any]:
    """The state of the installation, for administrators."""
    require_admin(request)
    return examine()


def examine() -> dict[str, Any]:
    """The facts, with the codes of what is wrong."""
    facts: dict[str, Any] = {**_database(), **_broker(), **_disk(), **_EMPTY, "layers": KNOWN}
    if facts["database"] == "ok":
        facts |= _queue()
    return {"problems": list(_problems(facts)), **facts}


_EMPTY = {"queued": 0, "running": 0, "oldest_s": 0.0, "overdue": (), "workers": (), "agreed": False}


def _problems(facts: dict[str, Any]) -> list[str]:
    alive = [worker for worker in facts["workers"] if worker["alive"]]
    signs = {
        "database": facts["database"] != "ok",
        "disk": facts["disk_free"] < FULL_MB * 1024 * 1024,
        "no_worker": not alive,
        "broker": facts["broker"] == "away",
        "overdue": bool(facts["overdue"]),
        "waiting": facts["oldest_s"] > LONG_S,
        "isolation": not facts["agreed"] and any(worker["isolates"] is False for worker in alive),
        "lost_worker": len(alive) < len(facts["workers"]),
    }
    return [code for code, is_so in signs.items() if is_so]


def _database() -> dict[str, Any]:
    started = perf_counter()
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM runs_run LIMIT 1")
    except DatabaseError:
        state = "does not answer, or is not up to date"
    else:
        state = "ok"
    elapsed_ms = round((perf_counter() - started) * 1000, 1)
    return {"database": state, "database_kind": connection.vendor, "database_ms": elapsed_ms}


def _broker() -> dict[str, Any]:
    if not settings.HAT_BROKER_URL:
        return {"broker": "none", "broker_since": None}
    since = broker_away_since(wait_s=BROKER_S)
    return {"broker": "away" if since else "ok", "broker_since": since}


def _disk() -> dict[str, Any]:
    usage = shutil.disk_usage(settings.HAT_DATA)
    return {"disk_free": usage.free, "disk_total": usage.total}


def _queue() -> dict[str, Any]:
    now = timezone.now()
    oldest = Run.objects.filter(status=Status.QUEUED).aggregate(at=Min("created_at"))["at"]
    late = Schedule.objects.filter(next_at__lt=now - timedelta(seconds=OVERDUE_S)).order_by("next_at")
    return {
        **queue_length(),
        "oldest_s": round((now - oldest).total_seconds(), 1) if oldest else 0.0,
        "overdue": list(late[:50]),
        "agreed": function_rules(None).agreed,
        "workers": [_worker(worker, now) for worker in Worker.objects.order_by("owner")],
    }


def _worker(worker: Worker, now: datetime) -> dict[str, Any]:
    layers = worker.sandbox.split()
    names = ("owner", "host", "pid", "started_at", "seen_at", "slots", "busy", "version", "transport")
    return {
        **{name: getattr(worker, name) for name in names},
        "labels": worker.labels,
        "unlabelled": worker.unlabelled,
        "layers": [name for name in KNOWN if name in layers],
        "isolates": isolate(layers) if layers else None,
        "alive": now - worker.seen_at < timedelta(seconds=SEEN_S),
    }
