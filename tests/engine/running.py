"""Run case documents in tests, shortly."""

from __future__ import annotations

from typing import Any

from hat.case import Environment
from hat.engine import Options, run_all
from hat.formats import read
from hat.result import CaseResult, RunResult


def run_case(
    base: str,
    *steps: dict[str, Any],
    environment: Environment | None = None,
    options: Options | None = None,
    root: str = "",
    dialect: str = "hat",
    **config: Any,
) -> CaseResult:
    """The result of one case made of steps."""
    document = {"config": {"name": "case", "base_url": base, **config}, "teststeps": list(steps)}
    return run_all([read(document, dialect=dialect, root=root)], environment, options).cases[0]


def run_documents(*documents: dict[str, Any], options: Options | None = None) -> RunResult:
    """The result of several cases."""
    return run_all([read(document) for document in documents], None, options)


def get(url: str = "/m/sample", name: str = "get", **fields: Any) -> dict[str, Any]:
    """A step that asks for something."""
    return {"name": name, "request": {"method": "GET", "url": url}, **fields}


def echo(value: Any, name: str = "echo", **fields: Any) -> dict[str, Any]:
    """A step whose answer holds what it sent, under body.json."""
    return {"name": name, "request": {"method": "POST", "url": "/m/echo", "json": value}, **fields}


def outcomes(case: CaseResult) -> list[str]:
    """The outcomes of the steps."""
    return [step.outcome.value for step in case.steps]
