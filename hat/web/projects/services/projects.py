"""What happens to a project and its members."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.projects.models import Member, Project, Role
from hat.web.refusal import conflict, invalid
from hat.web.turn import take_turn


def create_project(user: User, *, name: str, description: str = "", dialect: str = "hat") -> Project:
    """A project with its maker as owner."""
    with transaction.atomic():
        project = Project.objects.create(name=name, description=description, dialect=dialect, created_by=user)
        Member.objects.create(project=project, user=user, role=Role.OWNER)
    return project


def delete_project(project: Project) -> None:
    """Out of every list; an owner can restore it."""
    Project.objects.filter(pk=project.pk).update(deleted_at=timezone.now())


def restore_project(project: Project) -> Project:
    Project.objects.filter(pk=project.pk).update(deleted_at=None)
    project.deleted_at = None
    return project


def add_member(project: Project, *, username: str, role: str) -> Member:
    """A membership for an existing, active user."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise invalid("username", f"there is no user '{username}'")
    member, made = Member.objects.get_or_create(project=project, user=user, defaults={"role": role})
    if not made:
        raise invalid("username", f"'{username}' is a member already")
    return member


def change_member(member: Member, role: str) -> Member:
    """Another role; the last owner stays one."""
    with transaction.atomic():
        if role != Role.OWNER:
            _keep_an_owner(member)
        member.role = role
        member.save(update_fields=["role"])
    return member


def remove_member(member: Member) -> None:
    with transaction.atomic():
        _keep_an_owner(member)
        member.delete()


def _keep_an_owner(member: Member) -> None:
    take_turn("owners of", member.project_id)
    owners = Member.objects.filter(project=member.project, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not owners.exists():
        raise conflict("this is the last owner of the project")
