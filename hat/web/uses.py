"""Who uses an environment: the environments based on it, the schedules that run in it, its last runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from hat.web.accounts.people import person
from hat.web.projects.access import environment_for
from hat.web.projects.models import Environment
from hat.web.runs.access import visible_runs
from hat.web.runs.models import Kind
from hat.web.runs.schemas import Named
from hat.web.schedules.access import visible_schedules

router = Router(tags=["environments"])

LAST_RUNS = 5


class ScheduleUse(Schema):
    id: int
    name: str
    enabled: bool
    next_at: datetime | None


class RunUse(Schema):
    id: int
    name: str
    status: str
    outcome: str
    created_at: datetime


class EnvironmentUses(Schema):
    environments: list[Named]
    schedules: list[ScheduleUse]
    runs: list[RunUse]
    run_count: int


@router.get(
    "/environments/{int:environment_id}/uses", response=EnvironmentUses, operation_id="environment_uses"
)
def read_uses(request: HttpRequest, environment_id: int) -> dict[str, Any]:
    user = person(request)
    environment = environment_for(user, environment_id)
    runs = visible_runs(user).filter(environment=environment, kind=Kind.RUN)
    return {
        "environments": list(Environment.objects.filter(base=environment, deleted_at=None)),
        "schedules": list(visible_schedules(user).filter(environment=environment).order_by("name", "id")),
        "runs": list(runs.order_by("-id")[:LAST_RUNS]),
        "run_count": runs.count(),
    }
