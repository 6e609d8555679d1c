"""Compare verdicts with the real HttpRunner on random cases: `start.py bench differential`.

Cases are made by a seed, so that a difference can be had again: `--seed N --cases N`. HttpRunner 2.2.2, or
3.1.11 with `--engine 3`, is installed in an environment of its own. Of 2.2.2 every step and check is
compared, of 3.1.11 whether a case passes. The cases keep away from what docs/compatibility.md names.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peers
import yaml

from hat.engine import Options, run_all
from hat.formats import load
from hat.result import CaseResult, StepResult

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FUNCTIONS = """\
def add(a, b=1): return a + b
def text(n=3): return "x" * n
def pair(): return [1, 2]
def none(): return None
def boom(): raise ValueError("boom")
def agree(*given): return True
def disagree(*given): assert False, "no"
def mark(request): request.setdefault("headers", {})["X-Mark"] = "1"
"""
# HttpRunner 2.2.2, in its own process: each file on a line of JSON, as it ends.
DRIVER = """\
import json, os, sys
sys.path.insert(0, os.getcwd())
from httprunner.api import HttpRunner
STATUS = {"success": "passed", "failure": "failed"}
for name in sys.argv[1:]:
    runner = HttpRunner(log_level="CRITICAL", report_dir=os.environ["REPORTS"])
    try:
        runner.run(name)
        cases = runner.summary["details"]
        told = [[STATUS.get(one["status"], one["status"]) for one in case["records"]] for case in cases]
        metas = [[one["meta_datas"] for one in case["records"]] for case in cases]
        checks = [[[one["check_result"] for one in meta["validators"]] for meta in case] for case in metas]
        out = {"steps": told, "checks": checks}
    except BaseException as error:
        out = {"raised": type(error).__name__}
    print("RESULT " + json.dumps([name, out]), flush=True)
"""
# HttpRunner 3.1.11: exit codes of pytest, 2 and more where it could not make or import a test.
DRIVER_3 = """\
import json, sys
from httprunner import make
from httprunner.cli import main_run
for name in sys.argv[1:]:
    make.pytest_files_run_set.clear()
    try:
        code = main_run([name, "-q", "-p", "no:cacheprovider"])
    except SystemExit as stop:
        code = stop.code
    except BaseException as error:
        code = type(error).__name__
    print("RESULT " + json.dumps([name, {"exit": code}]), flush=True)
