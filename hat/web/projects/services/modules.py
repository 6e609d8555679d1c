"""What happens to a module: make, rename, order, delete with its cases, restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from hat.web.audit.services import record
from hat.web.projects.credentials import shown, stored
from hat.web.projects.models import Case, Environment, Module, Project
from hat.web.refusal import invalid
from hat.web.turn import take_turn


def create_module(project: Project, name: str) -> Module:
    """A module at the end of the project; two of one name would confuse import and people."""
    with transaction.atomic():
        _refuse_twin(project, name)
        last = Module.objects.filter(project=project).aggregate(last=Max("position"))["last"]
        module = Module.objects.create(project=project, name=name, position=0 if last is None else last + 1)
        record("create", module)
    return module


def change_module(
    module: Module, *, name: str | None, position: int | None, auth: Mapping[str, Any] | None = None
) -> Module:
    """Renames, moves, or gives other credentials; the cases stay where they are."""
    with transaction.atomic():
        if name is not None and name != module.name:
            _refuse_twin(module.project, name)
            before, module.name = {"name": module.name}, name
            module.save(update_fields=["name"])
            record("change", module, before=before, after={"name": name})
        if auth is not None:
            old = {"auth": shown(module.auth)}
            module.auth = stored(auth, module.auth, project_id=module.project_id)
            module.save(update_fields=["auth"])
            record("change", module, before=old, after={"auth": shown(module.auth)})
        if position is not None:
            place(module, position, Module.objects.filter(project=module.project, deleted_at=None))
    return module


def delete_module(module: Module) -> None:
    """Takes its cases along, marked with the same moment, so that restore brings back exactly these."""
    now = timezone.now()
    with transaction.atomic():
        Module.objects.filter(pk=module.pk).update(deleted_at=now)
        Case.objects.filter(module=module, deleted_at=None).update(deleted_at=now)
        record("delete", module)


def restore_module(module: Module) -> Module:
    """The module and the cases that went with it."""
    with transaction.atomic():
        _refuse_twin(module.project, module.name, apart_from=module.pk)
        Case.objects.filter(module=module, deleted_at=module.deleted_at).update(deleted_at=None)
        Module.objects.filter(pk=module.pk).update(deleted_at=None)
        record("restore", module)
    module.deleted_at = None
    return module


def place(row: Module | Environment, position: int, rows: QuerySet[Any]) -> None:
    """Puts a row at a position among its siblings and numbers them anew."""
    others = list(rows.exclude(pk=row.pk))
    others.insert(min(max(position, 0), len(others)), row)
    for number, other in enumerate(others):
        other.position = number
    type(row).objects.bulk_update(others, ["position"])
    row.position = others.index(row)


def _refuse_twin(project: Project, name: str, *, apart_from: int | None = None) -> None:
    """Inside the transaction that gives the name: whoever wants it at the same moment waits."""
    take_turn("modules of", project.pk)
    twins = Module.objects.filter(project=project, name=name, deleted_at=None)
    if any(pk != apart_from for pk in twins.values_list("pk", flat=True)):
        raise invalid("name", f"there is a module '{name}' already")
