"""`hat up` and `hat demo`: which processes run on this machine, and what is said when they answer."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hat.error import UsageError
from hat.web.folder import data_folder
from hat.web.lock import FolderLock
from hat.web.process import (
    Part,
    Supervisor,
    address,
    allow_host,
    announce,
    hat_web,
    listen,
    node_name,
    say,
    when_it_answers,
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What `hat demo` adds: the port of the demo API, and whether to end with the report."""

    port: int
    ends: bool


def up(host: str, port: int, *, slots: int, drain_s: float, demo: Demo | None = None) -> int:
    """Lock the data folder, open the port, start the processes, run until told to stop."""
    folder = data_folder()
    lock = FolderLock(folder)
    lock.take()
    sock = listen(host, port)
    allow_host(host)
    lock.say(f"process {os.getpid()}, {address(sock)}")
    say(f"starting; the data folder is {folder}")
    environment = {"HAT_DATA": str(folder), **({"HAT_DEMO": "1"} if demo else {})}
    supervisor = Supervisor(grace_s=drain_s + 10)
    site = address(sock)
    parts = [_web(sock, environment)]
    later = [_worker(folder, environment, slots=slots, drain_s=drain_s)]
    try:
        if demo:
            api = _free_port(demo.port)
            parts.append(_demo_api(api))
            later.append(_demo_project(api, site, environment, ends_all=demo.ends))
        # Web brings the database up to date before it answers; what needs the database starts after that.
        when_it_answers(
            sock, "/healthz", partial(supervisor.call_soon, partial(_ready, supervisor, site, later))
        )
        return supervisor.run(parts)
    finally:
        sock.close()
        lock.release()


def _web(sock: socket.socket, environment: dict[str, str]) -> Part:
    command = hat_web("serve", "--migrate", "--listen-fd", str(sock.fileno()))
    return Part("web", command, sockets=(sock,), environment=environment)


def _worker(folder: Path, environment: dict[str, str], *, slots: int, drain_s: float) -> Part:
    # One machine: the database is the queue, whatever broker the environment names.
    command = hat_web(
        *("work", "--transport", "db", "--recover", "--name", node_name(folder)),
        *("--slots", str(slots), "--drain", str(drain_s)),
    )
    return Part("worker", command, environment=environment)


def _free_port(port: int) -> int:
    with listen("127.0.0.1", port, option="--demo-port") as sock:
        return int(sock.getsockname()[1])


def _demo_api(port: int) -> Part:
    server = _checkout() / "demo" / "server.py"
    if not server.is_file():
        raise UsageError(f"there is no '{server}'", hint="the demo starts from a checkout of HAT")
    return Part("demo API", (sys.executable, str(server), "--port", str(port)))


def _demo_project(port: int, site: str, environment: dict[str, str], *, ends_all: bool) -> Part:
    api, cases = f"http://127.0.0.1:{port}", str(_checkout() / "demo" / "cases")
    command = hat_web("demo-project", "--api", api, "--site", site, "--cases", cases)
    return Part("demo project", command, restart=False, ends_all=ends_all, environment=environment)


def _checkout() -> Path:
    return Path(__file__).parents[2]


def _ready(supervisor: Supervisor, site: str, later: Sequence[Part]) -> None:
    announce(f"HAT is ready: {site}/ (Ctrl+C ends it)")
    for part in later:
        supervisor.start(part)
