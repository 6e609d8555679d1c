"""A new secret key: every stored secret is opened with the key it has and sealed with the new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from hat.error import HatError
from hat.web.alerts.delivery import NAME as CHANNEL
from hat.web.alerts.models import Channel
from hat.web.projects.credentials import resealed as resealed_auth
from hat.web.projects.models import Environment, Module, Project
from hat.web.projects.vault import reseal


@dataclass(slots=True)
class Rotation:
    """What was sealed anew, and where a secret could be opened with no key."""

    count: int = 0
    lost: list[str] = field(default_factory=list)


def rotate() -> Rotation:
    """Seals everything with the present key, in one transaction; what no key opens stays as it is."""
    done = Rotation()
    with transaction.atomic():
        for environment in Environment.objects.select_for_update().order_by("pk"):
            environment.secrets = _secrets(environment, done)
            environment.auth = _auth(environment, environment.project_id, done)
            Environment.objects.filter(pk=environment.pk).update(
                secrets=environment.secrets, auth=environment.auth
            )
        for module in Module.objects.select_for_update().exclude(auth={}).order_by("pk"):
            auth = _auth(module, module.project_id, done)
            Module.objects.filter(pk=module.pk).update(auth=auth)
        for project in Project.objects.select_for_update().exclude(auth={}).order_by("pk"):
            Project.objects.filter(pk=project.pk).update(auth=_auth(project, project.pk, done))
        for channel in Channel.objects.select_for_update().order_by("pk"):
            Channel.objects.filter(pk=channel.pk).update(sealed=_channel(channel, done))
    return done


def _channel(channel: Channel, done: Rotation) -> str:
    try:
        found = reseal(channel.sealed, project_id=channel.project_id, name=CHANNEL)
    except HatError:
        done.lost.append(f"address of the channel '{channel}' ({channel.pk})")
        return channel.sealed
    done.count += 1
    return found


def _secrets(environment: Environment, done: Rotation) -> dict[str, str]:
    found = dict(environment.secrets)
    for name, stored in environment.secrets.items():
        try:
            found[name] = reseal(stored, project_id=environment.project_id, name=name)
            done.count += 1
        except HatError:
            done.lost.append(f"secret '{name}' of the environment '{environment}' ({environment.pk})")
    return found


def _auth(row: Environment | Module | Project, project_id: int, done: Rotation) -> dict[str, Any]:
    stored: dict[str, Any] = row.auth
    try:
        found, count = resealed_auth(stored, project_id=project_id)
    except HatError:
        done.lost.append(f"credentials of the {row._meta.model_name} '{row}' ({row.pk})")
        return stored
    done.count += count
    return found
