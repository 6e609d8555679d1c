"""How often a step runs, and with what: `times`, `parameters`, `for_each` and `while`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.engine.attempt import Attempt
from hat.engine.condition import holds, written
from hat.engine.parameters import MAX_ROWS, part_of, rows_of
from hat.engine.plan import COUNTER, StepPlan
from hat.engine.shown import show
from hat.engine.template import RenderError


class Round(Struct, frozen=True):
    """One execution of a step: the step to run, the row it runs with, and which one it is."""

    plan: StepPlan
    row: dict[str, Any] | None = None
    number: int = 0


async def rounds(step: StepPlan, attempt: Attempt) -> AsyncIterator[Round]:
    """Each execution of a step in order; RenderError when what it repeats for cannot be had."""
    source = step.source
    if step.loop is not None:
        async for one in _while(step, attempt):
            yield one
        return
    rows: Sequence[dict[str, Any] | None] = (None,)
    if source.parameters is not None:
        place = f"{source.place}.parameters"
        rows = await rows_of(source.parameters, attempt.dialect, attempt.caller, attempt.scope.outer, place)
    elif step.items is not None:
        rows = await _items(step, attempt)
    number = 0
    counted = len(rows) * source.times > 1 or step.items is not None
    for row in rows:
        for _ in range(source.times):
            number += 1
            given = row or {}
            if step.items is not None:
                given = {COUNTER: number, **given}
            plan = with_row(step, given) if given else step
            yield Round(plan, row, number if counted else 0)


def with_row(step: StepPlan, row: Mapping[str, Any]) -> StepPlan:
    """The step with a row in place of its own variables of those names."""
    return replace(step, variables=step.variables.with_values(row))


async def _items(step: StepPlan, attempt: Attempt) -> list[dict[str, Any] | None]:
    """A row for each item of `for_each`."""
    loop, place = step.source.for_each, f"{step.source.place}.for_each"
    if loop is None or step.items is None:
        return [None]
    found = await attempt.caller.render(step.items, attempt.scope.outer)
    if isinstance(found, Mapping):
        found = [{"key": key, "value": value} for key, value in found.items()]
    if isinstance(found, (str, bytes)) or not isinstance(found, Sequence):
        hint = "write a list, or a variable or function that gives one"
        raise RenderError(f"for_each expects a list, got {show(found)}", place, hint=hint)
    if len(found) > MAX_ROWS:
        raise RenderError(f"for_each has {len(found):,} items, at most {MAX_ROWS:,} run", place)
    names = [name.strip() for name in loop.names.split("-")]
    if len(names) == 1:
        return [{names[0]: item} for item in found]
    return [part_of(names, item, loop.names, attempt.dialect, place) for item in found]


async def _while(step: StepPlan, attempt: Attempt) -> AsyncIterator[Round]:
    """Executions as long as the condition holds, up to the cap."""
    loop, condition = step.source.loop, step.loop
    if loop is None or condition is None:
        return
    number = 0
    while True:
        number += 1
        seen = {**attempt.scope.outer, COUNTER: number}
        if attempt.is_cancelled or not await holds(condition, attempt, seen):
            return
        if number > loop.most:
            raise RenderError(
                f"'{written(condition)}' still holds after {loop.most} iterations",
                condition.place,
                kind="loop",
                hint="max_iterations is the cap; does a step change what the condition looks at?",
            )
        yield Round(with_row(step, {COUNTER: number}), None, number)
