"""Who somebody is to a provider that vouches for them, and the user that makes here."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from django.db import transaction

from hat.web.accounts.models import Identity, User
from hat.web.audit.change import fields_of
from hat.web.audit.services import record
from hat.web.refusal import RefusedError, conflict
from hat.web.text import storable
from hat.web.turn import take_turn

_LONGEST_NAME = 150
_LONGEST_BASE = 140  # leaves room for a number


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider says of somebody: `subject` never changes, the names are for showing."""

    provider: str
    subject: str
    usernames: tuple[str, ...]
    name: str = ""
    emails: tuple[str, ...] = field(default=())  # verified ones alone


def user_of(vouched: Vouched, *, may_create: bool) -> User:
    """The user who signed in with this before, else a new one; names and addresses never lead to a user."""
    with transaction.atomic():
        take_turn("identity", vouched.provider, vouched.subject)
        known = Identity.objects.select_related("user").filter(
            provider=vouched.provider, subject=vouched.subject
        )
        identity = known.first()
        if identity is None and not may_create:
            words = "you have no account here yet; ask an administrator for one"
            raise RefusedError(words, status=403, code="no_account")
        user = identity.user if identity else _new_user(vouched)
    if not user.is_active:
        raise RefusedError("this account is switched off", status=403, code="inactive")
    return user


def link(user: User, vouched: Vouched) -> None:
    """From now on the user may sign in with this too; refused when it leads to somebody else."""
    with transaction.atomic():
        take_turn("identity", vouched.provider, vouched.subject)
        identity, is_new = Identity.objects.get_or_create(
            provider=vouched.provider, subject=vouched.subject, defaults={"user": user}
        )
        if identity.user_id != user.pk:
            raise RefusedError("this sign-in belongs to another account", status=409, code="linked")
        if is_new:
            record("link", user, after={"provider": vouched.provider})


def join(user: User, other: User) -> list[Identity]:
    """Whoever signed in as `other` by a provider is `user` from now on: they are one person.

    The other account keeps what it did; without another way to sign in it is switched off.
    """
    with transaction.atomic():
        for pk in sorted((user.pk, other.pk)):
            take_turn("identities of", pk)
        moved = list(Identity.objects.filter(user=other).order_by("pk"))
        if user.pk == other.pk or not moved:
            raise conflict("no provider vouches for that account")
        for identity in moved:
            identity.user = user
            identity.save(update_fields=["user"])
            record("unlink", other, before={"provider": identity.provider})
            record("link", user, after={"provider": identity.provider, "from": other.username})
        if not other.has_usable_password():
            before = fields_of(other, "is_active")
            other.is_active = False
            other.save(update_fields=["is_active"])
            record("change", other, before=before, after=fields_of(other, "is_active"))
    return moved


def unlink(identity: Identity) -> None:
    """It leads to its user no more; refused for the last way in."""
    user = identity.user
    with transaction.atomic():
        take_turn("identities of", user.pk)
        if not user.has_usable_password() and user.identities.count() == 1:
            raise conflict("this is the only way to sign in to your account")
        record("unlink", user, before={"provider": identity.provider})
        identity.delete()


def _new_user(vouched: Vouched) -> User:
    """A user without a password and without a project."""
    take_turn("usernames")
    user = User(username=_free_username(vouched.usernames), name=storable(vouched.name)[:_LONGEST_NAME])
    user.set_unusable_password()
    user.save()
    Identity.objects.create(user=user, provider=vouched.provider, subject=vouched.subject)
    after = {**fields_of(user, "name", "is_admin"), "provider": vouched.provider}
    record("create", user, after=after, by=user)
    return user


def _free_username(wanted: tuple[str, ...]) -> str:
    """The first usable of the wanted names, with a number when somebody has it already."""
    named = (storable(name)[:_LONGEST_BASE].strip() for name in wanted)
    base = next((name for name in named if name), "user")
    numbered = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in numbered if not User.objects.filter(username__iexact=name).exists())
