"""The case list: filters, search, order, on the server and in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hat.web.paging import ordering
from hat.web.projects.history import history
from hat.web.projects.models import Case, Project, Tag

SORTS = {
    "position": "module__position module_id position",
    "name": "name",
    "module": "module__position module_id name",
    "priority": "priority",
    "step_count": "step_count",
    "method": "method",
    "url": "url",
    "owner": "owner__username",
    "updated_at": "updated_at",
    "created_at": "created_at",
    "version": "version",
    "id": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the listed cases must fit, all at once."""

    search: str = ""
    module: int | None = None
    tag: Sequence[str] = ()
    outcome: str = ""
    owner: int | None = None
    priority: str = ""
    deleted: bool = False


def found_cases(project: Project, filters: Filters) -> QuerySet[Case]:
    """The cases that fit; every word of the search must occur in name, URL, method or a tag."""
    exact = {"module": filters.module, "owner": filters.owner, "priority": filters.priority}
    cases = Case.objects.filter(project=project, deleted_at__isnull=not filters.deleted)
    cases = cases.filter(**{column: value for column, value in exact.items() if value})
    for tag in filters.tag:
        cases = cases.filter(_tagged(name=tag))
    for word in filters.search.split()[:10]:
        cases = cases.filter(_holds(word))
    return history().with_outcome(cases, filters.outcome) if filters.outcome else cases


def listed(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """The cases in order, with all a row shows and without their documents."""
    related = cases.select_related("module", "owner", "updated_by").prefetch_related("tags")
    return related.defer("document", "description").order_by(*ordering(sort, SORTS, "position"))


def _tagged(**name: str) -> Exists:
    return Exists(Tag.objects.filter(case=OuterRef("pk"), **name))


def _holds(word: str) -> Q:
    number = Q(pk=int(word)) if word.isascii() and word.isdigit() and len(word) < 18 else Q()
    text = Q(name__icontains=word) | Q(url__icontains=word) | Q(method__iexact=word)
    return text | Q(_tagged(name__icontains=word)) | number
