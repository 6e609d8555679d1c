"""Whether the platform stays quick and loses nothing while many look on.

    python3 start.py bench load [--people 50] [--runs 20] [--cases 10000] [--seconds 30] [--idle 60]
                                [--database postgresql://... [--broker redis://...]]

Starts `hat up` on an empty folder, or web and a worker on a database that is empty. First nothing, for what
that costs; then one run at a time, for the time from asking to beginning; then so many runs at once while so
many people look at the list of runs or at a run, each as often as its page asks; then one run of all cases.
Every run must end with every result; the exit code is 1 when one does not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime
from typing import Any

from crowd import Page, look_on
from measure import server
from running import Fleet, Platform, archive, started

IDLE_RUNS = 15
SMALL = 20  # cases
LIST_S, RUN_S = 2.0, 0.5  # how long the pages wait between two answers
PATIENCE_S = 7200.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--idle", type=int, default=60)
    parser.add_argument("--database")
    parser.add_argument("--broker", default="")
    options = parser.parse_args()
    fleet = Fleet(options.database, options.broker) if options.database else None
    lost = 0
    print(f"load of the machine before: {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
    with (
        tempfile.TemporaryDirectory(prefix="hat-bench-") as name,
        server() as base,
        started(name, fleet) as platform,
    ):
        small = _project(platform, SMALL, base)
        _print_starts(platform, small)
        _print_rest(platform, options.idle)
        lost += _crowd(platform, small, options)
        if options.cases:
            lost += _large(platform, _project(platform, options.cases, base), options.cases)
    print(f"{'runs or results missing':<44}{lost:8}      demanded 0")
    return 1 if lost else 0


def _project(platform: Platform, cases: int, base: str) -> int:
    project: int = platform.ask("POST", "/projects", {"name": f"{cases} cases"})["id"]
    for first in range(0, cases, 1000):
        packed = archive(min(1000, cases - first), base, f"part{first}")
        platform.ask("POST", f"/projects/{project}/import", packed)
    return project


def _start(platform: Platform, project: int) -> int:
    run: int = platform.ask("POST", f"/projects/{project}/runs", {"all": True, "name": "load"})["id"]
    return run


def _ended(platform: Platform, run: int) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    value: dict[str, Any] = {}
    while time.monotonic() < until:
        value = platform.ask("GET", f"/runs/{run}")
        if value["status"] in ("finished", "cancelled"):
            break
        time.sleep(0.5)
    return value


def _print_starts(platform: Platform, project: int) -> None:
    waits = []
    _ended(platform, _start(platform, project))  # the worker may have to come up first
    for _ in range(IDLE_RUNS):
        run = _ended(platform, _start(platform, project))
        begun, asked = (datetime.fromisoformat(run[name]) for name in ("started_at", "created_at"))
        waits.append((begun - asked).total_seconds() * 1000)
    median, worst = statistics.median(waits), max(waits)
    print(f"{'queue to start when idle, median':<44}{median:8.0f} ms   worst {worst:.0f}, target 200")


def _print_rest(platform: Platform, seconds: int) -> None:
    """What all processes of the platform cost while nobody asks anything, and what they weigh."""
    before = platform.cpu_s()
    time.sleep(seconds)
    share = (platform.cpu_s() - before) / max(1, seconds) * 100
    print(f"{'idle, of one core':<44}{share:8.2f} %    target 1")
    print(f"{'memory (PSS)':<44}{platform.memory_mb():8.0f} MB   target 250")


def _crowd(platform: Platform, project: int, options: argparse.Namespace) -> int:
    """Runs at once, with people who look on meanwhile; the number of runs that did not end whole."""
    runs = [_start(platform, project) for _ in range(options.runs)]
    pages = [
        Page("list of runs", [f"/projects/{project}/runs?page_size=25"], LIST_S),
        Page("one run", [f"/runs/{run}/delta?after=" for run in runs], RUN_S),
    ]
    web, begun = platform.cpu_s("serve"), time.monotonic()
    look_on(platform.url, platform.cookie, pages, options.people, options.seconds)
    busy, wall = platform.cpu_s("serve") - web, time.monotonic() - begun
    asked, refused = sum(len(page.took_ms) for page in pages), sum(page.refused for page in pages)
    print(f"{options.people} people, {options.runs} runs at once, {refused} of {asked} requests refused")
    for page in pages:
        words = f"  {page.name}, 95th of {len(page.took_ms)}"
        print(f"{words:<44}{page.late_ms():8.0f} ms   target 300, half {page.late_ms(0.5):.0f}")
    print(
        f"{'  web, processor time of one request':<44}{busy / asked * 1000:8.1f} ms   {busy / wall:.2f} cores"
    )
    print(f"  load of the machine meanwhile: {os.getloadavg()[0]:.0f}")
    return sum(_missing(_ended(platform, run), SMALL) for run in runs)


def _large(platform: Platform, project: int, cases: int) -> int:
    begun, worker = time.perf_counter(), platform.cpu_s("work")
    run = _ended(platform, _start(platform, project))
    wall, busy = time.perf_counter() - begun, platform.cpu_s("work") - worker
    print(f"{f'run of {cases} cases':<44}{wall:8.0f} s    {busy:.0f} s of processor time in the worker")
    return _missing(run, cases)


def _missing(run: dict[str, Any], cases: int) -> int:
    counts: dict[str, int] = run["counts"]["cases"]
    return int(run["status"] != "finished") + abs(cases - sum(counts.values()))


if __name__ == "__main__":
    sys.exit(main())
