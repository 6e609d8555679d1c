"""The `HttpRunner` of 2.2 for Python programs that call it: HAT runs, the summary keeps its form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hat import __version__, engine, formats, reports, run
from hat.case import Case, Environment
from hat.error import UsageError
from hat.formats import Loaded
from hat.reports.httprunner import summary
from hat.result import RunResult


@dataclass
class HttpRunner:
    """Runs cases one after the other, as HttpRunner does; `summary` holds what came of it.

    `save_tests` writes `logs/NAME.summary.json` into the project, `report_dir` or `report_file` the report.
    """

    failfast: bool = False
    save_tests: bool = False
    report_dir: str | None = None
    report_file: str | None = None
    dialect: str | None = None
    summary: dict[str, Any] | None = field(default=None, init=False)
    result: RunResult | None = field(default=None, init=False)

    @property
    def _summary(self) -> dict[str, Any] | None:
        """The summary by the name that older programs use."""
        return self.summary

    def run(
        self,
        path_or_tests: str | Path | Sequence[str | Path] | Mapping[str, Any],
        dot_env_path: str | Path | None = None,
        mapping: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Run a file, a folder, several of them, or a case as a dict; `mapping` wins over their variables.

        A wrong dict raises FormatErrors, no case at all UsageError; a file that cannot be read is an error
        in the summary.
        """
        loaded = self._load(path_or_tests, dot_env_path)
        if not loaded.cases and not loaded.problems:
            raise UsageError(f"no case in {path_or_tests}")
        cases = tuple(replace(case, key=str(number)) for number, case in enumerate(loaded.cases))
        options = engine.Options(concurrency=1, fail_fast=self.failfast)
        environment = Environment(overrides=dict(mapping or {}))
        self.result = run(Loaded(cases, loaded.problems), environment, options)
        self.summary = summary(self.result, __version__, cases)
        if self.save_tests:
            _save(self.summary, cases)
        if self.report_file or self.report_dir:
            name = f"{self.result.started_at:%Y%m%d-%H%M%S-%f}.html"
            reports.write(self.result, self.report_file or Path(self.report_dir or ".", name))
        return self.summary

    def _load(self, chosen: Any, dotenv: str | Path | None) -> Loaded:
        if isinstance(chosen, Mapping):
            documents = chosen.get("testcases", [chosen])
            dialect = self.dialect or "httprunner2"
            return Loaded(tuple(formats.read(one, dialect=dialect) for one in documents), ())
        paths = [chosen] if isinstance(chosen, (str, Path)) else list(chosen)
        return formats.load(*paths, dialect=self.dialect, dotenv=dotenv)


def _save(found: Mapping[str, Any], cases: Sequence[Case]) -> None:
    """Write a summary into the folder `logs` of the project."""
    first = cases[0] if cases else Case(name="")
    target = Path(first.root or ".", "logs", f"{Path(first.file).stem or 'tests'}.summary.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
