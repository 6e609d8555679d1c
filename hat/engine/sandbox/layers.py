"""Which layers around a project's code this system really offers: tried out, not guessed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from hat.engine.sandbox.box.lockdown import lacking
from hat.engine.sandbox.host import Sandbox
from hat.engine.sandbox.terms import Terms
from hat.error import FunctionsError

# In the order a page shows them. Landlock has parts that newer kernels add; they are not told apart here.
KNOWN: Final = (
    "process",
    "limits",
    "time",
    "no-new-privileges",
    "no-capabilities",
    "namespaces",
    "tree",
    "landlock",
    "seccomp",
)

_NO_FUNCTIONS: Final = Path(__file__).parent / "box"


async def offered(without: Collection[str] = ()) -> tuple[str, ...]:
    """The layers that hold around a box started for nothing else; none where no box can be started."""
    terms = Terms("strict", without=tuple(without), agreed=True)
    try:
        sandbox = await Sandbox.start(_NO_FUNCTIONS, {}, terms)
    except FunctionsError:
        return ()
    await sandbox.close()
    return tuple(name for name in KNOWN if name in sandbox.layers)


def isolate(layers: Collection[str]) -> bool:
    """Whether these layers are enough for code of people one need not trust."""
    return not lacking(layers)
