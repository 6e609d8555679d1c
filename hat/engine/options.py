"""How a run goes."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from hat.engine.targets import Targets


class Options(Struct, frozen=True, kw_only=True):
    """How a run goes; `concurrency` None is 1 when an httprunner dialect takes part and 10 otherwise.

    `retries` is how often a case that did not pass runs again; `cancelled` is asked between and inside steps.
    """

    concurrency: int | None = None
    fail_fast: bool = False
    retries: int = 0
    explain: bool = False
    sandbox: str = "limits"
    max_body: int = 10 * 1024 * 1024
    cancelled: Callable[[], bool] | None = None
    name: str = ""
    targets: Targets = field(default_factory=Targets)  # where requests may go
    masked_names: tuple[str, ...] | None = None  # headers and fields hidden by name; None: the usual ones
