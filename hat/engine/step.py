"""One step: render, hooks, send, extract, check, retry."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter, time
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.engine.attempt import Attempt
from hat.engine.checking import breathe, judge_checks, judge_script
from hat.engine.client import Outgoing, TransportError
from hat.engine.credentials import is_refused
from hat.engine.dialect import Dialect
from hat.engine.encode import prepare
from hat.engine.extract import ExtractError, compile_extract
from hat.engine.hooks import run_hooks
from hat.engine.join import join
from hat.engine.origin import origins_of
from hat.engine.plan import StepPlan
from hat.engine.response import ResponseView, returned
from hat.engine.sandbox import ResponseFacts
from hat.engine.shown import show
from hat.engine.template import RenderError, fixed_value
from hat.result import (
    CheckResult,
    Connection,
    Exchange,
    Origin,
    Outcome,
    SentRequest,
    StepError,
    StepResult,
    Timing,
    worst,
)

_TAKEN_OUT = ("method", "url", "group")  # what `$request` of HttpRunner has lost once it is sent


class Record(Struct):
    """What a step has left so far."""

    name: str
    exchanges: tuple[Exchange, ...] = ()
    extracted: dict[str, Any] = {}
    checks: list[CheckResult] = []
    error: StepError | None = None
    outcome: Outcome | None = None
    origins: tuple[Origin, ...] = ()
    steps: tuple[StepResult, ...] = ()
    log: list[str] = []
    connections: tuple[Connection, ...] = ()
    attempts: int = 1
    returned: Any = None

    def fail(self, error: StepError, outcome: Outcome = Outcome.ERROR) -> None:
        """Note the first error; a worse outcome than before replaces it."""
        if self.error is None or worst((self.outcome or Outcome.PASSED, outcome)) != self.outcome:
            self.error, self.outcome = error, outcome

    def take_from(self, attempt: Attempt) -> None:
        """What functions printed, and what they connected to."""
        self.log.extend(attempt.caller.take_log())
        self.connections = attempt.caller.take_connections()

    def result(self, step: StepPlan, elapsed_ms: float) -> StepResult:
        """The result of the step."""
        outcomes = [check.outcome for check in self.checks] + [inner.outcome for inner in self.steps]
        if self.outcome is not None:
            outcomes.append(self.outcome)
        outcome = worst(outcomes)
        if outcome is Outcome.SKIPPED:
            outcome = Outcome.PASSED
        return StepResult(
            name=self.name,
            outcome=outcome,
            id=step.source.id,
            place=step.source.place,
            error=self.error,
            elapsed_ms=elapsed_ms,
            attempts=self.attempts,
            exchanges=self.exchanges,
            extracted=self.extracted,
            checks=tuple(self.checks),
            origins=self.origins,
            steps=self.steps,
            log="\n".join(self.log),
            connections=self.connections,
            phase=step.source.phase,
            returned=self.returned,
        )


async def run_step(step: StepPlan, attempt: Attempt) -> StepResult:
    """Run a step that sends a request or calls a function; whatever happens is in the result."""
    started = perf_counter()
    record = Record(shown_name(step))
    try:
        await _carry_out(step, attempt, record)
    except RenderError as error:
        says_no = error.kind == "hook" or (error.kind == "function" and step.kind == "function")
        asserted = says_no and error.is_assertion and attempt.dialect.hooks_assert
        record.fail(attempt.error(error), Outcome.FAILED if asserted else Outcome.ERROR)
    except TransportError as error:
        place = attempt.plan.case.place(f"{step.source.place}.request")
        record.exchanges = tuple(error.exchanges)
        record.fail(StepError(error.kind, error.message, place, error.hint))
    record.take_from(attempt)
    return record.result(step, (perf_counter() - started) * 1000)


def shown_name(step: StepPlan) -> str:
    """The name of a step before it is rendered."""
    return str(step.source.name if step.source.name is not None else "")


async def _carry_out(step: StepPlan, attempt: Attempt, record: Record) -> None:
    caller, dialect, scope = attempt.caller, attempt.dialect, attempt.scope
    variables = await scope.for_step(step.variables, caller)
    scope.last = variables
    if attempt.explain:
        record.origins = origins_of(step, attempt, variables)
    if dialect.evaluates_names:
        record.name = await rendered_name(step, attempt, variables)
    own: dict[str, Any] = {}
    if step.kind == "request":
        own = dict(await caller.render(step.request, variables))
        if dialect.names_first:
            own.setdefault("verify", attempt.verify)  # hooks see it
        elif dialect.name == "hat" and step.setup_hooks:
            own.setdefault("headers", {})  # a hook adds to them
        variables["request"] = own
    if step.setup_hooks:
        hidden = {"url": own.pop("url", None)} if dialect.hides_url else {}
        await run_hooks(step.setup_hooks, variables, caller)
        own = {**hidden, **variables.get("request", own)}
    if step.kind == "request":
        view = await _send(step, attempt, own, variables, record)
    else:
        view = await _call_function(step, attempt, variables, record)
    attempt.view = view
    await _conclude(step, attempt, view, variables, record)


async def _call_function(
    step: StepPlan, attempt: Attempt, variables: dict[str, Any], record: Record
) -> ResponseView:
    """Call the function of a step; what it returns stands where the body of an answer would."""
    started = perf_counter()
    value = await attempt.caller.render(step.function or fixed_value(None), variables)
    record.returned = value
    return returned(value, (perf_counter() - started) * 1000)


async def _conclude(
    step: StepPlan, attempt: Attempt, view: ResponseView, variables: dict[str, Any], record: Record
) -> None:
    """What follows an answer: hooks, extracts and checks."""
    caller, dialect, scope = attempt.caller, attempt.dialect, attempt.scope
    if step.uses_response:
        variables["response"] = ResponseFacts(view.for_hooks())
    if step.teardown_hooks:
        await run_hooks(step.teardown_hooks, variables, caller, view)
    if step.extract and not await _extract(step, attempt, view, variables, record):
        return
    if not dialect.step_wins:
        variables.update(scope.config)
        variables.update(scope.extracted)
    if step.source.problem:
        place = attempt.plan.case.place(step.source.place)
        record.fail(StepError("case", step.source.problem, place), Outcome.FAILED)
    if step.checks:
        await judge_checks(step.checks, attempt, view, variables, record.checks)
        if not dialect.failed_keeps and any(check.outcome is not Outcome.PASSED for check in record.checks):
            record.extracted = {}
    if step.source.script:
        record.checks.append(await judge_script(step.source, attempt, view, variables))


async def rendered_name(step: StepPlan, attempt: Attempt, variables: Mapping[str, Any]) -> str:
    """The name with its variables, where they can be said already."""
    if attempt.dialect.names_first:
        return str(await attempt.caller.render(step.name, variables)).partition("\n")[0]
    if not step.name.constant:
        with suppress(RenderError):  # a name may use what is extracted only later
            return str(await attempt.caller.render(step.name, variables))
    return shown_name(step)


async def _send(
    step: StepPlan, attempt: Attempt, fields: dict[str, Any], variables: dict[str, Any], record: Record
) -> ResponseView:
    """Send the request and keep its exchanges."""
    dialect = attempt.dialect
    await _complete(step, attempt, fields, variables)
    if dialect.name != "hat":
        variables["request"] = {key: item for key, item in fields.items() if key not in _TAKEN_OUT}
    if attempt.caller.sandbox is not None:
        fields = await attempt.caller.sandbox.fill(fields)
    _check_method(fields, dialect, step.source.place)
    given = await _auth(step, attempt, fields, variables)
    try:
        outgoing = prepare(fields, dialect.name, attempt.root, confined=attempt.confined)
    except UnicodeEncodeError as error:
        place = f"{step.source.place}.request"
        raise RenderError(f"text cannot be sent: {error}", place, kind="request") from None
    except TransportError as error:
        if not (dialect.answers_zero and error.name == "InvalidHeader"):
            raise
        return _no_answer(error, fields, dialect.name, record)
    if outgoing.max_body != attempt.max_body:
        outgoing = replace(outgoing, max_body=attempt.max_body)
    started = perf_counter()
    try:
        if given is None:
            record.exchanges = tuple(await attempt.client.send(outgoing, attempt.jar))
        else:
            record.exchanges = tuple(await _send_with(given, outgoing, attempt))
    except TransportError as error:
        if not dialect.answers_zero or error.kind == "request":
            raise
        return _no_answer(error, fields, dialect.name, record)
    elapsed_ms = (perf_counter() - started) * 1000
    return ResponseView(record.exchanges[-1], dialect=dialect.name, elapsed_ms=elapsed_ms)


async def _auth(
    step: StepPlan, attempt: Attempt, fields: dict[str, Any], variables: Mapping[str, Any]
) -> Any:
    """The nearest credentials: the step's, then the case's or environment's unless a header has some."""
    own = fields.pop("auth", None) if attempt.dialect.name == "hat" else None
    template = step.auth if own is None else None
    if own is None and template is None and attempt.auth is not None and "auth" not in fields:
        headers = fields.get("headers") or {}
        if not any(str(name).lower() == "authorization" for name in headers):
            template = attempt.auth
    return own if template is None else await attempt.caller.render(template, variables)


