"""Keep of a run what its reports need, and write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from hat import reports
from hat.error import UsageError
from hat.event import RunFinished, RunStarted
from hat.reports import html
from hat.reports.json import Stream
from hat.result import CaseResult, RunResult


class Record(Struct):
    """The reports asked for. JSON is written while the run goes on; the others need all cases at its end."""

    json: Path | None = None
    others: dict[str, Path] = {}
    cases: list[CaseResult] = []
    name: str = ""
    started: RunStarted = field(default_factory=lambda: RunStarted(datetime.now(UTC), None))
    _stream: Stream | None = None
    _file: IO[bytes] | None = None

    @classmethod
    def open(cls, name: str, *, json: str | None, junit: str | None, html: str | None) -> Record:
        """Make sure before the run that everything can be written after it."""
        others = {form: Path(path) for form, path in (("junit", junit), ("html", html)) if path}
        record = cls(Path(json) if json else None, others, name=name)
        if html:
            _require_page()
        for path in record.paths:
            _prepare(path)
        if record.json is not None:
            record._file = record.json.open("wb")
        return record

    @property
    def paths(self) -> list[Path]:
        return [*([self.json] if self.json else []), *self.others.values()]

    def start(self, event: RunStarted) -> None:
        """Begin the JSON file."""
        self.started = event
        self._begin()

    def _begin(self) -> Stream | None:
        if self._stream is None and self._file is not None:
            self._stream = Stream(self._file)
            self._stream.start(self.started.started_at, self.started.environment, self.name)
        return self._stream

    def add(self, case: CaseResult) -> None:
        """Write a case, or keep it where a report needs them all."""
        stream = self._begin()
        if stream is not None:
            stream.add(case)
        if self.others:
            self.cases.append(case)

    def finish(self, finished: RunFinished) -> None:
        """Write what is still to be written."""
        stream = self._begin()
        if stream is not None and self._file is not None:
            stream.finish(
                finished.outcome, finished.counts, finished.elapsed_ms, cancelled=finished.cancelled
            )
            self._file.close()
        for name, path in self.others.items():
            reports.write(self._result(finished), path, name)

    def _result(self, finished: RunFinished) -> RunResult:
        return RunResult(
            outcome=finished.outcome,
            counts=finished.counts,
            started_at=self.started.started_at,
            elapsed_ms=finished.elapsed_ms,
            environment=self.started.environment,
            name=self.name,
            cases=tuple(sorted(self.cases, key=lambda case: case.index)),
            cancelled=finished.cancelled,
        )


def _require_page() -> None:
    html.template()


def _prepare(path: Path) -> None:
    """Make the folder of a file and see that it can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}") from problem
