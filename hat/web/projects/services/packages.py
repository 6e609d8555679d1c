"""The list of packages, changed on a page: checked at once, installed in the background."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hat.error import UsageError
from hat.web.audit.services import record
from hat.web.packages import (
    install_packages,
    installed_packages,
    installing,
    listed_packages,
    packages_home,
    pins_in,
    pins_of,
)
from hat.web.projects.models import FunctionRules
from hat.web.refusal import conflict, invalid


@dataclass(frozen=True, slots=True)
class Installation:
    """How the newest one went; `said` is its last line, or why it failed."""

    state: str  # working, done, failed
    text: str
    said: str = ""
    by: str = ""
    at: str = ""


def installation() -> Installation | None:
    """The newest installation from a page; one that nobody works on any more was interrupted."""
    found = _kept()
    if found is None or found.state != "working":
        return found
    try:
        with installing():  # nobody does, but it may have ended just now
            found = _kept()
    except UsageError:
        return found
    if found is None or found.state != "working":
        return found
    return replace(found, state="failed", said="it was interrupted: HAT was stopped meanwhile")


def packages_now() -> list[str]:
    """What functions may import, as lines of a list."""
    folder = installed_packages()
    return pins_of(folder) if folder else []


def list_now() -> str:
    """The list as an administrator wrote it."""
    return listed_packages() or "".join(f"{pin}\n" for pin in packages_now())


def change_packages(text: str, by: str) -> Installation:
    """Begin to install what the list names; refused when it cannot be read, or another one is under way."""
    try:
        pins = pins_in(text)
    except UsageError as problem:
        raise invalid("text", problem.message, hint=problem.hint) from None
    turn = ExitStack()
    try:
        turn.enter_context(installing())
    except UsageError as problem:
        raise conflict(problem.message) from None
    begun = Installation("working", text, by=by, at=datetime.now(UTC).isoformat())
    _keep(begun)
    rules = FunctionRules.objects.filter(project=None).first() or FunctionRules.objects.create()
    record("install", rules, before={"packages": packages_now()}, after={"packages": pins}, name="packages")
    threading.Thread(target=_work, args=[begun, turn], name="packages", daemon=True).start()
    return begun


def _work(begun: Installation, turn: ExitStack) -> None:
    with turn:
        try:
            install_packages(begun.text, told=lambda line: _keep(replace(begun, said=line[:500])))
        except UsageError as problem:
            said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
            _keep(replace(begun, state="failed", said=said))
        except OSError as problem:
            _keep(replace(begun, state="failed", said=f"the packages cannot be installed:\n{problem}"))
        else:
            _keep(replace(begun, state="done"))


def _keep(installation: Installation) -> None:
    """Where every process of this machine sees it."""
    partial = _file().with_suffix(".partial")
    partial.write_text(json.dumps(asdict(installation)), encoding="utf-8")
    partial.replace(_file())


def _kept() -> Installation | None:
    try:
        return Installation(**json.loads(_file().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _file() -> Path:
    return packages_home() / "installation.json"
