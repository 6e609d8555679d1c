"""Run the hooks around a step; they may change `$request` and `$response`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hat.engine.calls import Caller
from hat.engine.plan import HookPlan
from hat.engine.response import ResponseView
from hat.engine.sandbox import Answer, Call, ResponseFacts
from hat.engine.template import CallSite, RenderError

_LIVE = ("request", "response")


async def run_hooks(
    hooks: Sequence[HookPlan], variables: dict[str, Any], caller: Caller, view: ResponseView | None = None
) -> None:
    """Run hooks in order; what they return and change goes into `variables` and `view`."""
    for hook in hooks:
        template = hook.template
        calls = [_call(site, variables) for site in template.calls]
        answers = await caller.call(calls) if calls else []
        for site, answer in zip(template.calls, answers, strict=True):
            if answer.error is not None:
                raise caller.failure(site, answer.error, "hook")
            _take_changes(site, answer, variables, view)
        value = template.build(variables, [answer.value for answer in answers])
        if hook.name is not None:
            variables[hook.name] = value


def _call(site: CallSite, variables: dict[str, Any]) -> Call:
    try:
        args, kwargs = site.arguments(variables)
    except RenderError as error:
        error.kind = "hook"
        raise
    return Call(site.name, args, kwargs, mutable=any(name in _LIVE for name in site.passes))


def _take_changes(
    site: CallSite, answer: Answer, variables: dict[str, Any], view: ResponseView | None
) -> None:
    for name, value in zip(site.passes, answer.changed or (), strict=False):
        if name == "request":
            variables["request"] = value
        elif name == "response" and view is not None and isinstance(value, ResponseFacts):
            for attribute, content in value.fields.items():
                view.replace(attribute, content)
            variables["response"] = ResponseFacts(view.for_hooks())
