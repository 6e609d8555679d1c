"""What happened: the tree of values a run leaves, run > case > step > check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

_LONGEST_TITLE = 80


class Outcome(StrEnum):
    """How it went; `worst` orders them."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


_WORST_FIRST = (Outcome.ERROR, Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED)
_BAD = (Outcome.ERROR, Outcome.FAILED)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several outcomes: error over failed over passed over skipped; nothing at all is passed."""
    found = set(outcomes)
    for outcome in _WORST_FIRST:
        if outcome in found:
            return outcome
    return Outcome.PASSED


class StepError(Struct, frozen=True, gc=False):
    """Why a step could not be carried out.

    `kind` is one of: template, connect, timeout, protocol, request, hook, extract, function, case, loop,
    cancelled, internal. `place` is file:line and path inside the case where known.
    """

    kind: str
    message: str
    place: str = ""
    hint: str = ""


class Timing(Struct, frozen=True, gc=False):
    """Phases of one exchange in milliseconds, each the length of its phase; `total` is the whole exchange."""

    dns: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    first_byte: float = 0.0
    total: float = 0.0


class SentRequest(Struct, frozen=True, gc=False):
    """The request as it really went out: absolute URL, all headers in order, body bytes."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Response(Struct, frozen=True, gc=False):
    """The answer as it came: headers in order, body after content decoding, `size` as received in bytes."""

    status_code: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    size: int = 0
    encoding: str = ""
    http_version: str = ""
    truncated: bool = False
    certificate_days_left: int | None = None
    remote_address: str = ""


class Exchange(Struct, frozen=True, gc=False):
    """One request and its answer; a redirect makes one exchange per hop. No response: the error says why."""

    request: SentRequest
    response: Response | None
    timing: Timing
    verify: bool = True

    def shortened(self, longest: int) -> Exchange:
        """The exchange, of each body only so many bytes."""
        request, response = self.request, self.response
        if len(request.body) > longest:
            request = replace(request, body=_beginning(request.body, longest))
        if response is not None and len(response.body) > longest:
            response = replace(response, body=_beginning(response.body, longest), truncated=True)
        return replace(self, request=request, response=response)


def _beginning(body: bytes, longest: int) -> bytes:
    """The first part of a body, not ending inside a UTF-8 character."""
    end = longest
    while end > longest - 4 and body[end] & 0xC0 == 0x80:
        end -= 1
    return body[:end]


class Connection(Struct, frozen=True, gc=False):
    """A connection a function asked for; `refusal` says why it has none, else `address` is where it leads."""

    host: str
    port: int
    address: str = ""
    refusal: str = ""


class CheckResult(Struct, frozen=True, gc=False):
    """One judged check; `place` is its path inside the case."""

    expression: str
    comparator: str
    expected: Any
    actual: Any
    outcome: Outcome
    message: str = ""
    place: str = ""


class EarlierAttempt(Struct, frozen=True, gc=False):
    """An attempt at a retried step that was not its last one: which one, and why it was not good."""

    number: int
    outcome: Outcome
    reason: str = ""
    elapsed_ms: float = 0.0
    exchanges: tuple[Exchange, ...] = ()


class Hidden(Struct, frozen=True):
    """A value that another one of the same name hid."""

    source: str
    value: Any
    place: str = ""


class Origin(Struct, frozen=True):
    """Where a substituted value came from, the text it was made of, and what it hid, nearest first."""

    name: str
    value: Any
    source: str
    place: str = ""
    written: str = ""
    hides: tuple[Hidden, ...] = ()


class StepResult(Struct, frozen=True, kw_only=True):
    """What one execution of a step left; `steps` are those of a group or of a called or needed case.

    `iteration` counts the executions of a step that runs several times, `row` is what it ran with;
    `phase` is setup, teardown or empty; `returned` is what a function gave; `earlier` are the attempts
    before the last one, the first and the last of them.
    """

    name: str
    outcome: Outcome
    id: str = ""
    place: str = ""
    error: StepError | None = None
    skip_reason: str = ""
    elapsed_ms: float = 0.0
    attempts: int = 1
    earlier: tuple[EarlierAttempt, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    extracted: dict[str, Any] = {}
    checks: tuple[CheckResult, ...] = ()
    origins: tuple[Origin, ...] = ()
    steps: tuple[StepResult, ...] = ()
    log: str = ""
    connections: tuple[Connection, ...] = ()
    iteration: int = 0
    row: dict[str, Any] | None = None
    phase: str = ""
    returned: Any = None

    @property
    def title(self) -> str:
        """The name, with what tells several executions apart."""
        if self.row:
            return f"{self.name} [{_short(', '.join(f'{name}={value}' for name, value in self.row.items()))}]"
        return f"{self.name} [{self.iteration}]" if self.iteration else self.name


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]}…"


class CaseResult(Struct, frozen=True, kw_only=True):
    """What one case (one data row of it) left; `key` is the caller's own name for it, such as a row id.

    `retried` says why each attempt before the last one was not good.
    """

    name: str
    outcome: Outcome
    index: int = 0
    key: str = ""
    file: str = ""
    module: str = ""
    row: dict[str, Any] | None = None
    row_index: int | None = None
    elapsed_ms: float = 0.0
    error: StepError | None = None
    skip_reason: str = ""
    steps: tuple[StepResult, ...] = ()
    exported: dict[str, Any] = {}
    attempts: int = 1
    retried: tuple[str, ...] = ()

    @property
    def is_flaky(self) -> bool:
        """Whether it passed only after it had run again."""
        return self.attempts > 1 and self.outcome is Outcome.PASSED


def why(result: CaseResult | StepResult) -> str:
    """Why a case or step was not good, in the words of its first problem."""
    if result.error is not None:
        return result.error.message
    if isinstance(result, StepResult):
        checks = (check.message for check in result.checks if check.outcome in _BAD)
        if message := next(checks, ""):
            return message
    return next((why(step) for step in result.steps if step.outcome in _BAD), "")


class Tally(Struct, frozen=True):
    """How many of one kind ended with each outcome."""

    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.error + self.skipped


class Counts(Struct, frozen=True):
    """The numbers of a run, defined once. Steps are leaves: a called case counts its inner steps.

    `flaky` says how many of the cases that passed did so only after a retry.
    """

    cases: Tally = Tally()
    steps: Tally = Tally()
    checks: Tally = Tally()
    flaky: int = 0


class RunResult(Struct, frozen=True, kw_only=True):
    """What a run left; `cases` are in the order written, whatever order they ended in."""

    outcome: Outcome
    counts: Counts
    started_at: datetime
    elapsed_ms: float
    environment: str = ""
    name: str = ""
    cases: tuple[CaseResult, ...] = ()
    cancelled: bool = False
