"""What a person sees: lines, excerpts, lengths of time, the line at the bottom of a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from hat.cli.console import Console, duration, title
from hat.cli.language import Language, choose
from hat.cli.progress import StatusLine
from hat.event import CaseFinished, CaseStarted, RunFinished, RunStarted, StepFinished
from hat.result import CaseResult, Counts, Exchange, Outcome, Response, SentRequest, StepResult, Tally, Timing
from tests.reports.results import BROKEN, FAILED, PASSED, RUN, SKIPPED, UNREAD


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@contextmanager
def on_a_terminal() -> Iterator[Terminal]:
    """Standard output and error are a terminal while inside."""
    stream = Terminal()
    with redirect_stdout(stream), redirect_stderr(stream):
        yield stream


def printed(*cases: CaseResult, explain: bool = False, quiet: bool = False) -> str:
    """What the console prints about cases."""
    paper = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(paper):
        console = Console({}, Language("en"), explain=explain, quiet=quiet)
        for case in cases:
            console.hear(CaseFinished(case))
        console.summary(RunFinished(RUN.outcome, RUN.counts, RUN.elapsed_ms))
    assert isinstance(paper.buffer, io.BytesIO)
    return paper.buffer.getvalue().decode()


def answered(body: bytes, encoding: str = "utf-8") -> CaseResult:
    """A failed case with an answer."""
    exchange = Exchange(SentRequest("GET", "/"), Response(200, "", (), body, encoding=encoding), Timing())
    return replace(FAILED, steps=(replace(FAILED.steps[0], exchanges=(exchange,)),))


def test_a_run_is_a_line_a_case_with_details_of_what_did_not_pass() -> None:
    lines = printed(PASSED, FAILED, BROKEN, SKIPPED, UNREAD).splitlines()

    assert lines[0] == "✓ users/login.yml: All is well 好 [user=ann, n=12345678901234567890]  12 ms"
    assert "      ✗ status_code: expected 200, got 404" in lines
    assert "        ! login.yml:3: GET http://x/: connection refused" in lines
    assert "          hint: is it started?" in lines
    assert "- orders.yml: Not today (maintenance)  0 ms" in lines
    assert "    ! broken.yml:2: not valid YAML" in lines
    assert lines[-1] == "1 passed, 1 failed, 2 error, 1 skipped of 5 cases, 5 steps, 2 checks in 1.2 s"


def test_the_slowest_steps_are_named() -> None:
    lines = printed(PASSED, FAILED, BROKEN, SKIPPED).splitlines()

    assert lines[lines.index("Slowest:") + 1].endswith(
        "All is well 好 [user=ann, n=12345678901234567890] > Read"
    )


def test_values_are_explained() -> None:
    lines = printed(PASSED, explain=True).splitlines()

    at = lines.index('      $user = "ann"  from the row of parameters at users.csv:2, written $name')
    assert lines[at + 1] == """        hides "bob"  from the case's config at login.yml:4"""


@pytest.mark.parametrize(
    ("body", "encoding", "shown"),
    [
        (b"", "utf-8", "response: empty body"),
        (b"\x89PNG\x00", "", "response: 5 bytes that are no text"),
        ("你好".encode("gbk"), "gbk", "response: 你好"),
        (b"x", "nonsense", "response: 1 bytes that are no text"),
        (b'{\n  "a": 1\n}', "utf-8", 'response: { "a": 1 }'),
        (b"x" * 1000, "utf-8", f"response: {'x' * 300}…"),
    ],
)
def test_the_beginning_of_a_response_is_one_line(body: bytes, encoding: str, shown: str) -> None:
    assert f"      {shown}\n" in printed(answered(body, encoding))


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0.4, "0 ms"), (999, "999 ms"), (1234, "1.2 s"), (59_999, "60.0 s"), (125_000, "2 min 5 s")],
)
def test_a_length_of_time_reads_as_a_person_says_it(milliseconds: float, text: str) -> None:
    assert duration(milliseconds) == text


def test_a_row_that_the_name_tells_already_is_not_repeated() -> None:
    assert title(replace(PASSED, name="As ann", row={"user": "ann"})) == "As ann"


def test_a_long_row_is_cut() -> None:
    assert title(replace(PASSED, name="A", row={"text": "x" * 500})) == f"A [text={'x' * 55}…]"


def test_a_stream_that_has_no_signs_gets_plain_ones() -> None:
    paper = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace", write_through=True)
    with redirect_stdout(paper):
        Console({}, Language("en")).hear(CaseFinished(FAILED))

    assert isinstance(paper.buffer, io.BytesIO)
    assert paper.buffer.getvalue().startswith(b"x users/login.yml")


def test_a_terminal_shows_what_is_running() -> None:
    with on_a_terminal() as terminal:
        line = StatusLine({})
        line.total = 3
        line.finished(FAILED.outcome)
        line.hear(CaseStarted(1, "Log in"))
        line.hear(StepFinished(1, StepResult(name="Read", outcome=Outcome.PASSED)))
        line.clear()

    assert terminal.getvalue() == "\r\x1b[K1/3  ✗ 1  Log in\r\x1b[K"


def test_a_dumb_terminal_is_left_alone() -> None:
    with on_a_terminal() as terminal:
        StatusLine({"TERM": "dumb"}).hear(CaseStarted(1, "Log in"))

    assert terminal.getvalue() == ""


def test_a_flaky_case_is_named_and_counted() -> None:
    with on_a_terminal() as terminal:
        console = Console({}, Language("en"))
        console.hear(CaseFinished(replace(PASSED, attempts=2, retried=("code: expected 0, got 1",))))
        console.summary(RunFinished(Outcome.PASSED, Counts(Tally(passed=2), flaky=1), 1.0))

    shown = terminal.getvalue()
    assert "(flaky: passed in attempt 2)" in shown
    assert "2 passed" in shown
    assert "(1 flaky)" in shown


def test_a_terminal_is_told_how_many_cases_run_in_colour() -> None:
    with on_a_terminal() as terminal:
        console = Console({}, Language("en"))
        console.hear(RunStarted(datetime.now(UTC), 2, "staging"))
        console.hear(CaseFinished(PASSED))
        console.summary(RunFinished(Outcome.PASSED, Counts(Tally(passed=1)), 1.0, cancelled=True))

    shown = terminal.getvalue()
    assert "Running 2 cases in staging" in shown
    assert "\x1b[32m✓\x1b[0m" in shown
    assert "Stopped before the end" in shown


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "HAT_LANG": "en"}, "en"),
        ({"HAT_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_terminal(env: dict[str, str], name: str) -> None:
    assert choose(env).name == name
