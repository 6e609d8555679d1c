"""Why a value is here: which layer gave it, where that is written, and which values it hid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from hat.engine.attempt import Attempt
from hat.engine.plan import StepPlan
from hat.engine.shown import show
from hat.engine.template import Template
from hat.result import Hidden, Origin


class _Layer(Struct):
    """Some variables of one source: their values, the texts they came from, and where those stand.

    Its texts see the layers from so many places before it: `reach`.
    """

    source: Callable[[str], str]
    values: Mapping[str, Any]
    templates: Mapping[str, Template] = {}
    written: Mapping[str, Any] = {}
    place: Callable[[str], str] = lambda _: ""
    reach: int = 0


def origins_of(step: StepPlan, attempt: Attempt, variables: Mapping[str, Any]) -> tuple[Origin, ...]:
    """The origin of every value that texts of the step use, and those that config and variables add to it."""
    layers = _layers(step, attempt, variables)
    found: dict[str, Origin] = {}
    waiting = [(name, 0) for name in _names(step, attempt)]
    while waiting:
        name, start = waiting.pop(0)
        holding = [place for place in range(start, len(layers)) if name in layers[place].values]
        if name in found or not holding:
            continue
        found[name] = _origin(name, [layers[place] for place in holding])
        first = layers[holding[0]]
        if template := first.templates.get(name):
            waiting[:0] = [(needed, max(0, holding[0] - first.reach)) for needed, _ in template.names]
    return tuple(found.values())


def _names(step: StepPlan, attempt: Attempt) -> Iterator[str]:
    """The variables in the texts of the step, then those in what the config adds to its request."""
    templates = list(step.templates)
    if step.kind == "request":
        templates += [attempt.plan.headers, attempt.plan.base_url]
        templates += [attempt.auth] if attempt.auth is not None else []
    for template in templates:
        yield from (name for name, _ in template.names)


def _origin(name: str, holding: list[_Layer]) -> Origin:
    first = holding[0]
    template = first.templates.get(name)
    written = ""
    if template is not None and not template.constant:
        text = first.written.get(name)
        written = text if isinstance(text, str) else show(text)
    hides = tuple(Hidden(one.source(name), one.values[name], one.place(name)) for one in holding[1:])
    return Origin(name, first.values[name], first.source(name), first.place(name), written, hides)


def _layers(step: StepPlan, attempt: Attempt, variables: Mapping[str, Any]) -> list[_Layer]:
    """The layers a step sees, the one that wins first."""
    scope, plan = attempt.scope, attempt.plan
    case, given = plan.case, scope.given
    row = step.variables.row
    own = {name: variables[name] for name in step.variables.templates if name in variables}
    written = _mapping(step.source.variables)
    mine = [
        _Layer(lambda _: "loop", {name: own[name] for name in row if name in own}),
        _Layer(
            lambda _: "step",
            {
                name: written[name] if name in row else value
                for name, value in own.items()
                if name in written or name not in row
            },
            {name: template for name, template in step.variables.templates.items() if name not in row},
            written,
            lambda name: case.place(f"{step.source.place}.variables.{name}"),
            reach=5,
        ),
    ]
    layers = [
        _Layer(
            lambda _: "group", scope.around, place=lambda name: case.place(scope.around_paths.get(name, ""))
        ),
        _Layer(lambda _: "extracted", scope.extracted, place=lambda name: scope.sources.get(name, "")),
        _Layer(
            lambda name: given[name],
            {name: scope.config[name] for name in given if name in scope.config},
        ),
        _Layer(
            lambda _: "config",
            _config(attempt),
            {name: template for name, template in plan.variables.templates.items() if name not in given},
            _mapping(case.variables),
            lambda name: case.place(f"config.variables.{name}"),
            reach=1,
        ),
        _Layer(lambda name: scope.needed[name], {name: scope.environment[name] for name in scope.needed}),
        _Layer(lambda _: "environment", scope.beneath),
    ]
    at = 0 if attempt.dialect.step_wins else 4
    return [*layers[:at], *mine, *layers[at:]]


def _config(attempt: Attempt) -> dict[str, Any]:
    """The variables of the config; of those that something handed over, as they are written."""
    scope, written = attempt.scope, _mapping(attempt.plan.case.variables)
    handed = {name: written[name] for name in scope.given if name in written}
    return {**{name: value for name, value in scope.config.items() if name not in scope.given}, **handed}


def _mapping(variables: Any) -> Mapping[str, Any]:
    return variables if isinstance(variables, Mapping) else {}
