"""The layers of variables, and which one wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from hat.engine.calls import Caller
from hat.engine.dialect import Dialect
from hat.engine.template import RenderError, Template, compile_value, fixed_value, undefined


class Bindings(Struct):
    """Compiled variables; in `levels` each needs only earlier ones, `circle` is what has no such order."""

    templates: Mapping[str, Template] = {}
    values: Mapping[str, Any] | None = None  # all of them, when none holds a variable
    levels: tuple[tuple[str, ...], ...] = ()
    circle: tuple[str, ...] = ()
    call: Template | None = None  # `variables: ${function()}`: the call gives all of them
    row: frozenset[str] = frozenset()  # those that a loop put in front

    async def resolve(
        self, caller: Caller, outer: Mapping[str, Any], hidden: Collection[str] = ()
    ) -> dict[str, Any]:
        """The values of these variables, seeing `outer`; those in `hidden` are not evaluated."""
        if self.call is not None:
            given = await caller.render(self.call, outer)
            if not isinstance(given, Mapping):
                raise RenderError(
                    "variables are no mapping", "variables", hint="the function gives a mapping"
                )
            return dict(given)
        if self.values is not None:
            return {name: value for name, value in self.values.items() if name not in hidden}
        levels: tuple[tuple[str, ...], ...] = self.levels
        if hidden or self.circle:
            levels, circle = order({n: t for n, t in self.templates.items() if n not in hidden})
            if circle:
                raise circular(circle, self.templates, outer)
        seen = dict(outer)
        found: dict[str, Any] = {}
        for level in levels:
            values = await caller.render_all([self.templates[name] for name in level], seen)
            found.update(zip(level, values, strict=True))
            seen.update(found)
        return {name: found[name] for name in self.templates if name in found}

    def with_values(self, values: Mapping[str, Any]) -> Bindings:
        """These variables with others, already evaluated, in front of them."""
        fixed = {str(name): fixed_value(value) for name, value in values.items()}
        templates = {**self.templates, **fixed}
        if self.values is not None:
            return Bindings(templates, {**self.values, **values}, row=frozenset(fixed))
        levels, circle = order(templates)
        return Bindings(templates, None, levels, circle, row=frozenset(fixed))


def bind(
    variables: Mapping[str, Any] | str, dialect: Dialect, path: str, *, drops_own_name: bool = False
) -> Bindings:
    """Compile variables; with `drops_own_name` the line `a: $a` means the outer value and is left out."""
    if not variables:
        return _NO_BINDINGS
    if isinstance(variables, str):
        return Bindings(call=compile_value(variables, dialect.syntax, path))
    templates: dict[str, Template] = {}
    for name, value in variables.items():
        template = compile_value(value, dialect.syntax, f"{path}.{name}")
        if not (drops_own_name and template.whole and template.whole == name):
            templates[str(name)] = template
    if all(template.constant for template in templates.values()):
        return Bindings(templates, {name: template.value for name, template in templates.items()})
    levels, circle = order(templates)
    return Bindings(templates, None, levels, circle)


_NO_BINDINGS = Bindings(values={})


def order(templates: Mapping[str, Template]) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Levels of names that need only names of earlier levels, and the names that need each other."""
    needs = {
        name: {needed for needed, _ in template.names if needed in templates}
        for name, template in templates.items()
    }
    levels: list[tuple[str, ...]] = []
    done: set[str] = set()
    while ready := tuple(name for name, needed in needs.items() if needed <= done):
        levels.append(ready)
        done.update(ready)
        for name in ready:
            del needs[name]
    return tuple(levels), tuple(needs)


def circular(
    circle: Collection[str], templates: Mapping[str, Template], outer: Mapping[str, Any]
) -> RenderError:
    """What is wrong with variables that need each other, or themselves; `outer` is known around them."""
    for name in circle:
        template = templates[name]
        if any(needed == name for needed, _ in template.names):
            return _needs_itself(name, template, outer)
    chain = _chain(circle, templates)
    first = templates[chain[0]]
    return RenderError(f"variables need each other: {' -> '.join(chain)}", first.names[0][1])


def _needs_itself(name: str, template: Template, outer: Mapping[str, Any]) -> RenderError:
    place = template.names[0][1]
    if name not in outer:
        return undefined(name, place, outer)
    hint = f"'{name}: ${name}' alone stands for the value from outside; inside a text, use another name"
    return RenderError(f"variable '{name}' needs itself", place, hint=hint)


def _chain(circle: Collection[str], templates: Mapping[str, Template]) -> list[str]:
    """One circle among the names, its first name again at the end."""
    seen: list[str] = []
    name = next(iter(circle))
    while name not in seen:
        seen.append(name)
        name = next(needed for needed, _ in templates[name].names if needed in circle)
    return [*seen[seen.index(name) :], name]


class Scope(Struct):
    """The variables of one running case: environment below config below what was extracted."""

    dialect: Dialect
    environment: Mapping[str, Any] = {}
    config: dict[str, Any] = {}
    extracted: dict[str, Any] = {}
    leaked: Mapping[str, Any] = {}  # HttpRunner 2: the caller's last step
    last: dict[str, Any] = {}  # the variables of the last step
    sources: dict[str, str] = {}  # extracted name -> step that gave it
    given: Mapping[str, str] = {}  # name -> who handed it: row, override, caller
    needed: Mapping[str, str] = {}  # name -> the needed case that gave it, among those of the environment
    below_needed: Mapping[str, Any] | None = None  # the environment without those
    around: Mapping[str, Any] = {}  # the variables of the groups a step stands in
    around_paths: Mapping[str, str] = {}  # where those are written
    _outer: dict[str, Any] | None = None

    @property
    def session(self) -> dict[str, Any]:
        """Config and extracted variables, and those of the groups around."""
        return {**self.config, **self.extracted, **self.around}

    @property
    def outer(self) -> dict[str, Any]:
        """Everything but the step's own variables; not to be changed."""
        if self._outer is None:
            self._outer = {**self.environment, **self.config, **self.extracted, **self.around}
        return self._outer

    @property
    def beneath(self) -> Mapping[str, Any]:
        """The environment without what needed cases gave."""
        return self.environment if self.below_needed is None else self.below_needed

    def stand_in(self, around: Mapping[str, Any], paths: Mapping[str, str]) -> None:
        """Take these as the variables of the groups around."""
        self.around, self.around_paths = around, paths
        self._outer = None

    def need(self, values: Mapping[str, Any], source: str) -> None:
        """Put what a needed case exported over the environment."""
        self.below_needed = self.beneath
        self.environment = {**self.environment, **values}
        self.needed = {**self.needed, **dict.fromkeys(values, source)}
        self._outer = None

    def replace_config(self, values: Mapping[str, Any]) -> None:
        """Take these in place of what the config gave before."""
        self.config = {**self.config, **values}
        self._outer = None

    def extract(self, values: Mapping[str, Any], source: str) -> None:
        """Keep what a step extracted."""
        if values:
            self.extracted.update(values)
            self.sources.update(dict.fromkeys(values, source))
            self._outer = None

    async def for_step(self, bindings: Bindings, caller: Caller) -> dict[str, Any]:
        """All variables a step sees, its own put where the dialect has them; a new mapping each time."""
        if self.dialect.step_wins:
            if bindings.values is not None:
                return {**self.outer, **bindings.values}
            return {**self.outer, **await bindings.resolve(caller, self.outer)}
        session = self.session
        own = await bindings.resolve(
            caller, {**self.environment, **self.leaked, **session}, {*session, *self.leaked}
        )
        leaked = self.leaked
        return {**self.environment, **own, **leaked, **session}
