"""One run: its connections, its sandboxes, and how one case of it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from time import perf_counter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.case import Case, Environment, Need
from hat.engine.attempt import Attempt, Held, guarded
from hat.engine.calls import Caller
from hat.engine.client import Client
from hat.engine.credentials import Keyring
from hat.engine.folders import Folders
from hat.engine.loop import CancelledError, Future, Task, current_task
from hat.engine.masking import Mask, mask_case, mask_step
from hat.engine.names import circular_names, doubtful_names, undefined_names, unknown_names
from hat.engine.needs import PLACE, Needs, ends_at, needed_keys
from hat.engine.opening import (
    case_name,
    case_skip_reason,
    close_case,
    exported,
    lifetime,
)
from hat.engine.options import Options
from hat.engine.parameters import names_of, rows_of
from hat.engine.plan import CasePlan, Plans, compile_auth
from hat.engine.scope import Scope
from hat.engine.sequence import CANCELLED, begin_case, run_steps
from hat.error import FormatError
from hat.event import CaseFinished, CaseStarted, Event, StepFinished, StepStarted
from hat.result import CaseResult, Outcome, StepError, StepResult, why, worst

_BAD = (Outcome.FAILED, Outcome.ERROR)


class Prepared(Struct, frozen=True):
    """A case with one row of its parameters, at its place in the order written; or why it cannot run."""

    index: int
    case: Case
    row: dict[str, Any] | None = None
    row_index: int | None = None
    error: StepError | None = None
    left_out: str = ""


class Running:
    """What the cases of a run share."""

    def __init__(self, environment: Environment, options: Options) -> None:
        self.environment = environment
        self.options = options
        self.client = Client(options.targets)
        self.plans = Plans()
        self.folders = Folders(environment, options, self.plans)
        self.needs = Needs(self._hold)
        self._chosen: dict[str, Prepared] = {}  # those that others need too and that did not run yet, by key
        self._shared: dict[int, Future[CaseResult]] = {}  # the results of all of those, by index
        self._emit: Callable[[Event], None] = _unheard
        self.interrupted = False
        self.rows: list[int] = []
        self.tasks: set[Task[Any]] = set()
        self.layer = {**environment.services, **environment.variables, **environment.secrets}
        secrets = [str(value) for value in environment.secrets.values() if value]
        self.mask = Mask(secrets, options.masked_names)
        self.keyring = Keyring.of(self.client, self.mask.hide, options.shelf)

    async def close(self) -> None:
        """End what the run started."""
        await self.keyring.close()
        self.client.close()
        await self.folders.close()

    def interrupt(self) -> None:
        """Stop the cases that run now."""
        self.interrupted = True
        for task in self.tasks:
            task.cancel()

    def fails_fast_by_case(self, item: Prepared) -> bool:
        """Whether fail fast ends only the case, as HttpRunner 2 has it."""
        return self.plans.of(item.case).dialect.fails_fast_by_case

    async def prepare(self, cases: Sequence[Case]) -> list[Prepared]:
        """Every row of every case, in order."""
        found: list[Prepared] = []
        for case in cases:
            rows = await guarded(self._rows(case), case)
            items = [Prepared(0, case, error=rows)] if isinstance(rows, StepError) else rows
            self.rows.append(len(items))
            for item in items:
                found.append(replace(item, index=len(found)))
        needed = needed_keys(cases)
        for item in found if needed else ():
            key = item.case.needed_as
            if key in needed and key not in self._chosen and item.row_index is None and item.error is None:
                self._chosen[key] = item
                self._shared[item.index] = Future()
        return found

    async def examine(self, cases: Sequence[Case]) -> list[FormatError]:
        """What is wrong with cases that only the engine knows, each once."""
        found: dict[str, FormatError] = {}
        for case in cases:
            for problem in await self._problems(case):
                found.setdefault(str(problem), problem)
        return list(found.values())

    async def _problems(self, case: Case) -> list[FormatError]:
        caller = await self.folders.caller(case)
        if isinstance(caller, StepError):
            return [FormatError(caller.message, file=caller.place, hint=caller.hint)]
        plan = self.plans.of(case)
        given = {*self.layer, *self.environment.overrides, *names_of(case.parameters)}
        wrong = [
            *unknown_names(plan, caller, given, self.plans),
            *doubtful_names(plan, caller, self.plans),
            *circular_names(plan, given, self.plans),
        ]
        doubtful = list(undefined_names(plan, given, self.plans))
        return [
            FormatError(
                problem.message,
                file=problem.case.file,
                line=problem.case.locate(problem.path) if problem.case.locate else None,
                path=problem.path,
                hint=problem.hint,
                level="warning" if problem in doubtful else "error",
            )
            for problem in [*wrong, *doubtful]
        ]

    async def _rows(self, case: Case) -> list[Prepared]:
        """The rows of a case; one without parameters is looked into when it starts."""
        if not case.parameters and not self.folders.has_functions(case):
            return _repeated(case)
        caller = await self.folders.caller(case)
        if isinstance(caller, StepError):
            return [Prepared(0, case, error=caller)]
        if not case.parameters:
            return _repeated(case)
        plan = self.plans.of(case)
        rows = await rows_of(case.parameters, plan.dialect, caller, self.layer, "config.parameters")
        if not rows:
            return [Prepared(0, case)]
        unknown = self._unknown(plan, caller, rows[0])
        if unknown is not None:
            return [Prepared(0, case, error=unknown)]
        return self._chosen_rows(case, rows)

    def _chosen_rows(self, case: Case, rows: Sequence[dict[str, Any] | None]) -> list[Prepared]:
        """The rows the options name, each numbered as if all ran; without any, the case is left out."""
        repeated = ((number, row) for number, row in enumerate(rows, 1) for _ in range(case.times))
        chosen = [
            Prepared(0, case, row, index)
            for index, (number, row) in enumerate(repeated)
            if self.options.rows.takes(number, row or {})
        ]
        return chosen or [Prepared(0, case, left_out=f"none of its {len(rows):,} rows is chosen")]

    def _unknown(self, plan: CasePlan, caller: Caller, row: Mapping[str, Any] | None) -> StepError | None:
        """What keeps a case from running at all: a name that nothing gives."""
        given = {*self.layer, *self.environment.overrides, *(row or {})}
        found = next(unknown_names(plan, caller, given, self.plans), None)
        if found is None:
            return None
        return StepError("template", found.message, found.case.place(found.path), found.hint)

    async def run(self, item: Prepared, emit: Callable[[Event], None]) -> CaseResult:
        """Run one case; one that others need, too, has run already when the first of them asked for it."""
        self._emit = emit
        shared = self._shared.get(item.index)
        if shared is None:
            return (await self._run_told(item, emit))[0]
        if item.case.needed_as in self._chosen:
            await self.needs.obtain(Need(str(item.case.name), item.case, item.case.needed_as))
        return await shared

    async def _run_told(self, item: Prepared, emit: Callable[[Event], None]) -> tuple[CaseResult, _Done]:
        """Run a case as often as the options say; its steps are told when no retry can follow."""
        case, retries = item.case, self.options.retries
        emit(CaseStarted(item.index, self.mask.text(str(case.name)), case.key, len(case.steps)))
        retried: list[str] = []
        done = _Done("")
        for attempt in range(1, retries + 2):
            result, done = await self._run_once(item, None if attempt <= retries else emit)
            good = result.outcome not in (Outcome.FAILED, Outcome.ERROR)
            if attempt <= retries and (good or self.interrupted):
                for step in result.steps:
                    emit(StepFinished(item.index, step))
                break
            if attempt <= retries:
                retried.append(why(result))
        result = replace(result, attempts=attempt, retried=tuple(retried))
        emit(CaseFinished(result))
        return result, done

    async def _run_once(
        self, item: Prepared, tell: Callable[[Event], None] | None
    ) -> tuple[CaseResult, _Done]:
        """Run a case once; whatever happens is in the result."""
        started = perf_counter()
        done = _Done(str(item.case.name), item.error, skip_reason=item.left_out)
        task = current_task()
        is_inside = task in self.tasks  # it runs for a case that needs it
        self.tasks.add(task)
        try:
            if done.error is None and not item.left_out:
                done.error = await guarded(self._begin_and_carry_out(item, done, tell), item.case)
        except CancelledError:
            if not self.interrupted:
                raise
            task.uncancel()
            done.error = StepError("cancelled", CANCELLED)
        finally:
            if not is_inside:
                self.tasks.discard(task)
        result = CaseResult(
            name=done.name,
            outcome=done.outcome,
            index=item.index,
            key=item.case.key,
            file=item.case.file,
            module=item.case.module,
            row=item.row,
            row_index=item.row_index,
            elapsed_ms=(perf_counter() - started) * 1000,
            error=done.error,
            skip_reason=done.skip_reason,
            steps=tuple(done.steps),
            exported=done.exported,
        )
        return mask_case(result, self.mask), done

    async def _begin_and_carry_out(
        self, item: Prepared, done: _Done, tell: Callable[[Event], None] | None
    ) -> StepError | None:
        attempt = await self._begin(item)
        if isinstance(attempt, StepError):
            return attempt
        done.attempt = attempt
        return await self._carry_out(attempt, item, done, tell)

    async def _hold(self, need: Need) -> Held:
        """Run a case that others need; one that was chosen too gets its own result by that."""
        started = perf_counter()
        item = self._chosen.pop(need.key, None)
        if item is None:
            done = _Done(str(need.case.name))
            work = self._begin_and_carry_out(Prepared(0, need.case), done, None)
            done.error = await guarded(work, need.case)
        else:
            result, done = await self._run_told(item, self._emit)
            self._shared[item.index].set(result)
        attempt, until, exported_values = done.attempt, inf, {}
        if attempt is not None:
            exported_values = done.exported if attempt.plan.case.export else dict(attempt.scope.extracted)
            if done.outcome is Outcome.PASSED and need.case.expires is not None:
                found = await guarded(lifetime(attempt), need.case)
                until = inf if isinstance(found, StepError) else ends_at(found)
                done.error = found if isinstance(found, StepError) else None
        shown = StepResult(
            name=f"needs {need.name}",
            place=PLACE,
            outcome=done.outcome,
            error=done.error,
            elapsed_ms=(perf_counter() - started) * 1000,
            extracted=exported_values,
            steps=tuple(done.steps),
            phase="setup",
        )
        jar = attempt.jar if attempt is not None else self.client.new_jar()
        return Held(shown, exported_values, jar, until, is_shown=item is not None)

    async def _carry_out(
        self,
        attempt: Attempt,
        item: Prepared,
        done: _Done,
        tell: Callable[[Event], None] | None,
    ) -> StepError | None:
        attempt.scope.given = {
            **dict.fromkeys(item.row or {}, "row"),
            **dict.fromkeys(self.environment.overrides, "override"),
        }

        def take(step: StepResult) -> None:
            done.steps.append(mask_step(step, self.mask))
            if tell is not None:
                tell(StepFinished(item.index, done.steps[-1]))

        def begin(number: int, name: str) -> None:
            if tell is not None:
                tell(StepStarted(item.index, number, self.mask.text(name)))

        begun = await begin_case(attempt, {**(item.row or {}), **self.environment.overrides})
        for step in begun.steps:
            take(step)
        if begun.error is not None:
            return begun.error
        done.name = await case_name(attempt)
        if not begun.is_ready:
            return None
        done.skip_reason = await case_skip_reason(attempt)
        if done.skip_reason:
            return None
        async for step in run_steps(attempt, attempt.plan.steps, begin):
            take(step)
        done.exported = exported(attempt, attempt.plan.case.export)
        error = await close_case(attempt)
        if (printed := attempt.caller.take_log()) and done.steps:
            last = done.steps[-1]  # what the hooks of the case print stands in its log, too
            log = "\n".join(filter(None, (last.log, *printed)))
            done.steps[-1] = replace(last, log=self.mask.text(log))
        return StepError("cancelled", CANCELLED) if attempt.is_cut_short else error

    async def _begin(self, item: Prepared) -> Attempt | StepError:
        case, environment = item.case, self.environment
        plan = self.plans.of(case)
        caller = await self.folders.caller(case)
        if isinstance(caller, StepError):
            return caller
        unknown = self._unknown(plan, caller, None) if item.row is None else None
        if unknown is not None:
            return unknown
        verify: Any = case.verify
        if verify is None:
            verify = environment.verify if environment.verify is not None else plan.dialect.verify
        return Attempt(
            plan=plan,
            plans=self.plans,
            scope=Scope(plan.dialect, self.layer),
            caller=caller,
            client=self.client,
            jar=self.client.new_jar(),
            environment=environment,
            keyring=self.keyring,
            mask=self.mask,
            auth=compile_auth(environment.auth, plan.dialect, "environment.auth"),
            base_url=environment.base_url,
            headers=environment.headers,
            verify=verify,
            fail_fast=self.options.fail_fast,
            explain=self.options.explain,
            confined=self.options.sandbox.level == "strict",
            root=caller.around.root,
            max_body=self.options.max_body,
            cancelled=self.options.cancelled,
            obtain=self.needs.obtain,
        )


def _unheard(_: Event) -> None:
    """Nobody listens before the first case runs."""


def _repeated(case: Case) -> list[Prepared]:
    """A case without rows, as often as its `times` say."""
    if case.times == 1:
        return [Prepared(0, case)]
    return [Prepared(0, case, row_index=index) for index in range(case.times)]


class _Done(Struct):
    """What one attempt at a case has left so far."""

    name: str
    error: StepError | None = None
    steps: list[StepResult] = []
    exported: dict[str, Any] = {}
    skip_reason: str = ""
    attempt: Attempt | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst outcome so far."""
        if self.skip_reason:
            return Outcome.SKIPPED
        outcomes = [step.outcome for step in self.steps]
        return worst([*outcomes, Outcome.ERROR] if self.error is not None else outcomes)
