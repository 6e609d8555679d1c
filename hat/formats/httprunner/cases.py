"""Read a document, config and steps, into a Case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from hat.case import HTTPRUNNER_2, Case, Need, Step
from hat.formats.auth import read_auth
from hat.formats.httprunner.layout import Document
from hat.formats.httprunner.steps import (
    read_hooks,
    read_skips,
    read_steps,
    read_times,
    read_variables,
)
from hat.formats.httprunner.suites import read_entry
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, kind, read_mapping, read_names, read_parameters, shared

_STRICT = ("httprunner3", "httprunner4")
_ONLY_HAT = frozenset(("times", "expires", "needs"))


def read_document(reading: Reading, document: Document) -> Case:
    """A case with every problem noted in the reading."""
    config = document.config
    if not isinstance(config, Mapping):
        reading.problem("config", f"expected a mapping, got {kind(config)}")
        config = {}
    examine_words(reading, config, "config", "config")
    if config.get("suite"):
        return read_entry(reading, config, document.steps)
    if reading.dialect in _STRICT:
        if not document.config_seen:
            reading.problem("", "'config' is missing")
        elif not config.get("name"):
            reading.problem("config.name", "a case needs a name")
    if document.steps is None:
        reading.problem("", "'teststeps' is missing")
    export = "export" if "export" in config or reading.dialect in _STRICT else "output"
    case = Case(
        name=config.get("name") or "",
        dialect=reading.dialect,
        file=reading.file,
        root=reading.root,
        env=reading.env,
        module=str(config.get("module") or ""),
        tags=read_names(reading, config.get("tags"), "config.tags"),
        base_url=config.get("base_url") or "",
        variables=read_variables(reading, config.get("variables"), "config.variables"),
        parameters=_parameters(reading, config),
        verify=config.get("verify"),
        export=read_names(reading, config.get(export), f"config.{export}"),
        exports_by_name=export == "export",
        setup_hooks=_hooks(reading, config, "setup_hooks"),
        teardown_hooks=_hooks(reading, config, "teardown_hooks"),
        skip=_skips(reading, config),
        headers=shared(read_mapping(reading, config.get("headers"), "config.headers"))
        if reading.dialect == "hat"
        else {},
        auth=read_auth(reading, config.get("auth"), "config.auth") if reading.dialect == "hat" else None,
        steps=_steps(reading, document),
        locate=document.locate,
    )
    if reading.dialect == "hat":
        return _with_needs(reading, config, case)
    return replace(case, dialect=reading.dialect)  # an api file may have raised it


def _steps(reading: Reading, document: Document) -> tuple[Step, ...]:
    """The steps in the order they run: setup, the case's own, and teardown, whose steps always run."""
    own = read_steps(reading, document.steps or [], "teststeps")
    if reading.dialect != "hat":
        return own
    before = read_steps(reading, document.setup or [], "setup")
    after = read_steps(reading, document.teardown or [], "teardown")
    return (
        *(replace(step, phase="setup") for step in before),
        *own,
        *(replace(step, phase="teardown", always=True) for step in after),
    )


def _with_needs(reading: Reading, config: Mapping[str, Any], case: Case) -> Case:
    """The case with what only dialect hat knows: needs, how long it lasts, how often it runs."""
    if _ONLY_HAT.isdisjoint(config):
        return case
    times = read_times(reading, config, "config")
    return replace(
        case, times=times, expires=config.get("expires"), needs=_needs(reading, config.get("needs"))
    )


def _needs(reading: Reading, value: Any) -> tuple[Need, ...]:
    """The cases that run before, once per run."""
    if value in (None, "", []):
        return ()
    wanted = value if isinstance(value, list) else [value]
    found = []
    for index, one in enumerate(wanted):
        path = f"config.needs[{index}]" if isinstance(value, list) else "config.needs"
        if reading.need is None:
            reading.problem(path, "another case cannot be needed from here")
            continue
        need = reading.need(reading, one, path)
        if need is None:
            continue
        if need.case.parameters or need.case.times != 1:
            reading.problem(path, f"'{need.name}' has rows, a needed case runs once", "call it as a step")
        found.append(need)
    return tuple(found)


def _parameters(reading: Reading, config: Mapping[str, Any]) -> Any:
    """The parameters of a case; HttpRunner 2 has them in suites only."""
    if reading.dialect in HTTPRUNNER_2:
        return None
    return read_parameters(reading, config.get("parameters"), "config.parameters")


def _hooks(reading: Reading, config: Mapping[str, Any], word: str) -> tuple[Any, ...]:
    if reading.dialect in _STRICT:
        return ()
    return read_hooks(reading, config.get(word), f"config.{word}")


def _skips(reading: Reading, config: Mapping[str, Any]) -> Any:
    if reading.dialect == "hat":
        return read_skips(config, "hat")
    if reading.dialect == "httprunner4":
        return read_skips({"skip": config["skip"]} if config.get("skip") else {}, "hat")
    return ()