async def _send_with(given: Any, outgoing: Outgoing, attempt: Attempt) -> list[Exchange]:
    """Send with credentials; an OAuth2 token that is refused is renewed once."""
    dressed, oauth = await attempt.keyring.dress(outgoing, given, attempt.root, confined=attempt.confined)
    exchanges = await attempt.client.send(dressed, attempt.jar)
    if oauth is None or not is_refused(exchanges):
        return exchanges
    renewed = await attempt.keyring.renewed(dressed, oauth)
    return [*exchanges, *await attempt.client.send(renewed, attempt.jar)]


def _no_answer(
    error: TransportError, fields: Mapping[str, Any], dialect: str, record: Record
) -> ResponseView:
    """HttpRunner 3 and 4 make an answer with status 0 out of a transport problem."""
    request = SentRequest(str(fields["method"]), str(fields["url"]))
    record.exchanges = tuple(error.exchanges) or (Exchange(request, None, Timing()),)
    record.log.append(error.message)
    return ResponseView(None, dialect=dialect)


async def _complete(
    step: StepPlan, attempt: Attempt, fields: dict[str, Any], variables: dict[str, Any]
) -> None:
    """Add to the rendered fields what comes from config and environment."""
    dialect, place = attempt.dialect, step.source.place
    if not fields.get("method") or fields.get("url") is None:
        raise RenderError("a request needs method and url", f"{place}.request", kind="request")
    base = await attempt.caller.render(step.base_url, variables) if step.source.base_url else ""
    if not isinstance(base, str):
        raise RenderError(f"base_url is text, got {show(base)}", f"{place}.base_url", kind="request")
    if dialect.name == "hat":
        base = attempt.environment.services.get(base, base)
    fields["url"] = join(base or attempt.base_url, fields["url"], dialect, f"{place}.request.url")
    if not (dialect.step_verify and fields.get("verify") is not None):
        fields["verify"] = attempt.verify
    if dialect.json_key != "json":
        if dialect.json_key in fields:
            fields["json"] = fields.pop(dialect.json_key)
        _add_request_id(fields, overwrite=dialect.name == "httprunner4")
    if attempt.headers:
        own = {name.lower() for name in fields.get("headers") or {}}
        added = {name: value for name, value in attempt.headers.items() if name.lower() not in own}
        fields["headers"] = {**added, **(fields.get("headers") or {})}
    if attempt.environment.proxies:
        fields.setdefault("proxies", dict(attempt.environment.proxies))


