from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pycurl
import pytest

from hat.engine import Options
from hat.engine.door import Door
from hat.engine.outgoing import Outgoing
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


BY_NAME = Targets([Policy(private=False, allow=("*.corp.example",))])


@pytest.mark.parametrize(
    "hosts",
    [
        {"shop.corp.example": "127.0.0.1"},
        {"SHOP.corp.example.": "localhost", "shop.corp.example": "127.0.0.1"},
        {"": "127.0.0.1"},
        {"other.example:1": "shop.corp.example", "shop.corp.example": "127.0.0.1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("http2", [False, True])
def test_an_exception_for_a_name_is_none_for_what_a_case_maps_it_to(
    hosts: dict[str, str], http2: bool
) -> None:
    with listening() as (port, seen):
        result = ask(f"http://shop.corp.example:{port}/", BY_NAME, hosts=hosts, http2=http2)
        excepted = Targets([Policy(private=False, allow=("*.corp.example", "127.0.0.1"))])
        by_address = ask(f"http://shop.corp.example:{port}/ok", excepted, hosts=hosts)

    assert result.steps[0].error is not None
    assert "refused by the outbound policy: 127.0.0.1:" in result.steps[0].error.message
    assert seen == ["/ok"]
    assert by_address.outcome.value == "passed"


def test_a_name_that_is_refused_stays_so_under_another_one() -> None:
    anywhere = Targets([Policy(deny=("localhost", "bad.example"))])
    with listening() as (port, seen):
        named = ask(f"http://bad.example:{port}/", anywhere, hosts={"bad.example": "127.0.0.1"})
        meant = ask(f"http://good.example:{port}/", anywhere, hosts={"good.example": "localhost"})
        other = ask(f"http://good.example:{port}/ok", anywhere, hosts={"good.example": "127.0.0.1"})

    assert [one.outcome.value for one in (named, meant, other)] == ["error", "error", "passed"]
    assert seen == ["/ok"]


def test_what_a_proxy_is_sent_to_by_a_table_is_judged_too() -> None:
    with listening() as (port, seen):
        open_proxy = Targets([Policy(private=False, allow=(f"127.0.0.1:{port}",))])
        proxies = {"http": f"http://127.0.0.1:{port}"}
        url, hosts = "http://93.184.216.34/", {"93.184.216.34": "169.254.169.254:80"}
        result = ask(url, open_proxy, proxies=proxies, hosts=hosts)

    assert result.steps[0].error is not None
    assert "169.254.169.254:80 is where a cloud keeps the credentials" in result.steps[0].error.message
    assert seen == []


@pytest.mark.parametrize(
    ("no_proxy", "opens"), [("", True), ("shop.example", False)], ids=["by it", "past it"]
)
def test_past_a_proxy_its_name_opens_nothing(no_proxy: str, opens: bool) -> None:
    opened: list[socket.socket] = []
    door = Door(Targets([Policy(private=False, allow=("proxy.corp.example",))]), opened)
    proxies = {"http": "http://proxy.corp.example:3128", "no_proxy": no_proxy}
    door.request = Outgoing("GET", "http://shop.example/", proxies=proxies)

    got = door._open(0, (socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", 80)))
    for one in opened:
        one.close()

    assert (got != pycurl.SOCKET_BAD) is opens


def test_the_usual_policy_refuses_the_metadata_of_clouds_and_no_more() -> None:
    with listening() as (port, seen):
        result = ask(f"http://127.0.0.1:{port}/", Targets())
        cloud = ask("http://[::ffff:169.254.169.254]/latest/meta-data/", Targets())

    assert result.outcome.value == "passed"
    assert seen == ["/"]
    assert cloud.steps[0].error is not None
    assert "where a cloud keeps the credentials" in cloud.steps[0].error.message
