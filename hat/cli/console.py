"""Print a run while it happens: what did not pass in full, the rest in one line, a summary at the end."""

from __future__ import annotations

import heapq
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TextIO

from msgspec import Struct

from hat.case import Case, Step
from hat.cli.failure import chinese
from hat.cli.language import Language
from hat.cli.paint import Paint
from hat.cli.progress import StatusLine
from hat.engine.needs import PLACE as NEEDS
from hat.engine.shown import show
from hat.event import CaseFinished, CaseStarted, Event, RunFinished, RunStarted, StepFinished
from hat.result import (
    CaseResult,
    Counts,
    EarlierAttempt,
    Exchange,
    Outcome,
    Response,
    StepError,
    StepResult,
    Tally,
)

_SLOWEST = 3
_MANY = 3  # cases with one cause that are worth a line of their own
_EXCERPT = 300
_LONGEST_ROW = 60
_LONGEST_VALUE = 80
_LINE = r"[^:]+:\d+"
_SERVER = r"(\w+://)(?:[^/?#@]*@)?([^/?#]+)"
_SOURCES = {
    "step": "the step's variables",
    "loop": "the loop of the step",
    "group": "the group's variables",
    "row": "the row of parameters",
    "override": "--var",
    "caller": "the step that calls the case",
    "config": "the case's config",
    "extracted": "the answer of an earlier step",
    "environment": "the environment",
}


class View(Struct):
    """What the console says about one case: its lines, its slowest steps, the server nobody answered at."""

    outcome: Outcome
    lines: list[str]
    slowest: list[tuple[float, str]]
    unreachable: str = ""
    unverified: int = 0


