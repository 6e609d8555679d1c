"""The result as JSON, described: the types of docs/schema/result.json, which is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

Outcome = Literal["passed", "failed", "error", "skipped"]


class _Strict(Struct, forbid_unknown_fields=True, kw_only=True):
    """What has these fields and no others."""


class Error(_Strict):
    """Why something could not be carried out."""

    kind: str
    message: str
    place: str
    hint: str


class Timing(_Strict):
    """The phases of an exchange in milliseconds."""

    dns: float
    connect: float
    tls: float
    first_byte: float
    total: float


class Request(_Strict):
    """The request as it went out."""

    method: str
    url: str
    headers: dict[str, str | list[str]]
    body: str | None
    body_base64: str | UnsetType = UNSET


class Response(_Strict):
    """The answer as it came."""

    status_code: int
    reason: str
    http_version: str
    headers: dict[str, str | list[str]]
    size: int
    encoding: str
    truncated: bool
    remote_address: str
    certificate_days_left: int | None
    body: str | None
    body_base64: str | UnsetType = UNSET


class Exchange(_Strict):
    """One request and its answer."""

    request: Request
    response: Response | None
    timing_ms: Timing
    verify: bool


class Check(_Strict):
    """One judged check."""

    expression: str
    comparator: str
    expected: Any
    actual: Any
    outcome: Outcome
    message: str
    place: str


class Hidden(_Strict):
    """A value that another one of the same name hid."""

    source: str
    value: Any
    place: str


class Origin(_Strict):
    """Where a value came from, and what it hid."""

    name: str
    value: Any
    source: str
    place: str
    written: str
    hides: list[Hidden]


class Connection(_Strict):
    """A connection a function asked for; `refusal` says why it got none."""

    host: str
    port: int
    address: str
    refusal: str


class EarlierAttempt(_Strict):
    """An attempt at a retried step that was not its last one."""

    number: int
    outcome: Outcome
    reason: str
    elapsed_ms: float
    exchanges: list[Exchange]


class Step(_Strict):
    """One execution of a step; `steps` are those of a group or of a called case."""

    id: str
    name: str
    place: str
    outcome: Outcome
    error: Error | None
    skip_reason: str
    elapsed_ms: float
    attempts: int
    exchanges: list[Exchange]
    extracted: dict[str, Any]
    checks: list[Check]
    origins: list[Origin]
    log: str
    steps: list[Step]
    earlier: list[EarlierAttempt] | UnsetType = UNSET
    connections: list[Connection] | UnsetType = UNSET
    iteration: int | UnsetType | None = UNSET
    row: dict[str, Any] | UnsetType | None = UNSET
    phase: str | UnsetType = UNSET
    returned: Any = UNSET


class Case(_Strict):
    """One case, or one row of it."""

    index: int
    key: str
    name: str
    file: str
    module: str
    row: dict[str, Any] | None
    row_index: int | None
    outcome: Outcome
    error: Error | None
    elapsed_ms: float
    attempts: int
    retried: list[str]
    exported: dict[str, Any]
    steps: list[Step]
    skip_reason: str | UnsetType = UNSET


class Numbers(_Strict):
    """How many ended with each outcome."""

    passed: int
    failed: int
    error: int
    skipped: int
    total: int


class Counts(_Strict):
    """The numbers of a run by kind."""

    cases: Numbers
    steps: Numbers
    checks: Numbers
    flaky: int


class Run(_Strict):
    """The document `hat run --json` writes."""

    schema: Literal[1]
    name: str
    environment: str
    started_at: datetime
    outcome: Outcome
    cancelled: bool
    elapsed_ms: float
    counts: Counts
    cases: list[Case]


def document() -> dict[str, Any]:
    """The JSON Schema of a result."""
    found = msgspec.json.schema(Run)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of a HAT run",
        **found,
    }
