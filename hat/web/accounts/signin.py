"""Sign-in with a limit on guessing, counted in the database so that every process sees it."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from hat.web.accounts.models import SignInAttempt, User, Visit
from hat.web.accounts.services import set_password
from hat.web.accounts.throttle import PER_ADDRESS, key_of, note_failure, refuse_guessing
from hat.web.accounts.visits import end_visits
from hat.web.audit.actor import address_of
from hat.web.audit.change import HIDDEN
from hat.web.audit.services import record
from hat.web.refusal import RefusedError

PER_ACCOUNT = 8


def sign_in(request: HttpRequest, username: str, password: str) -> User:
    """Opens a session; wrong names and wrong passwords are told apart by nobody."""
    where = address_of(request)
    account, address = key_of("account", where, username.casefold()), key_of("address", where)
    refuse_guessing((account, PER_ACCOUNT), (address, PER_ADDRESS))
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        note_failure(account, address)
        _record_failure(username)
        raise RefusedError("the user name or the password is wrong", status=401, code="credentials")
    SignInAttempt.objects.filter(key=account).delete()
    login(request, user)
    record("sign_in", user)
    return user


def sign_out(request: HttpRequest) -> None:
    """Closes the session."""
    if isinstance(request.user, User):
        record("sign_out", request.user)
        Visit.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)


def change_own_password(request: HttpRequest, user: User, password: str) -> None:
    """A new password; this session stays, all others end."""
    set_password(user, password, path="new")
    with transaction.atomic():
        user.save(update_fields=["password"])
        key = request.session.session_key or ""
        end_visits(user, keep=key)
        record("change", user, after={"password": HIDDEN})
    update_session_auth_hash(request, user)
    # It gave the session another key.
    Visit.objects.filter(session_key=key).update(session_key=request.session.session_key)


def _record_failure(username: str) -> None:
    """Whose account it was; a name nobody has is not kept: it may be a password in the wrong field."""
    known = User.objects.filter(username__iexact=username).first()
    record("sign_in_failed", known or User())