"""
# What holds, so that cases come far.
GOOD: tuple[dict[str, Any], ...] = (
    {"eq": ["content.code", 0]}, {"len_eq": ["content.data.tags", 3]}, {"contains": ["content.msg", "ucc"]},
    {"eq": ["status_code", "${add(199)}"]}, {"startswith": ["content.msg", "su"]}, {"lt": ["content.pi", 4]},
    {"type": ["content.data", "dict"]}, {"regex": ["content.msg", "s.*s"]}, {"ne": ["content.count", "$t"]},
    {"contained_by": ["content.code", [0, 1]]}, {"eq": ["$n", 7]}, {"str_eq": ["content.count", "3"]},
)  # fmt: skip
COMPARATORS = (
    "eq", "equals", "lt", "le", "gt", "ge", "ne", "str_eq", "len_eq", "len_gt", "len_ge", "len_lt", "len_le",
    "contains", "contained_by", "type", "regex", "startswith", "endswith", "count_eq", "length_equals",
    "greater_than", "string_equals",
)  # fmt: skip
PATHS = (
    "status_code", "content.ok", "content.code", "content.msg", "content.data.id", "content.data.tags",
    "content.data.tags.1", "content.data.items.0.name", "content.data.items.5", "content.data.matrix.0.1",
    "content.none", "content.pi", "content.text", "content.nothing", "headers.Content-Type",
    "headers.content-type", "text", "json.ok", "body.ok", "content", "LB(\\d+)", "elapsed.total_seconds",
    "reason", "encoding", "ok", "url", "cookies.a", "content.data.items.0.price.x", "content.count.x",
    "LB123(.*)RB456", '"code":(.*),',
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    200, 0, 1, -7, 3, 3.14, "", "success", "200", "int", "str", "a", "abc", None, True, False, [1, 2],
    ["a", "b", "c"], {}, {"id": 42}, "42", 42,
    "one", "application/json", "^[a-z]+$", "\\d+", "True", 10**18, "王",
)  # fmt: skip
TEXTS = (
    "$n", "$t", "${add(1, 2)}", "${add($n)}", "${text(2)}", "x$t", "$n$t", "${none()}", "a-${add(1,1)}-b",
    "$l", "$d", "$$n", "${pair()}", "costs $", "${len($l)}", "${max(1,2)}",
)  # fmt: skip
RARE = ("$missing", "${boom()}", "${nothing(1)}", "$got")  # each may end a whole run
URLS = (
    "/m/sample", "/m/sample", "/m/sample", "/m/sample", "/m/list", "/m/text", "/m/status/404",
    "/m/scalar/int", "/m/scalar/str", "/m/scalar/null", "/m/empty", "/m/badjson",
    "/m/redirect/1", "/m/html", "/m/gzip",
)  # fmt: skip


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


class Maker:
    """Makes one case after another out of a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def case(self, number: int, base: str) -> list[dict[str, Any]]:
        """A case in the list layout."""
        config = {"name": f"case {number}", "base_url": base, "variables": self._variables()}
        steps = [{"test": self._step(place)} for place in range(self._random.randint(1, 3))]
        return [{"config": config}, *steps]

    def _variables(self) -> dict[str, Any]:
        known = {"n": 7, "t": "word", "l": [1, "b"], "d": {"k": "v"}}
        for name in ("u", "v"):
            if self._likely(0.4):
                known[name] = self._value()
        return known

    def _step(self, number: int) -> dict[str, Any]:
        pick = self._random.choice
        step: dict[str, Any] = {"name": f"step {number}", "request": self._request()}
        if self._likely(0.3):
            step["variables"] = {pick(("n", "t", "w")): self._value()}
        if self._likely(0.3):
            step["extract"] = [{"got": pick(PATHS)}]
        if self._likely(0.9):
            checks = range(self._random.randint(1, 3))
            step["validate"] = [pick(GOOD) if self._likely(0.5) else self._check() for _ in checks]
        if self._likely(0.08):
            step[pick(("skip", "skipIf", "skipUnless"))] = pick(
                ("a reason", True, False, "", "$n", "${none()}")
            )
        if self._likely(0.06):
            step["times"] = pick((0, 1, 2, 3))
        if self._likely(0.15):
            hook = pick(("${agree()}", "${disagree()}", "${mark($request)}", "${boom()}", {"w": "${add(1)}"}))
            step["setup_hooks"] = [hook]
        if self._likely(0.1):
            step["teardown_hooks"] = [pick(("${agree($response)}", "${disagree()}", "${boom()}"))]
        return step

    def _request(self) -> dict[str, Any]:
        pick = self._random.choice
        request: dict[str, Any] = {"method": pick(("GET", "GET", "get", "PUT")), "url": pick(URLS)}
        if self._likely(0.35):
            request = {
                "method": "POST",
                "url": "/m/echo",
                pick(("json", "json", "data")): {"a": self._value()},
            }
        if self._likely(0.2):
            request["params"] = {"q": self._value()}
        if self._likely(0.2):
            request["headers"] = {"X-One": pick(("1", "$t", "${text(1)}", "$n"))}
        return request

    def _check(self) -> dict[str, Any]:
        pick = self._random.choice
        actual = pick(PATHS) if self._likely(0.7) else pick(("$n", "$t", "$l", "${add(1, 2)}", "status_code"))
        expected = self._value()
        if self._likely(0.3):
            return {pick(COMPARATORS): ["status_code", pick((200, 404, "200"))]}
        if self._likely(0.3):
            return {"check": actual, "comparator": pick(COMPARATORS), "expect": expected}
        return {pick(COMPARATORS): [actual, expected]}

    def _value(self) -> Any:
        if self._likely(0.02):
            return self._random.choice(RARE)
        return self._random.choice(TEXTS if self._likely(0.35) else VALUES)

    def _likely(self, share: float) -> bool:
        return self._random.random() < share


def in_dict_layout(case: list[dict[str, Any]]) -> dict[str, Any]:
    """The case for HttpRunner 3: the other layout, its names for methods and the content of an answer."""
    config, *steps = case
    for step in (step["test"] for step in steps):
        step["request"]["method"] = step["request"]["method"].upper()
        step["extract"] = {
            name: _path_3(path) for one in step.get("extract", []) for name, path in one.items()
        }
        for check in step.get("validate", []):
            for given in check.values() if "check" not in check else ():
                given[0] = _path_3(given[0])
            if "check" in check:
                check["check"] = _path_3(check["check"])
    return {**config, "teststeps": [step["test"] for step in steps]}


def _path_3(path: str) -> str:
    """A dotted path as JMESPath."""
    path = re.sub(r"^content\b", "body", path)
    return re.sub(r"\.(\d+)", r"[\1]", path)


def write(folder: Path, cases: int, seed: int, base: str, *, dict_layout: bool = False) -> list[str]:
    """A project with so many cases; gives their files."""
    maker, names = Maker(seed), []
    (folder / "debugtalk.py").write_text(FUNCTIONS)
    for number in range(cases):
        names.append(f"case{number:04}.yml")
        case = copy.deepcopy(maker.case(number, base))
        document = in_dict_layout(case) if dict_layout else case
        text = yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False)
        (folder / names[-1]).write_text(text, encoding="utf-8")
    return names


