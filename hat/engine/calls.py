"""Carry out the calls of templates and hooks: built-in functions here, the project's own in its sandbox."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from hat.engine.functions import BuiltIn, Surroundings, built_in
from hat.engine.functions import names as built_in_names
from hat.engine.sandbox import Answer, Call, CallError
from hat.engine.template import CallSite, RenderError, Template, Variables
from hat.result import Connection

if TYPE_CHECKING:
    from hat.engine.sandbox.host import Sandbox  # only runs with functions need it

_PYTHON = frozenset(name for name in dir(builtins) if name.islower() and not name.startswith("_"))


class Caller(Struct):
    """Who answers calls for the cases of one project folder in one run."""

    dialect: str
    sandbox: Sandbox | None = None
    around: Surroundings = field(default_factory=Surroundings)
    log: list[str] = []
    connections: list[Connection] = []

    def knows(self, name: str) -> bool:
        """Whether there is a function of that name: the project's, a built-in one, or one of Python's."""
        return self.is_own(name) or built_in(name, self.dialect) is not None or name in _PYTHON

    def is_own(self, name: str) -> bool:
        """Whether the project defines it."""
        return self.sandbox is not None and name in self.sandbox.functions

    def _is_asked_there(self, name: str) -> bool:
        """Whether the sandbox answers: its own functions, and the environment that they may have changed."""
        return self.sandbox is not None and (name in self.sandbox.functions or name in ("ENV", "environ"))

    def names(self) -> Iterable[str]:
        """The names of the project's functions."""
        return self.sandbox.functions if self.sandbox else ()

    def hint_for(self, name: str) -> str:
        """What to do about a function that is not there."""
        from difflib import get_close_matches  # noqa: PLC0415  only failures ask

        near = get_close_matches(name, [*self.names(), *built_in_names(self.dialect)], 1)
        return f"did you mean '{near[0]}'?" if near else "define it in debugtalk.py"

    def take_log(self) -> list[str]:
        """What functions printed since the last time."""
        if not self.log:
            return []
        log, self.log = self.log, []
        return log

    def take_connections(self) -> tuple[Connection, ...]:
        """What functions connected to, or wanted to, since the last time."""
        if not self.connections:
            return ()
        taken, self.connections = tuple(self.connections), []
        return taken

    async def render(self, template: Template, variables: Variables) -> Any:
        """The value of a template; RenderError when it has none."""
        if template.constant:
            return template.value
        if not template.calls:
            return template.build(variables, ())
        return template.build(variables, await self.answers(template.calls, variables))

    async def render_all(self, templates: Sequence[Template], variables: Variables) -> list[Any]:
        """The values of several templates that do not need each other; their calls travel together."""
        sites = [site for template in templates for site in template.calls]
        answers = await self.answers(sites, variables) if sites else []
        values = []
        start = 0
        for template in templates:
            end = start + len(template.calls)
            values.append(template.build(variables, answers[start:end]))
            start = end
        return values

    async def answers(self, sites: Sequence[CallSite], variables: Variables) -> list[Any]:
        """The values of calls, in order."""
        calls = []
        for site in sites:
            args, kwargs = site.arguments(variables)
            calls.append(Call(site.name, args, kwargs))
        answers = await self.call(calls)
        for site, answer in zip(sites, answers, strict=True):
            if answer.error is not None:
                raise self.failure(site, answer.error)
        return [answer.value for answer in answers]

    async def call(self, calls: Sequence[Call]) -> list[Answer]:
        """The answers of calls, in order; neighbouring calls of project functions travel together."""
        answers: list[Answer] = []
        waiting: list[Call] = []
        for call in calls:
            ours = None if self._is_asked_there(call.name) else built_in(call.name, self.dialect)
            if ours is None:
                waiting.append(call)
                continue
            answers.extend(await self._ask(waiting))
            waiting = []
            answers.append(await self._answer(ours, call))
        answers.extend(await self._ask(waiting))
        return answers

    async def _ask(self, calls: list[Call]) -> list[Answer]:
        if not calls:
            return []
        if self.sandbox is None:
            return [Answer(error=_not_found(call.name)) for call in calls]
        answers = await self.sandbox.call(calls)
        self.log.extend(answer.printed for answer in answers if answer.printed)
        self.connections.extend(self.sandbox.take_connections())
        return answers

    async def _answer(self, ours: BuiltIn, call: Call) -> Answer:
        answer = ours.answer(call.args, call.kwargs, self.around)
        return answer if isinstance(answer, Answer) else await answer

    def failure(self, site: CallSite, error: CallError, kind: str = "function") -> RenderError:
        """The error of a call as a report says it."""
        if error.type == "NotFound":
            message = f"function '{site.name}' is not defined"
            return RenderError(message, site.path, kind=kind, hint=self.hint_for(site.name))
        return RenderError(error.sentence(site.name), site.path, kind=kind, is_assertion=error.is_assertion)


def is_for_sandbox(name: str, dialect: str) -> bool:
    """Whether it is one of Python's functions that does not run in our own process."""
    return name in _PYTHON and built_in(name, dialect) is None


def _not_found(name: str) -> CallError:
    return CallError("NotFound", f"function '{name}' is not defined")
