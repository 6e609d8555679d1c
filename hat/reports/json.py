"""The result as JSON with a schema version; also what the database stores of a case."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from hat.number import Written
from hat.result import (
    CaseResult,
    CheckResult,
    Counts,
    EarlierAttempt,
    Exchange,
    Origin,
    Outcome,
    Response,
    RunResult,
    SentRequest,
    StepResult,
    Tally,
)

SCHEMA = 1
LONGEST_BINARY = 256 * 1024  # of a body that is no text, in bytes


def as_dict(result: RunResult | CaseResult) -> dict[str, Any]:
    """A result as plain JSON values, safe for every JSON writer."""
    plain: dict[str, Any] = msgspec.json.decode(encode(result))
    return plain


def encode(result: RunResult | CaseResult) -> bytes:
    """A result as JSON text in UTF-8."""
    return _encode(shape(result) if isinstance(result, RunResult) else case_shape(result))


def encode_shape(shaped: dict[str, Any]) -> bytes:
    """A tree made by `shape` or `case_shape`, maybe changed since, as JSON text."""
    return _encode(shaped)


def renumbered(case: bytes, index: int) -> bytes:
    """An encoded case with another index, the first of its fields."""
    return b'{"index":%d%s' % (index, case[case.index(b",") :])


def shape(result: RunResult) -> dict[str, Any]:
    """A run as a tree of dicts; the values in it are still as the engine left them."""
    return head(result) | {"cases": [case_shape(case) for case in result.cases]}


def head(result: RunResult) -> dict[str, Any]:
    """A run without its cases."""
    return _head(result.started_at, result.environment, result.name) | _summary(result)


def _head(started_at: datetime, environment: str, name: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": name,
        "environment": environment,
        "started_at": started_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _summary(result: RunResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "cancelled": result.cancelled,
        "elapsed_ms": _milliseconds(result.elapsed_ms),
        "counts": counts_shape(result.counts),
    }


def counts_shape(counts: Counts) -> dict[str, Any]:
    """The numbers of a run by kind and outcome."""
    return {
        "cases": _tally(counts.cases),
        "steps": _tally(counts.steps),
        "checks": _tally(counts.checks),
        "flaky": counts.flaky,
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "passed": tally.passed,
        "failed": tally.failed,
        "error": tally.error,
        "skipped": tally.skipped,
        "total": tally.total,
    }


def case_shape(case: CaseResult) -> dict[str, Any]:
    """One case as a tree of dicts."""
    shaped = {
        "index": case.index,
        "key": case.key,
        "name": case.name,
        "file": case.file,
        "module": case.module,
        "row": case.row,
        "row_index": case.row_index,
        "outcome": case.outcome,
        "error": case.error,
        "elapsed_ms": _milliseconds(case.elapsed_ms),
        "attempts": case.attempts,
        "retried": case.retried,
        "exported": case.exported,
        "steps": [step_shape(step) for step in case.steps],
    }
    return {**shaped, "skip_reason": case.skip_reason} if case.skip_reason else shaped


def step_shape(step: StepResult) -> dict[str, Any]:
    """One step as a tree of dicts; `steps` are those of a group or of a called case."""
    shaped: dict[str, Any] = {
        "id": step.id,
        "name": step.name,
        "place": step.place,
        "outcome": step.outcome,
        "error": step.error,
        "skip_reason": step.skip_reason,
        "elapsed_ms": _milliseconds(step.elapsed_ms),
        "attempts": step.attempts,
        "exchanges": [_exchange(exchange) for exchange in step.exchanges],
        "extracted": {name: _value(value) for name, value in step.extracted.items()},
        "checks": [_check(check) for check in step.checks],
        "origins": [_origin(origin) for origin in step.origins],
        "log": step.log,
        "steps": [step_shape(inner) for inner in step.steps],
    }
    if step.earlier:
        shaped["earlier"] = [_earlier(attempt) for attempt in step.earlier]
    if step.connections:
        shaped |= {"connections": list(step.connections)}
    if step.iteration or step.row is not None or step.phase or step.returned is not None:
        shaped |= {
            "iteration": step.iteration,
            "row": step.row,
            "phase": step.phase,
            "returned": _value(step.returned),
        }
    return shaped


def _earlier(attempt: EarlierAttempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "outcome": attempt.outcome,
        "reason": attempt.reason,
        "elapsed_ms": _milliseconds(attempt.elapsed_ms),
        "exchanges": [_exchange(exchange) for exchange in attempt.exchanges],
    }


def _check(check: CheckResult) -> CheckResult:
    """A check as it is: its fields are those of the JSON; bytes become text."""
    if isinstance(check.actual, bytes) or isinstance(check.expected, bytes):
        return replace(check, expected=_value(check.expected), actual=_value(check.actual))
    return check


def _origin(origin: Origin) -> Origin:
    """An origin as it is; bytes become text."""
    hides = tuple(replace(hidden, value=_value(hidden.value)) for hidden in origin.hides)
    return replace(origin, value=_value(origin.value), hides=hides)


def _exchange(exchange: Exchange) -> dict[str, Any]:
    timing = exchange.timing
    return {
        "request": _request(exchange.request),
        "response": _response(exchange.response) if exchange.response is not None else None,
        "timing_ms": {
            "dns": _milliseconds(timing.dns),
            "connect": _milliseconds(timing.connect),
            "tls": _milliseconds(timing.tls),
            "first_byte": _milliseconds(timing.first_byte),
            "total": _milliseconds(timing.total),
        },
        "verify": exchange.verify,
    }


def _request(request: SentRequest) -> dict[str, Any]:
    sent = {"method": request.method, "url": request.url, "headers": _headers(request.headers)}
    return sent | _body(request.body, "")


def _response(response: Response) -> dict[str, Any]:
    shaped: dict[str, Any] = {
        "status_code": response.status_code,
        "reason": response.reason,
        "http_version": response.http_version,
        "headers": _headers(response.headers),
        "size": response.size,
        "encoding": response.encoding,
        "truncated": response.truncated,
        "remote_address": response.remote_address,
        "certificate_days_left": response.certificate_days_left,
    }
    return shaped | _body(response.body, response.encoding)


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """Headers by name; a repeated one, whatever its letters' case, is a list under its first name."""
    pairs = tuple(pairs)
    once: dict[str, str | list[str]] = dict(pairs)
    if len(once) == len(pairs) and _differ(tuple(once)):
        return once
    headers: dict[str, str | list[str]] = {}
    names: dict[str, str] = {}
    for name, value in pairs:
        first = names.setdefault(name.lower(), name)
        before = headers.get(first)
        if before is None:
            headers[first] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            headers[first] = [before, value]
    return headers


