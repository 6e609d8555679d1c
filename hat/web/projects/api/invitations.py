"""Routes of invitations: administrators make and revoke links, whoever has one makes an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest
from ninja import Router

from hat.web.accounts.api import session_of
from hat.web.accounts.models import Invitation
from hat.web.accounts.people import require_admin, require_csrf
from hat.web.accounts.schemas import (
    InvitationAccept,
    InvitationList,
    InvitationMade,
    InvitationNew,
    InvitationSecret,
    Invited,
    Session,
)
from hat.web.paging import whole
from hat.web.projects.access import project_for
from hat.web.projects.services import invitations as services
from hat.web.refusal import missing

router = Router(tags=["people"])


@router.get("/invitations", response=InvitationList, operation_id="invitations")
def list_invitations(request: HttpRequest) -> dict[str, Any]:
    require_admin(request)
    return whole(list(services.pending().order_by("-id")))


@router.post("/invitations", response={201: InvitationMade}, operation_id="new_invitation")
def make_invitation(request: HttpRequest, payload: InvitationNew) -> Invitation:
    """The link is /invite# and the secret; it is shown this once."""
    user = require_admin(request)
    project = project_for(user, payload.project_id) if payload.project_id is not None else None
    invitation, secret = services.invite(
        user, note=payload.note, project=project, role=payload.role, days=payload.days
    )
    invitation.secret = secret
    return invitation


@router.delete("/invitations/{int:invitation_id}", response={204: None}, operation_id="revoke_invitation")
def revoke_invitation(request: HttpRequest, invitation_id: int) -> None:
    require_admin(request)
    invitation = services.pending().filter(pk=invitation_id).first()
    if invitation is None:
        raise missing("invitation")
    services.revoke(invitation)


# The secret is in the body and never in an address: addresses end in logs, histories and referrers.
@router.post("/invite", response=Invited, auth=None, operation_id="invited")
def read_invitation(request: HttpRequest, payload: InvitationSecret) -> dict[str, Any]:
    """Who invites, and into what."""
    require_csrf(request)
    invitation = services.invitation_of(payload.secret)
    by, project = invitation.created_by, invitation.project
    return {
        "invited_by": by.display_name if by else "",
        "project": project.name if project else "",
        "expires_at": invitation.expires_at,
    }


@router.post("/invite/accept", response={201: Session}, auth=None, operation_id="accept_invitation")
def accept_invitation(request: HttpRequest, payload: InvitationAccept) -> dict[str, Any]:
    """Makes the account and signs in."""
    require_csrf(request)
    fields = payload.dict()
    invitation = services.invitation_of(fields.pop("secret"))
    user = services.accept(invitation, fields.pop("username"), fields.pop("password"), **fields)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return session_of(request)
