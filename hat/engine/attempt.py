"""What the steps of one running case share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from hat.case import Environment
from hat.engine.calls import Caller
from hat.engine.client import Client, CookieJar
from hat.engine.dialect import Dialect
from hat.engine.plan import CasePlan, Plans
from hat.engine.scope import Scope
from hat.engine.template import RenderError
from hat.result import StepError


class Attempt(Struct, kw_only=True):
    """One running case: its plan, variables, cookies, and who sends and calls for it."""

    plan: CasePlan
    plans: Plans
    scope: Scope
    caller: Caller
    client: Client
    jar: CookieJar
    environment: Environment
    base_url: Any = ""
    headers: Mapping[str, Any] = {}
    verify: Any = None
    fail_fast: bool = False
    explain: bool = False
    confined: bool = False
    max_body: int = 10 * 1024 * 1024
    root: Path | None = None
    cancelled: Callable[[], bool] | None = None
    is_cut_short: bool = False  # the run was cancelled before all steps had run

    @property
    def dialect(self) -> Dialect:
        return self.plan.dialect

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody cancelled the run."""
        return self.cancelled is not None and self.cancelled()

    def error(self, error: RenderError) -> StepError:
        """The error of a step, with file and line."""
        return StepError(error.kind, error.message, self.plan.case.place(error.path), error.hint)