def _check_method(fields: Mapping[str, Any], dialect: Dialect, place: str) -> None:
    if dialect.methods and str(fields["method"]).upper() not in dialect.methods:
        hint = f"one of {', '.join(dialect.methods)}"
        raise RenderError(
            f"unknown method '{fields['method']}'", f"{place}.request.method", kind="request", hint=hint
        )


def _add_request_id(fields: dict[str, Any], *, overwrite: bool) -> None:
    headers = dict(fields.get("headers") or {})
    if overwrite or "HRUN-Request-ID" not in headers:
        headers["HRUN-Request-ID"] = f"HRUN-{id(fields):x}-{str(int(time() * 1000))[-6:]}"
    fields["headers"] = headers


async def judge_call(
    step: StepPlan, attempt: Attempt, variables: dict[str, Any], record: Record, view: ResponseView | None
) -> None:
    """What a step adds to the case it calls: extracts and checks, on the last answer of that case."""
    view = view or ResponseView(None, dialect=attempt.dialect.name)
    handed = record.extracted
    variables.update(handed)
    if step.extract and not await _extract(step, attempt, view, variables, record):
        return
    record.extracted = {**handed, **record.extracted}
    await judge_checks(step.checks, attempt, view, variables, record.checks)


async def _extract(
    step: StepPlan, attempt: Attempt, view: ResponseView, variables: dict[str, Any], record: Record
) -> bool:
    """Read the values of `extract`; false when the step ends here."""
    found: dict[str, Any] = {}
    for plan in step.extract:
        read = plan.extract
        if read is None:
            expression = await attempt.caller.render(plan.template, variables)
            read = compile_extract(expression, attempt.dialect.name)
        try:
            found[plan.name] = read(view)
        except ExtractError as error:
            place = attempt.plan.case.place(f"{step.source.place}.extract.{plan.name}")
            outcome = Outcome.ERROR if error.kind == "error" else Outcome.FAILED
            record.fail(StepError("extract", error.message, place, error.hint), outcome)
            if not attempt.dialect.keeps_going_in_step:
                return False
        await breathe()
    record.extracted = found
    variables.update(found)
    attempt.scope.extract(found, record.name)
    return True
