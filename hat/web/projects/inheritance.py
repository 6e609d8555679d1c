"""What an environment takes from the one it is based on, and so on: the nearer always wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hat.web.projects.models import Environment


def lineage(environment: Environment) -> list[Environment]:
    """The environment, the one it is based on, and so on; it ends at a deleted one."""
    found = [environment]
    seen = {environment.pk}
    while (base := found[-1].base) is not None and base.deleted_at is None and base.pk not in seen:
        found.append(base)
        seen.add(base.pk)
    return found


def leads_back(environment: Environment, base: Environment) -> bool:
    """Whether the environment would come to be based on itself."""
    return environment in lineage(base)


def label_of(environment: Environment) -> str:
    """The worker label of the environment, else of what it is based on."""
    return next((one.label for one in lineage(environment) if one.label), "")


def frozen(environment: Environment) -> dict[str, Any]:
    """The environment as a run takes it; what it inherits is in it, but no secret."""
    nearest_first = lineage(environment)
    return {
        "id": environment.pk,
        "name": environment.name,
        "base_url": next((one.base_url for one in nearest_first if one.base_url), ""),
        "services": {name: url for one in reversed(nearest_first) for name, url in one.services.items()},
        "variables": environment.variables,
        "verify": environment.verify,
        "auth": next((one.auth for one in nearest_first if one.auth), {}),
        "bases": [{"id": one.pk, "variables": one.variables} for one in nearest_first[1:]],
    }


def variables_and_secrets(
    environment: Mapping[str, Any], secrets: Mapping[int, Mapping[str, str]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a frozen environment gives a run; `secrets` are those of each environment by its id.

    A name is a variable or a secret as the nearest environment that has it says.
    """
    plain: dict[str, Any] = {}
    secret: dict[str, str] = {}
    for layer in reversed([environment, *environment.get("bases", [])]):
        own, hidden = _mapping(layer["variables"]), dict(secrets.get(layer["id"], {}))
        plain = {name: value for name, value in plain.items() if name not in hidden} | own
        secret = {name: value for name, value in secret.items() if name not in own} | hidden
    return plain, secret


def _mapping(rows: Any) -> dict[str, Any]:
    """A map as an object, whichever way the page wrote it."""
    if isinstance(rows, Mapping):
        return dict(rows)
    return {row["name"]: row.get("value") for row in rows if row.get("enabled", True) and row.get("name")}
