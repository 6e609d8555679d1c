"""Routes of edits: change many cases at once, see before what changes, undo it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field

from hat.web.accounts.people import person
from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery, page_of
from hat.web.projects import access
from hat.web.projects.api.case_schemas import ModuleRef
from hat.web.projects.edits.change import AddCheck, AddHeader, Change, Replace
from hat.web.projects.edits.pattern import Pattern
from hat.web.projects.edits.places import PARTS, Part
from hat.web.projects.models import Case, Edit, Project, Role
from hat.web.projects.services import edits as services
from hat.web.refusal import invalid
from hat.web.text import Id, Line, Name, fault_in

router = Router(tags=["cases"])


def _kept(text: str) -> str:
    """As written: blanks at the ends count."""
    if fault := fault_in(text, lines=True):
        raise ValueError(fault)
    return text


class ReplaceIn(Schema):
    """One text for another."""

    kind: Literal["replace"]
    find: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_kept)]
    replacement: Annotated[str, Field(max_length=20_000), AfterValidator(_kept)] = ""
    regex: bool = False
    match_case: bool = True
    parts: Annotated[list[Part], Field(min_length=1, max_length=len(PARTS))] = list(PARTS)


class HeaderIn(Schema):
    """A header for every request."""

    kind: Literal["header"]
    name: Name
    value: Line = ""
    overwrite: bool = False


class CheckIn(Schema):
    """A check for every request."""

    kind: Literal["check"]
    expression: Annotated[Line, Field(min_length=1)]
    comparator: Name = "eq"
    expected: Any = None


AnyChange = Annotated[ReplaceIn | HeaderIn | CheckIn, Field(discriminator="kind")]


class EditPreviewIn(Schema):
    """Which cases: some, those of modules, or all of the project."""

    change: AnyChange
    cases: Annotated[list[Id], Field(max_length=10_000)] = []
    modules: Annotated[list[Id], Field(max_length=10_000)] = []
    all: bool = False


class PlaceOut(Schema):
    """What would change at one place: `old` becomes `new` between `head` and `tail`."""

    at: str
    part: Part
    step: int | None
    step_name: str
    path: str
    head: str
    old: str
    new: str
    tail: str
    count: int


class ProposedOut(Schema):
    id: int
    name: str
    module: ModuleRef
    version: int
    places: list[PlaceOut]
    problem: str


class EditPreview(Schema):
    """Cases with their places; `more` says that there are others, which did not fit."""

    cases: list[ProposedOut]
    more: bool


class PickIn(Schema):
    """A case as it was previewed; without places all of them are meant."""

    id: Id
    version: int
    places: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=5000)] | None = None


class EditIn(Schema):
    change: AnyChange
    cases: Annotated[list[PickIn], Field(min_length=1, max_length=10_000)]


class SkippedCase(Schema):
    id: int
    name: str
    reason: str


class EditDone(Schema):
    """The edit that can be undone, the cases it changed, and those it left alone with the reason."""

    id: int
    changed: list[int]
    skipped: list[SkippedCase]


class EditOut(Schema):
    id: int
    change: dict[str, Any]
    count: int
    at: datetime
    by: UserBrief | None
    undone_at: datetime | None


class EditList(PageOf[EditOut]):
    """Edits of a project, newest first."""


@router.post("/projects/{int:project_id}/edits/preview", response=EditPreview, operation_id="preview_edit")
def preview(request: HttpRequest, project_id: int, payload: EditPreviewIn) -> dict[str, Any]:
    project = access.project_for(person(request), project_id, Role.WRITER)
    found = services.preview(_chosen(project, payload), _change(payload.change))
    return {"cases": [_proposed(one) for one in found.cases], "more": found.more}


@router.post("/projects/{int:project_id}/edits", response=EditDone, operation_id="edit_cases")
def edit(request: HttpRequest, project_id: int, payload: EditIn) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    picks = {
        pick.id: services.Pick(pick.version, None if pick.places is None else set(pick.places))
        for pick in payload.cases
    }
    change = payload.change
    return _done(services.apply(user, project, picks, change=_change(change), said=change.dict()))


@router.get("/projects/{int:project_id}/edits", response=EditList, operation_id="edits")
def list_edits(request: HttpRequest, project_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    edits = Edit.objects.filter(project=project).select_related("by").order_by("-id")
    return page_of(edits, query, lambda rows: [_listed(row) for row in rows])


@router.post("/edits/{int:edit_id}/undo", response=EditDone, operation_id="undo_edit")
def undo(request: HttpRequest, edit_id: int) -> dict[str, Any]:
    user = person(request)
    return _done(services.undo(user, access.edit_for(user, edit_id, Role.WRITER)))


def _change(asked: ReplaceIn | HeaderIn | CheckIn) -> Change:
    match asked:
        case ReplaceIn():
            pattern = Pattern(
                asked.find, asked.replacement, is_regex=asked.regex, match_case=asked.match_case
            )
            return Replace(pattern, set(asked.parts))
        case HeaderIn():
            return AddHeader(asked.name, asked.value, asked.overwrite)
        case CheckIn():
            return AddCheck(asked.expression, asked.comparator, asked.expected)


def _chosen(project: Project, asked: EditPreviewIn) -> QuerySet[Case]:
    """The living cases meant, in the order of the list."""
    if not (asked.cases or asked.modules or asked.all):
        raise invalid("cases", "choose at least one case or module")
    alive = Case.objects.filter(project=project, deleted_at=None, module__deleted_at=None)
    if not asked.all:
        alive = alive.filter(pk__in=asked.cases) | alive.filter(module__in=asked.modules)
    return alive.select_related("module").order_by("module__position", "module_id", "position", "id")


def _proposed(one: services.Proposed) -> dict[str, Any]:
    case = one.case
    steps = case.document.get("teststeps") or []
    names = [str(step.get("name") or "") for step in steps]
    return {
        "id": case.pk,
        "name": case.name,
        "module": {"id": case.module_id, "name": case.module.name},
        "version": case.version,
        "problem": one.problem,
        "places": [
            {
                **{name: getattr(place, name) for name in place.__slots__},
                "step_name": "" if place.step is None else names[place.step],
            }
            for place in one.places
        ],
    }


def _done(done: services.Edited) -> dict[str, Any]:
    skipped = [{"id": case.pk, "name": case.name, "reason": reason} for case, reason in done.skipped]
    return {"id": done.edit.pk, "changed": done.changed, "skipped": skipped}


def _listed(edit: Edit) -> dict[str, Any]:
    return {
        "id": edit.pk,
        "change": edit.change,
        "count": len(edit.cases),
        "at": edit.at,
        "by": edit.by,
        "undone_at": edit.undone_at,
    }
