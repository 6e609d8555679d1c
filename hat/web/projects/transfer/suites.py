"""A test suite of HttpRunner 2 and 3 as cases: one for each entry, calling the case the entry names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from hat.error import FormatError
from hat.formats.httprunner.layout import choose_dialect
from hat.formats.httprunner.suites import entries
from hat.formats.reading import Reading, kind
from hat.web.projects.documents import plain
from hat.web.projects.models import NAME_LENGTH
from hat.web.projects.paths import word
from hat.web.projects.transfer.draft import Draft
from hat.web.text import storable

Locate = Callable[[str], int | None]


def drafts_of_suite(
    path: str, suite: Mapping[str, Any], locate: Locate, dialect: str | None
) -> dict[str, Draft]:
    """The entries by a path each: the suite's without its ending, then the entry's name."""
    spoken = dialect or choose_dialect(suite, "suite")
    if spoken == "httprunner4":
        hint = "import it as HttpRunner 2 or 3"
        raise FormatError("HttpRunner 4 has no test suites", file=path, hint=hint)
    reading = Reading(spoken, path, locate=locate)
    config = suite.get("config") or {}
    if not isinstance(config, Mapping):
        reading.problem("config", f"expected a mapping, got {kind(config)}")
        config = {}
    found: dict[str, Draft] = {}
    for name, entry, place in entries(reading, suite["testcases"]):
        if not isinstance(entry, Mapping):
            reading.problem(place, f"expected name and testcase, got {kind(entry)}")
            continue
        document = _document(_suite_name(config, path), config, name, entry)
        file = _file(path, document["config"]["name"], found)
        found[file] = Draft(file, {"schema": 1, "dialect": spoken, **document}, _at(locate, place), path)
    if reading.problems:
        raise reading.problems[0]
    return found


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
