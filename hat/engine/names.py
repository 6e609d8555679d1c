"""Names in a case that nothing gives: what is found before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hat.case import Case
from hat.engine.calls import Caller
from hat.engine.check import suggest_comparator
from hat.engine.plan import CasePlan, Plans
from hat.engine.template import Template


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in a case that nothing gives."""

    case: Case
    message: str
    path: str
    hint: str = ""


def unknown_names(plan: CasePlan, caller: Caller, given: Collection[str], plans: Plans) -> Unknown | None:
    """The first name of a case that nothing gives: what is found before anything runs.

    `given` are the variables the case gets from outside.
    """
    for step in plan.steps:
        for check in step.checks:
            name = check.source.comparator
            if check.comparator is None and not (plan.dialect.own_comparators and caller.knows(name)):
                hint = suggest_comparator(name, plan.dialect.name, caller.names())
                return Unknown(plan.case, f"unknown comparator '{name}'", check.source.place, hint)
        if step.source.case is not None and not plan.dialect.names_first:
            found = unknown_names(plans.of(step.source.case), caller, given, plans)
            if found:
                return found
    return _unknown_in_templates(plan, caller, given, plans) if plan.dialect.names_first else None


def _unknown_in_templates(
    plan: CasePlan, caller: Caller, given: Collection[str], plans: Plans
) -> Unknown | None:
    known = {"request", "response", *given, *plan.variables.templates}
    found = _unknown([*plan.variables.templates.values(), plan.base_url], known, plan, caller)
    if found:
        return found
    for step in plan.steps:
        names = {*known, *step.variables.templates, *(extract.name for extract in step.extract)}
        names.update(hook.name for hook in (*step.setup_hooks, *step.teardown_hooks) if hook.name)
        found = _unknown(step.templates, names, plan, caller)
        if found is None and step.source.case is not None:
            found = unknown_names(plans.of(step.source.case), caller, names, plans)
        if found:
            return found
        known.update(extract.name for extract in step.extract)
        known.update(step.source.export)
    return None


def _unknown(
    templates: Iterable[Template], known: Collection[str], plan: CasePlan, caller: Caller
) -> Unknown | None:
    for template in templates:
        for message, path in template.problems:
            return Unknown(plan.case, message, path)
        for site in template.calls:
            if not caller.knows(site.name):
                hint = "define it in debugtalk.py"
                return Unknown(plan.case, f"function '{site.name}' is not defined", site.path, hint)
        for name, path in template.names:
            if name not in known:
                shown = ", ".join(sorted(set(known) - {"request", "response"})[:12])
                hint = f"known here: {shown}" if shown else ""
                return Unknown(plan.case, f"variable '{name}' is not defined", path, hint)
    return None
