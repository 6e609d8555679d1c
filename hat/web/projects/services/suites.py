"""What happens to a suite: make, change, delete, restore."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.projects.models import Case, Project, Suite
from hat.web.refusal import invalid, refuse_unknown
from hat.web.turn import take_turn

_TOLD = ("name", "description", "cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """A new state of a suite; None leaves as it is."""

    name: str | None = None
    description: str | None = None
    cases: Sequence[int] | None = None
    file: str = ""


def create_suite(user: User, project: Project, wishes: Wishes) -> Suite:
    """A new suite; two of one name would confuse people."""
    suite = Suite(project=project, updated_by=user, file=wishes.file)
    with transaction.atomic():
        take_turn("suites of", project.pk)
        _fill(suite, wishes)
        suite.save()
        record("create", suite, by=user)
    return suite


def change_suite(user: User, suite: Suite, wishes: Wishes, *, version: int) -> Suite | None:
    """The suite in its new state, or None when somebody else saved since `version`."""
    before = fields_of(suite, *_TOLD)
    kept = set(suite.cases)
    with transaction.atomic():
        take_turn("suites of", suite.project_id)
        _fill(suite, wishes, kept=kept)
        row = Suite.objects.filter(pk=suite.pk, version=version, deleted_at=None)
        changes = {name: getattr(suite, name) for name in _TOLD}
        now = timezone.now()
        if not row.update(version=F("version") + 1, updated_at=now, updated_by=user, **changes):
            return None
        record("change", suite, before=before, after=fields_of(suite, *_TOLD), by=user)
    suite.refresh_from_db()
    return suite


def delete_suite(suite: Suite) -> None:
    """Out of every list; its cases stay."""
    with transaction.atomic():
        Suite.objects.filter(pk=suite.pk).update(deleted_at=timezone.now())
        record("delete", suite)


def restore_suite(suite: Suite) -> Suite:
    """Back into the list, unless another one has its name by now."""
    with transaction.atomic():
        take_turn("suites of", suite.project_id)
        _refuse_twin(suite, suite.name)
        Suite.objects.filter(pk=suite.pk).update(deleted_at=None)
        record("restore", suite)
    suite.deleted_at = None
    return suite


def chosen_suites(project: Project, ids: Sequence[int]) -> list[Suite]:
    """The suites in the order chosen; 422 at every id that is not one of this project."""
    found = {suite.pk: suite for suite in project.suites.filter(pk__in=ids, deleted_at=None)}
    refuse_unknown("suites", ids, found, "there is no suite {} here")
    return [found[pk] for pk in dict.fromkeys(ids)]


def living_cases(suites: Sequence[Suite]) -> dict[int, list[Case]]:
    """The cases of each suite that exist, in its order, with one query."""
    ids = {pk for suite in suites for pk in suite.cases}
    projects = {suite.project_id for suite in suites}
    alive = Case.objects.filter(project__in=projects, deleted_at=None, module__deleted_at=None)
    found = alive.select_related("module").defer("document").in_bulk(list(ids))
    return {suite.pk: [found[pk] for pk in suite.cases if pk in found] for suite in suites}


def _fill(suite: Suite, wishes: Wishes, *, kept: Collection[int] = ()) -> None:
    if wishes.name is not None:
        _refuse_twin(suite, wishes.name)
        suite.name = wishes.name
    if wishes.description is not None:
        suite.description = wishes.description
    if wishes.cases is not None:
        _refuse_strangers(suite, wishes.cases, kept)
        suite.cases = list(dict.fromkeys(wishes.cases))


def _refuse_twin(suite: Suite, name: str) -> None:
    twins = Suite.objects.filter(project=suite.project, name=name, deleted_at=None)
    if twins.exclude(pk=suite.pk).exists():
        raise invalid("name", f"there is a suite '{name}' already")


def _refuse_strangers(suite: Suite, ids: Sequence[int], kept: Collection[int]) -> None:
    """Cases of this project only; one that was in it may stay though it was deleted."""
    cases = Case.objects.filter(project=suite.project, deleted_at=None, pk__in=ids)
    known = set(cases.values_list("pk", flat=True)) | set(kept)
    refuse_unknown("cases", ids, known, "there is no case {} in this project")


def brief(suite: Suite, cases: Sequence[Case]) -> dict[str, Any]:
    """What a list shows of a suite."""
    return {
        "id": suite.pk,
        "name": suite.name,
        "description": suite.description,
        "count": len(cases),
        "gone": len(suite.cases) - len(cases),
        "version": suite.version,
        "updated_at": suite.updated_at,
        "updated_by": suite.updated_by,
    }
