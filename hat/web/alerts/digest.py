"""What happened in a run, for people who did not watch: its failures by cause, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hat.result import Outcome
from hat.web.runs.changes import RED, changes
from hat.web.runs.models import Run
from hat.web.runs.progress import is_flaky

_AT_ONCE = 500  # a statement of SQLite does not take any number of values
_MOST = 100  # of a kind in JSON; the report has them all


@dataclass(frozen=True, slots=True)
class Cause:
    """Why cases are red, and which."""

    reason: str
    cases: tuple[str, ...]

    @property
    def value(self) -> dict[str, Any]:
        """The cause as JSON."""
        return {"reason": self.reason, "count": len(self.cases), "cases": list(self.cases[:_MOST])}


@dataclass(frozen=True, slots=True)
class Digest:
    """The cases of a run that are worth telling: newly red, still red, recovered, passed by repetition."""

    new: tuple[Cause, ...] = ()
    still: tuple[Cause, ...] = ()
    recovered: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()

    @property
    def has_changed(self) -> bool:
        """Whether a case went red or recovered."""
        return bool(self.new or self.recovered)

    @property
    def value(self) -> dict[str, Any]:
        """The digest as JSON, of many causes and names the first."""
        return {
            "new": [cause.value for cause in self.new[:_MOST]],
            "still": [cause.value for cause in self.still[:_MOST]],
            "recovered": list(self.recovered[:_MOST]),
            "flaky": list(self.flaky[:_MOST]),
        }


def digest(run: Run) -> Digest:
    """The digest of a finished run; its cases in the order they have there."""
    told = {one["case_run_id"]: str(one["change"]) for one in changes(run)}
    rows = run.case_runs.filter(outcome__in=RED).order_by("seq")
    # A red case that was deleted meanwhile has no history.
    red = [
        (told.get(pk) or "new", fingerprint, reason, name)
        for pk, fingerprint, reason, name in rows.values_list("pk", "fingerprint", "reason", "name")
    ]
    return Digest(
        new=_causes(rest for change, *rest in red if change == "new"),
        still=_causes(rest for change, *rest in red if change == "still"),
        recovered=_names(run, [pk for pk, change in told.items() if change == "recovered"]),
        flaky=_flaky(run),
    )


def _causes(rows: Iterable[list[str]]) -> tuple[Cause, ...]:
    """The causes, the one of most cases first."""
    found: dict[str, tuple[str, list[str]]] = {}
    for fingerprint, reason, name in rows:
        found.setdefault(fingerprint or reason, (reason, []))[1].append(name)
    causes = [Cause(reason, tuple(dict.fromkeys(names))) for reason, names in found.values()]
    return tuple(sorted(causes, key=lambda cause: -len(cause.cases)))


def _names(run: Run, ids: list[int]) -> tuple[str, ...]:
    parts = (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))
    rows = (row for part in parts for row in run.case_runs.filter(pk__in=part).values_list("seq", "name"))
    return tuple(dict.fromkeys(name for _, name in sorted(rows)))


def _flaky(run: Run) -> tuple[str, ...]:
    if not run.flaky:
        return ()
    rows = run.case_runs.filter(outcome=Outcome.PASSED.value).order_by("seq")
    found = rows.values_list("name", "counts")
    return tuple(dict.fromkeys(name for name, counts in found if is_flaky(Outcome.PASSED.value, counts)))
