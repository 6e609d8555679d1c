"""Routes of schedules: list, make, change, switch, run now, delete, preview."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja import Status as Answer

from hat.web.accounts.people import person
from hat.web.paging import ordering, page_of
from hat.web.projects.access import project_for
from hat.web.projects.models import Role
from hat.web.runs.models import Trigger
from hat.web.runs.schemas import RunOut
from hat.web.runs.services import default_environment
from hat.web.runs.shapes import run_value
from hat.web.schedules import services
from hat.web.schedules.access import schedule_for, schedules_of
from hat.web.schedules.schemas import (
    FireList,
    Preview,
    PreviewQuery,
    ScheduleList,
    ScheduleNew,
    ScheduleOut,
    SchedulePatch,
    ScheduleQuery,
)
from hat.web.schedules.shapes import fire_values, preview_value, schedule_value, schedule_values

router = Router(tags=["schedules"])

_SORTS = {"name": "name", "next_at": "next_at", "last_at": "last_at", "created_at": "created_at", "id": "id"}


@router.get("/projects/{int:project_id}/schedules", response=ScheduleList, operation_id="schedules")
def list_schedules(request: HttpRequest, project_id: int, query: Query[ScheduleQuery]) -> dict[str, Any]:
    schedules = schedules_of(project_for(person(request), project_id))
    if query.search:
        schedules = schedules.filter(name__icontains=query.search)
    return page_of(schedules.order_by(*ordering(query.sort, _SORTS, "name")), query, schedule_values)


@router.post("/projects/{int:project_id}/schedules", response={201: ScheduleOut}, operation_id="new_schedule")
def make(request: HttpRequest, project_id: int, payload: ScheduleNew) -> Answer[dict[str, Any]]:
    user = person(request)
    project = project_for(user, project_id, Role.WRITER)
    wishes = payload.dict()
    if "environment_id" not in payload.model_fields_set:
        usual = default_environment(project)
        wishes["environment_id"] = usual.pk if usual else None
    return Answer(201, schedule_value(services.create_schedule(user, project, wishes)))


@router.get("/schedules/preview", response=Preview, operation_id="preview_schedule")
def show_preview(request: HttpRequest, query: Query[PreviewQuery]) -> dict[str, Any]:
    """What a cron expression means in a time zone: words, and the next five times."""
    person(request)
    return preview_value(query.cron, query.zone)


@router.get("/schedules/{int:schedule_id}", response=ScheduleOut, operation_id="schedule")
def read(request: HttpRequest, schedule_id: int) -> dict[str, Any]:
    return schedule_value(schedule_for(person(request), schedule_id))


@router.patch("/schedules/{int:schedule_id}", response=ScheduleOut, operation_id="change_schedule")
def patch(request: HttpRequest, schedule_id: int, payload: SchedulePatch) -> dict[str, Any]:
    user = person(request)
    schedule = schedule_for(user, schedule_id, Role.WRITER)
    given = payload.dict(exclude_unset=True)
    wishes = {name: value for name, value in given.items() if value is not None or name == "environment_id"}
    return schedule_value(services.change_schedule(user, schedule, wishes))


@router.delete("/schedules/{int:schedule_id}", response={204: None}, operation_id="delete_schedule")
def remove(request: HttpRequest, schedule_id: int) -> None:
    services.delete_schedule(schedule_for(person(request), schedule_id, Role.WRITER))


@router.post("/schedules/{int:schedule_id}/restore", response=ScheduleOut, operation_id="restore_schedule")
def restore(request: HttpRequest, schedule_id: int) -> dict[str, Any]:
    """Undo a deletion."""
    schedule = schedule_for(person(request), schedule_id, Role.WRITER, deleted=None)
    return schedule_value(services.restore_schedule(schedule))


@router.post("/schedules/{int:schedule_id}/enable", response=ScheduleOut, operation_id="enable_schedule")
def enable(request: HttpRequest, schedule_id: int) -> dict[str, Any]:
    """Switch on; from now on it runs in the name of the asker."""
    user = person(request)
    return schedule_value(services.switch(user, schedule_for(user, schedule_id, Role.WRITER), on=True))


@router.post("/schedules/{int:schedule_id}/disable", response=ScheduleOut, operation_id="disable_schedule")
def disable(request: HttpRequest, schedule_id: int) -> dict[str, Any]:
    """Switch off until somebody switches it on."""
    user = person(request)
    return schedule_value(services.switch(user, schedule_for(user, schedule_id, Role.WRITER), on=False))


@router.post("/schedules/{int:schedule_id}/run", response={202: RunOut}, operation_id="run_schedule")
def run(request: HttpRequest, schedule_id: int) -> Answer[dict[str, Any]]:
    """Run now what the schedule runs; its times stay as they are."""
    user = person(request)
    schedule = schedule_for(user, schedule_id, Role.RUNNER)
    trigger = Trigger.API if user.token else Trigger.MANUAL
    return Answer(202, run_value(services.run_now(user, schedule, trigger)))


@router.get("/schedules/{int:schedule_id}/fires", response=FireList, operation_id="schedule_fires")
def list_fires(request: HttpRequest, schedule_id: int, query: Query[ScheduleQuery]) -> dict[str, Any]:
    """The times that came: the run each started, or why there is none."""
    schedule = schedule_for(person(request), schedule_id)
    return page_of(schedule.fires.select_related("run").order_by("-pk"), query, fire_values)
