"""A case compiled for running: templates, expressions and comparators are parsed here once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from hat.case import HTTPRUNNER_2, Case, Check, Skip, Step
from hat.engine.check import Comparator, compile_comparator
from hat.engine.dialect import DIALECT, Dialect
from hat.engine.extract import ExtractError, Extractor, compile_extract
from hat.engine.response import ResponseView
from hat.engine.scope import Bindings, bind
from hat.engine.shown import show
from hat.engine.template import Template, compile_value, fixed_value

Reads = Literal["path", "value", "rendered path"]
Kind = Literal["request", "call", "function", "group", "wait"]

COUNTER = "iteration"  # the variable that says how often a step has run in its loop

_KEPT = 64
_NOTHING = fixed_value("")
_SHARED = frozenset((str, int, bool, type(None)))
_LONGEST = 1000  # characters of what is expected by a check that is kept
_PATH_WORDS = (
    r"\$\.|\$\[|regex:|xpath:|css:|jsonpath:|jmespath:"
    r"|(?:body|content|json|text|headers|cookies|status_code)\b"
)


class CheckPlan(Struct):
    """A compiled check; `actual` renders to a value, or to a path that `extract` reads."""

    source: Check
    expression: str
    comparator: Comparator | None
    reads: Reads
    extract: Extractor | None
    actual: Template
    expect: Template
    message: Template

    @property
    def templates(self) -> list[Template]:
        """Every template of the check."""
        return [self.actual, self.expect, self.message]


class ExtractPlan(Struct):
    """A compiled extraction; a template in the expression is rendered first."""

    name: str
    expression: Any
    extract: Extractor | None
    template: Template


class HookPlan(Struct):
    """A compiled hook: a call, or a value given to a name."""

    name: str | None
    template: Template
    path: str


class ConditionPlan(Struct):
    """A compiled condition: a value that is true or false, or a check."""

    source: Any
    template: Template
    check: CheckPlan | None
    place: str

    @property
    def templates(self) -> list[Template]:
        """What is rendered to judge it."""
        return [self.template] if self.check is None else self.check.templates


class SkipPlan(Struct):
    """A compiled condition under which a step or case is left out."""

    source: Skip
    condition: ConditionPlan


class StepPlan(Struct, kw_only=True):
    """A compiled step."""

    source: Step
    name: Template
    variables: Bindings
    request: Template
    base_url: Template
    setup_hooks: tuple[HookPlan, ...]
    teardown_hooks: tuple[HookPlan, ...]
    extract: tuple[ExtractPlan, ...]
    checks: tuple[CheckPlan, ...]
    skips: tuple[SkipPlan, ...]
    condition: ConditionPlan | None = None
    loop: ConditionPlan | None = None
    items: Template | None = None
    until: CheckPlan | None = None
    wait: Template | None = None
    function: Template | None = None
    steps: tuple[StepPlan, ...] = ()
    kind: Kind = "request"
    repeats: bool = False  # whether it may run any other number of times than once
    auth: Template | None = None
    uses_response: bool = False
    calls: frozenset[str] = frozenset()  # the functions its templates call

    @property
    def templates(self) -> list[Template]:
        """Every template of the step."""
        found = [self.name, self.request, self.base_url, *self.variables.templates.values()]
        found += [hook.template for hook in (*self.setup_hooks, *self.teardown_hooks)]
        found += [template for template in (self.function, self.items, self.wait) if template is not None]
        if self.auth is not None:
            found.append(self.auth)
        for check in self.checks:
            found += check.templates
        for condition in self.conditions:
            found += condition.templates
        return found + (self.until.templates if self.until is not None else [])

    @property
    def conditions(self) -> list[ConditionPlan]:
        """What decides whether and how often the step runs."""
        found = [skip.condition for skip in self.skips]
        return found + [one for one in (self.condition, self.loop) if one is not None]


class CasePlan(Struct, kw_only=True):
    """A compiled case."""

    case: Case
    dialect: Dialect
    name: Template
    variables: Bindings
    base_url: Template
    headers: Template
    auth: Template | None
    setup_hooks: tuple[HookPlan, ...]
    teardown_hooks: tuple[HookPlan, ...]
    skips: tuple[SkipPlan, ...]
    steps: tuple[StepPlan, ...]


def all_steps(steps: Iterable[StepPlan]) -> Iterator[StepPlan]:
    """Steps with those inside groups, in the order written."""
    for step in steps:
        yield step
        if step.steps:
            yield from all_steps(step.steps)


class Plans(Struct):
    """The compiled cases of a run: the last ones only, so that a long run does not keep them all."""

    by_id: dict[int, CasePlan] = {}

    def of(self, case: Case) -> CasePlan:
        """The plan of a case; a plan holds its case, so that no other one can have the same id."""
        plan = self.by_id.get(id(case))
        if plan is None:
            if len(self.by_id) >= _KEPT:
                del self.by_id[next(iter(self.by_id))]
            plan = self.by_id[id(case)] = compile_case(case)
        return plan


def compile_case(case: Case) -> CasePlan:
    """Parse everything in a case that a step would otherwise parse again and again."""
    dialect = DIALECT[case.dialect]
    return CasePlan(
        case=case,
        dialect=dialect,
        name=compile_value(case.name, dialect.syntax, "config.name"),
        variables=bind(case.variables, dialect, "config.variables"),
        base_url=compile_value(case.base_url, dialect.syntax, "config.base_url"),
        headers=compile_value(dict(case.headers), dialect.syntax, "config.headers"),
        auth=compile_auth(case.auth, dialect, "config.auth"),
        setup_hooks=_hooks(case.setup_hooks, dialect, "config.setup_hooks"),
        teardown_hooks=_hooks(case.teardown_hooks, dialect, "config.teardown_hooks"),
        skips=_skips(case.skip, dialect, "config"),
        steps=tuple(compile_step(step, dialect) for step in case.steps),
    )


def compile_step(step: Step, dialect: Dialect) -> StepPlan:
    """Compile one step."""
    syntax, place = dialect.syntax, step.place
    fields = dict(step.request.fields) if step.request else {}
    if dialect.json_key != "json" and step.request:
        fields = _renamed(fields, dialect.json_key)
    until = step.retry.until if step.retry else None
    plan = StepPlan(
        source=step,
        name=compile_value(step.name, syntax, f"{place}.name"),
        variables=bind(step.variables, dialect, f"{place}.variables", drops_own_name=dialect.step_wins),
        request=compile_value(fields, syntax, f"{place}.request"),
        base_url=compile_value(step.base_url, syntax, f"{place}.base_url") if step.base_url else _NOTHING,
        setup_hooks=_hooks(step.setup_hooks, dialect, f"{place}.setup_hooks") if step.setup_hooks else (),
        teardown_hooks=_hooks(step.teardown_hooks, dialect, f"{place}.teardown_hooks")
        if step.teardown_hooks
        else (),
        extract=tuple(_extract(name, value, dialect, place) for name, value in step.extract),
        checks=_checks(step.validate, dialect),
        skips=_skips(step.skip, dialect, place) if step.skip else (),
        condition=None if step.condition is None else _condition(step.condition, dialect, f"{place}.if"),
        loop=_condition(step.loop.condition, dialect, f"{place}.while") if step.loop else None,
        items=compile_value(step.for_each.items, syntax, f"{place}.for_each") if step.for_each else None,
        until=None if until is None else _until(until, dialect, f"{place}.retry.until"),
        auth=None if step.auth is None else compile_auth(step.auth, dialect, f"{place}.auth"),
        wait=None if step.wait_s is None else compile_value(step.wait_s, syntax, f"{place}.wait"),
        function=None if step.function is None else compile_value(step.function, syntax, f"{place}.function"),
        steps=tuple(compile_step(inner, dialect) for inner in step.steps) if step.steps else (),
        kind=_kind(step),
        repeats=_repeats(step),
    )
    moving = [template for template in plan.templates if not template.constant]
    plan.uses_response = any(name == "response" for template in moving for name, _ in template.names)
    plan.calls = frozenset(site.name for template in moving for site in template.calls)
    if step.script:
        plan.calls |= {"exec"}  # only a sandbox may run it
    return plan


def _kind(step: Step) -> Kind:
    if step.request is not None:
        return "request"
    if step.case is not None:
        return "call"
    if step.steps:
        return "group"
    if step.function is not None:
        return "function"
    return "request" if step.wait_s is None else "wait"


def _repeats(step: Step) -> bool:
    looped = step.parameters is not None or step.for_each is not None or step.loop is not None
    return looped or step.times != 1 or not step.enabled


def _condition(value: Any, dialect: Dialect, place: str) -> ConditionPlan:
    """A condition of dialect hat may be a check: `{eq: [$state, done]}`."""
    check = _until(value, dialect, place) if dialect.name == "hat" else None
    return ConditionPlan(value, compile_value(value, dialect.syntax, place), check, place)


def compile_auth(auth: Any, dialect: Dialect, path: str) -> Template | None:
    """The credentials somebody gave; None: those of the next floor count."""
    return None if auth is None else compile_value(auth, dialect.syntax, path)


def _renamed(fields: Mapping[str, Any], json_key: str) -> dict[str, Any]:
    """The request as HttpRunner 3 and 4 show it to hooks: every field is there, the JSON body renamed."""
    shown: dict[str, Any] = {
        "method": None,
        "url": None,
        "params": {},
        "headers": {},
        json_key: None,
        "data": None,
        "cookies": {},
        "timeout": 120,
        "allow_redirects": True,
        "verify": False,
    }
    shown.update({json_key if key == "json" else key: value for key, value in fields.items()})
    return shown


def _hooks(hooks: tuple[Any, ...], dialect: Dialect, place: str) -> tuple[HookPlan, ...]:
    if not hooks:
        return ()
    found = []
    for index, hook in enumerate(hooks):
        path = f"{place}[{index}]"
        if isinstance(hook, Mapping):
            if len(hook) == 1 or dialect.name == "hat":
                found += [
                    HookPlan(str(k), compile_value(v, dialect.syntax, path), path) for k, v in hook.items()
                ]
        elif isinstance(hook, str):
            found.append(HookPlan(None, compile_value(hook, dialect.syntax, path), path))
    return tuple(found)


def _skips(skips: tuple[Skip, ...], dialect: Dialect, place: str) -> tuple[SkipPlan, ...]:
    return tuple(
        SkipPlan(skip, _condition(skip.condition, dialect, f"{place}.{skip.kind}")) for skip in skips
    )


def _extract(name: str, expression: Any, dialect: Dialect, place: str) -> ExtractPlan:
    template = compile_value(expression, dialect.syntax, f"{place}.extract.{name}")
    if template.constant:
        return ExtractPlan(name, expression, compile_extract(expression, dialect.name), template)
    if dialect.name in HTTPRUNNER_2:
        return ExtractPlan(name, expression, _refuse_variable, template)
    return ExtractPlan(name, expression, None, template)


def _refuse_variable(_view: ResponseView) -> Any:
    raise ExtractError("variables are not evaluated in 'extract' here", "error")


def _checks(checks: tuple[Check, ...], dialect: Dialect) -> tuple[CheckPlan, ...]:
    plans = [compile_check(check, dialect) for check in checks]
    if not any(check.inherited for check in checks):
        return tuple(plans)
    merged: dict[tuple[str, str], CheckPlan] = {}
    for plan in plans:
        merged[plan.expression, plan.comparator.name if plan.comparator else plan.source.comparator] = plan
    return tuple(merged.values())


def compile_check(check: Check, dialect: Dialect) -> CheckPlan:
    """Compile one check: what it reads, compares and expects."""
    if (
        check.check.__class__ is str
        and check.message == ""
        and check.expect.__class__ in _SHARED
        and not (check.expect.__class__ is str and len(check.expect) > _LONGEST)
        and not check.inherited
    ):
        return _shared_check(check.check, check.comparator, check.expect, check.place, dialect.name)
    return _compiled_check(check, dialect)


@lru_cache(maxsize=1024, typed=True)
def _shared_check(actual: str, comparator: str, expect: Any, place: str, dialect: str) -> CheckPlan:
    """The plan of a check that many cases have at the same place, such as `eq: [status_code, 200]`."""
    return _compiled_check(Check(actual, comparator, expect, "", place), DIALECT[dialect])


def _compiled_check(check: Check, dialect: Dialect) -> CheckPlan:
    syntax, actual, place = dialect.syntax, check.check, check.place
    plain = isinstance(actual, str) and "$" not in actual
    template = _plain_text(actual, dialect.name) if plain else compile_value(actual, syntax, place)
    reads: Reads = "value"
    extract = None
    if isinstance(actual, str) and template.constant:
        reads, extract = "path", compile_extract(actual, dialect.name)
    elif isinstance(actual, str) and (dialect.reads_twice or _is_mixed_path(actual, template, dialect)):
        reads = "rendered path"
    elif not isinstance(actual, (str, Mapping, list)) and dialect.name in HTTPRUNNER_2:
        reads, extract = "path", compile_extract(actual, dialect.name)
    comparator = compile_comparator(check.comparator, dialect.name)
    expect = compile_value(check.expect, syntax, place)
    if comparator is not None and comparator.key == "json_schema" and isinstance(check.expect, Mapping):
        expect = fixed_value(check.expect)  # `$ref` in it is no variable
    return CheckPlan(
        source=check,
        expression=actual if isinstance(actual, str) else show(actual),
        comparator=comparator,
        reads=reads,
        extract=extract,
        actual=template,
        expect=expect,
        message=compile_value(check.message, syntax, place) if check.message else _NOTHING,
    )


@lru_cache(maxsize=4096)
def _plain_text(text: str, dialect: str) -> Template:
    """The template of a text without variables: most left sides of checks, the same in many cases."""
    return compile_value(text, DIALECT[dialect].syntax)


def _is_mixed_path(actual: str, template: Template, dialect: Dialect) -> bool:
    """In dialect hat `body.items[$i].id` is a path, `$token` and `x$token` are values."""
    return dialect.name == "hat" and not template.typed and bool(re.match(_PATH_WORDS, actual))


def _until(value: Any, dialect: Dialect, place: str) -> CheckPlan | None:
    """The check a condition is; None when it is a plain value."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    (comparator, operands), *_ = value.items()
    if not isinstance(operands, list) or len(operands) != 2:
        return None
    return compile_check(Check(operands[0], str(comparator), operands[1], "", place), dialect)
