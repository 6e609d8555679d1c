"""Make, change, delete and try the channels of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from hat.web.alerts.access import channels_of
from hat.web.alerts.delivery import deliver, destination_of, sealed
from hat.web.alerts.kinds import KINDS, Destination
from hat.web.alerts.mail import addresses_in
from hat.web.alerts.models import Channel
from hat.web.alerts.wording import about_nothing
from hat.web.audit.change import HIDDEN, fields_of
from hat.web.audit.services import record
from hat.web.projects.models import Project
from hat.web.refusal import invalid

MOST = 50
_PLAIN = ("name", "language", "when", "triggers", "enabled")


def create_channel(project: Project, wishes: Mapping[str, Any]) -> Channel:
    """A new channel of a project."""
    if channels_of(project).count() >= MOST:
        raise invalid("", f"a project has at most {MOST} channels")
    return _apply(Channel(project=project, kind=wishes["kind"]), wishes)


def change_channel(channel: Channel, wishes: Mapping[str, Any]) -> Channel:
    """Writes what is given; address and secret stay as they are unless new ones are."""
    return _apply(channel, wishes)


def delete_channel(channel: Channel) -> None:
    """Takes it out of the list; what was not sent yet stays unsent."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(deleted_at=timezone.now())
        record("delete", channel)


def restore_channel(channel: Channel) -> Channel:
    """Undoes a deletion."""
    channel.deleted_at = None
    with transaction.atomic():
        channel.save(update_fields=["deleted_at"])
        record("restore", channel)
    return channel


def try_channel(channel: Channel) -> str:
    """Sends a test; answers what went wrong, or nothing."""
    return deliver(channel, about_nothing(channel))


@transaction.atomic
def _apply(channel: Channel, wishes: Mapping[str, Any]) -> Channel:
    is_new = channel._state.adding
    if not is_new:
        channel.refresh_from_db(from_queryset=Channel.objects.select_for_update())
    before = {} if is_new else _state(channel)
    for name in _PLAIN:
        if name in wishes:
            setattr(channel, name, wishes[name])
    given = [name for name in ("address", "secret") if name in wishes]
    if given:
        old = Destination("") if is_new else destination_of(channel)
        address = wishes.get("address", old.address).strip()
        to = Destination(address, wishes.get("secret", old.secret).strip())
        channel.place = _place(channel.kind, address)
        if to.secret and not KINDS[channel.kind].takes_secret:
            raise invalid("secret", "this kind of channel has no signing secret")
        channel.is_signed = bool(to.secret)
        channel.sealed = sealed(to, project_id=channel.project_id)
    channel.save()
    after = {**_state(channel), **dict.fromkeys(given, f"{HIDDEN} new")}
    record("create" if is_new else "change", channel, before=before, after=after)
    return channel


def _state(channel: Channel) -> dict[str, Any]:
    """The channel as the audit log compares it: of its address only the harmless part."""
    return {**fields_of(channel, *_PLAIN, "kind", "place"), "address": HIDDEN, "secret": HIDDEN}


def _place(kind: str, address: str) -> str:
    """What may be shown of an address; a refusal says what is wrong with it."""
    if KINDS[kind].request is None:
        try:
            found = addresses_in(address)
        except ValueError as problem:
            raise invalid("address", str(problem)) from None
        return ", ".join(dict.fromkeys("@" + one.rpartition("@")[2] for one in found))[:300]
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or not address.startswith(("https://", "http://")) or any(map(str.isspace, address)):
        raise invalid("address", "expected an address such as https://host/path")
    return f"{host}:{port}" if port else host
