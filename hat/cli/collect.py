"""What `pytest --hat` collects and runs: case files as pytest files, cases as items."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hat.case import Case, Environment
from hat.cli import environment as environments
from hat.cli import language
from hat.cli.console import Console
from hat.cli.failure import told
from hat.engine import run_all
from hat.error import UsageError
from hat.event import CaseFinished
from hat.formats import load
from hat.result import CaseResult, Outcome

_BAD = (Outcome.FAILED, Outcome.ERROR)


class CaseFile(pytest.File):
    """A case file; other YAML and JSON that pytest meets in a folder holds nothing."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases; a file that cannot be read is an item that fails, so that it stops no other."""
        loaded = load(_shown(self.path), dialect=self.config.getoption("hat_dialect"), named=self._is_named())
        for problem in loaded.problems:
            yield Unreadable.from_parent(self, name="file", told=told(problem, language.choose(os.environ)))
        names: dict[str, int] = {}
        for number, case in enumerate(loaded.cases):
            name = str(case.name)
            names[name] = names.get(name, 0) + 1
            shown = name if names[name] == 1 else f"{name} ({names[name]})"
            yield CaseItem.from_parent(self, name=shown, case=replace(case, key=f"{case.file}#{number}"))

    def _is_named(self) -> bool:
        given = [argument.partition("::")[0] for argument in self.config.invocation_params.args]
        return any(os.path.abspath(one) == str(self.path) for one in map(str, given))


class Unreadable(pytest.Item):
    """A problem of a file."""

    def __init__(self, *, told: str, **fields: Any) -> None:
        super().__init__(**fields)
        self.told = told

    def runtest(self) -> None:
        raise FailedError(self.told)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        return _told(excinfo) or str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.told.partition("\n")[0]


class CaseItem(pytest.Item):
    """A case; its rows run together, and what did not pass is told as `hat run` tells it."""

    def __init__(self, *, case: Case, **fields: Any) -> None:
        super().__init__(**fields)
        self.case = case
        self.extra_keyword_matches.update(case.tags)  # `pytest -k smoke`

    def runtest(self) -> None:
        results = run_all([self.case], _environment(self.config, self.path)).cases
        bad = [result for result in results if result.outcome in _BAD]
        if bad:
            raise FailedError(_report(bad, self.case))
        if results and all(result.outcome is Outcome.SKIPPED for result in results):
            reasons = (step.skip_reason for result in results for step in result.steps if step.skip_reason)
            pytest.skip(next(reasons, "skipped"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        return _told(excinfo) or str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = self.case.locate("config.name") if self.case.locate else None
        return self.path, None if line is None else line - 1, self.name


class FailedError(Exception):
    """Raised in place of an assertion: its text is the whole report."""


def _shown(path: Path) -> Path:
    """The path from the current folder, where it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    return str(excinfo.value) if isinstance(excinfo.value, FailedError) else ""


def _environment(config: pytest.Config, path: Path) -> Environment:
    try:
        return environments.build(config.getoption("hat_env"), config.getoption("hat_var"), [str(path)])
    except UsageError as error:
        raise FailedError(str(error)) from None


def _report(results: list[CaseResult], case: Case) -> str:
    """What went wrong, in the words of the console."""
    text = io.StringIO()
    with redirect_stdout(text):
        console = Console({}, language.choose(os.environ), [case], quiet=True)
        for result in results:
            console.hear(CaseFinished(result))
    return text.getvalue().strip()
