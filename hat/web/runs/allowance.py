"""Routes of a project's limits: what its owner allows its runs."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from hat.web.accounts.people import person
from hat.web.projects.access import project_for
from hat.web.projects.models import Role
from hat.web.runs.limits import change, limits_of
from hat.web.runs.models import Limits
from hat.web.text import Label

router = Router(tags=["runs"])

Few = Annotated[int, Field(ge=1, le=1000)]
Seconds = Annotated[int, Field(ge=1, le=7 * 86_400)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Many = Annotated[int, Field(ge=1, le=1_000_000)]


class LimitsOut(Schema):
    """Runs at once, seconds a run may take, how long and how many are kept (null: no limit); label."""

    concurrency: int | None
    deadline_s: int
    keep_days: int | None
    keep_runs: int | None
    label: str


class LimitsChange(Schema):
    concurrency: Few | None = None
    deadline_s: Seconds = 3600
    keep_days: Days | None = None
    keep_runs: Many | None = None
    label: Label = ""


@router.get("/projects/{project_id}/limits", response=LimitsOut, operation_id="read_limits")
def read(request: HttpRequest, project_id: int) -> Limits:
    """The limits of a project's runs."""
    return limits_of(project_for(person(request), project_id))


@router.patch("/projects/{project_id}/limits", response=LimitsOut, operation_id="change_limits")
def write(request: HttpRequest, project_id: int, payload: LimitsChange) -> Limits:
    """Change those that are sent; they hold for runs started from now on."""
    project = project_for(person(request), project_id, Role.OWNER)
    return change(project, **payload.dict(exclude_unset=True))