class Console:
    """Listens to the events of a run and prints them as a person reads them."""

    def __init__(
        self,
        env: Mapping[str, str],
        language: Language,
        cases: Iterable[Case] = (),
        *,
        quiet: bool = False,
        explain: bool = False,
    ) -> None:
        """`cases` are those of the run; their keys lead from a result to file and line."""
        self._cases = {case.key: case for case in cases}
        self._out: TextIO = sys.stdout
        self._paint = Paint(self._out, env)
        self._say = language
        self._failure = chinese() if language.name == "zh" else str
        self._quiet = quiet
        self._explain = explain
        self._line = StatusLine(env) if not quiet else None
        self._slow: list[tuple[float, int, str]] = []
        self._seen = 0
        self._unreachable: Counter[str] = Counter()
        self._unverified = 0
        self._last = ""
        self._environment = ""

    def hear(self, event: Event) -> None:
        """Print what an event has to say."""
        if isinstance(event, CaseFinished):
            self.show(self.view(event.case))
        elif isinstance(event, RunStarted):
            self._start(event)
        elif self._line is not None and isinstance(event, (CaseStarted, StepFinished)):
            self._line.hear(event)

    def _start(self, event: RunStarted) -> None:
        self._environment = event.environment
        if self._line is not None:
            self._line.total = event.total
        if self._quiet or not event.total:
            return
        cases = self._say.count(event.total, "case")
        text = "Running {cases} in {environment}" if event.environment else "Running {cases}"
        self._print(self._say(text, cases=cases, environment=event.environment), "")

    def _print(self, *lines: str) -> None:
        if self._line is not None:
            self._line.clear()
        for line in lines:
            if line or self._last:
                print(line, file=self._out)
            self._last = line

    def view(self, case: CaseResult) -> View:
        """What there is to say about a case that ended."""
        steps = heapq.nlargest(_SLOWEST, case.steps, key=lambda step: step.elapsed_ms)
        lines: list[str] = []
        if self._explain or case.outcome in (Outcome.FAILED, Outcome.ERROR):
            lines = [self._headline(case), *self._problems(case), ""]
        elif not self._quiet:
            lines = [self._headline(case)]
        return View(
            case.outcome,
            lines,
            [(step.elapsed_ms, f"{title(case)} > {step.title}") for step in steps],
            unreachable(case.steps) if case.outcome is Outcome.ERROR else "",
            unverified(case.steps),
        )

    def show(self, view: View) -> None:
        """Print what there is to say about a case."""
        if self._line is not None:
            self._line.finished(view.outcome)
        for elapsed_ms, name in view.slowest:
            self._note(elapsed_ms, name)
        if view.unreachable:
            self._unreachable[view.unreachable] += 1
        self._unverified += view.unverified
        if view.lines:
            self._print(*view.lines)

    def _note(self, elapsed_ms: float, name: str) -> None:
        self._seen += 1
        if len(self._slow) == _SLOWEST and elapsed_ms <= self._slow[0][0]:
            return
        entry = (elapsed_ms, -self._seen, name)
        (heapq.heappush if len(self._slow) < _SLOWEST else heapq.heappushpop)(self._slow, entry)

    def _headline(self, case: CaseResult) -> str:
        name = title(case)
        if case.outcome in (Outcome.FAILED, Outcome.ERROR):
            name = self._paint(name, "bold")
        reason = case.skip_reason or next((step.skip_reason for step in case.steps if step.skip_reason), "")
        if case.outcome is Outcome.SKIPPED and reason:
            name += f" ({self._failure(reason)})"
        if case.is_flaky:
            name += f" ({self._say('flaky: passed in attempt {count}', count=case.attempts)})"
        place = f"{self._paint(case.file + ':', 'grey')} " if case.file else ""
        elapsed = self._paint(duration(case.elapsed_ms), "grey")
        return f"{self._paint.sign(case.outcome)} {place}{name}  {elapsed}"

    def _problems(self, case: CaseResult) -> Iterator[str]:
        if case.error is not None:
            yield from self._error(case.error, case.outcome, "    ")
        for step in case.steps:
            yield from self._step(step, self._cases.get(case.key), "    ")

    def _step(self, step: StepResult, case: Case | None, indent: str) -> Iterator[str]:
        """The lines of a step that did not pass, or of any step when values are explained."""
        wrong = step.outcome in (Outcome.FAILED, Outcome.ERROR)
        if not wrong and (not self._explain or step.outcome is Outcome.SKIPPED):
            return
        yield indent + (f"{line_of(case, step.place)}: {step.title}" if case else step.title)
        for inner in step.steps:
            yield from self._step(inner, inside(case, step), indent + "  ")
        if wrong and step.exchanges and step.exchanges[-1].response is not None:
            yield f"{indent}  {self._request(step.exchanges[-1])}"
        if step.error is not None and not any(inner.error for inner in step.steps):
            yield from self._error(step.error, step.outcome, indent + "  ")
        for check in step.checks:
            if check.outcome in (Outcome.FAILED, Outcome.ERROR):
                first, *more = self._failure(check.message).splitlines()
                text = self._paint.outcome(first, check.outcome)
                place = self._paint(f"  {line_of(case, check.place)}", "grey") if case else ""
                yield f"{indent}  {self._paint.sign(check.outcome)} {text}{place}"
                yield from (f"{indent}    {line}" for line in more)
        if wrong and step.earlier:
            yield from (f"{indent}  {line}" for line in self._earlier(step))
        if wrong and step.exchanges and step.exchanges[-1].response is not None:
            yield f"{indent}  {self._paint(self._response(step.exchanges[-1].response), 'grey')}"
        yield from (f"{indent}  {line}" for line in self._origins(step))

    def _earlier(self, step: StepResult) -> Iterator[str]:
        """A line for the attempts before the last one that went alike and follow each other."""
        yield self._say("tried {count} times; the earlier attempts:", count=step.attempts)
        runs = groupby(step.earlier, key=lambda one: (_status(one), one.reason))
        groups = [(told, [one.number for one in attempts]) for told, attempts in runs]
        last = 0
        for (status, reason), numbers in groups:
            if numbers[0] > last + 1:
                yield "  …"
            last = numbers[-1]
            first = str(numbers[0])
            span = first if len(numbers) == 1 else f"{first}-{last}"
            why = self._failure(reason).partition("\n")[0]
            told = ": ".join(filter(None, (status, why)))
            yield f"  {self._say('attempt {numbers}', numbers=span)}: {told}"

    def _error(self, error: StepError, outcome: Outcome, indent: str) -> Iterator[str]:
        place = f"{error.place}: " if error.place else ""
        first, *more = self._failure(error.message).splitlines() or [""]
        text = self._paint.outcome(f"{place}{first}", outcome)
        yield f"{indent}{self._paint.sign(outcome)} {text}"
        yield from (f"{indent}  {line}" for line in more)
        if error.hint:
            yield f"{indent}  {self._say('hint')}: {self._failure(error.hint)}"

    def _request(self, exchange: Exchange) -> str:
        sent, response = exchange.request, exchange.response
        if response is None:
            return f"{sent.method} {sent.url}: {self._say('no response')}"
        answer = f"{response.status_code} {response.reason}".strip()
        return f"{sent.method} {sent.url}: {answer}, {duration(exchange.timing.total)}"

    def _response(self, response: Response) -> str:
        return f"{self._say('response')}: {self._excerpt(response.body, response.encoding)}"

    def _excerpt(self, body: bytes, encoding: str) -> str:
        if not body:
            return self._say("empty body")
        try:
            text = body.decode(encoding or "utf-8", "replace" if encoding else "strict")
        except (UnicodeDecodeError, LookupError):
            return self._say("{size} bytes that are no text", size=len(body))
        line = " ".join(text[: 4 * _EXCERPT].split())
        return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"

    def _origins(self, step: StepResult) -> Iterator[str]:
        if not self._explain:
            return
        for origin in step.origins:
            source = self._say("from {source}", source=self._source(origin.source, origin.place))
            if origin.written:
                source += self._say(", written {words}", words=_short(origin.written))
            yield f"${origin.name} = {show(origin.value, _LONGEST_VALUE)}  {self._paint(source, 'grey')}"
            for hidden in origin.hides:
                source = self._say("from {source}", source=self._source(hidden.source, hidden.place))
                told = self._say("hides {value}", value=show(hidden.value, _LONGEST_VALUE))
                yield self._paint(f"  {told}  {source}", "grey")

    def _source(self, source: str, place: str) -> str:
        """Who gave a value, in words: a layer, a step, a file and line."""
        if source == "extracted" and place:
            return self._say("the answer of step '{step}'", step=place)
        if source == "environment" and self._environment:
            return self._say("the environment {name}", name=self._environment)
        words = self._say(_SOURCES.get(source, source))
        line = re.match(_LINE, place)
        return self._say("{source} at {place}", source=words, place=line[0]) if line else words

    def summary(self, event: RunFinished) -> None:
        """Print the numbers of the run."""
        if not self._quiet:
            self._print("")
        self._slowest(event.counts.steps)
        if event.cancelled:
            self._print(self._paint(self._say("Stopped before the end"), "yellow"))
        if self._unverified:
            told = self._say.count(self._unverified, "request")
            self._print(
                self._paint(self._say("TLS certificates not verified: {requests}", requests=told), "yellow")
            )
        for server, count in self._unreachable.most_common():
            if count >= _MANY:
                cases = self._say.count(count, "case")
                told = self._say("no connection to {server}: {cases}", server=server, cases=cases)
                self._print(self._paint(told, "yellow"))
        self._print(self.numbers(event.outcome, event.counts, event.elapsed_ms))

    def numbers(self, outcome: Outcome, counts: Counts, elapsed_ms: float) -> str:
        """The line that says how many cases passed, failed, could not be carried out."""
        parts = [
            self._paint.outcome(self._say(f"{{count}} {kind.value}", count=number), kind)
            + (
                f" ({self._say('{count} flaky', count=counts.flaky)})"
                if self._shows_flaky(kind, counts)
                else ""
            )
            for kind in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED)
            if (number := getattr(counts.cases, kind.value)) or kind is outcome
        ]
        sizes = [
            self._say.count(counts.cases.total, "case"),
            self._say.count(counts.steps.total, "step"),
            self._say.count(counts.checks.total, "check"),
        ]
        return self._say(
            "{outcomes} of {sizes} in {time}",
            outcomes=self._say.join(parts),
            sizes=self._say.join(sizes),
            time=duration(elapsed_ms),
        )

    def _shows_flaky(self, kind: Outcome, counts: Counts) -> bool:
        return kind is Outcome.PASSED and counts.flaky > 0

    def _slowest(self, steps: Tally) -> None:
        if self._quiet or steps.total <= _SLOWEST:
            return
        self._print(f"{self._say('Slowest')}:")
        for elapsed_ms, _, name in sorted(self._slow, reverse=True):
            self._print(f"  {duration(elapsed_ms):>8}  {name}")
        self._print("")


