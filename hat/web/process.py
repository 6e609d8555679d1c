"""The supervisor of `hat up`: starts web and worker, restarts what dies, ends all cleanly; without Django."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue

from hat.error import UsageError

BACKOFF_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_S = 30.0  # a child that lived this long starts its next back-off from the beginning
WRONG_USAGE = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One child process: what to start, and what its end means."""

    name: str
    command: Sequence[str]
    restart: bool = True
    ends_all: bool = False
    sockets: tuple[socket.socket, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Child:
    part: Part
    process: subprocess.Popen[bytes]
    started: float


@dataclass(frozen=True, slots=True)
class _Ended:
    name: str
    code: int


@dataclass(frozen=True, slots=True)
class _Stop:
    signal: int


_Notice = _Ended | _Stop | Callable[[], None]


class Supervisor:
    """Keeps parts running until a signal, or until one ends that ends all or is used wrongly."""

    def __init__(self, *, grace_s: float = 20.0) -> None:
        self._grace_s = grace_s
        self._children: dict[str, _Child] = {}
        self._failures: dict[str, int] = {}
        self._due: dict[str, tuple[float, Part]] = {}
        self._notices: SimpleQueue[_Notice] = SimpleQueue()

    def run(self, parts: Sequence[Part]) -> int:
        """Start the parts, watch over them, stop them; answers the exit code."""
        for number in _STOP_SIGNALS:
            signal.signal(number, lambda number, _frame: self._notices.put(_Stop(number)))
        for part in parts:
            self.start(part)
        code = self._watch()
        self._stop_all()
        return code

    def start(self, part: Part) -> None:
        """Start a part; its standard input is a rope: when we die, it closes and the part ends itself."""
        process = subprocess.Popen(
            part.command,
            stdin=subprocess.PIPE,
            env={**os.environ, **part.environment, "HAT_SUPERVISED": "1"},
            pass_fds=[sock.fileno() for sock in part.sockets],
            start_new_session=True,
        )
        self._children[part.name] = _Child(part, process, time.monotonic())
        threading.Thread(target=self._wait_for, args=(part.name, process), daemon=True).start()

    def call_soon(self, action: Callable[[], None]) -> None:
        """Run an action on the supervisor's own thread."""
        self._notices.put(action)

    def _wait_for(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self._notices.put(_Ended(name, process.wait()))

    def _watch(self) -> int:
        while True:
            match self._next_notice():
                case None:
                    self._start_due()
                case _Stop(number):
                    say("stopping (Ctrl+C again: at once)")
                    return 130 if number == signal.SIGINT else 0
                case _Ended(name, code):
                    child = self._children.pop(name)
                    # What ran before is used rightly: its disk is full, its database away, and that passes.
                    if child.part.ends_all or (code == WRONG_USAGE and name not in self._failures):
                        return code
                    self._plan_restart(child, code)
                case action:
                    action()

    def _next_notice(self) -> _Notice | None:
        due = min((at for at, _ in self._due.values()), default=None)
        try:
            return self._notices.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
        except Empty:
            return None

    def _plan_restart(self, child: _Child, code: int) -> None:
        part = child.part
        if not part.restart:
            return
        lived = time.monotonic() - child.started
        failures = 0 if lived > STEADY_S else self._failures.get(part.name, 0)
        self._failures[part.name] = failures + 1
        delay = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
        say(f"{part.name} {_end_in_words(code)}; starting it again" + (f" in {delay:g} s" if delay else ""))
        self._due[part.name] = (time.monotonic() + delay, part)

    def _start_due(self) -> None:
        now = time.monotonic()
        for name, (at, part) in list(self._due.items()):
            if at <= now:
                del self._due[name]
                self.start(part)

    def _stop_all(self) -> None:
        for child in self._children.values():
            _ask_to_end(child.process)
        deadline = time.monotonic() + self._grace_s
        while self._children:
            try:
                notice = self._notices.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                notice = _Stop(signal.SIGTERM)
            if isinstance(notice, _Ended):
                self._children.pop(notice.name)
            elif isinstance(notice, _Stop):
                self._kill_all()
                return

    def _kill_all(self) -> None:
        for child in self._children.values():
            child.process.kill()
        for child in self._children.values():
            child.process.wait()
        self._children.clear()


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    # Windows knows no gentle signal: there the closed rope alone says it.
    if sys.platform == "win32":
        if process.stdin is not None:
            process.stdin.close()
    else:
        process.terminate()


def _end_in_words(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


def say(text: str) -> None:
    """One line of progress on standard error."""
    print(f"hat: {text}", file=sys.stderr, flush=True)


def announce(text: str) -> None:
    """One line on standard output: what a person or a script waits for."""
    print(text, flush=True)


def listen(host: str, port: int, *, option: str = "--port") -> socket.socket:
    """A listening socket, opened before web starts: a taken port is said at once, a restart loses nobody."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(1024)
    except (OSError, OverflowError) as problem:
        sock.close()
        reason = getattr(problem, "strerror", None) or str(problem)
        raise UsageError(
            f"port {port} of {host} cannot be opened: {reason}",
            hint=f"stop the program that uses it, or choose another port with {option}",
        ) from problem
    return sock


def address(sock: socket.socket) -> str:
    """The address a person on this machine opens, also when the socket listens everywhere."""
    host, port = sock.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def when_it_answers(sock: socket.socket, path: str, action: Callable[[], None]) -> None:
    """Run an action, on a thread of its own, once the server behind a listening socket answers."""
    host, port = sock.getsockname()[:2]

    def ask() -> None:
        while True:
            connection = HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "::") else host, port, timeout=60)  # noqa: S104
            try:
                connection.request("GET", path)
                with connection.getresponse() as answer:
                    answers = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
            except (OSError, HTTPException):
                answers = False
            finally:
                connection.close()
            if answers:
                action()
                return
            time.sleep(0.1)

    threading.Thread(target=ask, daemon=True).start()


def hat_web(*arguments: str) -> tuple[str, ...]:
    """The command line of one of our own child processes."""
    return (sys.executable, "-m", "hat.web", *arguments)


def end_with_parent(stop: Callable[[], None], *, grace_s: float = 20.0) -> None:
    """In a child: when the supervisor is gone (standard input ends), stop; if that hangs, end hard."""
    if os.environ.get("HAT_SUPERVISED") != "1":
        return

    def watch() -> None:
        while os.read(0, 1024):
            pass
        stop()
        time.sleep(grace_s)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def node_name(folder: Path) -> str:
    """The name of this machine and data folder, the first half of its workers' names."""
    return f"{socket.gethostname()}-{zlib.crc32(str(folder).encode()):08x}"


def allow_host(host: str) -> None:
    """Let visitors name the host we listen on; a person's own HAT_ALLOWED_HOSTS stays as it is."""
    everywhere = host in ("0.0.0.0", "::", "")  # noqa: S104
    names = "*" if everywhere else f"localhost,127.0.0.1,[::1],{f'[{host}]' if ':' in host else host}"
    os.environ.setdefault("HAT_ALLOWED_HOSTS", names)
