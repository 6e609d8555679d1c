"""Who asks: the two doors of the API, session cookie for pages and bearer token for scripts."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from hat.web.accounts.models import Token, User
from hat.web.accounts.throttle import PER_ADDRESS, key_of, note_failure, refuse_guessing, spend
from hat.web.accounts.visits import note_visit
from hat.web.audit.actor import address_of
from hat.web.refusal import RefusedError, forbidden

_RUNS = re.compile(r"/api/v1/((projects/\d+/)?runs(/|$)|schedules/\d+/run$)")
_PURE = re.compile(r"/api/v1/(yaml/(dump|parse)|projects/\d+/functions/check)$")
# How many times the rate of one token all tokens of an address may have.
FROM_ONE_ADDRESS = 4
_USED_AGAIN = timedelta(minutes=1)

Asked = TypeVar("Asked", bound=HttpRequest)


def person(request: HttpRequest) -> User:
    """The user who asks; only for operations behind a door."""
    user = request.user
    if not isinstance(user, User):
        raise RefusedError("sign in first", status=401, code="signed_out")
    return user


def require_csrf(request: HttpRequest) -> None:
    """Refuses a page's request that lacks the token of its own site."""
    if check_csrf(request):
        raise RefusedError("the page is out of date; load it again", status=403, code="csrf")


def require_admin(request: HttpRequest) -> User:
    """The asker, if an administrator; a token limited to a project or scope does not count."""
    user = person(request)
    if not user.is_admin or is_limited(user):
        raise forbidden("only an administrator may do this")
    return user


def require_unlimited(request: HttpRequest) -> User:
    """The asker, unless a token limits the request to one project or to less than writing."""
    user = person(request)
    if is_limited(user):
        raise forbidden("this token is limited to one project or scope")
    return user


def is_limited(user: User) -> bool:
    token = user.token
    return token is not None and (token.project_id is not None or token.scope != Token.Scope.WRITE)


def digest(secret: str) -> str:
    """What is stored of a token: random enough that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class BearerDoor(HttpBearer):
    """`Authorization: Bearer hat_…` of a script."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> User:
        now = timezone.now()
        live = Token.objects.select_related("user").filter(Q(expires_at=None) | Q(expires_at__gt=now))
        found = live.filter(digest=digest(token), user__is_active=True).first()
        where = address_of(request)
        if found is None:
            refuse_guessing((key_of("token", where), PER_ADDRESS))
            note_failure(key_of("token", where))
            raise RefusedError("the token is unknown or has expired", status=401, code="token")
        if rate := settings.HAT_TOKEN_RATE:
            spend(key_of("use", str(found.pk)), rate)
            spend(key_of("use from", where), rate * FROM_ONE_ADDRESS)
        if not _scope_allows(found.scope, request):
            raise forbidden(f"this token may only {found.scope}")
        if found.used_at is None or now - found.used_at > _USED_AGAIN:
            Token.objects.filter(pk=found.pk).update(used_at=now)
        user = found.user
        user.token = found
        request.user = user
        return user


def _scope_allows(scope: str, request: HttpRequest) -> bool:
    """Whether the kind of request fits the scope; roles in the project are judged later."""
    if scope == Token.Scope.WRITE or request.method in ("GET", "HEAD"):
        return True
    if _PURE.match(request.path):
        return True
    return scope == Token.Scope.RUN and _RUNS.match(request.path) is not None


class SessionDoor(APIKeyCookie):
    """The session cookie of a page; anything that changes needs the CSRF header too."""

    openapi_name = "session"
    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> User | None:
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = request.user
        if not isinstance(user, User):
            return None
        require_csrf(request)
        note_visit(request, user)
        return user
