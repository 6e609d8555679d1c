"""`hat up` and `hat demo`: which processes run on this machine, and what is said when they answer."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hat.error import UsageError
from hat.web.folder import data_folder, demo_marker
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

DEMO_PORT = 8701
# Who says one of these lets others in, through a proxy in front.
_OPENED = ("HAT_HTTPS", "HAT_TRUSTED_PROXIES", "HAT_ALLOWED_HOSTS")
LOOK_S = 0.2  # how often a start without the demo project looks whether it was loaded


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
    alone = is_own(host)  # asked before HAT_ALLOWED_HOSTS gets its usual value
    allow_host(host)
    lock.say(f"process {os.getpid()}, {address(sock)}")
    say(f"starting; the data folder is {folder}")
    environment = {"HAT_DATA": str(folder), **({"HAT_DEMO": "1"} if demo else {})}
    if demo or alone:
        environment["HAT_PRIVATE_TARGETS"] = os.environ.get("HAT_PRIVATE_TARGETS") or "1"
    supervisor = Supervisor(grace_s=drain_s + 10)
    site = address(sock)
    environment["HAT_SITE_URL"] = os.environ.get("HAT_SITE_URL") or site  # where alerts lead
    later = [_worker(folder, environment, slots=slots, drain_s=drain_s)]
    try:
        api = _free_port(demo.port) if demo else _demo_port()
        parts = [
            _web(sock, {**environment, "HAT_DEMO_API": f"http://127.0.0.1:{api}"} if api else environment)
        ]
        if demo:
            parts.append(_demo_api(api))
            later.append(_demo_project(api, site, environment, ends_all=demo.ends))
        ready = partial(_ready, supervisor, site, later, demo_port=0 if demo else api)
        # Web brings the database up to date before it answers; what needs the database starts after that.
        when_it_answers(sock, "/healthz", partial(supervisor.call_soon, ready))
        return supervisor.run(parts)
    finally:
        sock.close()
        lock.release()


def is_own(host: str) -> bool:
    """Whether only this machine comes in by an address: then whoever tests may reach it as well."""
    if any(os.environ.get(name) for name in _OPENED):
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
    server = _server()
    if not server.is_file():
        raise UsageError(f"there is no '{server}'", hint="the demo starts from a checkout of HAT")
    return Part("demo API", (sys.executable, str(server), "--port", str(port)))


def _demo_port() -> int:
    """Where the demo API will answer, the port it had before if that is free; 0 where there is no demo."""
    if not _server().is_file():
        return 0
    marker = demo_marker()
    known = marker.read_text(encoding="ascii").rpartition(":")[2].strip() if marker.is_file() else ""
    return _port_or_next(int(known) if known.isdecimal() else DEMO_PORT)


def _serve_demo_when_loaded(supervisor: Supervisor, port: int) -> None:
    """Start the demo API as soon as there is a demo project to need it."""
    marker = demo_marker()

    def wait() -> None:
        while not marker.is_file():
            time.sleep(LOOK_S)
        supervisor.call_soon(partial(supervisor.start, _demo_api(port)))

    threading.Thread(target=wait, daemon=True, name="demo").start()


def _port_or_next(port: int) -> int:
    """The port if it is free, else any that is."""
    try:
        return _free_port(port)
    except UsageError:
        return _free_port(0)


def _demo_project(port: int, site: str, environment: dict[str, str], *, ends_all: bool) -> Part:
    api, cases = f"http://127.0.0.1:{port}", str(_checkout() / "demo" / "cases")
    command = hat_web("demo-project", "--api", api, "--site", site, "--cases", cases)
    return Part("demo project", command, restart=False, ends_all=ends_all, environment=environment)


def _server() -> Path:
    return _checkout() / "demo" / "server.py"


def _checkout() -> Path:
    return Path(__file__).parents[2]


def _ready(supervisor: Supervisor, site: str, later: Sequence[Part], *, demo_port: int) -> None:
    announce(f"HAT is ready: {site}/ (Ctrl+C ends it)")
    for part in later:
        supervisor.start(part)
    if demo_port:
        _serve_demo_when_loaded(supervisor, demo_port)
