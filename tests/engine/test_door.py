from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hat.engine import Options
from hat.engine.targets import Policy, Targets
from hat.result import CaseResult
from tests.engine.running import get, run_case

CLOSED = Targets([Policy(private=False)])


class Visit(http.server.BaseHTTPRequestHandler):
    """Notes who came; redirects /away to where the test wants."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A server on a free port, and the paths it was asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Visit)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1], server.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(url: str, targets: Targets, dialect: str = "hat", **fields: object) -> CaseResult:
    step = get(url)
    step["request"] |= fields
    return run_case("", step, options=Options(targets=targets), dialect=dialect)


# Every spelling of this machine that a URL may have.
SPELLINGS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
    "localhost", "LOCALHOST", "localhost.", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::]", "127.127.127.127", "①②⑦.⓪.⓪.①", "user@127.0.0.1",
    "example.org@127.0.0.1", "127.0.0.1%2f", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::1%25lo]",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_this_machine_gets_through(spelling: str) -> None:
    with listening() as (port, seen):
        result = ask(f"http://{spelling}:{port}/", CLOSED)

    assert seen == []
    assert result.outcome.value == "error"


@pytest.mark.parametrize("dialect", ["hat", "httprunner2", "httprunner3", "httprunner4"])
def test_a_refusal_is_a_clear_error_in_every_dialect(dialect: str) -> None:
    with listening() as (port, seen):
        result = ask(f"http://localhost:{port}/", CLOSED, dialect)

    [step] = result.steps
    assert step.error is not None
    assert step.error.kind == "request"
    assert step.error.message.startswith(f"GET http://localhost:{port}/: refused by the outbound policy: ")
    assert step.error.message.endswith("is an address of this machine or a private network")
    assert "allowed targets" in step.error.hint
    assert seen == []


def test_a_redirect_is_judged_again() -> None:
    with listening() as (inner, inside), listening() as (port, seen):
        targets = Targets([Policy(private=False, allow=(f"127.0.0.1:{port}",))])
        result = ask(f"http://127.0.0.1:{port}/away?http://2130706433:{inner}/secret", targets)

    [step] = result.steps
    assert step.error is not None
    assert f"127.0.0.1:{inner} is an address of this machine" in step.error.message
    assert (len(seen), inside) == (1, [])


def test_a_connection_that_is_kept_serves_again() -> None:
    with listening() as (port, seen):
        targets = Targets([Policy(private=False, allow=("127.0.0.0/8",))])
        document = [get(f"http://127.0.0.1:{port}/{number}", name=str(number)) for number in range(3)]
        result = run_case("", *document, options=Options(targets=targets))

    assert result.outcome.value == "passed"
    assert seen == ["/0", "/1", "/2"]


def test_a_proxy_is_judged_and_so_is_the_target_behind_it() -> None:
    with listening() as (port, seen):
        behind = f"http://127.0.0.1:{port}"
        proxied = ask("http://10.0.0.1/", CLOSED, proxies={"http": behind})
        through = ask(
            "http://10.0.0.1/",
            Targets([Policy(private=False, allow=(f"*:{port}",))]),
            proxies={"http": behind},
        )
        unknown = ask("http://name.invalid/", Targets([Policy(private=False)]), proxies={"http": behind})

    errors = [one.steps[0].error for one in (proxied, through, unknown)]
    assert all(error is not None and "refused by the outbound policy" in error.message for error in errors)
    assert seen == []


def test_the_usual_policy_refuses_the_metadata_of_clouds_and_no_more() -> None:
    with listening() as (port, seen):
        result = ask(f"http://127.0.0.1:{port}/", Targets())
        cloud = ask("http://[::ffff:169.254.169.254]/latest/meta-data/", Targets())

    assert result.outcome.value == "passed"
    assert seen == ["/"]
    assert cloud.steps[0].error is not None
    assert "where a cloud keeps the credentials" in cloud.steps[0].error.message
