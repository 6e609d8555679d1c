"""What a large run costs the platform: web stays quick meanwhile, the report opens by parts.

    python3 start.py bench running [--cases 1000]

Starts `hat up` on an empty folder, imports the cases through the API, runs them against a server of its own,
and asks for pages while the run goes on. Processor time is that of the web process and of the worker.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import cases
from measure import server

STEPS = 5
TIMEOUT_S = 120
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Fleet:
    """Web and a worker of their own instead of `hat up`: an empty database, and a broker or none."""

    database: str
    broker: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its processes."""
        urls = {"HAT_DATABASE_URL": self.database, "HAT_BROKER_URL": self.broker}
        return {
            **urls,
            "HAT_BROKER_QUEUE": "hat-bench",
            "HAT_PRIVATE_TARGETS": "1",
            "HAT_SECRET_KEY": "a key for the benchmark alone, long",
        }


class Platform:
    """A started platform and somebody signed in to it."""

    def __init__(self, folder: Path, fleet: Fleet | None = None) -> None:
        environment = {**os.environ, **(fleet.environment if fleet else {}), "HAT_DATA": str(folder)}
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        web = ("serve", "--migrate") if fleet else ("up",)
        self.processes = [_hat(environment, *web, "--port", str(port))]
        _wait_for(port)
        if fleet:
            self.processes.append(_hat(environment, "worker"))
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies))
        self._token = ""
        self._token = self.ask("GET", "/session")["csrf_token"]
        person = {"username": "bench", "password": "correct horse battery", "language": "en"}
        self._token = self.ask("POST", "/setup", person)["csrf_token"]

    @property
    def cookie(self) -> str:
        """Who is signed in, as the header has it."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)

    def end(self) -> None:
        """Stop it and wait."""
        for process in reversed(self.processes):
            process.terminate()
            process.wait(timeout=TIMEOUT_S)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API with a JSON body, or with bytes as an uploaded zip."""
        headers = {"X-CSRFToken": self._token, "Content-Type": "application/json"}
        if isinstance(body, bytes):
            edge = "edge-of-a-part"
            head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="cases.zip"\r\n\r\n'
            headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
            sent: bytes | None = head.encode() + body + f"\r\n--{edge}--\r\n".encode()
        else:
            sent = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/api/v1{path}", data=sent, headers=headers, method=method)
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"null")

    def cpu_s(self, word: str = "") -> float:
        """Processor time so far of all its processes, or of those that were started with this word."""
        total = 0.0
        for pid in self._pids(word):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        return total

    def memory_mb(self) -> float:
        """What all its processes weigh, with pages that several share counted once."""
        return sum(_pss_kb(pid) for pid in self._pids()) / 1024

    def _pids(self, word: str = "") -> list[int]:
        found = [process.pid for process in self.processes]
        for pid in found:
            children = Path(f"/proc/{pid}/task").glob("*/children")
            found += [int(child) for file in children for child in file.read_text().split()]
        return [pid for pid in found if not word or word.encode() in _words(pid)]


def _hat(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hat.web", *arguments]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=silent, stderr=silent, env=environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    """Until web answers; it listens before that."""
    until = time.monotonic() + TIMEOUT_S
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=TIMEOUT_S):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _words(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _pss_kb(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(text.partition("\nPss:")[2].split()[0])


def main() -> int:
    """Import, run, ask meanwhile, print."""
    parser = argparse.ArgumentParser(prog="bench running", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1000)
    number = parser.parse_args().cases
    with (
        tempfile.TemporaryDirectory(prefix="hat-bench-") as name,
        server() as base,
        started(name) as platform,
    ):
        project = platform.ask("POST", "/projects", {"name": "Bench"})["id"]
        platform.ask("POST", f"/projects/{project}/import", archive(number, base))
        _run(platform, project, number)
    return 0


@contextmanager
def started(folder: str, fleet: Fleet | None = None) -> Iterator[Platform]:
    """A platform on an empty folder or database, as long as somebody needs it."""
    platform = Platform(Path(folder) / "data", fleet)
    try:
        yield platform
    finally:
        platform.end()


def archive(number: int, base: str, top: str = "cases") -> bytes:
    """A zip of so many cases in a folder."""
    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="hat-bench-") as name,
        zipfile.ZipFile(packed, "w") as packed_files,
    ):
        folder = Path(name) / "cases"
        folder.mkdir()
        cases.write_hat(folder, number, base)
        for path in sorted(folder.rglob("*.yml")):
            packed_files.write(path, f"cases/{top}/{path.name}")
    return packed.getvalue()


def _run(platform: Platform, project: int, number: int) -> None:
    worker, started = platform.cpu_s("work"), time.perf_counter()
    run = platform.ask("POST", f"/projects/{project}/runs", {"all": True, "name": "bench"})
    lists: list[float] = []
    while run["status"] in ("queued", "running"):
        lists.append(_measure(platform, f"/projects/{project}/cases?page_size=50"))
        time.sleep(0.2)
        run = platform.ask("GET", f"/runs/{run['id']}")
    wall = time.perf_counter() - started
    worker_us = (platform.cpu_s("work") - worker) / (number * STEPS) * 1e6
    print(f"{number} cases x {STEPS} steps: {wall:.1f} s, {run['counts']['cases']}")
    print(f"worker                     {worker_us:8.0f} us of CPU a step")
    print(f"list of cases meanwhile    {statistics.median(lists):8.0f} ms, worst {max(lists):.0f} ms")
    _measure_report(platform, run["id"])


def _measure(platform: Platform, path: str) -> float:
    started = time.perf_counter()
    platform.ask("GET", path)
    return (time.perf_counter() - started) * 1000


def _measure_report(platform: Platform, run_id: int) -> None:
    before, parts, cursor, more = platform.cpu_s("serve"), 0, 0, True
    first = _measure(platform, f"/runs/{run_id}/delta?after=0")
    while more:
        page = platform.ask("GET", f"/runs/{run_id}/delta?after={cursor}")
        cursor, more, parts = page["cursor"], page["more"], parts + 1
    cpu = (platform.cpu_s("serve") - before) * 1000
    print(f"report, first part         {first:8.0f} ms; all {parts} parts {cpu:.0f} ms of CPU in web")


if __name__ == "__main__":
    sys.exit(main())
