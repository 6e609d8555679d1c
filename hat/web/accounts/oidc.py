"""Sign-in with an OpenID provider: the way there and back, as pages and not as calls of the API."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from hat.web.accounts.identity import Vouched, link, user_of
from hat.web.accounts.models import User
from hat.web.accounts.services import setup_required
from hat.web.accounts.throttle import refuse_often
from hat.web.audit.services import record
from hat.web.refusal import RefusedError

log = logging.getLogger("hat.web")

_NEXT = "oidc_next"
_LINK = "oidc_link"


def _provider(name: str) -> Callable[..., Any]:
    """A function of provider.py, whose libraries are loaded by the first who signs in with it."""
    found: Callable[..., Any] = import_string(f"hat.web.accounts.provider.{name}")
    return found


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """To the provider; `next` is the page that was asked for."""
    _demand_provider()
    wanted = request.GET.get("next", "/")
    try:
        refuse_often("oidc", request)
        request.session[_NEXT] = wanted if _is_ours(wanted) else "/"
        request.session.set_expiry(0)
        back = request.build_absolute_uri(reverse("oidc-back"))
        answer: HttpResponseBase = _provider("send")(request, back)
    except RefusedError as refused:
        return _refused(refused)
    return answer


@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """From the provider: signs in whom it vouches for."""
    _demand_provider()
    then = request.session.get(_NEXT, "/")
    linked = request.session.pop(_LINK, None)
    try:
        vouched: Vouched = _provider("vouched")(request)
        if linked is not None and isinstance(request.user, User) and request.user.pk == linked:
            link(request.user, vouched)
            return HttpResponseRedirect("/me")
        user = user_of(vouched, may_create=_may_create(vouched))
    except RefusedError as refused:
        return _refused(refused, page="/login" if linked is None else "/me")
    request.session.set_expiry(None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record("sign_in", user, after={"provider": vouched.provider})
    return HttpResponseRedirect(then)


def begin_link(request: HttpRequest, user: User) -> str:
    """Where the user goes to add the provider to the ways of signing in."""
    request.session[_LINK] = user.pk
    return reverse("oidc-start")


urls: list[URLPattern] = [
    path("sign-in/oidc", start, name="oidc-start"),
    path("sign-in/oidc/back", back, name="oidc-back"),
]


def _demand_provider() -> None:
    """Before there is an administrator, nobody else may come in."""
    if not settings.HAT_OIDC_ISSUER or setup_required():
        raise Http404


def _may_create(vouched: Vouched) -> bool:
    """Whether policy lets a newcomer in: where domains are named, by a verified address in one of them."""
    domains = [domain.lower() for domain in settings.HAT_OIDC_EMAIL_DOMAINS]
    known = [email.rpartition("@")[2].lower() for email in vouched.emails]
    return settings.HAT_OIDC_CREATE_USERS and (not domains or any(domain in domains for domain in known))


def _is_ours(address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _refused(refused: RefusedError, page: str = "/login") -> HttpResponseRedirect:
    """Back to a page that knows the sentence; the log knows the cause."""
    if refused.__cause__ is not None:
        log.warning("sign-in by OpenID: %s: %r", refused.message, refused.__cause__)
    return HttpResponseRedirect(f"{page}?{urlencode({'problem': refused.code})}")
