"""The report of a run as one file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from hat.error import UsageError
from hat.reports import html, junit
from hat.result import Outcome, worst
from hat.web.refusal import RefusedError, missing
from hat.web.runs.bodies import results
from hat.web.runs.models import CaseRun, Run, Status
from hat.web.runs.packing import unpack
from hat.web.runs.schemas import RunOut
from hat.web.runs.shapes import counts_value, run_value

_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json", "xml": "application/xml"}


def download(run: Run, form: str, *, only_red_bodies: bool = False) -> HttpResponse:
    """The finished file, to be saved and not shown: what it holds came from the system under test."""
    if form not in _TYPES:
        raise missing("report format")
    response = HttpResponse(_render(run, form, only_red_bodies), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="run-{run.pk}.{form}"'
    return response


def _render(run: Run, form: str, only_red_bodies: bool) -> bytes:
    if form == "json":
        return b"".join(_json(run))
    if form == "xml":
        cases = [unpack(packed) for packed in _packed(run)]  # JUnit tells of no body
        return junit.render({**_head(run), "cases": cases}).encode()
    try:
        shown = RunOut.model_validate(run_value(run)).model_dump(mode="json")
        return html.page(shown, results(run, red_only=only_red_bodies))
    except UsageError as problem:
        raise RefusedError(problem.message, status=503, code="not_built", hint=problem.hint) from problem


def _json(run: Run) -> Iterator[bytes]:
    yield json.dumps(_head(run), ensure_ascii=True).encode()[:-1] + b',"cases":['
    for number, text in enumerate(results(run)):
        yield (b",\n" if number else b"\n") + text
    yield b"\n]}\n"


def _head(run: Run) -> dict[str, Any]:
    """A run as the head of the result JSON."""
    return {
        "schema": 1,
        "name": run.name,
        "environment": run.environment_name,
        "started_at": (run.started_at or run.created_at).isoformat(timespec="milliseconds"),
        "outcome": run.outcome or _worst_so_far(run).value,
        "cancelled": run.status == Status.CANCELLED,
        "elapsed_ms": round(run.elapsed_ms or 0, 3),
        "counts": counts_value(run),
    }


def _worst_so_far(run: Run) -> Outcome:
    return worst(outcome for outcome in Outcome if getattr(run, outcome.value))


def _packed(run: Run) -> Iterator[bytes | memoryview]:
    case_runs = CaseRun.objects.filter(run=run).order_by("seq")
    return case_runs.values_list("packed", flat=True).iterator(chunk_size=100)
