"""A small run with one of everything, to be written in every format."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hat.result import (
    CaseResult,
    CheckResult,
    Counts,
    Exchange,
    Hidden,
    Origin,
    Outcome,
    Response,
    RunResult,
    SentRequest,
    StepError,
    StepResult,
    Tally,
    Timing,
)

EXCHANGE = Exchange(
    SentRequest(
        "POST", "http://api.example/a?x=1", (("Accept", "*/*"), ("X-A", "1"), ("x-a", "2")), b'{"a": 1}'
    ),
    Response(
        404, "Not Found", (("Content-Type", "application/json"),), '{"名": "王"}'.encode(), 14, "utf-8", "1.1"
    ),
    Timing(0.1, 0.2, 0.0, 3.25, 4.12345),
)
BINARY = Exchange(
    SentRequest("GET", "http://api.example/png"),
    Response(200, "OK", (), b"\x89PNG\x00\x01", 6),
    Timing(),
)
GBK = Exchange(
    SentRequest("GET", "http://api.example/gbk"),
    Response(200, "OK", (), "你好".encode("gbk"), 4, "gbk"),
    Timing(),
)
FAILED_CHECK = CheckResult(
    "status_code",
    "eq",
    200,
    404,
    Outcome.FAILED,
    "status_code: expected 200, got 404",
    "teststeps[0].validate[0]",
)
PASSED = CaseResult(
    name="All is well 好",
    outcome=Outcome.PASSED,
    index=0,
    key="a",
    file="users/login.yml",
    module="users",
    row={"user": "ann", "n": 12345678901234567890},
    row_index=0,
    elapsed_ms=12.3456,
    exported={"token": "abc"},
    steps=(
        StepResult(
            name="Read",
            outcome=Outcome.PASSED,
            id="s1",
            place="teststeps[0]",
            elapsed_ms=5.5,
            exchanges=(BINARY, GBK),
            extracted={"raw": b"bytes", "price": Decimal("0.123456789012345678901")},
            checks=(CheckResult("status_code", "eq", 200, 200, Outcome.PASSED),),
            origins=(
                Origin(
                    "user", "ann", "row", "users.csv:2", "$name", (Hidden("config", "bob", "login.yml:4"),)
                ),
            ),
            log="printed",
        ),
    ),
)
FAILED = CaseResult(
    name='Fails <&> "quoted"\x1b[0m\x00',
    outcome=Outcome.FAILED,
    index=1,
    file="users/login.yml",
    module="users",
    elapsed_ms=7.0,
    steps=(
        StepResult(
            name="Create",
            outcome=Outcome.FAILED,
            place="teststeps[0]",
            exchanges=(EXCHANGE,),
            checks=(FAILED_CHECK,),
        ),
    ),
)
BROKEN = CaseResult(
    name="Calls another",
    outcome=Outcome.ERROR,
    index=2,
    file="orders.yml",
    elapsed_ms=1.0,
    steps=(
        StepResult(
            name="Log in",
            outcome=Outcome.ERROR,
            error=StepError("connect", "in the called case"),
            steps=(
                StepResult(
                    name="Token",
                    outcome=Outcome.ERROR,
                    error=StepError(
                        "connect", "GET http://x/: connection refused", "login.yml:3", "is it started?"
                    ),
                ),
            ),
        ),
        StepResult(name="Not reached", outcome=Outcome.SKIPPED, skip_reason="an earlier step did not pass"),
    ),
)
SKIPPED = CaseResult(
    name="Not today",
    outcome=Outcome.SKIPPED,
    index=3,
    file="orders.yml",
    steps=(StepResult(name="Wait", outcome=Outcome.SKIPPED, skip_reason="maintenance"),),
)
UNREAD = CaseResult(
    name="broken",
    outcome=Outcome.ERROR,
    index=4,
    error=StepError("case", "not valid YAML", "broken.yml:2"),
)
RUN = RunResult(
    outcome=Outcome.ERROR,
    counts=Counts(Tally(1, 1, 2, 1), Tally(1, 1, 1, 2), Tally(1, 1, 0, 0)),
    started_at=datetime(2026, 11, 22, 2, 0, 0, 123456, tzinfo=UTC),
    elapsed_ms=1234.5678,
    environment="staging",
    name="Nightly",
    cases=(PASSED, FAILED, BROKEN, SKIPPED, UNREAD),
)
