"""What happens to a project and its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.projects.credentials import shown, stored
from hat.web.projects.models import Member, Project, Role
from hat.web.refusal import conflict, invalid
from hat.web.turn import take_turn


def create_project(user: User, *, name: str, description: str = "", dialect: str = "hat") -> Project:
    """A project with its maker as owner."""
    with transaction.atomic():
        project = Project.objects.create(name=name, description=description, dialect=dialect, created_by=user)
        Member.objects.create(project=project, user=user, role=Role.OWNER)
        record("create", project, by=user)
    return project


def change_project(project: Project, changes: Mapping[str, Any]) -> Project:
    """Another name, description, dialect; into the archive or out of it."""
    before = _state(project, changes)
    for field, value in changes.items():
        setattr(project, field, _kept(project, value) if field == "auth" else value)
    with transaction.atomic():
        # Only what was changed: somebody else may be writing the rest.
        project.save(update_fields=[*changes, "updated_at"])
        record("change", project, before=before, after=_state(project, changes))
    return project


def _kept(project: Project, auth: Any) -> dict[str, Any]:
    return stored(auth, project.auth, project_id=project.pk)


def _state(project: Project, names: Iterable[str]) -> dict[str, Any]:
    """Some fields as the audit log compares them."""
    found = fields_of(project, *names)
    return {**found, "auth": shown(found["auth"])} if "auth" in found else found


def delete_project(project: Project) -> None:
    """Out of every list; an owner can restore it."""
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(deleted_at=timezone.now())
        record("delete", project)


def restore_project(project: Project) -> Project:
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(deleted_at=None)
        record("restore", project)
    project.deleted_at = None
    return project


def add_member(project: Project, *, username: str, role: str, edits_functions: bool = True) -> Member:
    """A membership for an existing, active user."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise invalid("username", f"there is no user '{username}'")
    with transaction.atomic():
        given = {"role": role, "edits_functions": edits_functions}
        member, made = Member.objects.get_or_create(project=project, user=user, defaults=given)
        if not made:
            raise invalid("username", f"'{username}' is a member already")
        record("create", member, name=str(user), after=_rights(member))
    return member


def change_member(member: Member, *, role: str | None = None, edits_functions: bool | None = None) -> Member:
    """Other rights; the last owner stays one."""
    with transaction.atomic():
        if role not in (None, Role.OWNER):
            _keep_an_owner(member)
        before = _rights(member)
        given = {"role": role, "edits_functions": edits_functions}
        given = {name: value for name, value in given.items() if value is not None}
        for name, value in given.items():
            setattr(member, name, value)
        member.save(update_fields=given)  # the rest may be changed by somebody else
        record("change", member, name=str(member.user), before=before, after=_rights(member))
    return member


def _rights(member: Member) -> dict[str, object]:
    """What the audit log compares."""
    return {"role": member.role, "edits_functions": member.edits_functions}


def remove_member(member: Member) -> None:
    with transaction.atomic():
        _keep_an_owner(member)
        record("delete", member, name=str(member.user), before={"role": member.role})
        member.delete()


def _keep_an_owner(member: Member) -> None:
    take_turn("owners of", member.project_id)
    owners = Member.objects.filter(project=member.project, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not owners.exists():
        raise conflict("this is the last owner of the project")
