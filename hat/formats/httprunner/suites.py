"""Read test suites: entries that each run a case with their own variables and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hat.case import Case
from hat.formats.reading import Reading, Resolve, kind, read_mapping


def read_entries(reading: Reading, suite: Mapping[str, Any], call: Resolve) -> Iterator[Case]:
    """The cases of a suite, one for each entry, in order."""
    config = suite.get("config") or {}
    if not isinstance(config, Mapping):
        reading.problem("config", f"expected a mapping, got {kind(config)}")
        config = {}
    shared = read_mapping(reading, config.get("variables"), "config.variables")
    for name, entry, path in _entries(reading, suite.get("testcases")):
        if not isinstance(entry, Mapping):
            reading.problem(path, f"expected name and testcase, got {kind(entry)}")
            continue
        case = call(reading, entry.get("testcase"), f"{path}.testcase")
        if case is not None:
            yield _entry(reading, case, name, entry, (config, shared), path)


def _entries(reading: Reading, value: Any) -> Iterator[tuple[Any, Any, str]]:
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield name, entry, f"testcases.{name}"
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            name = entry.get("name", "") if isinstance(entry, Mapping) else ""
            yield name, entry, f"testcases[{index}]"
    else:
        reading.problem("testcases", f"expected a list of entries, got {kind(value)}")


def _entry(
    reading: Reading,
    case: Case,
    name: Any,
    entry: Mapping[str, Any],
    suite: tuple[Mapping[str, Any], Mapping[str, Any]],
    path: str,
) -> Case:
    config, shared = suite
    own = read_mapping(reading, entry.get("variables"), f"{path}.variables")
    theirs = case.variables if isinstance(case.variables, Mapping) else {}
    if reading.dialect == "httprunner2":
        variables = {**theirs, **own, **shared}
        base_url = case.base_url or config.get("base_url") or ""
    else:
        variables = {**theirs, **shared, **own}
        base_url = config.get("base_url") or entry.get("base_url") or case.base_url
    verify = case.verify if case.verify is not None else config.get("verify")
    parameters = entry.get("parameters") or case.parameters
    return replace(
        case,
        name=name or case.name,
        variables=variables,
        base_url=base_url,
        verify=verify,
        parameters=parameters,
    )
