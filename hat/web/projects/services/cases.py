"""What happens to a case: make, save, copy, delete, restore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record
from hat.web.projects.access import case_for
from hat.web.projects.documents import faults_of, finished, renamed, summary
from hat.web.projects.links import linked_ids
from hat.web.projects.models import NAME_LENGTH, Case, CaseRevision, Module, Role, Tag, empty_document
from hat.web.projects.references import reference_faults, with_ids, write_references
from hat.web.refusal import invalid_all
from hat.web.text import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new state of a case; None leaves as it is."""

    document: Mapping[str, Any] | None = None
    name: str | None = None
    module: Module | None = None
    description: str | None = None
    tags: Iterable[str] | None = None
    priority: str | None = None
    owner: User | None = None
    file: str | None = None
    note: str = ""
    trusted: Set[int] = frozenset()


def create_case(user: User, module: Module, draft: Draft) -> Case:
    """A new case at the end of its module, with its first revision."""
    now = timezone.now()
    document = draft.document or empty_document("", dialect=module.project.dialect)
    name = draft.name or name_in(document) or "Case"
    with transaction.atomic():
        document = with_ids(document, module.project_id)
        document = _accepted(draft, document, name=name, user=user)
        case = Case.objects.create(
            project=module.project,
            module=module,
            name=name,
            description=draft.description or "",
            priority=draft.priority or "",
            file=draft.file or "",
            position=next_position(module),
            owner=user,
            updated_at=now,
            updated_by=user,
            **_columns(document),
        )
        _record(case, document, by=user, at=now, note=draft.note)
        write_references(case, document)
        if draft.tags:
            set_tags(case, draft.tags)
        record("create", case, by=user)
    return case


def save_case(user: User, case: Case, draft: Draft, *, version: int) -> Case | None:
    """The case in its new state, or None when somebody else saved since `version`."""
    now = timezone.now()
    document = draft.document if draft.document is not None else case.document
    name = draft.name or name_in(document) or case.name
    before = state_of(case)
    with transaction.atomic():
        document = with_ids(document, case.project_id)
        document = _accepted(draft, document, name=name, user=user, case=case)
        row = Case.objects.filter(pk=case.pk, version=version, deleted_at=None)
        changes = {
            "description": draft.description,
            "priority": draft.priority,
            "module": draft.module,
            "owner": draft.owner,
            "file": draft.file,
        }
        kept = {field: value for field, value in changes.items() if value is not None}
        if not row.update(
            version=F("version") + 1, name=name, updated_at=now, updated_by=user, **_columns(document), **kept
        ):
            return None
        case.version, case.name = version + 1, name
        _record(case, document, by=user, at=now, note=draft.note)
        write_references(case, document)
        if draft.tags is not None:
            set_tags(case, draft.tags)
        saved = case_for(user, case.pk)
        record("change", saved, before=before, after=state_of(saved), by=user)
    return saved


def copy_case(user: User, case: Case, *, name: str | None = None, module: Module | None = None) -> Case:
    """A copy under a name of its own, inside the document too."""
    twin = name or f"{case.name[: NAME_LENGTH - 7]} (copy)"
    draft = Draft(
        document=renamed(case.document, twin),
        name=twin,
        description=case.description,
        tags=[tag.name for tag in case.tags.all()],
        priority=case.priority,
        trusted=linked_ids(case.document),
        note=f"copied from case {case.pk}",
    )
    return create_case(user, module or case.module, draft)


def delete_case(case: Case) -> None:
    """Out of every list, not out of the database; its callers keep their step and say so when run."""
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, deleted_at=None).update(deleted_at=timezone.now())
        record("delete", case)


def restore_case(user: User, case: Case) -> Case:
    """Back into its module, which comes back with it if it was deleted."""
    with transaction.atomic():
        Module.objects.filter(pk=case.module_id).update(deleted_at=None)
        Case.objects.filter(pk=case.pk).update(deleted_at=None)
        record("restore", case, by=user)
    return case_for(user, case.pk, Role.WRITER)


def state_of(case: Case) -> dict[str, Any]:
    """The case as the audit log compares it; the name in the document follows that of the case."""
    return {
        "name": case.name,
        "module": case.module.name,
        "description": case.description,
        "priority": case.priority,
        "owner": case.owner.username if case.owner else "",
        "tags": ", ".join(case.tags.values_list("name", flat=True)),
        "version": case.version,
        "config": {**(case.document.get("config") or {}), "name": None},
        "teststeps": case.document.get("teststeps"),
    }


def name_in(document: Mapping[str, Any]) -> str:
    """The name a document gives itself."""
    config = document.get("config")
    name = config.get("name") if isinstance(config, dict) else ""
    return storable(name)[:NAME_LENGTH] if isinstance(name, str) else ""


def next_position(module: Module) -> int:
    last = Case.objects.filter(module=module).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def set_tags(case: Case, tags: Iterable[str]) -> None:
    """Exactly these tags, in this order."""
    wanted = list(dict.fromkeys(tags))
    Tag.objects.filter(case=case).exclude(name__in=wanted).delete()
    Tag.objects.bulk_create([Tag(case=case, name=name) for name in wanted], ignore_conflicts=True)


def _accepted(
    draft: Draft, document: Mapping[str, Any], *, name: str, user: User, case: Case | None = None
) -> dict[str, Any]:
    """The document as it is stored; 422 with every fault at its path."""
    faults = faults_of(document) or reference_faults(document, user=user, case=case, trusted=draft.trusted)
    if faults:
        raise invalid_all(faults)
    return finished(document, name=name)


def _columns(document: dict[str, Any]) -> dict[str, Any]:
    read = summary(document)
    return {"document": document, "step_count": read.step_count, "method": read.method, "url": read.url}


def _record(case: Case, document: dict[str, Any], *, by: User, at: datetime, note: str) -> None:
    CaseRevision.objects.create(
        case=case, version=case.version, name=case.name, document=document, at=at, by=by, note=note[:200]
    )
