"""Credentials of projects, modules and environments: stored with secret fields sealed, shown without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from hat.case import AUTH_TYPES, SECRET_AUTH_FIELDS
from hat.formats.auth import auth_problems
from hat.web.audit.change import HIDDEN
from hat.web.projects.vault import reseal, seal, unseal
from hat.web.refusal import Fault, invalid_all

_REFERENCE: Final = re.compile(r"\$\w+\Z|\$\{\w+\}\Z")  # names a secret, so it is none itself
_SEALED: Final = "sealed"
_LONGEST: Final = 100_000


def stored(given: Mapping[str, Any], before: Mapping[str, Any], *, project_id: int) -> dict[str, Any]:
    """Credentials as the database keeps them; a hidden field stays what it was."""
    if not given:
        return {}
    kind = given.get("type")
    known = AUTH_TYPES.get(kind) if isinstance(kind, str) else None
    if known is not None:
        given = {
            name: value
            for name, value in given.items()
            if value not in (None, "") and name in ("type", *known.needed, *known.optional)
        }
    problems = [Fault(path, message, hint) for path, message, hint in auth_problems(given, "auth")]
    problems += [
        Fault(f"auth.{name}", "expected text") for name, value in given.items() if not _is_text(value)
    ]
    if problems:
        raise invalid_all(problems)
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value == HIDDEN and isinstance(before.get(name), Mapping):
            found[name] = before[name]
        elif name in SECRET_AUTH_FIELDS and not _REFERENCE.match(value):
            found[name] = {_SEALED: seal(value, project_id=project_id, name=f"auth.{name}")}
        else:
            found[name] = value
    return found


def shown(auth: Mapping[str, Any]) -> dict[str, Any]:
    """Credentials as a page gets them."""
    return {name: HIDDEN if isinstance(value, Mapping) else value for name, value in auth.items()}


def opened(auth: Mapping[str, Any] | None, *, project_id: int) -> dict[str, Any] | None:
    """Credentials in the clear; for the worker alone, never for a page. None when there are none."""
    if not auth:
        return None
    return {
        name: unseal(value[_SEALED], project_id=project_id, name=f"auth.{name}")
        if isinstance(value, Mapping)
        else value
        for name, value in auth.items()
    }


def resealed(auth: Mapping[str, Any], *, project_id: int) -> tuple[dict[str, Any], int]:
    """Credentials as they are stored with the present key, and how many secrets were in them."""
    sealed = {name: value[_SEALED] for name, value in auth.items() if isinstance(value, Mapping)}
    again = {
        name: {_SEALED: reseal(stored, project_id=project_id, name=f"auth.{name}")}
        for name, stored in sealed.items()
    }
    return {**auth, **again}, len(again)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST
