"""One action on many chosen cases: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record_all
from hat.web.projects.models import Case, Module, Project, Tag
from hat.web.projects.services.cases import copy_case, next_position
from hat.web.refusal import refuse_unknown


def chosen_cases(project: Project, ids: Sequence[int], *, deleted: bool = False) -> list[Case]:
    """The cases in the order chosen; 422 at every id that is not one of this project."""
    rows: QuerySet[Case] = Case.objects.filter(project=project, pk__in=ids, deleted_at__isnull=not deleted)
    found = {case.pk: case for case in rows.select_related("project", "module").prefetch_related("tags")}
    refuse_unknown("ids", ids, found, "there is no case {} here")
    return [found[pk] for pk in dict.fromkeys(ids)]


def move_cases(cases: Sequence[Case], module: Module) -> list[int]:
    """To the end of a module, in the order chosen."""
    before = [{"module": case.module.name} for case in cases]
    with transaction.atomic():
        for position, case in enumerate(cases, start=next_position(module)):
            case.module, case.position = module, position
        Case.objects.bulk_update(cases, ["module", "position"], batch_size=500)
        record_all("move", cases, before=before, after=[{"module": module.name}] * len(cases))
    return [case.pk for case in cases]


def tag_cases(cases: Sequence[Case], tags: Sequence[str]) -> list[int]:
    rows = [Tag(case=case, name=name) for case in cases for name in tags]
    with transaction.atomic():
        Tag.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        record_all("tag", cases, after=[{"tags": ", ".join(tags)}] * len(cases))
    return [case.pk for case in cases]


def untag_cases(cases: Sequence[Case], tags: Sequence[str]) -> list[int]:
    with transaction.atomic():
        Tag.objects.filter(case__in=[case.pk for case in cases], name__in=tags).delete()
        record_all("untag", cases, before=[{"tags": ", ".join(tags)}] * len(cases))
    return [case.pk for case in cases]


def copy_cases(user: User, cases: Sequence[Case], module: Module | None) -> list[int]:
    """The ids of the copies."""
    with transaction.atomic():
        return [copy_case(user, case, module=module).pk for case in cases]


def delete_cases(cases: Sequence[Case]) -> list[int]:
    ids = [case.pk for case in cases]
    with transaction.atomic():
        Case.objects.filter(pk__in=ids).update(deleted_at=timezone.now())
        record_all("delete", cases)
    return ids


def restore_cases(cases: Sequence[Case]) -> list[int]:
    ids = [case.pk for case in cases]
    with transaction.atomic():
        Module.objects.filter(pk__in={case.module_id for case in cases}).update(deleted_at=None)
        Case.objects.filter(pk__in=ids).update(deleted_at=None)
        record_all("restore", cases)
    return ids


def order_cases(module: Module, cases: Sequence[Case]) -> list[int]:
    """Puts cases into this order; the others keep their places, so a page of a list can be ordered."""
    chosen = {case.pk for case in cases}
    with transaction.atomic():
        before = list(Case.objects.filter(module=module, deleted_at=None).only("id", "position"))
        moved = [case for case in cases if case.module_id != module.pk]
        was = [{"module": case.module.name} for case in moved]
        rows = _arranged(before, cases, chosen)
        for position, case in enumerate(rows):
            case.position = position
            case.module = module
        Case.objects.bulk_update(rows, ["module", "position"], batch_size=500)
        record_all("move", moved, before=was, after=[{"module": module.name}] * len(moved))
    return [case.pk for case in rows]


def _arranged(before: Sequence[Case], cases: Sequence[Case], chosen: set[int]) -> list[Case]:
    """Cases of this module swap places; with one from elsewhere all stand where the first of them stood."""
    places = [index for index, case in enumerate(before) if case.pk in chosen]
    if len(places) == len(cases):
        following = iter(cases)
        return [next(following) if case.pk in chosen else case for case in before]
    start = places[0] if places else 0
    rest = [case for case in before if case.pk not in chosen]
    return [*rest[:start], *cases, *rest[start:]]
