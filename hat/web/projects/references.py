"""Which case calls or needs which: judged and written down at every save."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Set
from typing import Any

from hat.web.accounts.models import User
from hat.web.projects.access import visible_cases
from hat.web.projects.links import linked_ids, links
from hat.web.projects.models import Case, CaseReference
from hat.web.refusal import Fault
from hat.web.turn import take_turn


def with_ids(document: Mapping[str, Any], project_id: int) -> Mapping[str, Any]:
    """The document with ids in place of names in `needs`; a name that is not exactly one case's stays."""
    wanted = {link.value for link in links(document) if link.is_need and isinstance(link.value, str)}
    if not wanted:
        return document
    cases = Case.objects.filter(project_id=project_id, deleted_at=None, name__in=wanted)
    found: dict[str, list[int]] = {}
    for pk, name in cases.values_list("pk", "name"):
        found.setdefault(name, []).append(pk)
    twin = {**document, "config": copy.deepcopy(document["config"])}
    for link in links(twin):
        numbers = found.get(link.value, []) if link.is_need and isinstance(link.value, str) else []
        if len(numbers) == 1:
            link.put(numbers[0])
    return twin


def reference_faults(
    document: Mapping[str, Any], *, user: User, case: Case | None, trusted: Set[int] = frozenset()
) -> list[Fault]:
    """Calls of cases that do not exist (for this user) or that would come back to the case itself.

    What the case called before stays allowed, though its target may be gone by now; so does `trusted`.
    """
    wanted = linked_ids(document)
    if not any(links(document)):
        return []
    take_turn("references")
    before = trusted | linked_ids(case.document) if case else trusted
    known = set(visible_cases(user).filter(pk__in=wanted - before).values_list("pk", flat=True)) | before
    circle = _circle(case, wanted) if case else set()
    faults = []
    for link in links(document):
        path, value = link.path, link.value
        if link.is_need and isinstance(value, str):
            faults.append(Fault(path, f"this project has no case named '{value}', or several"))
        elif type(value) is not int:
            faults.append(Fault(path, f"expected the id of a case, got {value!r}"))
        elif value in circle:
            faults.append(Fault(path, f"case {value} comes back to this case: a circle never ends"))
        elif value not in known:
            faults.append(Fault(path, f"there is no case {value}"))
    return faults


def _circle(case: Case, wanted: Iterable[int]) -> set[int]:
    """Those of the wanted ids from which a chain of calls leads to the case."""
    reaching = {case.pk}
    level = {case.pk}
    while level:
        callers = CaseReference.objects.filter(called__in=level).values_list("caller_id", flat=True)
        level = set(callers) - reaching
        reaching |= level
    return reaching & set(wanted)


def write_references(case: Case, document: Mapping[str, Any]) -> None:
    """Makes the index say what the document says."""
    wanted = linked_ids(document)
    if case.version > 1:
        CaseReference.objects.filter(caller=case).exclude(called__in=wanted).delete()
    if not wanted:
        return
    existing = Case.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    rows = [CaseReference(caller=case, called_id=pk) for pk in existing]
    CaseReference.objects.bulk_create(rows, ignore_conflicts=True)


def callers_of(case: Case, *, user: User) -> list[dict[str, Any]]:
    """Who calls the case, of what the user may see."""
    callers = visible_cases(user).filter(calls__called=case).order_by("name", "id")
    return [dict(caller) for caller in callers.values("id", "name", "project_id")]


def called_by(document: Mapping[str, Any], *, user: User) -> dict[str, dict[str, Any]]:
    """Name and module of each called case that exists and that the user may see, by id."""
    cases = visible_cases(user).filter(pk__in=linked_ids(document))
    found = cases.values_list("id", "name", "module__name")
    return {str(pk): {"id": pk, "name": name, "module": module} for pk, name, module in found}
