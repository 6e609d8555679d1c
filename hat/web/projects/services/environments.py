"""What happens to an environment; its secrets go in and never come out to a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from hat.web.audit.change import HIDDEN, fields_of
from hat.web.audit.services import record
from hat.web.projects.credentials import shown, stored
from hat.web.projects.inheritance import leads_back
from hat.web.projects.models import Environment, Project
from hat.web.projects.services.modules import place
from hat.web.projects.vault import seal
from hat.web.refusal import Fault, invalid, invalid_all
from hat.web.turn import take_turn

_NAME = re.compile(r"[^\W\d]\w*")


def create_environment(project: Project, fields: dict[str, Any]) -> Environment:
    """A new environment at the end; the first one is the default."""
    with transaction.atomic():
        _take_turn(project)
        siblings = Environment.objects.filter(project=project, deleted_at=None)
        last = siblings.aggregate(last=Max("position"))["last"]
        fields.setdefault("is_default", not siblings.exists())
        environment = Environment(project=project, position=0 if last is None else last + 1)
        return change_environment(environment, fields)


def change_environment(environment: Environment, fields: dict[str, Any]) -> Environment:
    """Writes the given fields; a secret of None is taken away, all others stay."""
    is_new = environment.pk is None
    with transaction.atomic():
        _take_turn(environment.project)
        if not is_new:
            # Whoever changed it since it was read keeps their secrets and variables.
            environment.refresh_from_db(from_queryset=Environment.objects.select_for_update())
        _refuse_faults(environment, fields)
        if "base_id" in fields:
            fields["base"] = _base(environment, fields.pop("base_id"))
        before = {} if is_new else _state(environment)
        position = fields.pop("position", None)
        secrets = fields.pop("secrets", None) or {}
        if "auth" in fields:
            fields["auth"] = stored(fields["auth"], environment.auth, project_id=environment.project_id)
        siblings = Environment.objects.filter(project=environment.project, deleted_at=None)
        for field, value in fields.items():
            setattr(environment, field, value)
        environment.secrets = _sealed(environment, secrets)
        environment.save()
        if environment.is_default:
            siblings.exclude(pk=environment.pk).update(is_default=False)
        if position is not None:
            place(environment, position, siblings)
        after = _state(environment, given=[name for name, value in secrets.items() if value is not None])
        record("create" if is_new else "change", environment, before=before, after=after)
    return environment


def delete_environment(environment: Environment) -> None:
    """Softly; refused while others are based on it, which would lose what they take from it."""
    with transaction.atomic():
        _take_turn(environment.project)
        heirs = Environment.objects.filter(base=environment, deleted_at=None).values_list("name", flat=True)
        if heirs:
            raise invalid("base_id", f"these environments are based on it: {', '.join(heirs)}")
        Environment.objects.filter(pk=environment.pk).update(deleted_at=timezone.now(), is_default=False)
        record("delete", environment)


def restore_environment(environment: Environment) -> Environment:
    """Back into the list, unless another one has its name by now."""
    with transaction.atomic():
        _take_turn(environment.project)
        _refuse_twin(environment, environment.name)
        Environment.objects.filter(pk=environment.pk).update(deleted_at=None)
        record("restore", environment)
    environment.deleted_at = None
    return environment


def _state(environment: Environment, *, given: Iterable[str] = ()) -> dict[str, Any]:
    """The environment as the audit log compares it: of its secrets only which there are and which are new."""
    plain = ("name", "note", "base_url", "services", "variables", "verify", "is_default", "label")
    secrets = dict.fromkeys(environment.secrets, HIDDEN)
    return {
        **fields_of(environment, *plain),
        "base": environment.base.name if environment.base else "",
        "auth": shown(environment.auth),
        "secrets": {**secrets, **dict.fromkeys(given, f"{HIDDEN} new")},
    }


def _base(environment: Environment, pk: int | None) -> Environment | None:
    if pk is None:
        return None
    base = Environment.objects.filter(project=environment.project, pk=pk, deleted_at=None).first()
    if base is None:
        raise invalid("base_id", f"there is no environment {pk} in this project")
    if environment.pk and leads_back(environment, base):
        raise invalid("base_id", f"'{base.name}' is based on this environment: a circle never ends")
    return base


def _sealed(environment: Environment, changes: Mapping[str, str | None]) -> dict[str, str]:
    kept = {name: stored for name, stored in environment.secrets.items() if name not in changes}
    new = {
        name: seal(value, project_id=environment.project_id, name=name)
        for name, value in changes.items()
        if value is not None
    }
    return {**kept, **new}


def _take_turn(project: Project) -> None:
    """One at a time, so that names stay apart and one is the default."""
    take_turn("environments of", project.pk)


def _refuse_twin(environment: Environment, name: str) -> None:
    twins = Environment.objects.filter(project=environment.project, name=name, deleted_at=None)
    if twins.exclude(pk=environment.pk).exists():
        raise invalid("name", f"there is an environment '{name}' already")


def _refuse_faults(environment: Environment, fields: dict[str, Any]) -> None:
    if "name" in fields:
        _refuse_twin(environment, fields["name"])
    faults = [
        Fault(f"{part}.{word}", "a name starts with a letter and has letters, digits and _ only")
        for part in ("services", "secrets")
        for word in fields.get(part) or {}
        if not _NAME.fullmatch(word)
    ]
    rows = fields.get("variables")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if not isinstance(row.get("name"), str):
            faults.append(Fault(f"variables[{index}].name", "a row needs a name"))
    if faults:
        raise invalid_all(faults)
