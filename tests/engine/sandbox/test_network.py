"""Functions with a network: through the host alone, under the policy of requests."""

from __future__ import annotations

import http.server
import socket
import ssl
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from hat.case import Environment
from hat.engine import Options, loop, run_all
from hat.engine.sandbox import Answer, Call, Terms
from hat.engine.sandbox import broker as brokers
from hat.engine.sandbox.host import Sandbox
from hat.engine.targets import Policy, Targets
from hat.formats import read
from hat.reports.json import step_shape
from hat.result import Connection
from tests.engine.test_door import Visit, listening
from tests.target import certificate

if sys.platform != "linux":
    pytest.skip("functions are isolated on Linux only", allow_module_level=True)

SOURCE = """
import asyncio
import socket
import urllib.request


def fetch(url):
    return urllib.request.urlopen(url, timeout=3).status


def status_by_asyncio(port):
    async def ask():
        reader, writer = await asyncio.open_connection("localhost", port)
        writer.write(b"GET /loop HTTP/1.0\\r\\n\\r\\n")
        line = await reader.readline()
        writer.close()
        return line.decode().split()[1]
    return asyncio.run(ask())


def connect(host, port):
    with socket.create_connection((host, port), 2):
        return "connected"


def many(port, count):
    return len([socket.create_connection(("127.0.0.1", port)) for _ in range(count)])


def send_much(port, size):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(bytes(size))
        return sock.recv(99)


def over_tls(port, name):
    import ssl
    context = ssl.create_default_context(cafile="ca.pem")
    with socket.create_connection(("127.0.0.1", port)) as sock:
        with context.wrap_socket(sock, server_hostname=name) as safe:
            safe.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            return safe.recv(99).decode().split()[1]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "debugtalk.py").write_text(SOURCE)
    return tmp_path


def ask(root: Path, targets: Targets | None, *calls: Call, **patched: Any) -> list[Answer]:
    """Answers of a locked box whose functions may connect to these targets."""

    async def talk() -> list[Answer]:
        sandbox = await Sandbox.start(root, {}, Terms("strict", network=targets))
        assert "seccomp" in sandbox.layers
        answers = await sandbox.call(calls)
        await sandbox.close()
        return answers

    with pytest.MonkeyPatch.context() as patch:
        for name, value in patched.items():
            patch.setattr(socket, name, value)
        return loop.run(talk())


def test_functions_reach_what_requests_reach(project: Path) -> None:
    with listening() as (port, seen):
        fetched, looped = ask(
            project,
            Targets(),
            Call("fetch", [f"http://localhost:{port}/a"]),
            Call("status_by_asyncio", [port]),
        )

    assert (fetched.value, looped.value) == (200, "200"), (fetched, looped)
    assert seen == ["/a", "/loop"]


def test_without_the_switch_there_is_none(project: Path) -> None:
    with listening() as (port, seen):
        [refused] = ask(project, None, Call("connect", ["127.0.0.1", port]))

    assert refused.error is not None
    assert seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "::ffff:127.0.0.1", "0"])
def test_what_the_policy_refuses_is_not_reached(project: Path, host: str) -> None:
    with listening() as (port, seen):
        [refused] = ask(project, Targets([Policy(private=False)]), Call("connect", [host, port]))

    assert refused.error is not None
    assert refused.error.type == "PermissionError"
    assert "refused by the outbound policy" in refused.error.message
    assert seen == []


def test_a_name_is_resolved_once_and_that_address_is_connected_to(project: Path) -> None:
    answers = ["192.0.2.1", "169.254.169.254"]

    def flip(_host: str, port: int, *_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(), port))]

    bound = Call("connect", ["rebound.example.org", 80])
    first, second = ask(project, Targets([Policy(private=False)]), bound, bound, getaddrinfo=flip)

    assert [one.error.message.partition("policy: ")[2] for one in (first, second) if one.error] == [
        "169.254.169.254:80 is where a cloud keeps the credentials of its machines",
        "192.0.2.1:80 is an address of this machine or a private network",
    ]
    assert answers == []


def test_a_closed_port_and_a_name_nobody_knows_are_told_as_python_tells_them(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    refused, unknown = ask(
        project,
        Targets(),
        Call("connect", ["127.0.0.1", closed]),
        Call("connect", ["no such name", 80]),
    )

    assert [one.error.type for one in (refused, unknown) if one.error] == [
        "ConnectionRefusedError",
        "gaierror",
    ]


def test_tls_works_with_the_certificates_of_the_project(project: Path) -> None:
    pem = certificate.make(project)
    (project / "ca.pem").write_text("-----BEGIN CERT" + pem.read_text().partition("-----BEGIN CERT")[2])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    server = http.server.HTTPServer(("127.0.0.1", 0), Visit)
    server.seen = []  # type: ignore[attr-defined]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.handle_request)
    thread.start()

    [answer] = ask(project, Targets(), Call("over_tls", [server.server_port, "127.0.0.1"]))
    thread.join()
    server.server_close()

    assert answer.value == "200", answer


def test_connections_and_bytes_are_counted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brokers, "MOST_BYTES", 1 << 20)
    with listening() as (port, _):
        few, too_many, too_much = ask(
            project,
            Targets(),
            Call("connect", ["127.0.0.1", port]),
            Call("many", [port, brokers.MOST_AT_ONCE + 1]),
            Call("send_much", [port, 2 << 20]),
        )

    assert few.value == "connected"
    assert too_many.error is not None
    assert "16 connections at once" in too_many.error.message
    assert too_much.error is not None


def test_a_step_tells_what_its_functions_connected_to(project: Path) -> None:
    def step(value: str) -> dict[str, Any]:
        return {"name": "step", "function": value, "continue": True}

    (project / "debugtalk.py").write_text(SOURCE + "\n\ndef answer():\n    return 42\n")

    with listening() as (port, _):
        steps = [
            step(f"${{connect(localhost, {port})}}"),
            step("${connect(169.254.169.254, 80)}"),
            step("${answer()}"),
        ]
        case = read({"config": {"name": "case", "variables": {}}, "teststeps": steps}, root=str(project))
        terms = Terms("strict", network=Targets([Policy(private=True)]))
        result = run_all([case], None, Options(sandbox=terms))

    reached, refused, none = result.cases[0].steps
    assert reached.connections == (Connection("localhost", port, address="127.0.0.1"),)
    assert none.connections == ()
    [one] = refused.connections
    assert (one.host, one.port, one.address) == ("169.254.169.254", 80, "")
    assert "refused by the outbound policy" in one.refusal
    assert step_shape(reached)["connections"] == list(reached.connections)


def test_a_secret_in_the_name_of_a_host_is_hidden(project: Path) -> None:
    step = {"name": "step", "function": "${connect($key, 80)}"}
    case = read({"config": {"name": "case"}, "teststeps": [step]}, root=str(project))
    environment = Environment(name="e", secrets={"key": "sesame-stays-here.invalid"})
    terms = Terms("strict", network=Targets([Policy(private=True)]))

    result = run_all([case], environment, Options(sandbox=terms))

    assert result.cases[0].steps[0].connections[0].host == "***"
    assert "sesame" not in str(result)


def test_a_function_cannot_fill_the_report_with_connections(project: Path) -> None:
    (project / "debugtalk.py").write_text(
        "import socket\n\ndef flood():\n    for _ in range(1000):\n        try:\n"
        "            socket.create_connection(('169.254.169.254', 80))\n        except OSError:\n"
        "            pass\n"
    )

    async def talk() -> int:
        sandbox = await Sandbox.start(project, {}, Terms("strict", network=Targets()))
        await sandbox.call([Call("flood")])
        told = sandbox.take_connections()
        await sandbox.close()
        return len(told)

    assert loop.run(talk()) == brokers.MOST_TOLD
