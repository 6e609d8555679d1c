"""How a run goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from hat.engine.choice import Choice
from hat.engine.sandbox.terms import Terms
from hat.engine.targets import Targets


class Shelved(Struct, frozen=True):
    """A token that processes share, its end on the machine's clock, and the refresh token that came with it.

    Without a token: whether to fetch one (`is_mine`) or to ask again.
    """

    token: str = ""
    until: float = 0.0
    refresh: str = ""
    is_mine: bool = False


class Shelf(Protocol):
    """Where the processes of a run keep the tokens they share."""

    def ask(self, key: str, instead_of: str) -> Shelved:
        """The token, another one than `instead_of`."""

    def put(self, key: str, shelved: Shelved | None) -> None:
        """Keep a token; None: it could not be had."""


class Options(Struct, frozen=True, kw_only=True):
    """How a run goes; `concurrency` None is 1 when an httprunner dialect takes part and 10 otherwise.

    `retries` is how often a case that did not pass runs again; `max_body` is how many bytes of a body are
    read; `cancelled` is asked between and inside steps.
    """

    concurrency: int | None = None
    fail_fast: bool = False
    retries: int = 0
    rows: Choice = Choice()  # of the parameters of cases
    explain: bool = False
    sandbox: Terms = field(default_factory=Terms)
    max_body: int = 10 * 1024 * 1024
    cancelled: Callable[[], bool] | None = None
    name: str = ""
    targets: Targets = field(default_factory=Targets)  # where requests may go
    shelf: Shelf | None = None  # the tokens of several processes
    masked_names: tuple[str, ...] | None = None  # headers and fields hidden by name; None: the usual ones
