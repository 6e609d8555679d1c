"""Names in a case that nothing gives: what is found before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from hat.case import Case
from hat.engine.calls import Caller, is_for_sandbox
from hat.engine.check import suggest_comparator
from hat.engine.extract import extract_problem
from hat.engine.parameters import names_of
from hat.engine.plan import COUNTER, CasePlan, CheckPlan, Plans, StepPlan, all_steps
from hat.engine.scope import Bindings, circular, order
from hat.engine.template import Template


class Unknown(Struct, frozen=True):
    """A name in a case that nothing gives."""

    case: Case
    message: str
    path: str
    hint: str = ""


def unknown_names(plan: CasePlan, caller: Caller, given: Collection[str], plans: Plans) -> Iterator[Unknown]:
    """What keeps a case from running at all; `given` are the variables it gets from outside."""
    yield from _comparators(plan, caller)
    for need in plan.case.needs:
        yield from unknown_names(plans.of(need.case), caller, given, plans)
    known = {"request", "response", *given, *plan.variables.templates}
    if plan.dialect.names_first:
        yield from _in_templates([*plan.variables.templates.values(), plan.base_url], known, plan, caller)
    for step in all_steps(plan.steps) if plan.dialect.names_first or _calls_cases(plan) else ():
        names = {*known, *step.variables.templates, *(extract.name for extract in step.extract)}
        names.update(hook.name for hook in (*step.setup_hooks, *step.teardown_hooks) if hook.name)
        if plan.dialect.names_first:
            yield from _in_templates(_rendered(step, plan), names, plan, caller)
        if step.source.case is not None:
            yield from unknown_names(plans.of(step.source.case), caller, names, plans)
        known.update(extract.name for extract in step.extract)
        known.update(step.source.export)


def circular_names(plan: CasePlan, given: Collection[str], plans: Plans) -> Iterator[Unknown]:
    """Variables that need each other, where nothing that wins over them breaks the circle."""
    case = plan.case
    yield from _circle(plan.variables, {*given}, plan)
    extracted = {extract.name for step in all_steps(plan.steps) for extract in step.extract}
    extracted.update(name for step in all_steps(plan.steps) for name in step.source.export)
    for need in case.needs:
        extracted.update(_handed_on(plans.of(need.case)))
    around = {*given, *plan.variables.templates, *extracted}
    for step in all_steps(plan.steps):
        row = {*names_of(step.source.parameters)}
        if step.source.for_each is not None:
            row.update(name.strip() for name in step.source.for_each.names.split("-"))
        yield from _circle(step.variables, row if plan.dialect.step_wins else row | around, plan, around)


def _circle(
    variables: Bindings, hidden: Collection[str], plan: CasePlan, around: Collection[str] = ()
) -> Iterator[Unknown]:
    if not variables.circle:
        return
    templates = {name: one for name, one in variables.templates.items() if name not in hidden}
    _, circle = order(templates)
    if circle:
        error = circular(circle, templates, dict.fromkeys(sorted({*hidden, *around})))
        yield Unknown(plan.case, error.message, error.path, error.hint)


def undefined_names(plan: CasePlan, given: Collection[str], plans: Plans) -> Iterator[Unknown]:
    """Variables that nothing in a case gives, in dialects that look when the step runs.

    The environment chosen for a run, or a case that calls this one, may still give them.
    """
    steps = list(all_steps(plan.steps))
    texts = (plan.case.variables, *(step.source.variables for step in steps))
    if plan.dialect.names_first or any(isinstance(variables, str) for variables in texts):
        return
    known = {"request", "response", COUNTER, *given, *plan.variables.templates}
    for need in plan.case.needs:
        known.update(_handed_on(plans.of(need.case)))
    for step in steps:
        known.update(_names_given(step), _handed_on(plans.of(step.source.case)) if step.source.case else ())
    shown = ", ".join(sorted(known - {"request", "response", COUNTER})[:12])
    hint = f"known here: {shown}; or give it by --env or --var" if shown else "give it by --env or --var"
    config = [*plan.variables.templates.values(), plan.base_url, plan.headers]
    for template in (*config, *(template for step in steps for template in step.templates)):
        for name, path in template.names if not _is_plain_name(template, steps, plan) else ():
            if name not in known:
                yield Unknown(plan.case, f"variable '{name}' is not defined", path, hint)


def _is_plain_name(template: Template, steps: list[StepPlan], plan: CasePlan) -> bool:
    """Whether a template is the name of a step in HttpRunner 3 and 4, which show it as it is written."""
    return plan.dialect.name != "hat" and any(template is step.name for step in steps)


def _names_given(step: StepPlan) -> Iterator[str]:
    """The variables a step gives to itself, to its steps or to those after it."""
    source = step.source
    yield from step.variables.templates
    yield from (extract.name for extract in step.extract)
    yield from (hook.name for hook in (*step.setup_hooks, *step.teardown_hooks) if hook.name)
    yield from source.export
    yield from names_of(source.parameters)
    if source.for_each is not None:
        yield from (name.strip() for name in source.for_each.names.split("-"))


def _handed_on(plan: CasePlan) -> Iterator[str]:
    """What a case gives to those that call or need it: what it exports, without `export` all it extracts."""
    yield from plan.case.export
    if not plan.case.export:
        yield from (extract.name for step in all_steps(plan.steps) for extract in step.extract)


def _rendered(step: StepPlan, plan: CasePlan) -> list[Template]:
    """The templates of a step without the variables that the config hides."""
    hidden = {id(step.variables.templates.get(name)) for name in plan.variables.templates}
    return [template for template in step.templates if id(template) not in hidden]


def _calls_cases(plan: CasePlan) -> bool:
    return any(step.source.case is not None for step in all_steps(plan.steps))


def needs_python(plan: CasePlan, plans: Plans) -> bool:
    """Whether a case calls one of Python's functions that only a sandbox may run."""
    templates = (*plan.variables.templates.values(), plan.base_url, plan.name)
    called = {site.name for template in templates for site in template.calls}
    called.update(*(step.calls for step in all_steps(plan.steps)))
    if any(is_for_sandbox(name, plan.dialect.name) for name in called):
        return True
    return any(needs_python(other, plans) for other in _called(plan, plans))


