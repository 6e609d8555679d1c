"""Who acts: the request that this thread answers, seen by whoever writes the audit log."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_request: ContextVar[HttpRequest | None] = ContextVar("hat_audited_request", default=None)


def actor(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keeps the request at hand while it is answered."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        mark = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(mark)

    return middleware


def signed_in() -> Any:
    """The user who asks, None when nobody does (a worker, the clock, somebody not signed in)."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if getattr(user, "pk", None) else None


def address() -> str:
    """Where the request comes from, '' outside of one."""
    request = _request.get()
    return address_of(request) if request is not None else ""


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a trusted proxy, who asked the proxy."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
