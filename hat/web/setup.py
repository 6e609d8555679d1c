"""The first-run route: the first administrator, and the demo project if wanted."""

from __future__ import annotations

import os
from typing import Any

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from hat.web.accounts.api import session_of
from hat.web.accounts.models import User
from hat.web.accounts.people import require_csrf
from hat.web.accounts.schemas import Session, Setup
from hat.web.accounts.services import check_setup_door, first_user, setup_required
from hat.web.audit.services import record, silent
from hat.web.folder import demo_folder
from hat.web.projects.demo import ENVIRONMENT, settle
from hat.web.projects.services.projects import create_project
from hat.web.projects.services.targets import change_rules
from hat.web.projects.transfer.importer import import_folder
from hat.web.refusal import conflict

router = Router(tags=["people"])


@router.post("/setup", response={201: Session}, auth=None, operation_id="set_up")
def set_up(request: HttpRequest, payload: Setup) -> dict[str, Any]:
    require_csrf(request)
    if not setup_required():
        raise conflict("HAT is set up already; sign in")
    check_setup_door(request, payload.token)
    user = first_user(payload.username, payload.password, name=payload.name, language=payload.language)
    if payload.private_targets is not None:
        change_rules(None, private=payload.private_targets, allow=[], deny=[])
    if payload.demo:
        load_demo(user)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return session_of(request)


def load_demo(user: User) -> None:
    """The demo project, where HAT came with it."""
    folder = demo_folder()
    if folder is None:
        return
    with transaction.atomic():
        project = create_project(
            user, name="Demo shop", description="Cases against the demo API, which runs beside HAT."
        )
        with silent():
            import_folder(user, project, folder)
            project.environments.update(name=ENVIRONMENT)
            if api := os.environ.get("HAT_DEMO_API"):
                settle(project, api)
        record("import", project, by=user)
