"""Routes of people: session, profile, users."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string
from ninja import Query, Router

from hat import __version__
from hat.web.accounts.identity import join, link, unlink
from hat.web.accounts.models import User, Visit
from hat.web.accounts.oidc import begin_link
from hat.web.accounts.people import person, require_admin, require_csrf, require_unlimited
from hat.web.accounts.schemas import (
    Account,
    AccountList,
    IdentityList,
    Joining,
    MePatch,
    PasswordChange,
    Session,
    SignIn,
    UserNew,
    UserOut,
    UserPatch,
    VisitList,
    Way,
)
from hat.web.accounts.services import change_profile, change_user, is_local, new_user, setup_required
from hat.web.accounts.signin import change_own_password, sign_in, sign_out
from hat.web.accounts.visits import device, end_visit, sign_out_everywhere, visits_of
from hat.web.folder import demo_folder
from hat.web.paging import PageQuery, ordering, page_of, whole
from hat.web.refusal import RefusedError, forbidden, invalid, missing

router = Router(tags=["people"])

_SORTS = {"username": "username", "name": "name", "created_at": "created_at", "last_login": "last_login"}


def session_of(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, and what a page needs before anybody is."""
    required = setup_required()
    return {
        "user": request.user if isinstance(request.user, User) else None,
        "setup_required": required,
        "setup_token_required": required and not is_local(request),
        "setup_asks_targets": required and settings.HAT_PRIVATE_TARGETS is None,
        "demo_available": demo_folder() is not None,
        "oidc": settings.HAT_OIDC_NAME if settings.HAT_OIDC_ISSUER else None,
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


@router.get("/me/sessions", response=VisitList, operation_id="my_sessions")
def list_visits(request: HttpRequest) -> dict[str, Any]:
    """Where one is signed in."""
    key = request.session.session_key
    return whole([_visit(visit, key) for visit in visits_of(person(request))])


@router.delete("/me/sessions", response={204: None}, operation_id="sign_out_everywhere")
def end_all_visits(request: HttpRequest) -> None:
    """Every session ends, this one too."""
    sign_out_everywhere(require_unlimited(request))


@router.delete("/me/sessions/{int:session_id}", response={204: None}, operation_id="end_my_session")
def end_one_visit(request: HttpRequest, session_id: int) -> None:
    visit = require_unlimited(request).visits.select_related("user").filter(pk=session_id).first()
    if visit is None:
        raise missing("session")
    end_visit(visit)


@router.get("/me/identities", response=IdentityList, operation_id="my_identities")
def list_identities(request: HttpRequest) -> dict[str, Any]:
    """Who one is to providers that may vouch for one."""
    return _identities(person(request))


@router.post("/me/identities", response=Way, operation_id="link_identity")
def add_identity(request: HttpRequest) -> dict[str, str]:
    """The page to open next: the provider says who one is there, and may vouch for one from then on."""
    user = require_unlimited(request)
    if user.token is not None or not settings.HAT_OIDC_ISSUER:
        raise forbidden("this is for a page, where there is a provider")
    return {"url": begin_link(request, user)}


@router.delete("/me/identities/{int:identity_id}", response={204: None}, operation_id="unlink_identity")
def drop_identity(request: HttpRequest, identity_id: int) -> None:
    """It vouches for one no more; the only way in is kept."""
    identity = require_unlimited(request).identities.select_related("user").filter(pk=identity_id).first()
    if identity is None:
        raise missing("identity")
    unlink(identity)


def _identities(user: User) -> dict[str, Any]:
    return {**whole(list(user.identities.order_by("id"))), "directory": bool(settings.HAT_LDAP_URL)}


@router.get("/users/{int:user_id}/identities", response=IdentityList, operation_id="identities_of_user")
def list_identities_of_user(request: HttpRequest, user_id: int) -> dict[str, Any]:
    require_admin(request)
    return _identities(get_object_or_404(User, pk=user_id))


@router.post("/users/{int:user_id}/identities", response=IdentityList, operation_id="join_identity")
def add_identity_to_user(request: HttpRequest, user_id: int, payload: Joining) -> dict[str, Any]:
    """From now on that entry of the directory, or whoever signed in as that account, is this user."""
    require_admin(request)
    user = get_object_or_404(User, pk=user_id)
    if payload.directory_name and settings.HAT_LDAP_URL:
        vouched = import_string("hat.web.accounts.directory.vouched_for")(payload.directory_name)
        if vouched is None:
            raise invalid("directory_name", "the directory knows nobody of that name")
        link(user, vouched)
    else:
        other = User.objects.filter(username__iexact=payload.username).first()
        if other is None:
            raise invalid("username", "there is no such user")
        join(user, other)
        sign_out_everywhere(other)
    return _identities(user)


@router.delete(
    "/users/{int:user_id}/identities/{int:identity_id}", response={204: None}, operation_id="part_identity"
)
def drop_identity_of_user(request: HttpRequest, user_id: int, identity_id: int) -> None:
    """It vouches for that user no more; the only way in is kept."""
    require_admin(request)
    user = get_object_or_404(User, pk=user_id)
    identity = user.identities.select_related("user").filter(pk=identity_id).first()
    if identity is None:
        raise missing("identity")
    unlink(identity)


@router.delete("/users/{int:user_id}/sessions", response={204: None}, operation_id="end_sessions_of_user")
def end_visits_of_user(request: HttpRequest, user_id: int) -> None:
    """Wherever the user is signed in, it ends."""
    require_admin(request)
    sign_out_everywhere(get_object_or_404(User, pk=user_id))


def _visit(visit: Visit, key: str | None) -> dict[str, Any]:
    browser, system = device(visit.agent)
    plain = {name: getattr(visit, name) for name in ("id", "address", "created_at", "seen_at")}
    return {**plain, "browser": browser, "system": system, "current": visit.session_key == key}


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
