"""Routes of the audit log: read it by filters, take it away as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from hat.web.accounts.people import person, require_admin
from hat.web.audit.models import Entry
from hat.web.paging import PageOf, PageQuery, page_of
from hat.web.projects.access import project_for
from hat.web.projects.models import Role
from hat.web.runs.schemas import Zone
from hat.web.text import Id, Search

router = Router(tags=["audit"])

MOST_ROWS = 100_000
_COLUMNS = (
    "at", "user_name", "token_name", "address", "action", "noun", "object_id", "object_name",
    "project_id", "project_name", "changes",
)  # fmt: skip
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
# What a spreadsheet would take for a formula, in Chinese and Japanese settings also in wide letters: at the
# beginning of a cell, and where one that splits elsewhere than at commas sees another cell begin.
_FORMULA = re.compile(r'(^(?=[\t\r\n])|(?:^|[;|\t\r\n]"*)(?=[=+\-@＝＋－＠]))')


class AuditQuery(PageQuery):
    """Filters of the audit log; the days are those of `zone`, both included."""

    who: Search = ""
    action: Search = ""
    object: Search = ""
    object_id: Id | None = None
    from_day: Day | None = Field(None, alias="from")
    to_day: Day | None = Field(None, alias="to")
    zone: Zone = "UTC"


class ChangeOut(Schema):
    field: str
    before: Any
    after: Any


class EntryOut(Schema):
    id: int
    at: datetime
    user_id: int | None
    user_name: str
    token_name: str
    address: str
    action: str
    noun: str
    object_id: int | None
    object_name: str
    project_id: int | None
    project_name: str
    changes: list[ChangeOut]


class EntryList(PageOf[EntryOut]):
    """Entries of the audit log, newest first."""


@router.get("/audit", response=EntryList, operation_id="audit")
def list_all(request: HttpRequest, query: Query[AuditQuery]) -> dict[str, Any]:
    require_admin(request)
    return page_of(_found(Entry.objects.all(), query), query, list)


@router.get("/audit/export", operation_id="audit_export")
def export_all(request: HttpRequest, query: Query[AuditQuery]) -> StreamingHttpResponse:
    """The same as CSV."""
    require_admin(request)
    return _download(_found(Entry.objects.all(), query), "audit.csv")


@router.get("/projects/{int:project_id}/audit", response=EntryList, operation_id="project_audit")
def list_of_project(request: HttpRequest, project_id: int, query: Query[AuditQuery]) -> dict[str, Any]:
    return page_of(_found(_of_project(request, project_id), query), query, list)


@router.get("/projects/{int:project_id}/audit/export", operation_id="project_audit_export")
def export_of_project(
    request: HttpRequest, project_id: int, query: Query[AuditQuery]
) -> StreamingHttpResponse:
    """The same as CSV."""
    return _download(_found(_of_project(request, project_id), query), f"audit-{project_id}.csv")


def _of_project(request: HttpRequest, project_id: int) -> QuerySet[Entry]:
    project = project_for(person(request), project_id, Role.OWNER)
    return Entry.objects.filter(project_id=project.pk)


def _found(entries: QuerySet[Entry], query: AuditQuery) -> QuerySet[Entry]:
    exact = {"user_name__iexact": query.who, "action": query.action, "noun": query.object}
    entries = entries.filter(**{field: value for field, value in exact.items() if value})
    if query.object_id is not None:
        entries = entries.filter(object_id=query.object_id)
    zone = ZoneInfo(query.zone)
    if query.from_day:
        entries = entries.filter(at__gte=_midnight(query.from_day, zone))
    if query.to_day:
        entries = entries.filter(at__lt=_midnight(query.to_day, zone) + timedelta(days=1))
    for word in query.search.split():
        named = Q(object_name__icontains=word) | Q(project_name__icontains=word)
        entries = entries.filter(named | Q(user_name__icontains=word) | Q(address__icontains=word))
    return entries.order_by("-id")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _download(entries: QuerySet[Entry], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _lines(entries: QuerySet[Entry]) -> Iterator[bytes]:
    """CSV that a spreadsheet reads as text; the mark at its beginning says that it is UTF-8."""
    yield b"\xef\xbb\xbf" + _line(_COLUMNS)
    for entry in entries[:MOST_ROWS].iterator(chunk_size=500):
        yield _line([_cell(entry, column) for column in _COLUMNS])


def _cell(entry: Entry, column: str) -> str:
    value = getattr(entry, column)
    if column == "changes":
        text = json.dumps(value, ensure_ascii=False) if value else ""
    else:
        text = value.isoformat() if column == "at" else "" if value is None else str(value)
    return _FORMULA.sub(r"\1'", text)


def _line(cells: tuple[str, ...] | list[str]) -> bytes:
    sheet = io.StringIO()
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerow(cells)
    return sheet.getvalue().encode("utf-8", "replace")
