"""Shapes of cases in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery
from hat.web.text import Id, Line, Name, Search, Text

Priority = Literal["", "P0", "P1", "P2", "P3"]
Document = dict[str, Any]


def _tag(text: str) -> str:
    if "," in text:
        raise ValueError("a tag has no comma")
    return text


TagWord = Annotated[Name, Field(max_length=50), AfterValidator(_tag)]
Tags = Annotated[list[TagWord], Field(max_length=50)]
Ids = Annotated[list[Id], Field(min_length=1, max_length=10_000)]


class ModuleRef(Schema):
    id: int
    name: str


class CaseQuery(PageQuery):
    """Filters of the case list; they narrow together."""

    module: Id | None = None
    tag: list[Search] = []
    outcome: Literal["", "passed", "failed", "error", "skipped", "none"] = ""
    owner: Id | None = None
    priority: Priority = ""
    deleted: bool = False


class LastOutcome(Schema):
    run_id: int
    outcome: str


class CaseRow(Schema):
    id: int
    name: str
    module: ModuleRef
    priority: Priority
    tags: list[str]
    step_count: int
    method: str
    url: str
    owner: UserBrief | None
    updated_at: datetime
    updated_by: UserBrief | None
    version: int
    last: list[LastOutcome]


class CaseList(PageOf[CaseRow]):
    """Cases of a project."""


class CaseRef(Schema):
    id: int
    name: str
    module: str


class Caller(Schema):
    id: int
    name: str
    project_id: int


class CaseOut(Schema):
    id: int
    project_id: int
    module: ModuleRef
    name: str
    description: str
    tags: list[str]
    priority: Priority
    owner: UserBrief | None
    version: int
    document: Document
    references: dict[str, CaseRef]
    used_by: list[Caller]
    updated_at: datetime
    updated_by: UserBrief | None


class CaseNew(Schema):
    module_id: Id
    name: Name | None = None
    document: Document | None = None
    tags: Tags = []
    priority: Priority = ""
    description: Text = ""


class CasePut(Schema):
    version: int
    document: Document
    name: Name | None = None
    module_id: Id | None = None
    description: Text | None = None
    tags: Tags | None = None
    priority: Priority | None = None
    owner_id: Id | None = None
    note: Annotated[Line, Field(max_length=200)] = ""


class CaseCopy(Schema):
    name: Name | None = None
    module_id: Id | None = None


class Batch(Schema):
    ids: Ids
    action: Literal["move", "tag", "untag", "copy", "delete", "restore"]
    module_id: Id | None = None
    tags: Tags | None = None


class Changed(Schema):
    changed: list[int]


class Order(Schema):
    module_id: Id
    ids: Ids


class DocumentOut(Schema):
    document: Document


class DocumentIn(Schema):
    document: Document


class YamlText(Schema):
    text: Annotated[str, Field(max_length=2_000_000)]


class TagCount(Schema):
    name: str
    count: int


class TagList(PageOf[TagCount]):
    """Tags used in a project."""
