"""How isolated functions run on the command line: --sandbox, and what is said where they cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from hat.case import Case
from hat.engine import loop
from hat.engine.sandbox import Terms
from hat.engine.sandbox.terms import Level
from hat.engine.targets import Targets
from hat.error import UsageError

_LEVELS: Final[dict[str, Level]] = {"limits": "limits", "strict": "strict", "network": "strict"}


def terms(chosen: str | None, env: Mapping[str, str], targets: Targets) -> Terms:
    """The terms of --sandbox, or of the variables of the shell."""
    word = chosen or env.get("HAT_SANDBOX", "").strip() or "limits"
    if word not in _LEVELS:
        raise UsageError(f"HAT_SANDBOX: expected limits, strict or network, got '{word}'")
    without = tuple(name.strip() for name in env.get("HAT_SANDBOX_WITHOUT", "").split(",") if name.strip())
    if without:
        _refuse_unknown(without)
    agreed = env.get("HAT_SANDBOX_AGREED", "").strip().lower() in ("1", "true", "yes", "on")
    return Terms(_LEVELS[word], without, agreed=agreed, network=targets if word == "network" else None)


def _refuse_unknown(layers: Iterable[str]) -> None:
    from hat.engine.sandbox.box.lockdown import LAYERS

    for name in layers:
        if name not in LAYERS:
            raise UsageError(
                f"HAT_SANDBOX_WITHOUT: unknown layer '{name}'", hint=f"known: {', '.join(LAYERS)}"
            )


def warning(chosen: Terms, cases: Iterable[Case]) -> str:
    """What keeps functions from being isolated though that was asked for; empty where nothing does."""
    if chosen.level != "strict" or not chosen.agreed:
        return ""
    if not any((Path(root) / "debugtalk.py").is_file() for root in {case.root for case in cases} if root):
        return ""
    from hat.engine.sandbox.box.lockdown import lacking
    from hat.engine.sandbox.layers import offered

    return lacking(loop.run(offered(chosen.without)))