def theirs(program: Path, folder: Path, names: list[str], driver: str) -> dict[str, dict[str, Any]]:
    """What HttpRunner did with each file."""
    python = program.parent / "python"
    with tempfile.TemporaryDirectory() as reports:
        env = {"REPORTS": reports, "PATH": f"{program.parent}:/usr/bin:/bin"}
        command = [str(python), "-W", "ignore", "-c", driver, *names]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=1800, env=env
        )
    found = dict(json.loads(line[7:]) for line in done.stdout.splitlines() if line.startswith("RESULT "))
    if len(found) < len(names):
        print(f"HttpRunner ended after {len(found)} of {len(names)} cases: {done.stderr.strip()[-300:]}")
    return found


def ours(folder: Path, name: str, dialect: str) -> tuple[CaseResult | None, str]:
    """What HAT does with a file: the result, or why there is none."""
    loaded = load(str(folder / name), dialect=dialect)
    if loaded.problems:
        return None, str(loaded.problems[0])
    return run_all(loaded.cases, None, Options(concurrency=1)).cases[0], ""


def verdicts(case: CaseResult) -> tuple[list[str], list[list[str]]]:
    """The outcomes of the steps, and those of the checks of each."""
    words = {"passed": "pass", "failed": "fail", "error": "fail"}
    checks = [[words[check.outcome.value] for check in step.checks] for step in case.steps]
    return [step.outcome.value for step in case.steps], checks


def difference(case: CaseResult | None, why: str, said: dict[str, Any]) -> str:
    """Where the two do not agree, or empty."""
    if "exit" in said:
        mine = case is not None and case.outcome.value == "passed"
        told = why if case is None else _complaint(case)
        return "" if mine == (said["exit"] == 0) else f"HttpRunner exits with {said['exit']}, HAT: {told}"
    if "raised" in said:  # the whole run is lost there; here the case is an error
        lost = case is None or case.error is not None or case.outcome.value == "error"
        return "" if lost else f"HttpRunner raised {said['raised']}, HAT: {case and case.outcome.value}"
    if case is None or case.error is not None:
        told = why if case is None else case.error.message if case.error else ""
        return f"HttpRunner: {said['steps'][0]}, HAT: {told}"
    steps, checks = verdicts(case)
    if steps != said["steps"][0]:
        why = _first_reason(case.steps, steps, said["steps"][0])
        return f"HttpRunner: {said['steps'][0]}, HAT: {steps}; {why}"
    for own, their in zip(checks, said["checks"][0], strict=True):
        if their not in (own, own[:-1]):  # it does not note the check whose value is not there
            return f"HttpRunner: {said['checks'][0]}, HAT: {checks}"
    return ""


def _first_reason(results: tuple[StepResult, ...], mine: list[str], other: list[str]) -> str:
    """What HAT says about the first step they do not agree on."""
    for step, own, their in zip(results, mine, other, strict=False):
        if own != their:
            said = (
                [step.error.message]
                if step.error
                else [check.message for check in step.checks if check.message]
            )
            return f"step '{step.name}': {'; '.join(said)}"
    return "not as many steps"


def _complaint(case: CaseResult) -> str:
    found = [case.error, *(step.error for step in case.steps)]
    errors = [error.message for error in found if error]
    checks = [check.message for step in case.steps for check in step.checks if check.message]
    return f"{case.outcome.value}: {'; '.join([*errors, *checks])}"


def differences(
    folder: Path, names: list[str], found: dict[str, dict[str, Any]], dialect: str
) -> Iterator[tuple[str, str]]:
    """The files the two do not agree on, and where."""
    for name in names:
        if name in found:
            told = difference(*ours(folder, name, dialect), found[name])
            if told:
                yield name, told


def main() -> int:
    """Make the cases, run them in both, print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", type=int, choices=(2, 3), default=2)
    parser.add_argument("--keep", help="a folder that keeps the cases")
    options = parser.parse_args()
    is_2 = options.engine == 2
    program = peers.httprunner(install=True) if is_2 else peers.httprunner3(install=True)
    if program is None:
        return 1
    from tests.target.sample import serve  # noqa: PLC0415  found from the root, which is not on the path

    with tempfile.TemporaryDirectory() as temporary, serve() as address:
        folder = Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        names = write(folder, options.cases, options.seed, f"http://{address}", dict_layout=not is_2)
        found = theirs(program, folder, names, DRIVER if is_2 else DRIVER_3)
        unlike = list(differences(folder, names, found, f"httprunner{options.engine}"))
    for name, told in unlike:
        print(f"{name}: {told}")
    kinds = Counter(
        "raised" if "raised" in said else f"exit {said.get('exit', 0)}" for said in found.values()
    )
    outcomes = Counter(word for said in found.values() for steps in said.get("steps", []) for word in steps)
    print(f"seed {options.seed}: {len(found)} cases ({dict(kinds)}; steps {dict(outcomes)})")
    print(f"{len(unlike)} differ")
    return 1 if unlike or len(found) < len(names) else 0


if __name__ == "__main__":
    sys.exit(main())
