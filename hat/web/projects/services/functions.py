"""What happens to the functions of a project."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record
from hat.web.projects.models import Functions, FunctionsRevision, Project


def functions_of(project: Project) -> Functions:
    """The row of the project, made empty the first time."""
    functions, _made = Functions.objects.select_related("updated_by").get_or_create(project=project)
    return functions


def save_functions(user: User, project: Project, source: str, *, version: int) -> Functions | None:
    """The functions in their new state, or None when somebody else saved since `version`."""
    now = timezone.now()
    functions = functions_of(project)
    with transaction.atomic():
        row = Functions.objects.filter(pk=functions.pk, version=version)
        if not row.update(source=source, version=F("version") + 1, updated_at=now, updated_by=user):
            return None
        FunctionsRevision.objects.create(
            functions=functions, version=version + 1, source=source, at=now, by=user
        )
        # The text itself is in the revisions.
        before = {"version": version, "lines": len(functions.source.splitlines())}
        after = {"version": version + 1, "lines": len(source.splitlines())}
        record("change", functions, name="debugtalk.py", before=before, after=after, by=user)
    return functions_of(project)
