"""What happens to people: the first user, new users, passwords, tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from hat.web.accounts.models import Token, User
from hat.web.accounts.people import digest
from hat.web.accounts.visits import end_visits
from hat.web.audit.actor import address_of
from hat.web.audit.change import HIDDEN, fields_of
from hat.web.audit.services import record
from hat.web.folder import private_text
from hat.web.middleware import read_address
from hat.web.refusal import Fault, conflict, forbidden, invalid, invalid_all
from hat.web.turn import take_turn

_SETUP_FILE = "setup.token"


def setup_required() -> bool:
    """Whether the first-run page is open: while no user exists."""
    return not User.objects.exists()


def setup_token() -> str:
    """The one-time word that opens the first-run page from another machine; `hat up` prints it in a link."""
    return private_text(_SETUP_FILE)


def is_local(request: HttpRequest) -> bool:
    """Whether a program of this machine asks, and no proxy for somebody else.

    Where HAT is told of a proxy, nobody is: a proxy that says nothing of itself looks like this machine.
    """
    if settings.HAT_TRUSTED_PROXIES or settings.HAT_HTTPS or request.META.get("hat.proxied"):
        return False
    address = read_address(address_of(request))
    return address is not None and address.is_loopback


def first_user(username: str, password: str, *, name: str = "", language: str = "") -> User:
    """The first administrator; refused once anybody exists."""
    with transaction.atomic():
        take_turn("first user")
        if not setup_required():
            raise conflict("HAT is set up already; sign in")
        return new_user(username, password, name=name, language=language, is_admin=True)


def check_setup_door(request: HttpRequest, token: str) -> None:
    """Refuses setting up from elsewhere without the one-time word."""
    if not is_local(request) and not secrets.compare_digest(token.encode(), setup_token().encode()):
        raise forbidden("open the link that the start of HAT printed, or use this machine's own browser")


def new_user(
    username: str, password: str, *, name: str = "", language: str = "", is_admin: bool = False
) -> User:
    """A user with a checked password and a name nobody has in any case of letters."""
    if User.objects.filter(username__iexact=username).exists():
        raise invalid("username", "this name is taken")
    user = User(username=username, name=name, language=language, is_admin=is_admin)
    set_password(user, password, path="password")
    try:
        with transaction.atomic():
            user.save()
            record("create", user, after=fields_of(user, "name", "is_admin"), by=user)
    except IntegrityError:
        raise invalid("username", "this name is taken") from None
    return user


def set_password(user: User, password: str, *, path: str) -> None:
    """Puts a new password on the user, not saved yet; weak ones are refused at `path`."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise invalid_all(Fault(path, message) for message in problem.messages) from None
    user.set_password(password)


def new_token(
    user: User, *, name: str, scope: str, project_id: int | None, days: int | None
) -> tuple[Token, str]:
    """A token and its secret, which is shown once and stored as a hash."""
    secret = "hat_" + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days) if days else None
    with transaction.atomic():
        token = Token.objects.create(
            user=user,
            name=name,
            digest=digest(secret),
            hint=secret[:8],
            scope=scope,
            project_id=project_id,
            expires_at=expires_at,
        )
        record("create", token, name=name, after=fields_of(token, "scope", "expires_at"))
    return token, secret


def drop_token(token: Token) -> None:
    """From now on it opens nothing."""
    with transaction.atomic():
        record("delete", token, name=token.name)
        token.delete()


def change_profile(user: User, changes: dict[str, object]) -> User:
    """What people change about themselves."""
    before = fields_of(user, *changes)
    for field, value in changes.items():
        setattr(user, field, value)
    with transaction.atomic():
        user.save(update_fields=list(changes))
        record("change", user, before=before, after=changes)
    return user


def change_user(user: User, changes: dict[str, object]) -> User:
    """An administrator's changes; the last active administrator stays one."""
    loses = changes.get("is_active") is False or changes.get("is_admin") is False
    password = changes.pop("password", None)
    before = fields_of(user, *changes)
    after = {**changes, "password": HIDDEN} if password is not None else changes
    for field, value in changes.items():
        setattr(user, field, value)
    if password is not None:
        set_password(user, str(password), path="password")
    with transaction.atomic():
        take_turn("administrators")
        if loses and not _other_admin(user):
            raise conflict("this is the last administrator")
        # Only what was changed: somebody else may be writing the rest.
        user.save(update_fields=[*changes, *(["password"] if password is not None else [])])
        if password is not None or not user.is_active:
            end_visits(user)
        record("change", user, before=before, after=after)
    return user


def _other_admin(user: User) -> bool:
    return User.objects.filter(is_admin=True, is_active=True).exclude(pk=user.pk).exists()
