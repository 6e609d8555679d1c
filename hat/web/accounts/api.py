"""Routes of people: session, profile, users."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from hat import __version__
from hat.web.accounts.models import User
from hat.web.accounts.people import person, require_admin, require_csrf, require_unlimited
from hat.web.accounts.schemas import (
    Account,
    AccountList,
    MePatch,
    PasswordChange,
    Session,
    SignIn,
    UserNew,
    UserOut,
    UserPatch,
)
from hat.web.accounts.services import change_profile, change_user, is_local, new_user, setup_required
from hat.web.accounts.signin import change_own_password, sign_in, sign_out
from hat.web.folder import demo_folder
from hat.web.paging import PageQuery, ordering, page_of
from hat.web.refusal import RefusedError, invalid

router = Router(tags=["people"])

_SORTS = {"username": "username", "name": "name", "created_at": "created_at", "last_login": "last_login"}


def session_of(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, and what a page needs before anybody is."""
    required = setup_required()
    return {
        "user": request.user if isinstance(request.user, User) else None,
        "setup_required": required,
        "setup_token_required": required and not is_local(request),
        "demo_available": demo_folder() is not None,
        "version": __version__,
        "csrf_token": get_token(request),
    }


@router.get("/session", response=Session, auth=None, operation_id="session")
def read_session(request: HttpRequest) -> dict[str, Any]:
    return session_of(request)


@router.post("/session", response=Session, auth=None, operation_id="sign_in")
def open_session(request: HttpRequest, payload: SignIn) -> dict[str, Any]:
    require_csrf(request)
    sign_in(request, payload.username, payload.password)
    return session_of(request)


@router.delete("/session", response={204: None}, auth=None, operation_id="sign_out")
def close_session(request: HttpRequest) -> None:
    require_csrf(request)
    sign_out(request)


@router.get("/me", response=UserOut, operation_id="me")
def read_me(request: HttpRequest) -> User:
    return person(request)


@router.patch("/me", response=UserOut, operation_id="change_me")
def change_me(request: HttpRequest, payload: MePatch) -> User:
    return change_profile(require_unlimited(request), payload.dict(exclude_none=True))


@router.post("/me/password", response={204: None}, operation_id="change_password")
def change_password(request: HttpRequest, payload: PasswordChange) -> None:
    user = require_unlimited(request)
    if user.token is not None:
        raise RefusedError("a token cannot change the password", status=403, code="forbidden")
    if not user.check_password(payload.old):
        raise invalid("old", "this is not your password")
    change_own_password(request, user, payload.new)


@router.get("/users", response=AccountList, operation_id="users")
def list_users(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    require_admin(request)
    users = User.objects.order_by(*ordering(query.sort, _SORTS, "username"))
    if query.search:
        users = users.filter(Q(username__icontains=query.search) | Q(name__icontains=query.search))
    return page_of(users, query, list)


@router.post("/users", response={201: Account}, operation_id="new_user")
def make_user(request: HttpRequest, payload: UserNew) -> User:
    require_admin(request)
    return new_user(payload.username, payload.password, name=payload.name, is_admin=payload.is_admin)


@router.patch("/users/{int:user_id}", response=Account, operation_id="change_user")
def patch_user(request: HttpRequest, user_id: int, payload: UserPatch) -> User:
    require_admin(request)
    return change_user(get_object_or_404(User, pk=user_id), payload.dict(exclude_none=True))
