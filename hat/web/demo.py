"""`hat demo`: a user, a project of cases against the demo API, one run of all of it, and the way in."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from hat.web.accounts.models import User
from hat.web.process import announce, say
from hat.web.projects.demo import ENVIRONMENT, settle
from hat.web.projects.models import Project
from hat.web.projects.services.projects import create_project
from hat.web.projects.transfer.importer import import_folder
from hat.web.runs.models import Run, Status
from hat.web.runs.services import Manner, Selection, start_run

USERNAME = "demo"
PROJECT = "Demo shop"
LINK_AGE_S = 24 * 3600
POLL_S = 0.2

_SALT = "hat.demo.sign-in"


def run_demo(*, api: str, site: str, cases: Path) -> int:
    """Make what is missing, run the project once through the queue, say where its report is."""
    user, password = _user()
    project = _project(user, cases)
    environment = settle(project, api)
    run = start_run(user, project, Selection(everything=True), Manner(environment, name="Demo run"))
    _follow(run)
    announce(
        f"Sign in as '{USERNAME}' with password '{password}'" if password else f"Sign in as '{USERNAME}'"
    )
    announce(f"or open this, once: {site}{sign_in_path(user, then=f'/runs/{run.pk}')}")
    announce(f"Report: {site}/runs/{run.pk}")
    return 0


def sign_in_path(user: User, *, then: str) -> str:
    """A link that signs in its first visitor; the sign-in itself makes it worthless."""
    ticket = signing.dumps({"user": user.pk, "stamp": _stamp(user), "then": then}, salt=_SALT)
    return f"/demo/sign-in/{ticket}"


@require_safe
def sign_in(request: HttpRequest, ticket: str) -> HttpResponse:
    """Sign in by the link on the console; only in a platform that `hat demo` started."""
    if os.environ.get("HAT_DEMO") != "1":
        raise Http404
    try:
        facts = signing.loads(ticket, salt=_SALT, max_age=LINK_AGE_S)
    except signing.BadSignature as problem:
        raise Http404 from problem
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    then = facts["then"] if url_has_allowed_host_and_scheme(facts["then"], allowed_hosts=None) else "/"
    if user is None or facts["stamp"] != _stamp(user):
        return HttpResponseRedirect(then)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(then)


urls: list[URLPattern] = [path("demo/sign-in/<str:ticket>", sign_in)]


def _stamp(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""


def _user() -> tuple[User, str]:
    """The demo user, and its password the first time."""
    user = User.objects.filter(username=USERNAME).first()
    if user:
        return user, ""
    password = secrets.token_urlsafe(9)
    return User.objects.create_user(USERNAME, password, name="Demo", is_admin=True), password


def _project(user: User, folder: Path) -> Project:
    """The demo project; imported once, then it belongs to whoever plays with it."""
    project = Project.objects.filter(name=PROJECT, created_by=user, deleted_at=None).first()
    if project:
        return project
    project = create_project(
        user, name=PROJECT, description="Cases against the demo API that runs beside HAT."
    )
    done = import_folder(user, project, folder)
    for problem in done.problems:
        say(str(problem))
    project.environments.update(name=ENVIRONMENT)
    say(f"imported {len(done.created)} cases into the project '{PROJECT}'")
    return project


def _follow(run: Run) -> None:
    """Wait for the end of the run, saying how far it is."""
    said = -1
    while run.status in (Status.QUEUED, Status.RUNNING):
        if run.done != said:
            say(f"running: {run.done} of {run.total} cases")
            said = run.done
        time.sleep(POLL_S)
        run.refresh_from_db()
    words = f"{run.passed} passed, {run.failed} failed, {run.error} error, {run.skipped} skipped"
    say(f"the run is {run.status}: {words}" + (f" ({run.reason})" if run.reason else ""))
