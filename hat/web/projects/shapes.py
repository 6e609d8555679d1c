"""Cases as the API shows them: rows of a list, and one case in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hat.web.accounts.models import User
from hat.web.projects.history import history
from hat.web.projects.models import Case
from hat.web.projects.references import called_by, callers_of


def user_brief(user: User | None) -> dict[str, Any] | None:
    return None if user is None else {"id": user.pk, "username": user.username, "name": user.name}


def case_rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Rows of a list; the past of all of them in one query."""
    last = history().of_cases([case.pk for case in cases])
    return [{**_head(case), **_listed(case), "last": last.get(case.pk, [])} for case in cases]


def case_shape(case: Case, *, user: User) -> dict[str, Any]:
    """One case in full, with what it calls and who calls it."""
    return {
        **_head(case),
        "project_id": case.project_id,
        "description": case.description,
        "document": case.document,
        "references": called_by(case.document, user=user),
        "used_by": callers_of(case, user=user),
    }


def _head(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "name": case.name,
        "module": {"id": case.module_id, "name": case.module.name},
        "priority": case.priority,
        "tags": [tag.name for tag in case.tags.all()],
        "owner": user_brief(case.owner),
        "updated_at": case.updated_at,
        "updated_by": user_brief(case.updated_by),
        "version": case.version,
    }


def _listed(case: Case) -> dict[str, Any]:
    return {"step_count": case.step_count, "method": case.method, "url": case.url}
