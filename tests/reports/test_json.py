"""The result JSON: exact, complete, safe for every reader."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from msgspec.structs import replace

from hat.reports.json import LONGEST_BINARY, Stream, as_dict, encode, renumbered, write
from hat.result import Exchange, Outcome, Response, SentRequest, StepResult, Timing
from tests.reports.results import EXCHANGE, FAILED, PASSED, RUN, SKIPPED


def written(value: Any) -> Any:
    """What becomes of an extracted value."""
    step = StepResult(name="a", outcome=Outcome.PASSED, extracted={"value": value})
    return json.loads(encode(replace(PASSED, steps=(step,))))["steps"][0]["extracted"]["value"]


def body(content: bytes, encoding: str = "") -> dict[str, Any]:
    """How the body of an answer is written."""
    exchange = Exchange(SentRequest("GET", "/"), Response(200, "", (), content, encoding=encoding), Timing())
    step = StepResult(name="a", outcome=Outcome.PASSED, exchanges=(exchange,))
    response = as_dict(replace(PASSED, steps=(step,)))["steps"][0]["exchanges"][0]["response"]
    return {name: response[name] for name in ("body", "body_base64") if name in response}


def test_a_run_begins_with_its_summary() -> None:
    document = as_dict(RUN)

    assert {name: value for name, value in document.items() if name != "cases"} == {
        "schema": 1,
        "name": "Nightly",
        "environment": "staging",
        "started_at": "2026-11-22T02:00:00.123Z",
        "outcome": "error",
        "cancelled": False,
        "elapsed_ms": 1234.568,
        "counts": {
            "cases": {"passed": 1, "failed": 1, "error": 2, "skipped": 1, "total": 5},
            "steps": {"passed": 1, "failed": 1, "error": 1, "skipped": 2, "total": 5},
            "checks": {"passed": 1, "failed": 1, "error": 0, "skipped": 0, "total": 2},
            "flaky": 0,
        },
    }


def test_an_exchange_is_written_whole() -> None:
    exchange = as_dict(FAILED)["steps"][0]["exchanges"][0]

    assert exchange == {
        "request": {
            "method": "POST",
            "url": "http://api.example/a?x=1",
            "headers": {"Accept": "*/*", "X-A": ["1", "2"]},
            "body": '{"a": 1}',
        },
        "response": {
            "status_code": 404,
            "reason": "Not Found",
            "http_version": "1.1",
            "headers": {"Content-Type": "application/json"},
            "size": 14,
            "encoding": "utf-8",
            "truncated": False,
            "remote_address": "",
            "certificate_days_left": None,
            "body": '{"名": "王"}',
        },
        "timing_ms": {"dns": 0.1, "connect": 0.2, "tls": 0.0, "first_byte": 3.25, "total": 4.123},
        "verify": True,
    }


def test_no_answer_is_null() -> None:
    step = StepResult(name="a", outcome=Outcome.ERROR, exchanges=(replace(EXCHANGE, response=None),))

    assert as_dict(replace(PASSED, steps=(step,)))["steps"][0]["exchanges"][0]["response"] is None


def test_a_check_is_written_whole() -> None:
    assert as_dict(FAILED)["steps"][0]["checks"] == [
        {
            "expression": "status_code",
            "comparator": "eq",
            "expected": 200,
            "actual": 404,
            "outcome": "failed",
            "message": "status_code: expected 200, got 404",
            "place": "teststeps[0].validate[0]",
        }
    ]


@pytest.mark.parametrize(
    ("content", "encoding", "shown"),
    [
        (b"plain", "", {"body": "plain"}),
        ("王".encode("gbk"), "gbk", {"body": "王"}),
        ("㐀".encode("gb18030"), "gb2312", {"body": "㐀"}),
        (b"caf\xe9", "utf-8", {"body": None, "body_base64": "Y2Fm6Q=="}),
        (b"caf\xe9", "iso-8859-1", {"body": "café"}),
        (b"a\x00b", "", {"body": None, "body_base64": "YQBi"}),
        (b"x", "nonsense", {"body": None, "body_base64": "eA=="}),
        (b"", "", {"body": ""}),
    ],
)
def test_a_body_is_text_where_it_is_text(content: bytes, encoding: str, shown: dict[str, Any]) -> None:
    assert body(content, encoding) == shown


def test_a_large_binary_body_is_cut() -> None:
    assert len(body(b"\x00" * 10_000_000)["body_base64"]) <= LONGEST_BINARY * 4 / 3 + 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12345678901234567890123, 12345678901234567890123),
        (b"bytes", "bytes"),
        (float("inf"), None),
        (timedelta(seconds=1.5), "PT1.5S"),
        (date(2026, 1, 2), "2026-01-02"),
        (MappingProxyType({"a": 1}), {"a": 1}),
        ((1, 2), [1, 2]),
        (1j, "1j"),
        ({True: 1, None: 2}, {"True": 1, "None": 2}),
        ("half \ud800 a character", "half ? a character"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_every_value_can_be_written(value: Any, expected: Any) -> None:
    assert written(value) == expected


def test_a_value_nested_without_end_can_be_written() -> None:
    value: list[Any] = []
    for _ in range(5000):
        value = [value]

    assert written(value)


def test_a_case_encodes_to_what_as_dict_gives() -> None:
    assert json.loads(encode(PASSED)) == as_dict(PASSED)


def test_a_written_run_is_the_same_document_one_case_a_line() -> None:
    file = io.BytesIO()
    write(RUN, file)

    assert json.loads(file.getvalue()) == as_dict(RUN)
    assert len(file.getvalue().splitlines()) == len(RUN.cases) + 2


def test_a_stream_writes_cases_in_the_order_written_whatever_order_they_end_in() -> None:
    file = io.BytesIO()
    stream = Stream(file)
    stream.start(RUN.started_at, RUN.environment, RUN.name)
    for index in (3, 1, 0, 4, 2):
        stream.add(index, encode(RUN.cases[index]))
    stream.finish(RUN.outcome, RUN.counts, RUN.elapsed_ms, cancelled=False)

    assert json.loads(file.getvalue()) == as_dict(RUN)


def test_an_encoded_case_may_get_another_place() -> None:
    assert json.loads(renumbered(encode(FAILED), 12)) == {**as_dict(FAILED), "index": 12}


def test_a_stream_writes_what_came_when_a_run_is_stopped() -> None:
    file = io.BytesIO()
    stream = Stream(file)
    stream.start(RUN.started_at, "")
    stream.add(SKIPPED.index, encode(SKIPPED))
    stream.add(FAILED.index, encode(FAILED))
    stream.finish(Outcome.ERROR, RUN.counts, 1.0, cancelled=True)

    document = json.loads(file.getvalue())
    assert [case["index"] for case in document["cases"]] == [1, 3]
    assert document["cancelled"] is True


def test_a_stream_without_cases_is_a_document() -> None:
    file = io.BytesIO()
    stream = Stream(file)
    stream.start(RUN.started_at, "")
    stream.finish(Outcome.PASSED, RUN.counts, 1.0, cancelled=False)

    assert json.loads(file.getvalue())["cases"] == []
