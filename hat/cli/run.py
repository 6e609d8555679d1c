"""hat run: load, run, print, write the reports, answer the exit code."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from hat import engine, formats
from hat.case import Case
from hat.cli import environment as environments
from hat.cli import isolation, language
from hat.cli.console import Console
from hat.cli.exit import Exit
from hat.cli.failure import told
from hat.cli.record import Record
from hat.cli.stop import stoppable
from hat.engine.choice import Choice, WrongRowsError, read_choice
from hat.error import FormatError, UsageError
from hat.event import CaseFinished, Event, RunFinished, RunStarted
from hat.result import CaseResult, Counts, Outcome, StepError, worst

_CODES = {
    Outcome.PASSED: Exit.PASSED,
    Outcome.SKIPPED: Exit.PASSED,
    Outcome.FAILED: Exit.FAILED,
    Outcome.ERROR: Exit.FAILED,
}


def carry_out(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Run the cases of the chosen paths."""
    say = language.choose(env)
    rows = _rows(chosen.rows)
    around = environments.build(chosen.env, chosen.var, chosen.paths, chosen.auth)
    cases, problems = _load(chosen)
    record = Record.open(" ".join(chosen.paths)[:200], json=chosen.json, junit=chosen.junit, html=chosen.html)
    for problem in problems:
        print(told(problem, say), file=sys.stderr)
    cases = _select(cases, chosen.tag, say) if cases else ()
    if not cases and not problems:
        raise UsageError(say("the paths hold no case"))
    unread = list(_unread(problems))
    cases = list(cases)
    for number, case in enumerate(cases):
        cases[number] = environments.localised(case, number, env)  # one by one: no case is there twice
    gc.freeze()  # what is loaded stays until the end
    console = Console(env, say, cases, quiet=chosen.quiet, explain=chosen.explain)
    targets = environments.targets(env)
    with stoppable(say) as stop:
        options = engine.Options(
            concurrency=chosen.concurrency,
            fail_fast=chosen.fail_fast,
            retries=chosen.retries,
            rows=rows,
            max_body=chosen.max_body * 1024 * 1024,
            explain=chosen.explain,
            cancelled=stop.is_set,
            targets=targets,
            sandbox=isolation.terms(chosen.sandbox, env, targets),
        )
        if open_for := isolation.warning(options.sandbox, cases):
            print(say("functions run without isolation: {why}", why=open_for), file=sys.stderr)
        shares = _shares(cases, chosen)
        if len(shares) > 1:
            from hat.cli.processes import Processes

            finished = Processes(cases, console, record, stop).run(shares, around, options)
        else:
            finished = _listen(engine.run(cases, around, options), console, record)
        finished = _with_unread(finished, record, unread)
        record.finish(finished)
        console.summary(finished)
    for path in record.paths:
        print(f"{say('Written')}: {path}", file=sys.stderr)
    if finished.cancelled:
        return Exit.INTERRUPTED
    return Exit.USAGE if problems else _CODES[finished.outcome]


def _rows(text: str) -> Choice:
    try:
        return read_choice(text)
    except WrongRowsError as problem:
        raise UsageError(f"--rows: {problem}") from None


def _load(chosen: argparse.Namespace) -> tuple[Sequence[Case], list[FormatError]]:
    """The cases and what cannot be read; reports that lie among them are neither, and replace no case."""
    dotenv = environments.existing(chosen.env_file)
    loaded = formats.load(*chosen.paths, dialect=chosen.dialect, dotenv=dotenv)
    reports = {os.path.abspath(path) for path in (chosen.json, chosen.junit, chosen.html) if path}
    replaced = reports & {os.path.abspath(case.file) for case in loaded.cases} if reports else ()
    for path in replaced:
        hint = "give the report another name"
        raise UsageError(
            f"{os.path.relpath(path)}: a case of this run, which the report would replace", hint=hint
        )
    problems = [problem for problem in loaded.problems if os.path.abspath(problem.file) not in reports]
    return loaded.cases, problems


def _select(cases: Sequence[Case], tags: list[str], say: language.Language) -> Sequence[Case]:
    chosen = tuple(case for case in cases if set(tags) & set(case.tags)) if tags else cases
    if not chosen:
        known = sorted({tag for case in cases for tag in case.tags})
        hint = f"known here: {', '.join(known)}" if known else "write tags: [NAME] into the config of a case"
        raise UsageError(say("no case has the tag {tags}", tags=", ".join(tags)), hint=hint)
    return chosen


def _unread(problems: Iterable[FormatError]) -> Iterator[CaseResult]:
    """The files that cannot be read, as cases that could not be carried out, so that no report hides them."""
    by_file: dict[str, list[FormatError]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    for file, found in by_file.items():
        first = found[0]
        error = StepError("case", first.message, first.place, first.hint)
        if len(found) > 1:
            error = StepError("case", "\n".join(map(str, found)))
        yield CaseResult(name=Path(file).stem, outcome=Outcome.ERROR, file=file, error=error)


def _shares(cases: Sequence[Case], chosen: argparse.Namespace) -> list[list[int]]:
    """The cases of each process. What runs one at a time, or until the first failure, stays in one."""
    in_order = chosen.concurrency is None and any(case.dialect != "hat" for case in cases)
    if chosen.jobs == 1 or chosen.fail_fast or in_order or not hasattr(os, "fork"):
        return []
    from hat.cli.processes import share

    return share(cases, chosen.jobs)


def _listen(events: Iterable[Event], console: Console, record: Record) -> RunFinished:
    """Hand every event to those who listen; the last one comes back."""
    finished = RunFinished(Outcome.PASSED, Counts(), 0.0, cancelled=True)
    for event in events:
        if isinstance(event, RunFinished):
            finished = event
            continue
        console.hear(event)
        if isinstance(event, CaseFinished):
            record.add(event.case)
        elif isinstance(event, RunStarted):
            record.start(event)
    return finished


def _with_unread(finished: RunFinished, record: Record, unread: list[CaseResult]) -> RunFinished:
    """The end of the run with the unreadable files counted."""
    for index, case in enumerate(unread, record.started.total or 0):
        record.add(replace(case, index=index))
    if not unread:
        return finished
    cases = replace(finished.counts.cases, error=finished.counts.cases.error + len(unread))
    outcome = worst((finished.outcome, Outcome.ERROR))
    return replace(finished, outcome=outcome, counts=replace(finished.counts, cases=cases))
