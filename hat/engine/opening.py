"""Begin and end a case: its config, base URL, hooks, and what it hands on."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from hat.engine.attempt import Attempt
from hat.engine.condition import skip_reason
from hat.engine.hooks import run_hooks
from hat.engine.shown import show
from hat.engine.template import RenderError, compile_value
from hat.result import StepError


async def open_case(attempt: Attempt, given: Mapping[str, Any]) -> StepError | None:
    """Evaluate the config of a case, `given` over its variables; the error when that is impossible."""
    plan, scope = attempt.plan, attempt.scope
    try:
        outer = {**scope.environment, **given}
        found = await plan.variables.resolve(attempt.caller, outer, given)
        scope.config = {**found, **given}
        if plan.setup_hooks:
            variables = dict(scope.outer)
            await run_hooks(plan.setup_hooks, variables, attempt.caller)
            made = {hook.name: variables[hook.name] for hook in plan.setup_hooks if hook.name}
            scope.extract(made, "setup_hooks")
        attempt.base_url = await _base_url(attempt)
        if not plan.headers.constant or plan.headers.value:
            own = await attempt.caller.render(plan.headers, scope.outer)
            attempt.headers = {**attempt.headers, **own}
        if plan.auth is not None:
            attempt.auth = plan.auth
    except RenderError as error:
        return attempt.error(error)
    return None


async def _base_url(attempt: Attempt) -> Any:
    """The case's own base_url, else its caller's, else the environment's; a relative one is added."""
    if not attempt.plan.case.base_url:
        return attempt.base_url
    own = await attempt.caller.render(attempt.plan.base_url, attempt.scope.outer)
    if not isinstance(own, str):
        raise RenderError(f"base_url is text, got {show(own)}", "config.base_url", kind="request")
    if attempt.dialect.name == "hat":
        own = attempt.environment.services.get(own, own)
        if own.startswith("/") and attempt.base_url:
            return str(attempt.base_url).rstrip("/") + own
    return own


async def close_case(attempt: Attempt) -> StepError | None:
    """Run the teardown hooks of a case."""
    if not attempt.plan.teardown_hooks:
        return None
    try:
        await run_hooks(attempt.plan.teardown_hooks, dict(attempt.scope.outer), attempt.caller)
    except RenderError as error:
        return attempt.error(error)
    return None


def exported(attempt: Attempt, names: tuple[str, ...]) -> dict[str, Any]:
    """The variables of those names that a case has; its config counts where the dialect says so."""
    scope = attempt.scope
    held = scope.session if attempt.dialect.exports_config else scope.extracted
    return {name: held[name] for name in names if name in held}


async def lifetime(attempt: Attempt) -> float:
    """How many seconds what a case exports lasts."""
    template = compile_value(attempt.plan.case.expires, attempt.dialect.syntax, "config.expires")
    value = await attempt.caller.render(template, attempt.scope.outer)
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 < seconds < inf:
        hint = "a number, or a variable the case extracts"
        raise RenderError(f"expires is a number of seconds, got {show(value)}", "config.expires", hint=hint)
    return seconds


async def case_name(attempt: Attempt) -> str:
    """The name of a case, rendered where that is possible."""
    template = attempt.plan.name
    if template.constant:
        return str(template.value)
    try:
        return str(await attempt.caller.render(template, attempt.scope.outer))
    except RenderError:
        return str(attempt.plan.case.name)


async def case_skip_reason(attempt: Attempt) -> str:
    """Why a whole case is left out; empty when it runs."""
    reason = await skip_reason(attempt.plan.skips, attempt, attempt.scope.outer)
    if (
        attempt.dialect.name == "httprunner4"
        and len(reason) > 1
        and reason[0] == reason[-1]
        and reason[0] in "'\""
    ):
        return reason[1:-1]
    return reason
