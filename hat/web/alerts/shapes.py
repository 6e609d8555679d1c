"""Rows of channels as the values the API answers with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from hat.web.alerts import mail
from hat.web.alerts.kinds import KINDS
from hat.web.alerts.models import Alert, Channel, Fate


def channel_value(channel: Channel) -> dict[str, Any]:
    """A channel as every page shows it."""
    return channel_values([channel])[0]


def channel_values(channels: Sequence[Channel]) -> list[dict[str, Any]]:
    """Several channels with few queries."""
    last = _last_alerts([channel.pk for channel in channels])
    return [_value(channel, last.get(channel.pk)) for channel in channels]


def kind_values() -> list[dict[str, Any]]:
    """The kinds of channels there are."""
    return [
        {
            "name": name,
            "is_mail": kind.request is None,
            "takes_secret": kind.takes_secret,
            "ready": kind.request is not None or mail.is_ready(),
        }
        for name, kind in KINDS.items()
    ]


def _value(channel: Channel, last: Alert | None) -> dict[str, Any]:
    return {
        "id": channel.pk,
        "name": channel.name,
        "kind": channel.kind,
        "place": channel.place,
        "is_signed": channel.is_signed,
        "language": channel.language,
        "when": channel.when,
        "triggers": channel.triggers,
        "enabled": channel.enabled,
        "last": _alert(last) if last else None,
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "at": alert.sent_at or alert.created_at,
        "fate": alert.fate,
        "attempt": alert.attempt,
        "next_at": alert.due_at if alert.fate == Fate.WAITING else None,
        "run_id": alert.run_id,
        "about": alert.run.name if alert.run else alert.fire.schedule.name if alert.fire else "",
        "error": alert.error,
    }


def _last_alerts(ids: Sequence[int]) -> dict[int, Alert]:
    newest = Alert.objects.filter(channel__in=ids).order_by().values("channel").annotate(last=Max("pk"))
    found = Alert.objects.filter(pk__in=[row["last"] for row in newest])
    return {alert.channel_id: alert for alert in found.select_related("run", "fire__schedule")}
