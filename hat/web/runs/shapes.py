"""Rows of runs as the values the API answers with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hat.result import Outcome
from hat.web.runs.models import CaseRun, Run
from hat.web.runs.progress import is_flaky
from hat.web.runs.waiting import Waiting


def run_value(run: Run, waiting: Waiting | None = None) -> dict[str, Any]:
    """A run as every page shows it."""
    wait = (waiting or Waiting()).of(run)
    return {
        "id": run.pk,
        "project": {"id": run.project_id, "name": run.project.name},
        "name": run.name,
        "kind": run.kind,
        "status": run.status,
        "outcome": run.outcome or None,
        "trigger": run.trigger,
        "environment": _environment(run),
        "created_by": run.created_by,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "elapsed_ms": run.elapsed_ms,
        "total": run.total,
        "done": run.done,
        "counts": counts_value(run),
        "waiting_for": wait.words if wait else "",
        "waiting": wait,
        "label": run.label,
        "shards": run.shards,
        "pinned": run.pinned,
        "reason": run.reason,
        "retry_of": run.retry_of_id,
        "cancelling": run.cancel_at is not None and run.finished_at is None,
        "attempt": run.attempt,
    }


def run_values(runs: Sequence[Run]) -> list[dict[str, Any]]:
    waiting = Waiting()
    return [run_value(run, waiting) for run in runs]


def counts_value(run: Run) -> dict[str, Any]:
    """The numbers of a run, each outcome counted for itself and never as a difference."""
    cases = {outcome.value: getattr(run, outcome.value) for outcome in Outcome}
    steps, checks = _tally(run.step_counts), _tally(run.check_counts)
    return {"cases": cases, "steps": steps, "checks": checks, "flaky": run.flaky}


def case_value(case_run: CaseRun, tags: Sequence[str] = ()) -> dict[str, Any]:
    """A case result as lists show it; tags are those the case has now."""
    return {
        "id": case_run.pk,
        "seq": case_run.seq,
        "case_id": case_run.case_id,
        "name": case_run.name,
        "module": case_run.module,
        "tags": list(tags),
        "row": case_run.row,
        "outcome": case_run.outcome,
        "flaky": is_flaky(case_run.outcome, case_run.counts),
        "elapsed_ms": case_run.elapsed_ms,
        "reason": case_run.reason,
        "fingerprint": case_run.fingerprint,
    }


def _environment(run: Run) -> dict[str, Any] | None:
    if not run.environment_name:
        return None
    return {"id": run.environment_id, "name": run.environment_name}


def _tally(counts: Mapping[str, int]) -> dict[str, int]:
    return {outcome.value: counts.get(outcome.value, 0) for outcome in Outcome}
