"""What lists show of past runs; the runs side supplies it, so that projects need not know runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db.models import QuerySet

from hat.web.projects.models import Case


class History(Protocol):
    """The past as lists of cases and projects show it."""

    def of_cases(self, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """The last ten `{run_id, outcome}` of each case, newest first."""

    def of_projects(self, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """The last ten runs of each project, newest first, as briefs."""

    def with_outcome(self, cases: QuerySet[Case], outcome: str) -> QuerySet[Case]:
        """Only the cases whose last run ended so; `none` means never run."""


class NoHistory:
    """Nothing was ever run."""

    def of_cases(self, _ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        return {}

    def of_projects(self, _ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        return {}

    def with_outcome(self, cases: QuerySet[Case], outcome: str) -> QuerySet[Case]:
        return cases if outcome == "none" else cases.none()


_history: History = NoHistory()


def use_history(history: History) -> None:
    """Says where the past is; called once, when the site map is built."""
    global _history  # noqa: PLW0603
    _history = history


def history() -> History:
    return _history
