"""Read test suites: entries that each run a case with their own variables and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from hat.case import HTTPRUNNER_2, Case
from hat.formats.reading import Reading, Resolve, kind, read_mapping, read_names


def read_entries(reading: Reading, suite: Mapping[str, Any], call: Resolve) -> Iterator[Case]:
    """The cases of a suite, one for each entry, in order."""
    config = suite.get("config") or {}
    if not isinstance(config, Mapping):
        reading.problem("config", f"expected a mapping, got {kind(config)}")
        config = {}
    shared = read_mapping(reading, config.get("variables"), "config.variables")
    for name, entry, path in entries(reading, suite.get("testcases")):
        if not isinstance(entry, Mapping):
            reading.problem(path, f"expected name and testcase, got {kind(entry)}")
            continue
        case = call(reading, entry.get("testcase"), f"{path}.testcase")
        if case is not None:
            yield _entry(reading, case, name, entry, (config, shared), path)


def read_entry(reading: Reading, config: Mapping[str, Any], steps: Any) -> Case:
    """One entry of a suite as a case of its own: its config is the suite's, its step calls the case.

    `parameters` stand in the config; the called case is read in the dialect of the suite.
    """
    step = steps[0] if isinstance(steps, list) and len(steps) == 1 else None
    if not isinstance(step, Mapping) or step.get("testcase") in (None, "") or reading.call is None:
        hint = "without 'suite' in config it is an ordinary case"
        reading.problem("config.suite", "an entry of a suite has one step, which calls a case", hint)
        return Case(name="")
    shared = read_mapping(reading, config.get("variables"), "config.variables")
    case = reading.call(replace(reading, inherited=True), step["testcase"], "teststeps[0].testcase")
    if case is None:
        return Case(name="")
    entry = {**step, "parameters": config.get("parameters")}
    found = _entry(reading, case, config.get("name"), entry, (config, shared), "teststeps[0]")
    return replace(found, tags=read_names(reading, config.get("tags"), "config.tags") or case.tags)


def entries(reading: Reading, value: Any) -> Iterator[tuple[Any, Any, str]]:
    """Name, entry and path of each entry of a suite, in list form or dict form."""
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
    if reading.dialect in HTTPRUNNER_2:
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
