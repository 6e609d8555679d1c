"""The result as one self-contained page: the built report page with the result inside."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from hat.error import UsageError

TEMPLATE = Path(__file__).parent / "dist" / "report.html"
PLACEHOLDER = b"HAT_RESULT_DATA"


def page(run: Mapping[str, Any], cases: Iterable[bytes]) -> bytes:
    """The page of a run as the API shows it, its cases as JSON texts; it asks for nothing from anywhere."""
    before, found, after = template().partition(PLACEHOLDER)
    if not found:
        raise UsageError(f"the report page {TEMPLATE.name} has no place for a result", hint=_BUILD)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b'{"run":' + msgspec.json.encode(run) + b',"cases":[\n')]
    for number, case in enumerate(cases):
        parts.append(packer.compress(b",\n" + case if number else case))
    parts.append(packer.compress(b"\n]}"))
    parts.append(packer.flush())
    return before + base64.b64encode(b"".join(parts)) + after


_BUILD = "build the pages: python3 start.py prepare; or write --json and --junit instead"


def template() -> bytes:
    """The built page; UsageError while it has not been built."""
    try:
        return TEMPLATE.read_bytes()
    except FileNotFoundError:
        raise UsageError("the page of the HTML report is not built", hint=_BUILD) from None


def run_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """A run of the command line, as the head of its result JSON, in the shape the API gives runs in."""
    started_at = datetime.fromisoformat(document["started_at"])
    finished_at = started_at + timedelta(milliseconds=document["elapsed_ms"])
    cases = document["counts"]["cases"]
    return {
        "id": None,
        "project": None,
        "name": document["name"] or document["started_at"],
        "kind": "run",
        "status": "cancelled" if document["cancelled"] else "finished",
        "outcome": document["outcome"],
        "trigger": "manual",
        "environment": {"id": None, "name": document["environment"]} if document["environment"] else None,
        "created_by": None,
        "created_at": document["started_at"],
        "started_at": document["started_at"],
        "finished_at": finished_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "elapsed_ms": document["elapsed_ms"],
        "total": cases["total"],
        "done": cases["total"],
        "counts": document["counts"],
        "waiting_for": "",
        "reason": "",
        "retry_of": None,
    }
