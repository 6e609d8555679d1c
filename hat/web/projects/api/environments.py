"""Routes of environments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from hat.web.accounts.people import person
from hat.web.paging import whole
from hat.web.projects import access
from hat.web.projects.api.schemas import EnvironmentList, EnvironmentNew, EnvironmentOut, EnvironmentPatch
from hat.web.projects.models import Environment, Role
from hat.web.projects.services import environments as services

router = Router(tags=["environments"])


@router.get("/projects/{int:project_id}/environments", response=EnvironmentList, operation_id="environments")
def list_environments(request: HttpRequest, project_id: int) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    return whole(list(project.environments.filter(deleted_at=None)))


@router.post(
    "/projects/{int:project_id}/environments", response={201: EnvironmentOut}, operation_id="new_environment"
)
def make_environment(request: HttpRequest, project_id: int, payload: EnvironmentNew) -> Environment:
    project = access.project_for(person(request), project_id, Role.WRITER)
    return services.create_environment(project, payload.dict(exclude_unset=True))


@router.get("/environments/{int:environment_id}", response=EnvironmentOut, operation_id="environment")
def read_environment(request: HttpRequest, environment_id: int) -> Environment:
    return access.environment_for(person(request), environment_id)


@router.patch(
    "/environments/{int:environment_id}", response=EnvironmentOut, operation_id="change_environment"
)
def patch_environment(request: HttpRequest, environment_id: int, payload: EnvironmentPatch) -> Environment:
    environment = access.environment_for(person(request), environment_id, Role.WRITER)
    given = payload.dict(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name == "base_id"}
    return services.change_environment(environment, changes)


@router.delete("/environments/{int:environment_id}", response={204: None}, operation_id="delete_environment")
def remove_environment(request: HttpRequest, environment_id: int) -> None:
    services.delete_environment(access.environment_for(person(request), environment_id, Role.WRITER))


@router.post(
    "/environments/{int:environment_id}/restore", response=EnvironmentOut, operation_id="restore_environment"
)
def restore_environment(request: HttpRequest, environment_id: int) -> Environment:
    environment = access.environment_for(person(request), environment_id, Role.WRITER, deleted=None)
    return services.restore_environment(environment)
