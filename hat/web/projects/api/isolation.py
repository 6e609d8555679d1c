"""Routes of how functions run: isolated or agreed to without, with a network or not."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from hat.web.accounts.people import person, require_admin
from hat.web.projects.access import project_for
from hat.web.projects.models import FunctionRules, Role
from hat.web.projects.services.isolation import change_function_rules, function_rules

router = Router(tags=["system"])


class Isolation(Schema):
    """`agreed`: functions run also on workers whose system cannot isolate them."""

    agreed: bool


class ProjectFunctionRules(Schema):
    """`network`: functions may connect to where requests of the project may go."""

    network: bool


@router.get("/isolation", response=Isolation, operation_id="read_isolation")
def read(request: HttpRequest) -> FunctionRules:
    """What holds for functions of all projects."""
    require_admin(request)
    return function_rules(None)


@router.put("/isolation", response=Isolation, operation_id="change_isolation")
def write(request: HttpRequest, payload: Isolation) -> FunctionRules:
    """Set it; it holds for runs that begin from now on."""
    require_admin(request)
    return change_function_rules(None, agreed=payload.agreed)


@router.get(
    "/projects/{int:project_id}/functions/rules",
    response=ProjectFunctionRules,
    operation_id="read_function_rules",
)
def read_of_project(request: HttpRequest, project_id: int) -> FunctionRules:
    """What functions of a project may."""
    return function_rules(project_for(person(request), project_id))


@router.put(
    "/projects/{int:project_id}/functions/rules",
    response=ProjectFunctionRules,
    operation_id="change_function_rules",
)
def write_of_project(request: HttpRequest, project_id: int, payload: ProjectFunctionRules) -> FunctionRules:
    """Set it; it holds for runs that begin from now on."""
    project = project_for(person(request), project_id, Role.OWNER)
    return change_function_rules(project, **payload.dict())
