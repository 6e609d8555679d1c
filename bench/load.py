"""Whether the platform stays quick and loses nothing while many look on.

    python3 start.py bench load [--people 50] [--runs 20] [--cases 10000] [--seconds 30]

Starts `hat up` on an empty folder. First one run at a time, for the time from asking to beginning; then so
many runs at once while so many people ask for the list of runs and for one run twice a second; then one
run of all cases. Every run must end with every result; the exit code is 1 when one does not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from datetime import datetime
from typing import Any

from measure import server
from running import Platform, archive, started

IDLE_RUNS = 15
POLL_S = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="hat-bench-") as name,
        server() as base,
        started(name) as platform,
    ):
        small = _project(platform, 20, base)
        _print_starts(platform, small)
        lost = _crowd(platform, small, options)
        large = _project(platform, options.cases, base)
        lost += _large(platform, large, options.cases)
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


def _ended(platform: Platform, run: int, limit_s: float = 600) -> dict[str, Any]:
    until = time.monotonic() + limit_s
    value: dict[str, Any] = {}
    while time.monotonic() < until:
        value = platform.ask("GET", f"/runs/{run}")
        if value["status"] in ("finished", "cancelled"):
            break
        time.sleep(0.1)
    return value


def _print_starts(platform: Platform, project: int) -> None:
    waits = []
    for _ in range(IDLE_RUNS):
        run = _ended(platform, _start(platform, project))
        begun, asked = (datetime.fromisoformat(run[name]) for name in ("started_at", "created_at"))
        waits.append((begun - asked).total_seconds() * 1000)
    median, worst = statistics.median(waits), max(waits)
    print(f"{'queue to start when idle, median':<44}{median:8.0f} ms   worst {worst:.0f} of 200")


def _crowd(platform: Platform, project: int, options: argparse.Namespace) -> int:
    """Runs at once, with people who poll meanwhile; the number of runs that did not end whole."""
    took: dict[str, list[float]] = {"list of runs": [], "one run": []}
    failures: list[str] = []
    runs = [_start(platform, project) for _ in range(options.runs)]
    until = time.monotonic() + options.seconds

    def look_on(number: int) -> None:
        paths = {"list of runs": f"/projects/{project}/runs?page_size=25"}
        paths["one run"] = f"/runs/{runs[number % len(runs)]}/delta?after="
        while time.monotonic() < until:
            for name, path in paths.items():
                begun = time.perf_counter()
                try:
                    platform.ask("GET", path)
                except OSError as problem:
                    failures.append(str(problem))
                took[name].append((time.perf_counter() - begun) * 1000)
            time.sleep(POLL_S)

    people = [threading.Thread(target=look_on, args=(number,)) for number in range(options.people)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    print(f"{options.people} people, {options.runs} runs at once, {len(failures)} of their requests failed")
    for name, times in took.items():
        ordered = sorted(times)
        late = ordered[int(len(ordered) * 0.95)]
        print(f"{f'  {name}, 95th of {len(ordered)}':<44}{late:8.0f} ms   target 300")
    return sum(_missing(_ended(platform, run), 20) for run in runs)


def _large(platform: Platform, project: int, cases: int) -> int:
    begun = time.perf_counter()
    run = _ended(platform, _start(platform, project))
    print(f"{f'run of {cases} cases':<44}{time.perf_counter() - begun:8.0f} s    {run['counts']['cases']}")
    return _missing(run, cases)


def _missing(run: dict[str, Any], cases: int) -> int:
    counts: dict[str, int] = run["counts"]["cases"]
    return int(run["status"] != "finished") + abs(cases - sum(counts.values()))


if __name__ == "__main__":
    sys.exit(main())
