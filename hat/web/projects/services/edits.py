"""Change many cases at once, and undo it: a case that was changed meanwhile is left out and named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record_all
from hat.web.projects.documents import faults_of, finished, summary
from hat.web.projects.edits.change import Change, Proposal
from hat.web.projects.models import NAME_LENGTH, Case, CaseRevision, Edit, Project
from hat.web.projects.services.cases import name_in
from hat.web.refusal import Fault

MOST_PLACES = 3000
_COLUMNS = ["document", "name", "step_count", "method", "url", "version", "updated_at", "updated_by"]

Maker = Callable[[Case], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a change would do to one case; with a problem it could not be saved."""

    case: Case
    places: list[Proposal]
    problem: str = ""


@dataclass(slots=True)
class Preview:
    """What a change would do; `more` when there is more than fits."""

    cases: list[Proposed] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """A case as it was previewed: at that version, at these places; None means at all."""

    version: int
    places: Collection[str] | None = None


@dataclass(slots=True)
class Edited:
    """What came of it: the cases changed, and those left out with the reason."""

    edit: Edit
    changed: list[int] = field(default_factory=list)
    skipped: list[tuple[Case, str]] = field(default_factory=list)


class _UnfitError(ValueError):
    """Why one case is left out."""


def preview(cases: QuerySet[Case], change: Change) -> Preview:
    """Every place of these cases that would change; stops where nobody could look through it any more."""
    found = Preview()
    places = 0
    for case in cases.iterator(chunk_size=200):
        here = list(change.proposals(case.document))
        if not here:
            continue
        places += len(here)
        if places > MOST_PLACES and found.cases:
            found.more = True
            break
        found.cases.append(Proposed(case, here, _problem(case, change)))
    return found


def _problem(case: Case, change: Change) -> str:
    try:
        _fitting(change.applied(case.document, lambda _at: True))
    except ValueError as problem:
        return str(problem)
    return ""


def apply(
    user: User, project: Project, picks: Mapping[int, Pick], *, change: Change, said: Mapping[str, Any]
) -> Edited:
    """Changes the picked places of all cases that still are as previewed: one edit, undone by one action."""
    with transaction.atomic():
        edit = Edit.objects.create(project=project, change=dict(said), at=timezone.now(), by=user)
        done = Edited(edit)

        def make(case: Case) -> Mapping[str, Any]:
            pick = picks[case.pk]
            _refuse_other_version(case, pick.version)
            places = pick.places
            return change.applied(case.document, lambda at: places is None or at in places)

        rows = _save(done, _living(project, picks), make, user=user, note=f"edit {edit.pk}")
        edit.cases = [[case.pk, case.version - 1, case.version] for case in rows]
        edit.save(update_fields=["cases"])
    return done


def undo(user: User, edit: Edit) -> Edited:
    """Brings back what the edit changed, as new versions; who saved a case since then keeps their work."""
    with transaction.atomic():
        # Two who undo at once take turns: the second finds only what the first left.
        edit = Edit.objects.select_for_update(of=("self",)).select_related("project").get(pk=edit.pk)
        versions = {pk: (before, after) for pk, before, after in edit.cases}
        done = Edited(edit)
        cases = _living(edit.project, versions)
        olds = {
            (row.case_id, row.version): row.document
            for row in CaseRevision.objects.filter(case__in=[case.pk for case in cases])
            if row.version == versions[row.case_id][0]
        }

        def make(case: Case) -> Mapping[str, Any]:
            before, after = versions[case.pk]
            _refuse_other_version(case, after)
            old: Mapping[str, Any] = olds[case.pk, before]
            return old

        rows = _save(done, cases, make, user=user, note=f"edit {edit.pk} undone")
        # A case left out can be tried again; those that came back are done with.
        edit.cases = [row for row in edit.cases if row[0] not in {case.pk for case in rows}]
        edit.undone_at = timezone.now()
        edit.save(update_fields=["cases", "undone_at"])
    return done


def _living(project: Project, ids: Collection[int]) -> list[Case]:
    """The cases, locked until the transaction ends; one that was deleted meanwhile is not among them."""
    cases = Case.objects.select_for_update(of=("self",)).filter(project=project, pk__in=ids, deleted_at=None)
    return list(cases.select_related("project", "updated_by").order_by("pk"))


def _save(done: Edited, cases: Sequence[Case], make: Maker, *, user: User, note: str) -> list[Case]:
    """Stores the documents that are made and fit, each as a new version with its revision."""
    before: list[dict[str, Any]] = []
    rows: list[Case] = []
    for case in cases:
        old = _state(case)
        try:
            document = _fitting(make(case))
        except ValueError as problem:
            done.skipped.append((case, str(problem)))
            continue
        before.append(old)
        _set(case, document, user)
        rows.append(case)
    Case.objects.bulk_update(rows, _COLUMNS, batch_size=100)
    CaseRevision.objects.bulk_create(_revisions(rows, note), batch_size=100)
    record_all("change", rows, before=before, after=[_state(case) for case in rows])
    done.changed = [case.pk for case in rows]
    return rows


def _revisions(rows: Sequence[Case], note: str) -> Iterator[CaseRevision]:
    for case in rows:
        yield CaseRevision(
            case=case,
            version=case.version,
            name=case.name,
            document=case.document,
            at=case.updated_at,
            by=case.updated_by,
            note=note,
        )


def _set(case: Case, document: Mapping[str, Any], user: User) -> None:
    name = name_in(document) or case.name
    stored = finished(document, name=name[:NAME_LENGTH])
    read = summary(stored)
    case.document, case.name = stored, name
    case.step_count, case.method, case.url = read.step_count, read.method, read.url
    case.version += 1
    case.updated_at, case.updated_by = timezone.now(), user


def _state(case: Case) -> dict[str, Any]:
    document = case.document
    return {
        "name": case.name,
        "version": case.version,
        "config": {**(document.get("config") or {}), "name": None},
        "teststeps": document.get("teststeps"),
    }


def _fitting(document: Mapping[str, Any]) -> Mapping[str, Any]:
    faults = faults_of(document)
    if faults:
        raise _UnfitError(_sentence(faults[0]))
    return document


def _sentence(fault: Fault) -> str:
    return f"{fault.path}: {fault.message}" if fault.path else fault.message


def _refuse_other_version(case: Case, version: int) -> None:
    if case.version != version:
        who = f" by {case.updated_by}" if case.updated_by else ""
        raise _UnfitError(f"was changed meanwhile{who}: version {case.version}, expected {version}")
