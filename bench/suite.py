"""What a run costs: 200 cases of 5 steps with HAT, with a bare loop over libcurl, and with other tools.

    python3 start.py bench suite [--cases 200] [--rounds 5] [--delay MS] [--peers] [--quick]

Processor time is that of the whole process, from start to exit. Tools take turns, so that a busy machine hits
all of them alike; what counts is the ratio. `--peers` installs HttpRunner 2.2.2 in an environment of its own
and, where npm is found, Newman; k6 is taken when it is on the PATH, Hurl too, or as HAT_HURL says: the words
of a command, such as a loader with its libraries. After the tools come the growth from 200 to 20,000 cases,
steps that wait for a slow server, and the cold start; `--quick` leaves out the first of these.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cases
import peers
from measure import Cost, run, server

HERE = Path(__file__).parent
STEPS = 5


@dataclass(frozen=True)
class Tool:
    """A program that can run the suite; `exit_codes` are those of a good run.

    `makes` is a folder of reports that is taken away before each run: one that is there already grows.
    """

    name: str
    command: list[str]
    steps: int
    rounds: int = 0
    exit_codes: tuple[int, ...] = (0,)
    makes: str = ""


def main() -> int:
    """Generate, run in turns, print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="hat-bench-") as name, server(options.delay) as base:
        folder = Path(name)
        tools = _tools(folder, options, base)
        costs = _take_turns(tools, options.rounds, folder)
        _print(tools, costs)
        if not options.quick:
            _print_growth(folder, base)
        _print_waiting(folder, options.concurrency)
        _print_starts(folder, options.rounds)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench suite", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--delay", type=float, default=0, help="milliseconds the server waits before it answers"
    )
    parser.add_argument("--concurrency", type=int, default=100, help="cases at once in the third line of HAT")
    parser.add_argument(
        "--peers", action="store_true", help="install HttpRunner 2.2.2 and Newman for comparison"
    )
    parser.add_argument("--quick", action="store_true", help="without the growth to 20,000 cases")
    parser.add_argument("--only", default="", help="only tools whose name holds this text")
    return parser.parse_args()


def _hat(*words: str) -> list[str]:
    return [sys.executable, "-m", "hat", "run", "--dialect", "hat", *words]


def _tools(folder: Path, options: argparse.Namespace, base: str) -> list[Tool]:
    number = options.cases
    steps = number * STEPS
    many = options.concurrency
    cases.write_hat(folder / "hat", number, base)
    cases.write_one(folder / "one.yml", base)
    report = str(folder / "out.json")
    tools = [
        Tool("bare libcurl loop", [sys.executable, str(HERE / "bare.py"), base, str(number)], steps),
        Tool("hat run", _hat("hat", "--json", report, "--quiet"), steps),
        Tool("hat run, 1 at once", _hat("hat", "--json", report, "--quiet", "--concurrency", "1"), steps),
        Tool(
            f"hat run, {many} at once",
            _hat("hat", "--json", report, "--quiet", "--concurrency", str(many)),
            steps,
        ),
        Tool("hat run -j 2", _hat("hat", "--json", report, "--quiet", "-j", "2"), steps),
    ]
    tools += _peer_tools(folder, options, base)
    if options.delay:
        tools = tools[1:]  # one request after the other, a bare loop would wait for minutes
    return [tool for tool in tools if options.only in tool.name or tool is tools[0]]


def _peer_tools(folder: Path, options: argparse.Namespace, base: str) -> list[Tool]:
    """The other tools that are on this machine, each with the suite in its own language."""
    number = options.cases
    found = []
    httprunner = peers.httprunner(install=options.peers)
    if httprunner:
        few = min(number, 50)
        cases.write_httprunner2(folder / "hr2", few, base)
        found.append(Tool("HttpRunner 2.2.2", [str(httprunner), "hr2"], few * STEPS, rounds=2))
    newman = peers.newman(install=options.peers)
    if newman:
        few = min(number, 50)
        cases.write_newman(folder / "newman.json", few, base)
        found.append(Tool("Newman", [*newman, "run", "newman.json", "--silent"], few * STEPS, rounds=2))
    hurl = peers.hurl()
    if hurl:
        cases.write_hurl(folder / "hurl", number, base)
        whole, alone, report = [*hurl, "--test", "hurl"], ["--jobs", "1"], "hurl-report"
        found += [
            Tool("Hurl", [*whole, *alone], number * STEPS),
            Tool(
                "Hurl, JSON report", [*whole, *alone, "--report-json", report], number * STEPS, makes=report
            ),
            Tool("Hurl, its own jobs", whole, number * STEPS),
        ]
    k6 = shutil.which("k6")
    if k6:
        cases.write_k6(folder / "k6.js", number, base)
        found.append(Tool("k6", [k6, "run", "--quiet", "k6.js"], number * STEPS))
    return found


