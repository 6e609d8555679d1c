"""The only door to channels: a channel is seen by whoever sees its project."""

from __future__ import annotations

from django.db.models import QuerySet

from hat.web.accounts.models import User
from hat.web.alerts.models import Channel
from hat.web.projects.access import demand
from hat.web.projects.models import Project, Role
from hat.web.refusal import missing


def channels_of(project: Project) -> QuerySet[Channel]:
    """The channels of a project that are not deleted."""
    return Channel.objects.filter(project=project, deleted_at=None)


def channel_for(user: User, pk: int, role: Role = Role.READER, *, deleted: bool | None = False) -> Channel:
    """The channel, if the user has at least that role in its project; else 404 for strangers, 403."""
    channels = Channel.objects.filter(pk=pk, project__deleted_at=None)
    if deleted is not None:
        channels = channels.filter(deleted_at__isnull=not deleted)
    channel = channels.select_related("project").first()
    if channel is None:
        raise missing("channel")
    demand(user, channel.project, role, noun="channel")
    return channel
