"""Lists of the API: one page of rows with the number of all rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field

from hat.web.refusal import invalid
from hat.web.text import Search

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)


class PageQuery(Schema):
    """Which part of a list is asked for."""

    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(25, ge=1, le=500)
    search: Search = ""
    sort: Search = ""


class PageOf(Schema, Generic[T]):
    """A part of a list and the number of all its rows."""

    items: list[T]
    total: int
    page: int
    page_size: int


def page_of(
    rows: QuerySet[Row], query: PageQuery, shape: Callable[[Sequence[Row]], list[Any]]
) -> dict[str, Any]:
    """The asked page; `shape` makes its rows items all at once, so that queries stay few."""
    first = (query.page - 1) * query.page_size
    total = rows.count()
    chosen = list(rows[first : first + query.page_size]) if first < total else []
    return {"items": shape(chosen), "total": total, "page": query.page, "page_size": query.page_size}


def whole(items: Sequence[Any]) -> dict[str, Any]:
    """A short list that always comes complete."""
    return {"items": items, "total": len(items), "page": 1, "page_size": max(len(items), 1)}


def ordering(sort: str, allowed: Mapping[str, str], default: str) -> list[str]:
    """The columns for `name` or `-name`; the id decides between equals, so that pages never overlap."""
    wanted = sort or default
    column = allowed.get(wanted.removeprefix("-"))
    if column is None:
        raise invalid("sort", f"cannot sort by '{wanted}'", hint=f"known here: {', '.join(allowed)}")
    sign = "-" if wanted.startswith("-") else ""
    return [*(sign + name for name in column.split()), sign + "id"]
