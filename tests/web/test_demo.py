"""`hat demo`: the whole way, with its real processes."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from hat import engine, formats
from hat.case import Environment
from hat.result import Outcome
from tests.demo.api import CASES, demo_api
from tests.web.test_up import TIMEOUT_S, hat


def demo(folder: Path, *options: str) -> subprocess.Popen[str]:
    return hat("demo", "--port", "0", "--demo-port", "0", "--data", str(folder), *options)


def _counts_of_the_command_line() -> str:
    """What `hat run demo/cases` says of the same cases."""
    with demo_api() as address:
        where = Environment(variables={"DEMO_URL": address}, env={"DEMO_URL": address})
        counts = engine.run_all(formats.load(CASES).cases, where).counts.cases
    return ", ".join(f"{getattr(counts, outcome.value)} {outcome.value}" for outcome in Outcome)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def test_a_demo_ends_with_the_address_of_its_report(folder: Path) -> None:
    process = demo(folder, "--exit")

    output, errors = process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 0, errors
    assert "/runs/1" in next(line for line in output.splitlines() if line.startswith("Report: "))
    assert "Sign in as 'demo' with password '" in output
    assert f"hat: the run is finished: {_counts_of_the_command_line()}\n" in errors
    assert "demo/cases" not in errors, "a problem of the import"


def test_a_second_demo_finds_its_project_and_its_link_signs_in_once(folder: Path) -> None:
    process = demo(folder)
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "/demo/sign-in/" not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], process.communicate(timeout=TIMEOUT_S)
    link = lines[-1].split()[-1]
    site = link.partition("/demo/")[0]

    first, second = build_opener(HTTPCookieProcessor()), build_opener(HTTPCookieProcessor())
    for visitor in (first, second):
        with suppress(HTTPError):  # the pages themselves may not be built
            visitor.open(link, timeout=TIMEOUT_S).close()

    with first.open(f"{site}/api/v1/projects", timeout=TIMEOUT_S) as answer:
        projects = json.load(answer)["items"]
    assert [(one["name"], one["case_count"] > 20) for one in projects] == [("Demo shop", True)]
    with pytest.raises(HTTPError, match="401"):
        second.open(f"{site}/api/v1/projects", timeout=TIMEOUT_S)
    process.terminate()
    process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0
