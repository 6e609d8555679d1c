"""Run one conformance case in-process, the way its README says."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from hat.case import Environment
from hat.engine import Options, collect, stream
from hat.error import FormatError
from hat.event import Event
from hat.formats import load
from hat.result import RunResult

FILES = Path(__file__).parent / "files"
DIALECTS = {"hr2": "httprunner2", "hr25": "httprunner25", "hr3": "httprunner3", "hr4": "httprunner4"}
WRITTEN = "127.0.0.1:5000"


@dataclass(frozen=True)
class Entry:
    """One case of the manifest in one engine, with what that engine did."""

    id: str
    engine: str
    project: str
    path: str
    options: dict[str, Any]
    expected: dict[str, Any]


def entries() -> Iterator[Entry]:
    """Every case in every engine that has a verdict for it and a dialect of HAT."""
    manifest = json.loads((FILES / "manifest.json").read_text())
    for engine in DIALECTS:
        verdicts = {}
        for path in sorted((FILES / "expected" / engine).glob("*.json")):
            verdicts.update(json.loads(path.read_text())["results"])
        for case in manifest["cases"]:
            if case["id"] in verdicts:
                options = case.get("options", {})
                yield Entry(case["id"], engine, case["project"], case["path"], options, verdicts[case["id"]])


def projects() -> list[str]:
    """The names of all projects."""
    manifest = json.loads((FILES / "manifest.json").read_text())
    return [project["id"] for project in manifest["projects"]]


def copy_project(project: str, folder: Path, address: str) -> Path:
    """A fresh copy of a project that talks to the server at an address."""
    source = FILES / "own" / project.removeprefix("own-")
    target = folder / project
    shutil.copytree(source, target)
    for path in target.rglob("*"):
        if path.is_file() and path.suffix in (".yml", ".yaml", ".json", ".py", ".env", ".csv"):
            text = path.read_bytes()
            path.write_bytes(text.replace(WRITTEN.encode(), address.encode()))
    return target


def carry_out(entry: Entry, address: str) -> tuple[RunResult, tuple[FormatError, ...]]:
    """Load and run a case in the current folder."""
    urlopen(Request(f"http://{address}/m/reset", method="POST"), timeout=10).close()
    loaded = load(entry.path, dialect=DIALECTS[entry.engine], dotenv=entry.options.get("dotenv"))
    environment = Environment(overrides=entry.options.get("mapping", {}))
    options = Options(concurrency=1, fail_fast=entry.options.get("failfast", False), masked_names=())

    async def gather() -> list[Event]:
        return [event async for event in stream(loaded.cases, environment, options)]

    return collect(asyncio.run(gather())), loaded.problems
