"""The project folders of a run: what functions see there, and the sandbox of each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from hat.case import Case, Environment
from hat.engine.calls import Caller
from hat.engine.functions import Surroundings
from hat.engine.names import needs_functions, needs_python
from hat.engine.options import Options
from hat.engine.plan import Plans
from hat.engine.waiting import Lock
from hat.error import FunctionsError
from hat.result import StepError

if TYPE_CHECKING:
    from hat.engine.sandbox.host import Sandbox


class Folders(Struct):
    """The folders by their path."""

    environment: Environment
    options: Options
    plans: Plans
    found: dict[str, tuple[Surroundings, Sandbox | FunctionsError | None]] = {}
    scripts: dict[str, bool] = {}
    turn: Lock = field(default_factory=Lock)  # one folder starts one sandbox

    async def close(self) -> None:
        """End every sandbox."""
        for _, sandbox in self.found.values():
            if sandbox is not None and not isinstance(sandbox, FunctionsError):
                await sandbox.close()

    async def caller(self, case: Case) -> Caller | StepError:
        """Who answers calls for a case; functions that cannot be loaded end only the cases that need them."""
        async with self.turn:
            around, sandbox = await self._folder(case)
        if isinstance(sandbox, FunctionsError):
            if not needs_functions(self.plans.of(case), self.plans):
                return Caller(case.dialect, None, around)
            return StepError("function", sandbox.message, sandbox.place, sandbox.hint)
        return Caller(case.dialect, sandbox, around)

    async def _folder(self, case: Case) -> tuple[Surroundings, Sandbox | FunctionsError | None]:
        """The surroundings and the sandbox of a project folder; it starts when the first case needs it."""
        found = self.found.get(case.root)
        if found is None:
            env = {**case.env, **self.environment.env}
            confined = self.options.sandbox.level == "strict"
            seen = env if confined else {**os.environ, **env}
            found = Surroundings(seen, Path(case.root) if case.root else None, confined), None
        around, sandbox = found
        if sandbox is None and around.root is not None and self._needs_sandbox(case):
            from hat.engine.sandbox.host import Sandbox  # noqa: PLC0415  only runs with functions need it

            env = {**case.env, **self.environment.env}
            try:
                sandbox = await Sandbox.start(around.root, env, self.options.sandbox, dialect=case.dialect)
            except FunctionsError as error:
                sandbox = error
        self.found[case.root] = around, sandbox
        return around, sandbox

    def has_functions(self, case: Case) -> bool:
        """Whether there is a debugtalk.py in the folder of a case."""
        known = self.scripts.get(case.root)
        if known is None:
            known = bool(case.root) and (Path(case.root) / "debugtalk.py").is_file()
            self.scripts[case.root] = known
        return known

    def _needs_sandbox(self, case: Case) -> bool:
        return self.has_functions(case) or needs_python(self.plans.of(case), self.plans)
