"""How a run goes: cases at once, retries, in how many shards, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hat.web.projects.models import Project
from hat.web.refusal import invalid
from hat.web.runs.shards import suggested
from hat.web.runs.snapshot import Chosen
from hat.web.runs.waiting import able_workers


@dataclass(frozen=True, slots=True)
class How:
    """How the cases are carried out; `shards` None: as it is best for so many cases and workers."""

    concurrency: int | None = None
    fail_fast: bool = False
    retries: int = 0
    shards: int | None = None
    label: str = ""
    alerts: str = "usual"
    rows: str = ""  # of parameters, as `hat run --rows` has them

    @property
    def of_engine(self) -> dict[str, Any]:
        """The part the engine is told."""
        how = {"concurrency": self.concurrency, "fail_fast": self.fail_fast, "retries": self.retries}
        return {**how, "rows": self.rows} if self.rows else how


USUAL = How()


def shards_for(how: How, cases: Sequence[Chosen], project: Project, label: str) -> int:
    """In how many shards a run goes, 1: as a whole. What keeps its order is split only if that is asked."""
    if how.shards is not None:
        if how.shards > 1 and how.fail_fast:
            raise invalid("options.shards", "a run that stops after the first red case is not split")
        return min(how.shards, len(cases))
    if how.fail_fast or how.concurrency == 1 or len(cases) < 2:
        return 1
    if how.concurrency is None and any(_dialect(case, project) != "hat" for case in cases):
        return 1
    if any((case.document.get("config") or {}).get("needs") for case in cases):
        return 1  # what several cases need runs once in a run, and would run once in each shard
    return suggested(len(cases), len(able_workers(label)))


def _dialect(case: Chosen, project: Project) -> str:
    return str(case.document.get("dialect") or project.dialect or "hat")
