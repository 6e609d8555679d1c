"""Writing the audit log: one explicit call where something happens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import Model

from hat.web.audit.actor import address, signed_in
from hat.web.audit.change import differences
from hat.web.audit.models import Entry

_silent: ContextVar[bool] = ContextVar("hat_audit_silent", default=False)

State = Mapping[str, Any]


def record(
    action: str,
    row: Model,
    *,
    before: State | None = None,
    after: State | None = None,
    name: str = "",
    by: Any = None,
) -> None:
    """Who did that to the row; `by` is for when no request says who: a user, or just a name."""
    if not _silent.get():
        _entry(action, row, differences(before or {}, after or {}), name=name, by=by).save(force_insert=True)


def record_all(
    action: str, rows: Sequence[Model], *, before: Sequence[State] = (), after: Sequence[State] = ()
) -> None:
    """The same deed on many rows, in one statement."""
    if _silent.get():
        return
    old, new = before or [{}] * len(rows), after or [{}] * len(rows)
    made = [_entry(action, row, differences(was, now)) for row, was, now in zip(rows, old, new, strict=True)]
    Entry.objects.bulk_create(made, batch_size=500)


def record_purge(count: int, before: datetime) -> None:
    """That HAT forgot entries of the log itself: how many, and from before when."""
    told = [
        {"field": "entries", "before": count, "after": 0},
        {"field": "older_than", "before": None, "after": before},
    ]
    changed = json.dumps(told, default=str, separators=(",", ":"))
    Entry.objects.create(action="purge", noun="audit", changed=changed)


@contextmanager
def silent() -> Iterator[None]:
    """Inside, nothing is written: the one entry outside speaks for all."""
    mark = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(mark)


def _entry(
    action: str, row: Model, changes: list[dict[str, Any]], *, name: str = "", by: Any = None
) -> Entry:
    user = signed_in() or by
    noun = str(row._meta.model_name)
    project: Any = row if noun == "project" else getattr(row, "project", None)
    token = getattr(user, "token", None)
    return Entry(
        user_id=getattr(user, "pk", None),
        user_name=str(user or "")[:150],
        token_name=token.name if token else "",
        address=address(),
        action=action,
        noun=noun,
        object_id=row.pk,
        object_name=(name or str(row))[:500],
        project_id=project.pk if project else None,
        project_name=project.name if project else "",
        changed=json.dumps(changes, default=str, separators=(",", ":")),
    )