@lru_cache(maxsize=1024)
def _differ(names: tuple[str, ...]) -> bool:
    """Whether no two names are one in different letters; answers have the same headers again and again."""
    return len({name.lower() for name in names}) == len(names)


def _body(body: bytes, encoding: str) -> dict[str, Any]:
    """`body` as text, or null and `body_base64` for what is no text."""
    try:
        if not encoding or encoding == "utf-8":
            text = body.decode()
        else:
            text = body.decode(_SUPERSETS.get(encoding.lower(), encoding), "replace")
    except (UnicodeDecodeError, LookupError):
        return _binary(body)
    return _binary(body) if "\0" in text else {"body": text}


# As browsers do: https://encoding.spec.whatwg.org/#names-and-labels
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def _binary(body: bytes) -> dict[str, Any]:
    return {"body": None, "body_base64": base64.b64encode(body[:LONGEST_BINARY]).decode("ascii")}


def _milliseconds(value: float) -> float:
    """To the microsecond; `round` would go by the digits of the text and take five times as long."""
    return int(value * 1000 + 0.5) / 1000


def _value(value: Any) -> Any:
    """A value of a check or variable as JSON knows it, as far as it is not one already."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


def _encode(tree: Any) -> bytes:
    try:
        return _ENCODER.encode(tree)
    except (
        TypeError,
        ValueError,
        RecursionError,
    ):  # a key that is no text, half a character, a tree too deep
        return _ENCODER.encode(_plain(tree, 0))


def _foreign(value: Any) -> Any:
    if isinstance(value, Written):
        return msgspec.Raw(value.text.encode())
    return dict(value) if isinstance(value, Mapping) else str(value)


def _plain(value: Any, depth: int) -> Any:
    if depth > 100:
        return "…"
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Struct):
        return _plain(asdict(value), depth)
    if isinstance(value, Mapping):
        return {_plain(str(key), depth + 1): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    return value


_ENCODER = msgspec.json.Encoder(enc_hook=_foreign, decimal_format="number")


def write(result: RunResult, file: IO[bytes]) -> None:
    """Write a run case by case, the summary first; one line a case."""
    file.write(_encode(head(result))[:-1] + b',"cases":[')
    for number, case in enumerate(result.cases):
        file.write((b",\n" if number else b"\n") + _encode(case_shape(case)))
    file.write(b"\n]}\n")


class Stream:
    """Writes a run while it happens, so that no case is kept in memory; cases come in the order written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._waiting: dict[int, bytes] = {}
        self._next = 0
        self._written = 0

    def start(self, started_at: datetime, environment: str, name: str = "") -> None:
        """Write what is known at the start."""
        self._file.write(_encode(_head(started_at, environment, name))[:-1] + b',"cases":[')

    def add(self, index: int, case: bytes) -> None:
        """Write a case, encoded, or keep it until those before it are there."""
        self._waiting[index] = case
        while self._next in self._waiting:
            self._write(self._waiting.pop(self._next))
            self._next += 1

    def finish(self, outcome: Outcome, counts: Counts, elapsed_ms: float, *, cancelled: bool) -> None:
        """Write what is still kept and the summary."""
        for index in sorted(self._waiting):
            self._write(self._waiting[index])
        summary = {
            "outcome": outcome.value,
            "cancelled": cancelled,
            "elapsed_ms": _milliseconds(elapsed_ms),
            "counts": counts_shape(counts),
        }
        self._file.write(b"\n]," + _encode(summary)[1:] + b"\n")

    def _write(self, case: bytes) -> None:
        self._file.write((b",\n" if self._written else b"\n") + case)
        self._written += 1
