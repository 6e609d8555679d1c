"""Servers that mean no good: each answer is a value or one clear error, and memory stays bounded."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hat.result import StepResult
from tests.engine.running import get, run_case
from tests.target import certificate
from tests.target.hostile import ANSWERS, EVIL, TWO_GB, Hostile, hostile

READ = "the response cannot be read: "
HEADERS = f"{READ}it has more than 5,000 headers"
ERRORS = {
    "/hang": "no response within 1 s",
    "/slow": "no complete response within 1 s",
    "/stall": "no complete response within 1 s",
    "/reset": "connection reset",
    "/leave": "the connection was closed without a response",
    "/half": "the response is incomplete: 96 bytes of it are missing",
    "/chunks": f"{READ}a chunk of it has no length",
    "/lie": "the body is not gzip as it says",
    "/smtp": f"{READ}it is not HTTP",
    "/no-status": f"{READ}its first line is not one of HTTP",
    "/loop": "more than 30 redirects",
    "/circle": "more than 30 redirects",
    "/circle2": "more than 30 redirects",
    "/interim": HEADERS,
    "/trailers": HEADERS,
    "/headers": HEADERS,
    "/minus": f"{READ}its Content-Length is no length",
    "/lengths": f"{READ}its Content-Length is no length",
    "/cookie": f"{READ}a header is longer than 100 KB",
    "/cookies": f"{READ}its headers are longer than 300 KB together",
    "/return": f"{READ}a header of it holds a carriage return",
    "/inject-redirect": f"{READ}a header of it holds a carriage return",
    "/nul-header": f"{READ}a header of it holds a NUL byte",
    "/script-redirect": "the redirect leads nowhere: 'javascript:alert(1)' is not a URL for HTTP",
    "/file-redirect": "the redirect leads nowhere: 'file:///etc/passwd' is not a URL for HTTP",
}
CUT = ["/flood", "/endless", "/bomb", "/bombs", "/inflate"]  # longer than is read
LARGE = ["/flood", "/endless", "/interim", "/trailers", "/headers", "/cookies", "/bomb", "/bombs", "/inflate"]
MB = 1 << 20


@pytest.fixture(scope="module")
def target() -> Iterator[Hostile]:
    with hostile() as server:
        yield server


def ask(url: str, **fields: Any) -> StepResult:
    step = get(url, extract={"all": "body"})
    step["request"] |= fields
    return run_case("", step).steps[0]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_bad_answer_is_a_value_or_one_clear_error(path: str, target: Hostile) -> None:
    step = ask(target.url + path, timeout=1 if path in ("/hang", "/slow", "/stall") else 60)

    said = step.error.message if step.error else ""
    wanted = f"GET {target.url}{path}: {ERRORS[path]}" if path in ERRORS else ""
    assert said.startswith("the body is longer than the 10 MB that are read of it" if path in CUT else wanted)
    assert step.outcome.value == ("error" if path in (*ERRORS, *CUT) else "passed")


@pytest.mark.parametrize("path", LARGE)
def test_no_answer_takes_more_memory_than_a_few_bodies(path: str, target: Hostile) -> None:
    tracemalloc.start()
    try:
        ask(target.url + path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 60 * MB
    assert target.flooded < TWO_GB // 10


def test_one_header_stays_one_header(target: Hostile) -> None:
    response = ask(f"{target.url}/inject").exchanges[-1].response

    assert response is not None
    assert [name for name, _ in response.headers] == ["Content-Length", "X-B", "X-C", "X D", "Connection"]
    assert dict(response.headers)["X-C"] == "%0d%0aX-Evil: 2"


def test_what_a_server_says_reaches_the_result_as_text(target: Hostile) -> None:
    response = ask(f"{target.url}/script").exchanges[-1].response

    assert response is not None
    assert response.reason == f"OK {EVIL}"
    assert dict(response.headers)["X-Evil"] == EVIL


@pytest.mark.parametrize(
    ("days", "host", "trusted", "said"),
    [
        (30, "", False, "the certificate is self-signed"),
        (-2, "", True, "certificate has expired"),
        (30, "other.example", True, "the certificate is not for '127.0.0.1'"),
    ],
    ids=["self-signed", "expired", "wrong host"],
)
def test_a_certificate_that_is_not_good_is_refused_with_its_reason(
    days: int, host: str, trusted: bool, said: str, tmp_path: Path
) -> None:
    pem = certificate.make(tmp_path, days, host=host)
    with hostile(certificate.server_context(pem)) as server:
        step = ask(f"{server.url}/good", verify=str(pem) if trusted else True)

    assert step.error is not None
    assert step.error.kind == "connect"
    assert said in step.error.message.lower()
