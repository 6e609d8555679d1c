"""The checks of the project: `start.py test`, all of them or some groups, with a summary at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.console import StartError, say
from tools.environment import PYTHON, ROOT, prepare

RESULTS = ROOT / "test-results"
OUTPUT = {"PYTHONUTF8": "1", "NO_COLOR": "1"}  # plain text, also in a log
COUNTED = ("passed", "failed", "skipped", "unreached")
UNREACHED = 69  # the exit code of a check whose answer lies where nobody could be reached


@dataclass(frozen=True)
class Check:
    """One question to the project, answered by a program's exit code."""

    group: str
    name: str
    arguments: tuple[str, ...]
    pytest: bool = False
    script: str = ""  # a command of the environment; else Python itself

    @property
    def command(self) -> list[str]:
        suffix = ".exe" if os.name == "nt" else ""
        return [str(PYTHON.with_name(self.script + suffix) if self.script else PYTHON), *self.arguments]


# One more than the cores of a small machine: tests wait for programs they start half of the time.
SIDE_BY_SIDE = ("-n", "3", "--dist", "worksteal")
CHECKS = (
    Check("lint", "ruff check", ("-m", "ruff", "check")),
    Check("lint", "ruff format", ("-m", "ruff", "format", "--check")),
    Check("lint", "layers", ("--no-cache", "--no-logo"), script="lint-imports"),
    Check("lint", "sizes", ("-m", "tools.sizes")),
    Check("types", "mypy", ("-m", "mypy")),
    Check("pages", "vue-tsc", ("-m", "tools.pages", "types")),
    Check("pages", "vitest", ("-m", "tools.pages", "unit")),
    Check("pages", "schema.d.ts", ("-m", "tools.pages", "schema")),
    Check("python", "pytest", ("-m", "pytest", "-m", "not browser", *SIDE_BY_SIDE), pytest=True),
    Check("browser", "browser tests", ("-m", "pytest", "-m", "browser", *SIDE_BY_SIDE), pytest=True),
)
GROUPS = tuple(dict.fromkeys(check.group for check in CHECKS))


@dataclass(frozen=True)
class Answer:
    """How a check went: its counts, its time and, when it is not shown live, its output."""

    check: Check
    counts: Counter[str]
    elapsed_s: float
    output: str = ""

    @property
    def is_good(self) -> bool:
        return not self.counts["failed"] and not (is_ci() and self.counts["skipped"])

    def __str__(self) -> str:
        counts = ", ".join(f"{self.counts[word]} {word}" for word in COUNTED if self.counts[word])
        detail = f"   {counts}" if self.check.pytest else ""
        verdict = "open  " if self.counts["unreached"] else "ok    " if self.is_good else "FAILED"
        return f"{verdict}  {self.check.group:8} {self.check.name:14}{self.elapsed_s:7.1f} s{detail}"


def test(arguments: list[str]) -> int:
    """Run the chosen groups; pytest's options may follow and choose the group python when none is named."""
    groups, options = split(arguments)
    chosen = [check for check in CHECKS if check.group in groups]
    prepare(development=True, pages=bool({"pages", "python", "browser"} & set(groups)))
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    answers = quiet([check for check in chosen if not check.pytest])
    answers += [live(check, options) for check in chosen if check.pytest]
    return summary(answers)


def split(arguments: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Tell names of groups, which come first, from options for pytest."""
    words = list(arguments)
    groups = []
    while words and words[0] in GROUPS:
        groups.append(words.pop(0))
    if words and not words[0].startswith("-") and not (ROOT / words[0].partition("::")[0]).exists():
        hint = f"{', '.join(GROUPS)}, or options and files for pytest"
        raise StartError(f"there is no group '{words[0]}'.\n  hint: {hint}")
    return tuple(groups) or (("python",) if words else GROUPS), words


def quiet(checks: Sequence[Check]) -> list[Answer]:
    """Run checks two at a time; the output of one is shown when it ends, and only when it is not good."""
    answers = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for answer in pool.map(ask, checks):
            say(str(answer))
            if not answer.is_good or answer.counts["unreached"] or answer.check.name == "sizes":
                say(answer.output.rstrip() + "\n")
            answers.append(answer)
    return answers


def ask(check: Check) -> Answer:
    """Run one check, keeping what it prints."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    words = {0: "passed", UNREACHED: "unreached"}
    counts = Counter([words.get(done.returncode, "failed")])
    return Answer(check, counts, time.monotonic() - started, done.stdout)


def live(check: Check, options: Sequence[str]) -> Answer:
    """Run pytest with its output shown as it comes; the counts are read from its JUnit file."""
    say(f"\n{check.name}")
    started = time.monotonic()
    report = RESULTS / f"{check.group}.xml"
    command = [*check.command, f"--junitxml={report}", *options]
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, check=False)
    counts = junit_counts(report)
    nothing_chosen = done.returncode == 5 and options
    if done.returncode and not counts["failed"] and not nothing_chosen:
        counts["failed"] += 1
    return Answer(check, counts, time.monotonic() - started)


def junit_counts(report: Path) -> Counter[str]:
    """Count the tests in a JUnit file by how they went."""
    counts: Counter[str] = Counter()
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - our own file
            number = {word: int(suite.get(word, 0)) for word in ("tests", "failures", "errors", "skipped")}
            failed = number["failures"] + number["errors"]
            passed = number["tests"] - failed - number["skipped"]
            counts.update(passed=passed, failed=failed, skipped=number["skipped"])
    return counts


def summary(answers: Sequence[Answer]) -> int:
    """Print how each check went and, alone on the last line, the sums."""
    total: Counter[str] = Counter()
    say("")
    for answer in answers:
        say(str(answer))
        total.update(answer.counts)
    if total["skipped"] and is_ci():
        say("In CI nothing may be skipped; the reasons are above.")
        total["failed"] += 1
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    unreached = f", {total['unreached']} open: not reached" if total["unreached"] else ""
    say(f"{total['passed']} passed, {total['failed']} failed{skipped}{unreached}")
    return 1 if total["failed"] or not total["passed"] else 0


def is_ci() -> bool:
    """Say whether this is a CI run, where every part must be there."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def environment() -> dict[str, str]:
    """What the checks see: no setting of a local installation, no address of a running platform.

    A thousand programs are started, so what Python compiled is kept even where the machine says otherwise.
    """
    kept = ("HAT_TEST_", "HAT_SKIP_FRONTEND")
    settings = {name for name in os.environ if name.startswith("HAT_") and not name.startswith(kept)}
    settings.add("PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in settings} | OUTPUT