def unreachable(steps: Iterable[StepResult]) -> str:
    """Scheme and host of the server no connection could be made to, or empty."""
    for step in steps:
        if step.error is not None and step.error.kind == "connect" and step.exchanges:
            found = re.match(_SERVER, step.exchanges[-1].request.url)
            return f"{found[1]}{found[2]}" if found else ""
        if server := unreachable(step.steps):
            return server
    return ""


def unverified(steps: Iterable[StepResult]) -> int:
    """How many requests went out by TLS without a look at the certificate."""
    return sum(
        sum(not one.verify and one.request.url.startswith("https:") for one in step.exchanges)
        + unverified(step.steps)
        for step in steps
    )


def _status(attempt: EarlierAttempt) -> str:
    """What an attempt was answered, or empty."""
    response = attempt.exchanges[-1].response if attempt.exchanges else None
    return f"{response.status_code} {response.reason}".strip() if response is not None else ""


def _short(text: str) -> str:
    line = " ".join(text[: 2 * _LONGEST_VALUE].split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[:_LONGEST_VALUE]}…"


def title(case: CaseResult) -> str:
    """The name of a case, with what its row adds to it."""
    row = case.row or {}
    shown = [f"{name}={value}" for name, value in row.items() if str(value) not in case.name]
    text = ", ".join(shown)
    if len(text) > _LONGEST_ROW:
        text = f"{text[:_LONGEST_ROW]}…"
    return f"{case.name} [{text}]" if text else case.name


def line_of(case: Case | None, path: str) -> str:
    """`file:line` of a path in a case."""
    return case.place(path).removesuffix(f": {path}") if case else path


def inside(case: Case | None, result: StepResult) -> Case | None:
    """The case the inner steps of a result are written in: the one it calls or needs, else the same."""
    if case is None:
        return None
    if result.place == NEEDS:
        return next((need.case for need in case.needs if result.name == f"needs {need.name}"), None)
    step = _at(case.steps, result.place)
    return case if step is None or step.steps else step.case


def _at(steps: Iterable[Step], path: str) -> Step | None:
    """The step at a path, inside groups as well."""
    for step in steps:
        if step.place == path:
            return step
        if path.startswith(f"{step.place}."):
            return _at(step.steps, path)
    return None


def duration(milliseconds: float) -> str:
    """A length of time as a person says it: 3 ms, 1.2 s, 2 min 5 s."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds // 60_000:.0f} min {milliseconds % 60_000 / 1000:.0f} s"
