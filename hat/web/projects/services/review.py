"""Changes to functions that a second person approves before runs use them."""

from __future__ import annotations

from importlib.machinery import all_suffixes
from typing import Final

from django.db import transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record
from hat.web.projects import access
from hat.web.projects.models import Functions, FunctionsRevision, Project
from hat.web.projects.services.functions import functions_of
from hat.web.refusal import conflict, forbidden

_CODE: Final = tuple(all_suffixes())


@transaction.atomic
def require_review(project: Project, *, wanted: bool) -> None:
    """From now on runs use what is approved, which is all there is now; or again what was saved last."""
    functions = Functions.objects.select_for_update().get(pk=functions_of(project).pk)
    if wanted is (functions.active is not None):
        return
    functions.active = functions.version if wanted else None
    functions.save(update_fields=["active"])


@transaction.atomic
def judge_functions(user: User, project: Project, *, version: int, approved: bool, note: str) -> Functions:
    """Approve or reject what is saved and not yet used, by somebody who wrote none of it."""
    functions = Functions.objects.select_for_update().get(pk=functions_of(project).pk)
    if functions.version != version:
        raise conflict("somebody saved these functions meanwhile; look at them again")
    if functions.active is None or functions.active == version:
        raise conflict("no change of these functions waits for a reviewer")
    changes = FunctionsRevision.objects.filter(functions=functions, version__gt=functions.active)
    if changes.filter(by=user).exists():
        raise forbidden("a change is judged by somebody who wrote none of it")
    verdict = "approved" if approved else "rejected"
    changes.filter(version=version).update(
        verdict=verdict, judged_by=user, judged_at=timezone.now(), note=note
    )
    before = {"runs use version": functions.active, "verdict": ""}
    if approved:
        functions.active = version
        functions.save(update_fields=["active"])
    after = {"runs use version": functions.active, "verdict": f"version {version} {verdict}"}
    record("change", functions, name="debugtalk.py", before=before, after=after, by=user)
    return functions_of(project)


def waits(functions: Functions) -> bool:
    """Whether runs use an older version than the one saved last."""
    return functions.active is not None and functions.active != functions.version


def source_for_runs(project: Project) -> str:
    """The debugtalk.py that a run takes along."""
    functions = Functions.objects.filter(project=project).first()
    if functions is None:
        return ""
    if functions.active is None or not waits(functions):
        return functions.source
    approved = FunctionsRevision.objects.filter(functions=functions, version=functions.active).first()
    return approved.source if approved else ""


def is_code(path: str) -> bool:
    """Whether Python would import a file of that name."""
    return path.lower().endswith(_CODE)


def fault_of_code(user: User, project: Project) -> str:
    """Why no file of code is taken: it is for who may edit functions, and none comes past the reviewer."""
    if not access.edits_functions(user, project):
        return access.NO_FUNCTIONS
    if not Functions.objects.filter(project=project, active__isnull=False).exists():
        return ""
    return "changes to functions need a reviewer here, so code belongs into debugtalk.py"
