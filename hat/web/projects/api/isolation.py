"""Routes of the isolation of functions: what an administrator agrees to where there is none."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from hat.web.accounts.people import require_admin
from hat.web.projects.models import FunctionRules
from hat.web.projects.services.isolation import change_function_rules, function_rules

router = Router(tags=["system"])


class Isolation(Schema):
    """`agreed`: functions run also on workers whose system cannot isolate them."""

    agreed: bool


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
