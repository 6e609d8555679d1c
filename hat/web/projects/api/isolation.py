"""Routes of how functions run: isolated or agreed to without, with a network or not."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema

from hat.web.accounts.people import person, require_admin
from hat.web.projects.access import project_for
from hat.web.projects.models import FunctionRules, Project, Role
from hat.web.projects.services.functions import functions_of
from hat.web.projects.services.isolation import change_function_rules, function_rules
from hat.web.projects.services.review import require_review, waits

router = Router(tags=["system"])


class Isolation(Schema):
    """`agreed`: functions run also on workers whose system cannot isolate them."""

    agreed: bool


class ProjectFunctionRules(Schema):
    """`network`: functions may connect to where requests of the project may go.

    `review`: a saved change is used by runs when somebody else approved it.
    """

    network: bool = False
    review: bool = False


class ProjectFunctionRulesOut(ProjectFunctionRules):
    """`waits`: runs use an older version of the functions than the one saved last."""

    waits: bool


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
    response=ProjectFunctionRulesOut,
    operation_id="read_function_rules",
)
def read_of_project(request: HttpRequest, project_id: int) -> dict[str, bool]:
    """What functions of a project may, and whether a change of them waits for a reviewer."""
    return _rules(project_for(person(request), project_id))


@router.put(
    "/projects/{int:project_id}/functions/rules",
    response=ProjectFunctionRulesOut,
    operation_id="change_function_rules",
)
def write_of_project(request: HttpRequest, project_id: int, payload: ProjectFunctionRules) -> dict[str, bool]:
    """Set it; it holds for runs that begin from now on."""
    project = project_for(person(request), project_id, Role.OWNER)
    with transaction.atomic():
        require_review(project, wanted=payload.review)
        change_function_rules(project, network=payload.network, review=payload.review)
    return _rules(project)


def _rules(project: Project) -> dict[str, bool]:
    rules, functions = function_rules(project), functions_of(project)
    return {"network": rules.network, "review": rules.review, "waits": waits(functions)}
