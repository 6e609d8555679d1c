"""HAT: write HTTP API tests as cases, run them, and read why something failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from hat.case import Case, Environment
    from hat.engine import Options
    from hat.formats import Loaded
    from hat.result import RunResult

__version__ = "0.1.0"
__all__ = ["__version__", "load", "run"]

# `import hat` stays cheap: what needs the engine imports it when it is called.


def load(*paths: str | Path, dialect: str | None = None, dotenv: str | Path | None = None) -> Loaded:
    """The cases of files and folders, and the problems of those that cannot be read."""
    loaded: Loaded = import_module("hat.formats").load(*paths, dialect=dialect, dotenv=dotenv)
    return loaded


def run(
    cases: Loaded | Case | Iterable[Case] | Mapping[str, Any],
    environment: Environment | None = None,
    options: Options | None = None,
) -> RunResult:
    """Run loaded cases, one case, or a case document written as a dict.

    A file that could not be loaded is a case with outcome error; a wrong document raises FormatErrors.
    """
    formats, engine = import_module("hat.formats"), import_module("hat.engine")
    problems: tuple[Any, ...] = ()
    if isinstance(cases, Mapping):
        cases = [formats.read(cases)]
    elif isinstance(cases, formats.Loaded):
        problems, cases = cases.problems, cases.cases
    single = import_module("hat.case").Case
    chosen: Any = [cases] if isinstance(cases, single) else cases
    result: RunResult = engine.run_all(chosen, environment, options)
    return _with_problems(result, problems) if problems else result


def _with_problems(result: RunResult, problems: Iterable[Any]) -> RunResult:
    """The result with a case of outcome error for each file that could not be loaded."""
    results, replace = import_module("hat.result"), import_module("msgspec.structs").replace
    stem = import_module("pathlib").PurePath
    unread: dict[str, Any] = {}
    for problem in problems:
        error = results.StepError("case", problem.message, problem.place, problem.hint)
        unread.setdefault(problem.file, error)
    start = len(result.cases)
    added = [
        results.CaseResult(
            name=stem(file).stem, outcome=results.Outcome.ERROR, index=index, file=file, error=error
        )
        for index, (file, error) in enumerate(unread.items(), start)
    ]
    tally = replace(result.counts.cases, error=result.counts.cases.error + len(added))
    whole: RunResult = replace(
        result,
        outcome=results.Outcome.ERROR,
        counts=replace(result.counts, cases=tally),
        cases=(*result.cases, *added),
    )
    return whole
