"""What happens to share links: make one, open it, revoke it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.accounts.people import digest
from hat.web.audit.services import record
from hat.web.projects.access import may, role_in
from hat.web.projects.models import Role
from hat.web.refusal import RefusedError, forbidden, invalid, missing
from hat.web.runs.models import Run, ShareLink

# How exact `opened_at` is; a page asks for many cases, and each writing costs.
_OPENED_AGAIN = timedelta(minutes=1)


def living(run: Run) -> list[ShareLink]:
    """The links of a run that still open."""
    links = ShareLink.objects.filter(run=run, expires_at__gt=timezone.now(), created_by__is_active=True)
    return [
        link
        for link in links.select_related("created_by", "run__project").order_by("-pk")
        if _may_share(link)
    ]


def share(user: User, run: Run, *, days: int) -> tuple[ShareLink, str]:
    """A link and its secret, which is shown once and stored as a hash."""
    most = settings.HAT_SHARE_DAYS
    if not most:
        raise forbidden("share links are switched off here")
    if days > most:
        raise invalid("days", f"a share link lives {most} days at most")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        link = ShareLink.objects.create(
            run=run,
            digest=digest(secret),
            created_by=user,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record("create", link, after={"expires_at": link.expires_at})
    return link, secret


def link_of(run: Run, pk: int) -> ShareLink:
    """One link of a run, expired or not."""
    link = ShareLink.objects.select_related("run__project").filter(run=run, pk=pk).first()
    if link is None:
        raise missing("share link")
    return link


def revoke(link: ShareLink) -> None:
    """From now on it opens nothing."""
    with transaction.atomic():
        record("delete", link)
        link.delete()


def shared_run(secret: str) -> Run:
    """The run behind a link; 404 in the same words for unknown, revoked and expired ones, and deleted runs.

    A link is as strong as who made it: it opens as long as that user might make it again.
    """
    now = timezone.now()
    links = ShareLink.objects.select_related("run__project", "created_by").filter(
        created_by__is_active=True,
        digest=digest(secret),
        expires_at__gt=now,
        run__deleted_at=None,
        run__project__deleted_at=None,
    )
    link = links.first() if settings.HAT_SHARE_DAYS else None
    if link is None or not _may_share(link):
        words = "this link is unknown, revoked or has expired"
        raise RefusedError(words, status=404, code="share_link", hint="ask for a new one")
    if link.opened_at is None or now - link.opened_at > _OPENED_AGAIN:
        ShareLink.objects.filter(pk=link.pk).update(opened_at=now)
    return link.run


def _may_share(link: ShareLink) -> bool:
    return link.created_by is not None and may(role_in(link.created_by, link.run.project), Role.WRITER)
