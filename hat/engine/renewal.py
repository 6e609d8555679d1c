"""When a needed case runs again: before what it gave ends, and when an answer of 401 says it is no good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from hat.case import Need
from hat.engine.attempt import Attempt, Held
from hat.engine.credentials import is_refused
from hat.engine.needs import obtain_all
from hat.engine.plan import StepPlan
from hat.engine.scope import Bindings, order
from hat.engine.template import RenderError, Template
from hat.result import Outcome, StepResult

_BAD = (Outcome.FAILED, Outcome.ERROR)
_LEAST = 4  # a shorter value stands in a header by chance
CarryOut = Callable[[StepPlan, Attempt], Awaitable[StepResult]]


async def renew(attempt: Attempt, refused: Mapping[str, Held] | None = None) -> list[StepResult]:
    """Get what has ended or was refused once more; only what ran again is shown."""
    before = attempt.held
    results = [result for _, result in await obtain_all(attempt, refused)]
    changed = {
        name for key, held in attempt.held.items() if held is not before.get(key) for name in held.exported
    }
    await _open_again(attempt, changed)
    return [result for result in results if result.steps or result.outcome in _BAD]


async def _open_again(attempt: Attempt, changed: set[str]) -> None:
    """Evaluate once more what the config makes of values that came anew."""
    plan, scope = attempt.plan, attempt.scope
    if attempt.around is not None:
        await _open_again(attempt.around, changed)
        attempt.headers = {**attempt.headers, **attempt.around.headers}
    templates = plan.variables.templates
    touched = {name: templates[name] for name in _touched(templates, changed) if name not in scope.given}
    if touched:
        levels, circle = order(touched)
        outer = {**scope.environment, **scope.config}
        found = await Bindings(touched, None, levels, circle).resolve(attempt.caller, outer)
        scope.replace_config(found)
    if not plan.headers.constant:
        attempt.headers = {**attempt.headers, **await attempt.caller.render(plan.headers, scope.outer)}


def _touched(templates: Mapping[str, Template], changed: Iterable[str]) -> list[str]:
    """The variables that need one of the changed names, directly or through others."""
    seen = set(changed) - set(templates)
    found: list[str] = []
    while more := [
        name
        for name, template in templates.items()
        if name not in found and any(needed in seen for needed, _ in template.names)
    ]:
        found += more
        seen.update(more)
    return found


async def carry_out_accepted(step: StepPlan, attempt: Attempt, carry_out: CarryOut) -> StepResult:
    """Run a step; after an answer of 401 what it needs is renewed, and the step runs once more.

    It is not if the step has checks and passed, for then 401 is what it expects; nor for what no answer has
    accepted yet; nor in a case where that did not help before.
    """
    result = await carry_out(step, attempt)
    if not result.exchanges:
        return result
    if not is_refused(list(result.exchanges)):
        _accept(attempt)
        return result
    if step.checks and result.outcome is Outcome.PASSED:
        return result
    for _ in range(2):  # the first time may give what another case has renewed long ago
        if attempt.is_refused_anew or not (refused := _refused(step, attempt, result)):
            break
        try:
            shown = await renew(attempt, refused)
        except RenderError:
            break
        attempt.renewed.extend(shown)
        if any(attempt.held[key].result.outcome in _BAD for key in refused):
            attempt.is_refused_anew = True
            break
        result = _joined(result, await carry_out(step, attempt), refused.values())
        if not is_refused(list(result.exchanges)):
            _accept(attempt)
            break
        attempt.is_refused_anew = bool(shown)
    return result


def _joined(before: StepResult, after: StepResult, renewed: Iterable[Held]) -> StepResult:
    """Both executions of a step as one result: that of the second, with the exchanges of the first."""
    names = ", ".join(held.result.name.removeprefix("needs ") for held in renewed)
    return replace(
        after,
        exchanges=(*before.exchanges, *after.exchanges),
        attempts=before.attempts + after.attempts,
        elapsed_ms=before.elapsed_ms + after.elapsed_ms,
        connections=(*before.connections, *after.connections),
        log="\n".join(filter(None, (f"the answer was 401, so '{names}' was renewed", after.log))),
    )


def _accept(attempt: Attempt) -> None:
    for held in attempt.held.values():
        held.is_accepted = True


def _refused(step: StepPlan, attempt: Attempt, result: StepResult) -> dict[str, Held]:
    """Whose values the refused request carried: in its headers, else anywhere the step names them."""
    known = {
        need.key: need
        for need in attempt.needs
        if need.key in attempt.held and attempt.held[need.key].is_accepted
    }
    headers = [
        value
        for name, value in result.exchanges[-1].request.headers
        if name.lower() not in ("host", "user-agent", "content-length")
    ]
    carried = {
        key for key in known if any(text in value for text in _texts(attempt.held[key]) for value in headers)
    }
    if not carried:
        used = _names_used(step, attempt)
        carried = {key for key in known if used.intersection(attempt.held[key].exported)}
    deepest = [key for key in carried if not _keys_below(known[key]) & carried]
    return {key: attempt.held[key] for key in deepest}


def _texts(held: Held) -> Iterator[str]:
    """The values a needed case gave that a header may carry."""
    for value in (*held.exported.values(), *(f"{cookie.name}={cookie.value}" for cookie in held.jar)):
        if isinstance(value, str | int) and len(str(value)) >= _LEAST:
            yield str(value)


def _names_used(step: StepPlan, attempt: Attempt) -> set[str]:
    """The variables a request of the step is made of, through those of the config too."""
    plan: Any = attempt.plan
    templates = [*step.templates, plan.headers, *([attempt.auth] if attempt.auth else [])]
    used = {name for template in templates for name, _ in template.names}
    config = plan.variables.templates
    waiting = list(used)
    while waiting:
        template = config.get(waiting.pop())
        more = {name for name, _ in template.names} - used if template else set()
        used |= more
        waiting.extend(more)
    return used


def _keys_below(need: Need) -> set[str]:
    """The keys of what a needed case needs itself."""
    below = {inner.key for inner in need.case.needs}
    return below.union(*(_keys_below(inner) for inner in need.case.needs))
