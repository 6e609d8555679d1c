"""Keep of a run what its reports need, and write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from hat import reports
from hat.error import UsageError
from hat.event import RunFinished, RunStarted
from hat.reports.json import Stream, encode, head
from hat.result import CaseResult, RunResult


class Record(Struct):
    """The reports asked for. JSON is written while the run goes on; the others need all cases at its end."""

    json: Path | None = None
    others: dict[str, Path] = {}
    cases: dict[int, bytes] = {}
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

    @property
    def is_wanted(self) -> bool:
        """Whether there is any report to write cases into."""
        return self._file is not None or bool(self.others)

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
        """Take a case."""
        if self.is_wanted:
            self.take(case.index, encode(case))

    def take(self, index: int, case: bytes) -> None:
        """Write a case, encoded, or keep it where a report needs them all."""
        stream = self._begin()
        if stream is not None:
            stream.add(index, case)
        if self.others:
            self.cases[index] = case

    def finish(self, finished: RunFinished) -> None:
        """Write what is still to be written."""
        stream = self._begin()
        if stream is not None and self._file is not None:
            stream.finish(
                finished.outcome, finished.counts, finished.elapsed_ms, cancelled=finished.cancelled
            )
            self._file.close()
        for name, path in self.others.items():
            cases = (self.cases[index] for index in sorted(self.cases))
            path.write_bytes(reports.assemble(head(self._result(finished)), cases, name))

    def _result(self, finished: RunFinished) -> RunResult:
        return RunResult(
            outcome=finished.outcome,
            counts=finished.counts,
            started_at=self.started.started_at,
            elapsed_ms=finished.elapsed_ms,
            environment=self.started.environment,
            name=self.name,
            cancelled=finished.cancelled,
        )


def _require_page() -> None:
    from hat.reports import html

    html.template()


def _prepare(path: Path) -> None:
    """Make the folder of a file and see that it can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}") from problem
