"""What the steps of one running case share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from hat.case import Case, Environment, Need
from hat.engine.calls import Caller
from hat.engine.client import Client, CookieJar
from hat.engine.credentials import Keyring
from hat.engine.dialect import Dialect
from hat.engine.mask import Mask
from hat.engine.plan import CasePlan, Plans
from hat.engine.response import ResponseView
from hat.engine.scope import Scope
from hat.engine.template import RenderError, Template
from hat.result import StepError, StepResult

Given = TypeVar("Given")


class Held(Struct):
    """What a needed case left: who needs it sees what it exported, until `ends_at` of the run's clock.

    `is_shown` tells that it has a result of its own, `is_accepted` that an answer was not 401 since.
    """

    result: StepResult
    exported: dict[str, Any]
    jar: CookieJar
    ends_at: float = inf
    is_shown: bool = False
    is_accepted: bool = False


Obtain = Callable[[Need, Held | None], Awaitable[tuple[Held, bool]]]


class Attempt(Struct, kw_only=True):
    """One running case: its plan, variables, cookies, and who sends and calls for it."""

    plan: CasePlan
    plans: Plans
    scope: Scope
    caller: Caller
    client: Client
    jar: CookieJar
    environment: Environment
    keyring: Keyring
    mask: Mask
    auth: Template | None = None
    base_url: Any = ""
    headers: Mapping[str, Any] = {}
    verify: Any = None
    fail_fast: bool = False
    explain: bool = False
    confined: bool = False
    max_body: int = 10 * 1024 * 1024
    root: Path | None = None
    cancelled: Callable[[], bool] | None = None
    view: ResponseView | None = None  # the last answer
    obtain: Obtain | None = None  # a needed case's work, and whether it was done for this asking
    needs: tuple[Need, ...] = ()
    held: Mapping[str, Held] = {}  # what of that it has, by key
    renewed: list[StepResult] = []  # needed cases that ran again meanwhile, still to be shown
    is_refused_anew: bool = False  # after an answer of 401 and a renewal there was another one
    around: Attempt | None = None  # the case that calls this one
    fresh_until: float = inf  # when something needed ends
    teardown_until: float | None = None  # once the run is cancelled: when steps that always run end, too
    is_cut_short: bool = False  # the run was cancelled before all steps had run

    @property
    def dialect(self) -> Dialect:
        return self.plan.dialect

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody cancelled the run."""
        return self.cancelled is not None and self.cancelled()

    def take_renewed(self) -> list[StepResult]:
        """The needed cases that ran again and are not shown yet."""
        taken = list(self.renewed)
        self.renewed.clear()
        return taken

    def error(self, error: RenderError) -> StepError:
        """The error of a step, with file and line."""
        return StepError(error.kind, error.message, self.plan.case.place(error.path), error.hint)


async def guarded(work: Coroutine[Any, Any, Given], case: Case) -> Given | StepError:
    """What the work gives; the one place where an exception of our own becomes the error of a case."""
    try:
        return await work
    except RenderError as error:
        return StepError(error.kind, error.message, case.place(error.path), error.hint)
    except Exception as error:
        import logging  # noqa: PLC0415  nothing else logs

        logging.getLogger(__name__).exception("case %s", case.file or case.name)
        return StepError("internal", f"{type(error).__name__}: {error}")