def _take_turns(tools: list[Tool], rounds: int, folder: Path) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    for tool in tools:
        run(tool.command, folder, folder / "log.txt")  # fills the caches, counts for nothing
    for turn in range(rounds):
        for tool in tools:
            if tool.rounds and turn >= tool.rounds:
                continue
            log = folder / "log.txt"
            if tool.makes:
                shutil.rmtree(folder / tool.makes, ignore_errors=True)
            cost = run(tool.command, folder, log)
            if cost.code not in tool.exit_codes:
                said = log.read_text(errors="replace")[-2000:]
                print(f"{tool.name} ended with exit code {cost.code}:\n{said}")
                sys.exit(1)
            costs[tool.name].append(cost)
    return costs


def _print(tools: list[Tool], costs: dict[str, list[Cost]]) -> None:
    """One line for each tool, and how often its processor time holds that of `hat run`."""
    floor = costs[tools[0].name]
    own = costs.get("hat run") or floor
    print(f"{'':22}{'CPU us/step':>12}{'x first line':>13}{'x hat run':>11}{'wall s':>9}{'memory MB':>11}")
    for tool in tools:
        mine = costs[tool.name]
        each = [cost.cpu_s / tool.steps * 1e6 for cost in mine]
        against_floor = _ratio(mine, tool.steps, floor, tools[0].steps)
        against_own = _ratio(mine, tool.steps, own, tools[0].steps)
        wall = statistics.median(cost.wall_s for cost in mine)
        memory = max(cost.memory_mb for cost in mine)
        print(
            f"{tool.name:22}{statistics.median(each):12.0f}{against_floor:13.2f}{against_own:11.2f}"
            f"{wall:9.2f}{memory:11.0f}"
        )


def _ratio(mine: list[Cost], my_steps: int, theirs: list[Cost], their_steps: int) -> float:
    """The median of the ratios of runs that happened in the same turn."""
    pairs = zip(mine, theirs, strict=False)
    ratios = [(a.cpu_s / my_steps) / (b.cpu_s / their_steps) for a, b in pairs]
    return float(statistics.median(ratios))


def _print_growth(folder: Path, base: str) -> None:
    """Ten and a hundred times as many cases: the cost of a step and the memory that is taken."""
    for number in (200, 2_000, 20_000):
        cases.write_hat(folder / f"hat{number}", number, base)
        command = _hat(f"hat{number}", "--json", str(folder / "grown.json"), "--quiet")
        cost = run(command, folder, folder / "log.txt")
        each = cost.cpu_s / (number * STEPS) * 1e6
        print(f"{number:>6} cases, JSON     {each:9.0f} us of CPU a step{cost.memory_mb:9.0f} MB")


def _print_waiting(folder: Path, many: int) -> None:
    """1,000 steps that wait 100 ms each, many cases at once: what counts is the wall clock."""
    with server(100) as slow:
        cases.write_hat(folder / "slow", 200, slow)
        costs = [
            run(_hat("slow", "--quiet", "--concurrency", str(many)), folder, folder / "log.txt")
            for _ in range(3)
        ]
    wall = statistics.median(cost.wall_s for cost in costs)
    print(f"1000 waiting steps, {many} cases at once, 100 ms each: {wall:.2f} s")


def _print_starts(folder: Path, rounds: int) -> None:
    """The cold start: a whole process for one case, and for nothing but the version."""
    for title, command in (
        ("hat run, one case", _hat("one.yml", "--quiet")),
        ("hat --version", [sys.executable, "-m", "hat", "--version"]),
        ("python -c pass", [sys.executable, "-c", "pass"]),
    ):
        costs = [run(command, folder, folder / "log.txt") for _ in range(rounds)]
        cpu = statistics.median(cost.cpu_s for cost in costs) * 1000
        wall = statistics.median(cost.wall_s for cost in costs) * 1000
        print(f"{title:22}{cpu:9.0f} ms of CPU{wall:9.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
