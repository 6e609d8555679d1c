"""Values that come with an import as environments: of a .env file, or of another tool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hat.case import Environment
from hat.error import FormatError
from hat.web.projects.models import NAME_LENGTH, Project
from hat.web.projects.paths import DOTENV
from hat.web.projects.services.environments import change_environment, create_environment
from hat.web.text import storable

_SECRET = re.compile(r"(?i)passw|secret|token|api_?key|credential|private")


def read_dotenv(text: str, problems: list[FormatError]) -> Environment:
    """The environment `imported`: names that sound secret are secrets, the others variables."""
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=" if "=" in line else ":")
        if equals and name.strip().isidentifier():
            values[name.strip()] = value.strip()
        else:
            problems.append(FormatError("the line is not NAME=value", file=DOTENV, line=number))
    given = {name: value for name, value in values.items() if value}
    secrets = {name: value for name, value in given.items() if _SECRET.search(name)}
    variables = {name: value for name, value in given.items() if name not in secrets}
    return Environment(name="imported", variables=variables, secrets=secrets)


def store_environment(project: Project, given: Environment) -> bool:
    """Whether there was something to keep: the environment of that name is made, or gets what is new.

    What somebody filled in since stays where the import has no value for it.
    """
    if not given.variables and not given.secrets and not given.base_url:
        return False
    name = storable(given.name)[:NAME_LENGTH]
    fields: dict[str, Any] = {"secrets": dict(given.secrets)}
    known = project.environments.filter(name=name, deleted_at=None).first()
    if known is None:
        fields |= {"name": name, "base_url": given.base_url, "variables": dict(given.variables)}
        create_environment(project, fields)
    else:
        fields |= {"base_url": known.base_url or given.base_url}
        change_environment(known, {**fields, "variables": _with(known.variables, given.variables)})
    return True


def _with(kept: Any, new: Mapping[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
    """Variables with the new ones in their places or behind; rows, as pages write them, stay rows."""
    rows = (
        [{"name": name, "value": value} for name, value in kept.items()] if isinstance(kept, dict) else kept
    )
    said = {row["name"] for row in rows}
    left = {name: value for name, value in new.items() if value != "" or name not in said}
    rows = [{**row, "value": left.pop(row["name"])} if row["name"] in left else row for row in rows]
    rows += [{"name": name, "value": value} for name, value in left.items()]
    return {row["name"]: row["value"] for row in rows} if isinstance(kept, dict) else rows