def _called(plan: CasePlan, plans: Plans) -> Iterator[CasePlan]:
    """The cases a case calls or needs."""
    for step in all_steps(plan.steps):
        if step.source.case is not None:
            yield plans.of(step.source.case)
    yield from (plans.of(need.case) for need in plan.case.needs)


def needs_functions(plan: CasePlan, plans: Plans) -> bool:
    """Whether a case needs a debugtalk.py; HttpRunner's always do: there a broken one lets nothing run."""
    if plan.dialect.name != "hat" or "${" in repr(plan.case):
        return True
    checks = (check for step in all_steps(plan.steps) for check in (*step.checks, *_conditions(step)))
    if any(check.comparator is None for check in checks):
        return True
    return any(needs_functions(other, plans) for other in _called(plan, plans))


def doubtful_names(plan: CasePlan, caller: Caller, plans: Plans) -> Iterator[Unknown]:
    """What would be an error only when its step runs: functions and expressions that cannot be used."""
    for need in plan.case.needs:
        yield from doubtful_names(plans.of(need.case), caller, plans)
    for step in all_steps(plan.steps):
        if not plan.dialect.names_first:
            yield from _functions(step.templates, plan, caller)
        yield from _expressions(step, plan)
        if step.source.case is not None:
            yield from doubtful_names(plans.of(step.source.case), caller, plans)


def _comparators(plan: CasePlan, caller: Caller) -> Iterator[Unknown]:
    for step in all_steps(plan.steps):
        for check in (*step.checks, *_conditions(step)):
            name = check.source.comparator
            if check.comparator is None and not (plan.dialect.own_comparators and caller.knows(name)):
                hint = suggest_comparator(name, plan.dialect.name, caller.names())
                yield Unknown(plan.case, f"unknown comparator '{name}'", check.source.place, hint)


def _conditions(step: StepPlan) -> Iterator[CheckPlan]:
    """The checks that decide whether and how often a step runs."""
    yield from (condition.check for condition in step.conditions if condition.check is not None)
    if step.until is not None:
        yield step.until


def _in_templates(
    templates: Iterable[Template], known: Collection[str], plan: CasePlan, caller: Caller
) -> Iterator[Unknown]:
    for template in templates:
        for message, path in template.problems:
            yield Unknown(plan.case, message, path)
        yield from _functions([template], plan, caller)
        for name, path in template.names if not isinstance(plan.case.variables, str) else ():
            if name not in known:
                shown = ", ".join(sorted(set(known) - {"request", "response"})[:12])
                hint = f"known here: {shown}" if shown else ""
                yield Unknown(plan.case, f"variable '{name}' is not defined", path, hint)


def _functions(templates: Iterable[Template], plan: CasePlan, caller: Caller) -> Iterator[Unknown]:
    for template in templates:
        for site in template.calls:
            if not caller.knows(site.name):
                message = f"function '{site.name}' is not defined"
                yield Unknown(plan.case, message, site.path, caller.hint_for(site.name))


def _expressions(step: StepPlan, plan: CasePlan) -> Iterator[Unknown]:
    """Expressions of a step that read nothing, whatever the answer is."""
    place, dialect = step.source.place, plan.dialect.name
    fixed = (extract for extract in step.extract if extract.template.constant)
    texts = [(extract.expression, f"{place}.extract.{extract.name}") for extract in fixed]
    texts += [(check.source.check, check.source.place) for check in step.checks if check.reads == "path"]
    has_hooks = bool(step.setup_hooks or step.teardown_hooks)
    for text, path in texts:
        problem = extract_problem(text, dialect, has_hooks=has_hooks)
        if problem is not None:
            yield Unknown(plan.case, problem.message, path, problem.hint)
