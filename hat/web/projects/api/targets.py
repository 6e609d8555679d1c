"""Routes of the outbound policy: where requests of the installation and of a project may go."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from hat.web.accounts.people import person, require_admin
from hat.web.projects.access import project_for
from hat.web.projects.models import Role, TargetRules
from hat.web.projects.services.targets import change_rules, decided, rules_of
from hat.web.text import Line

router = Router(tags=["targets"])

RuleLine = Annotated[Line, Field(min_length=1, max_length=300)]
Lines = Annotated[list[RuleLine], Field(max_length=500)]


class TargetsIn(Schema):
    """Rules: a host (`api.example.org`, `*.example.org`), a network (`10.0.0.0/8`), one of them with `:port`.

    `deny` refuses, `allow` makes exceptions to all else that is refused; `*` denied means all but those.
    """

    private: bool = True
    allow: Lines = []
    deny: Lines = []


class TargetsOfAllIn(TargetsIn):
    """The rules of the installation; `private` has to be said, so that nobody permits it by silence."""

    private: bool


class TargetsOut(Schema):
    private: bool
    allow: list[str]
    deny: list[str]


class TargetsOfAll(TargetsOut):
    """The rules of the installation; until `decided`, a server refuses private targets."""

    decided: bool


def _of_all(rules: TargetRules) -> dict[str, Any]:
    kept = {name: getattr(rules, name) for name in ("private", "allow", "deny")}
    return {**kept, "decided": decided(rules)}


@router.get("/targets", response=TargetsOfAll, operation_id="read_targets")
def read(request: HttpRequest) -> dict[str, Any]:
    """Where requests of this installation may go."""
    require_admin(request)
    return _of_all(rules_of(None))


@router.put("/targets", response=TargetsOfAll, operation_id="change_targets")
def write(request: HttpRequest, payload: TargetsOfAllIn) -> dict[str, Any]:
    """Set it; it holds for runs that begin from now on."""
    require_admin(request)
    return _of_all(change_rules(None, private=payload.private, allow=payload.allow, deny=payload.deny))


@router.get("/projects/{int:project_id}/targets", response=TargetsOut, operation_id="read_project_targets")
def read_of_project(request: HttpRequest, project_id: int) -> TargetRules:
    """Where requests of a project may go, within what the installation allows."""
    return rules_of(project_for(person(request), project_id))


@router.put("/projects/{int:project_id}/targets", response=TargetsOut, operation_id="change_project_targets")
def write_of_project(request: HttpRequest, project_id: int, payload: TargetsIn) -> TargetRules:
    """Set it; a project can be stricter than the installation, never laxer."""
    project = project_for(person(request), project_id, Role.OWNER)
    return change_rules(project, private=payload.private, allow=payload.allow, deny=payload.deny)
