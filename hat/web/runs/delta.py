"""What is new in a run since a cursor: a page of case results and step rows, by one indexed query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from hat.web.projects.models import Tag
from hat.web.runs.models import CaseRun, Kind, Run, Status
from hat.web.runs.outline import COLUMNS
from hat.web.runs.shapes import case_value, run_value
from hat.web.runs.underway import joined

STEP_COLUMNS = ["id", "case_run_id", *COLUMNS]
MOST_STEPS = 1000
MOST_CASES = 250
LOOKED_BACK = 5  # runs that tell how long one takes


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: all case results up to one, or the first steps of that one."""

    case_run: int = 0
    steps: int = 0

    @classmethod
    def read(cls, text: str) -> Cursor:
        """A cursor as we gave it out; anything else begins from the start."""
        case_run, _, steps = text.partition(":")
        if not case_run.isdecimal() or len(case_run) > 18:
            return cls()
        return cls(int(case_run), int(steps) if steps.isdecimal() and len(steps) < 10 else 0)

    def __str__(self) -> str:
        return f"{self.case_run}:{self.steps}" if self.steps else str(self.case_run)


def delta(run: Run, after: str) -> dict[str, Any]:
    """The next page; `run` must have been read before, so that a finished run's page is never short."""
    cursor = Cursor.read(after)
    first = cursor.case_run if cursor.steps else cursor.case_run + 1
    new = CaseRun.objects.filter(run=run, pk__gte=first).order_by("pk").defer("packed")
    cases, rows, reached, more = _page(new[:MOST_CASES], cursor)
    tags = _tags({case_run.case_id for case_run in cases if case_run.case_id})
    return {
        "run": run_value(run),
        "expected_ms": expected_ms(run),
        "underway": underway(run),
        "cases": [case_value(case_run, tags.get(case_run.case_id or 0, [])) for case_run in cases],
        "steps": {"columns": STEP_COLUMNS, "rows": rows},
        "cursor": str(reached),
        "more": more,
    }


def _tags(cases: set[int]) -> dict[int, list[str]]:
    """The tags of cases as they are now."""
    found: dict[int, list[str]] = {}
    for case, name in Tag.objects.filter(case__in=cases).values_list("case_id", "name"):
        found.setdefault(case, []).append(name)
    return found


def underway(run: Run) -> dict[str, Any]:
    """The cases its worker is at, or the workers of its shards."""
    if run.shards:
        return joined(run.parts.order_by("shard").values_list("underway", flat=True))
    return joined([run.underway])


def expected_ms(run: Run) -> float | None:
    """How long the last runs of as many cases in the same environment took; None for a run that ended."""
    if run.finished_at:
        return None
    alike = Run.objects.filter(
        project=run.project_id,
        kind=Kind.RUN,
        pk__lt=run.pk,
        status=Status.FINISHED,
        total=run.total,
        environment_name=run.environment_name,
        elapsed_ms__isnull=False,
    )
    times = alike.order_by("-pk").values_list("elapsed_ms", flat=True)[:LOOKED_BACK]
    known = [time for time in times if time is not None]
    return round(median(known), 1) if known else None


def _page(new: Iterable[CaseRun], cursor: Cursor) -> tuple[list[CaseRun], list[list[Any]], Cursor, bool]:
    cases: list[CaseRun] = []
    rows: list[list[Any]] = []
    reached = cursor
    seen = 0
    for case_run in new:
        seen += 1
        begun = cursor.steps if case_run.pk == cursor.case_run else 0
        room = MOST_STEPS - len(rows)
        if not room:
            return cases, rows, reached, True
        if not begun:
            cases.append(case_run)
        steps = case_run.outline[begun : begun + room]
        rows += [[f"{case_run.pk}.{step[0]}", case_run.pk, *step] for step in steps]
        if begun + len(steps) < len(case_run.outline):
            return cases, rows, Cursor(case_run.pk, begun + len(steps)), True
        reached = Cursor(case_run.pk)
    return cases, rows, reached, seen == MOST_CASES
