"""The only door to runs: a run is seen by whoever sees its project."""

from __future__ import annotations

from django.db.models import QuerySet

from hat.web.accounts.models import User
from hat.web.projects.access import demand, visible_projects
from hat.web.projects.models import Role
from hat.web.refusal import missing
from hat.web.runs.models import CaseRun, Run


def visible_runs(user: User) -> QuerySet[Run]:
    """Runs that are not deleted, of projects the user may see."""
    return _whole(Run.objects.filter(deleted_at=None, part_of=None, project__in=visible_projects(user)))


def run_for(user: User, pk: int, role: Role = Role.READER, *, deleted: bool = False) -> Run:
    """The run, if the user has at least that role in its project; 404 for strangers, 403 for lesser roles."""
    runs = Run.objects.filter(pk=pk, part_of=None, deleted_at__isnull=not deleted, project__deleted_at=None)
    run = _whole(runs).first()
    if run is None:
        raise missing("run")
    demand(user, run.project, role, noun="run")
    return run


def case_run_of(run: Run, pk: int) -> CaseRun:
    """One case result of a run."""
    case_run = CaseRun.objects.filter(run=run, pk=pk).first()
    if case_run is None:
        raise missing("case result")
    return case_run


def _whole(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.select_related("project", "created_by")
