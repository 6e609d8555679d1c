"""A test suite of HttpRunner 2 and 3 between its file and the platform.

In comes one case for each entry, which calls the case the entry names, and a suite of these. An entry of
a suite of HAT that changes nothing is that case itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from hat.error import FormatError
from hat.formats.httprunner.suites import entries
from hat.formats.reading import Reading, kind
from hat.web.projects.documents import plain
from hat.web.projects.models import NAME_LENGTH
from hat.web.projects.paths import word
from hat.web.projects.transfer.draft import Draft
from hat.web.text import storable

Locate = Callable[[str], int | None]


# What an entry may say; a case that says more is no mere entry any more.
_DOCUMENT = {"schema", "dialect", "config", "teststeps"}
_CONFIG = {"name", "suite", "base_url", "verify", "variables", "parameters"}
_STEP = {"id", "name", "testcase", "variables", "base_url"}
_SHARED = ("base_url", "verify", "variables")


@dataclass(slots=True)
class SuiteDraft:
    """A suite file on its way: its entries in order, each the path of a case and where it says so."""

    file: str
    name: str
    locate: Locate
    entries: list[tuple[str, str]] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)

    def problem(self, path: str, message: str, hint: str = "") -> FormatError:
        return FormatError(message, file=self.file, line=self.locate(path), path=path, hint=hint)


def read_suite(path: str, suite: Mapping[str, Any], locate: Locate, spoken: str) -> SuiteDraft:
    """The suite, its entries by a path each: the suite's without its ending, then the entry's name."""
    if spoken == "httprunner4":
        hint = "import it as HttpRunner 2 or 3"
        raise FormatError("HttpRunner 4 has no test suites", file=path, hint=hint)
    reading = Reading(spoken, path, locate=locate)
    config = suite.get("config") or {}
    if not isinstance(config, Mapping):
        reading.problem("config", f"expected a mapping, got {kind(config)}")
        config = {}
    read = SuiteDraft(path, _suite_name(config, path), locate)
    for name, entry, place in entries(reading, suite["testcases"]):
        if not isinstance(entry, Mapping):
            reading.problem(place, f"expected name and testcase, got {kind(entry)}")
            continue
        if spoken == "hat" and _changes_nothing(config, entry):
            read.entries.append((str(entry["testcase"]), f"{place}.testcase"))
            continue
        document = _document(read.name, config, name, entry)
        file = _file(path, document["config"]["name"], read.drafts)
        read.drafts[file] = Draft(
            file, {"schema": 1, "dialect": spoken, **document}, _at(locate, place), path
        )
        read.entries.append((file, place))
    if reading.problems:
        raise reading.problems[0]
    return read


def suite_document(
    name: str, cases: Sequence[tuple[str, Mapping[str, Any]]], paths: Mapping[int, str]
) -> tuple[dict[str, Any], set[int]]:
    """A suite as its file says it, and the places of the cases that are nothing but entries of it."""
    places = {place for place, (_, document) in enumerate(cases) if _is_entry(document, paths)}
    first = cases[min(places)][1] if places else {}
    shared = {key: first["config"][key] for key in _SHARED if key in first.get("config", {})}
    alike = {place for place in places if _shared_of(cases[place][1]) == shared}
    dialect = first.get("dialect") if len(alike) == len(cases) else "hat"
    entries = []
    for place, (path, document) in enumerate(cases):
        if place in alike and document.get("dialect") == dialect:
            entries.append(_entry(document, paths))
        else:
            alike.discard(place)
            entries.append({"name": document["config"]["name"], "testcase": path})
    # What is shared would change the cases that only stand in the suite.
    if len(alike) < len(cases) and shared:
        alike = set()
        entries = [{"name": one["config"]["name"], "testcase": path} for path, one in cases]
    config = {"name": name, **(shared if alike else {})}
    return {"dialect": dialect or "hat", "config": config, "testcases": entries}, alike


def _is_entry(document: Mapping[str, Any], paths: Mapping[int, str]) -> bool:
    config, steps = document["config"], document["teststeps"]
    return (
        bool(config.get("suite"))
        and _DOCUMENT.issuperset(document)
        and _CONFIG.issuperset(config)
        and len(steps) == 1
        and _STEP.issuperset(steps[0])
        and steps[0].get("testcase") in paths
    )


def _shared_of(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: document["config"][key] for key in _SHARED if key in document["config"]}


def _entry(document: Mapping[str, Any], paths: Mapping[int, str]) -> dict[str, Any]:
    config, step = document["config"], document["teststeps"][0]
    kept = {key: step[key] for key in ("variables", "base_url") if key in step}
    parameters = {"parameters": config["parameters"]} if config.get("parameters") else {}
    return {"name": config["name"], "testcase": paths[step["testcase"]], **kept, **parameters}


def _changes_nothing(config: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether an entry of a suite of HAT only names a case."""
    return set(entry) <= {"name", "testcase"} and bool(entry.get("testcase")) and set(config) <= {"name"}


def _suite_name(config: Mapping[str, Any], path: str) -> str:
    return storable(str(config.get("name") or ""))[:NAME_LENGTH] or PurePosixPath(path).stem


def _document(suite: str, config: Mapping[str, Any], name: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    called = entry.get("testcase")
    shown = str(name or "") or PurePosixPath(str(called)).stem
    kept = {
        key: plain(config[key]) for key in ("base_url", "verify", "variables") if config.get(key) is not None
    }
    parameters = entry.get("parameters")
    step = {
        key: plain(value)
        for key, value in entry.items()
        if key in ("testcase", "variables", "base_url") and value is not None
    }
    return {
        "config": {
            "name": shown,
            "suite": suite,
            **kept,
            **({"parameters": plain(parameters)} if parameters else {}),
        },
        "teststeps": [{"name": shown, **step}],
    }


def _file(path: str, name: str, taken: Mapping[str, Any]) -> str:
    folder = PurePosixPath(path).with_suffix("")
    number = 1
    file = f"{folder}/{word(name)}.yml"
    while file in taken:
        number += 1
        file = f"{folder}/{word(name)}-{number}.yml"
    return file


def _at(locate: Locate, place: str) -> Locate:
    """Lines of the document's paths in the suite file."""

    def find(path: str) -> int | None:
        if path.startswith("teststeps[0]"):
            return locate(place + path.removeprefix("teststeps[0]"))
        if path.startswith("config.parameters"):
            return locate(place + path.removeprefix("config"))
        shared = ("config.base_url", "config.verify", "config.variables")
        return locate(path if path.startswith(shared) else place)

    return find
