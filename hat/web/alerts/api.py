"""Routes of channels: list, make, change, try, delete."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer

from hat.web.accounts.people import person
from hat.web.alerts import services
from hat.web.alerts.access import channel_for, channels_of
from hat.web.alerts.schemas import ChannelList, ChannelNew, ChannelOut, ChannelPatch, Tried
from hat.web.alerts.shapes import channel_value, channel_values, kind_values
from hat.web.paging import whole
from hat.web.projects.access import project_for
from hat.web.projects.models import Role

router = Router(tags=["alerts"])


@router.get("/projects/{int:project_id}/channels", response=ChannelList, operation_id="channels")
def list_channels(request: HttpRequest, project_id: int) -> dict[str, Any]:
    """Where alerts of a project go, and the kinds of channels there are."""
    project = project_for(person(request), project_id)
    channels = list(channels_of(project))
    return {**whole(channel_values(channels)), "kinds": kind_values(), "linked": bool(settings.HAT_SITE_URL)}


@router.post("/projects/{int:project_id}/channels", response={201: ChannelOut}, operation_id="new_channel")
def make(request: HttpRequest, project_id: int, payload: ChannelNew) -> Answer[dict[str, Any]]:
    project = project_for(person(request), project_id, Role.OWNER)
    return Answer(201, channel_value(services.create_channel(project, payload.dict())))


@router.patch("/channels/{int:channel_id}", response=ChannelOut, operation_id="change_channel")
def patch(request: HttpRequest, channel_id: int, payload: ChannelPatch) -> dict[str, Any]:
    channel = channel_for(person(request), channel_id, Role.OWNER)
    wishes = payload.dict(exclude_none=True)
    return channel_value(services.change_channel(channel, wishes))


@router.post("/channels/{int:channel_id}/test", response=Tried, operation_id="test_channel")
def test(request: HttpRequest, channel_id: int) -> dict[str, Any]:
    """Send a test message now and wait for the answer."""
    error = services.try_channel(channel_for(person(request), channel_id, Role.OWNER))
    return {"sent": not error, "error": error}


@router.delete("/channels/{int:channel_id}", response={204: None}, operation_id="delete_channel")
def remove(request: HttpRequest, channel_id: int) -> None:
    services.delete_channel(channel_for(person(request), channel_id, Role.OWNER))


@router.post("/channels/{int:channel_id}/restore", response=ChannelOut, operation_id="restore_channel")
def restore(request: HttpRequest, channel_id: int) -> dict[str, Any]:
    """Undo a deletion."""
    channel = channel_for(person(request), channel_id, Role.OWNER, deleted=None)
    return channel_value(services.restore_channel(channel))
