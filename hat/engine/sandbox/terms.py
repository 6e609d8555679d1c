"""The terms on which a project's functions run: which layers, with what agreed to, with which packages."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hat.engine.targets import Targets

Level = Literal["limits", "strict"]


class Terms(Struct, frozen=True):
    """`limits` for one's own code on one's own machine, `strict` with every layer the system offers.

    `without` leaves layers out as if the system did not have them; `agreed` lets code run when the layers
    that are left are not enough. `network`: where functions may connect to at level strict; None for nowhere.
    """

    level: Level = "limits"
    without: tuple[str, ...] = ()
    agreed: bool = False
    packages: str = ""
    network: Targets | None = None


STRICT = Terms("strict")
