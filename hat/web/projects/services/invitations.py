"""What happens to an invitation: make a link, revoke it, accept it once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hat.web.accounts.models import Invitation, User
from hat.web.accounts.people import digest
from hat.web.accounts.services import new_user
from hat.web.audit.services import record
from hat.web.projects.models import Member, Project
from hat.web.refusal import RefusedError


def pending() -> QuerySet[Invitation]:
    """Those that may still be accepted: a link is as strong as who made it, and ends with their office."""
    living = Invitation.objects.filter(
        used_at=None,
        expires_at__gt=timezone.now(),
        created_by__is_active=True,
        created_by__is_admin=True,
    )
    return living.select_related("project", "created_by")


def invite(user: User, *, note: str, project: Project | None, role: str, days: int) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which is shown once and stored as a hash."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            note=note,
            digest=digest(secret),
            project=project,
            role=role if project else "",
            created_by=user,
            expires_at=timezone.now() + timedelta(days=days),
        )
        after = {"role": invitation.role, "expires_at": invitation.expires_at}
        record("create", invitation, after=after)
    return invitation, secret


def revoke(invitation: Invitation) -> None:
    """From now on the link opens nothing."""
    with transaction.atomic():
        record("revoke", invitation)
        invitation.delete()


def invitation_of(secret: str) -> Invitation:
    """The invitation behind a link; 404 in the same words for unknown, used, revoked and expired ones."""
    invitation = pending().filter(digest=digest(secret)).first()
    if invitation is None:
        raise _gone()
    return invitation


def accept(invitation: Invitation, username: str, password: str, *, name: str, language: str) -> User:
    """The new account, member of the project the invitation names; the link is used up by it."""
    with transaction.atomic():
        unused = Invitation.objects.filter(pk=invitation.pk, used_at=None)
        if not unused.update(used_at=timezone.now()):
            raise _gone()
        user = new_user(username, password, name=name, language=language)
        record("accept", invitation, by=user)
        if invitation.project is not None and invitation.project.deleted_at is None:
            member = Member.objects.create(project=invitation.project, user=user, role=invitation.role)
            record("create", member, name=str(user), after={"role": member.role}, by=user)
    return user


def _gone() -> RefusedError:
    words = "this invitation is unknown, used or has expired"
    return RefusedError(words, status=404, code="invitation", hint="ask for a new one")
