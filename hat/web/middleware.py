"""What every request and answer gets: who asks, a request id, security headers, JSON errors under /api."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from hat.web import log

Answer = Callable[[HttpRequest], HttpResponseBase]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Inline styles are needed by CodeMirror and floating menus; scripts never are.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# What proxies say of whom they ask for.
_FORWARDED = (
    "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP",
)  # fmt: skip
# Pages that are opened by a key behind the # of their address.
_BY_LINK = ("/shared", "/invite", "/api/v1/shared/", "/api/v1/invite")
_SENTENCES = {
    400: ("the request cannot be read", "bad_request"),
    403: ("this is not allowed", "forbidden"),
    404: ("there is no such address", "not_found"),
    405: ("this address does not know that method", "method_not_allowed"),
    413: ("the request is too large", "too_large"),
}


def current_request_id() -> str:
    """The id of the request this thread answers, '-' outside of one."""
    return log.request_id.get()


def request_id(get_response: Answer) -> Answer:
    """Gives each request an id: the caller's own where it is harmless, else a random one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        name = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        # Not taken back: Django logs an answer after the last middleware, and the next request sets its own.
        log.request_id.set(name)
        response = get_response(request)
        response["X-Request-Id"] = name
        return response

    return middleware


def client_address(get_response: Answer) -> Answer:
    """Who asks: the address a trusted proxy names, else the one that is connected.

    What others say of themselves in such headers is dropped, once HAT knows its proxies; that something was
    said at all is kept, because then it was no browser of this machine that asked.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        meta["hat.proxied"] = any(meta.get(name) for name in _FORWARDED)
        proxies = settings.HAT_TRUSTED_PROXIES
        peer = read_address(str(meta.get("REMOTE_ADDR", "")))
        if peer is not None and _is_within(peer, proxies):
            meta["REMOTE_ADDR"] = str(_client(peer, str(meta.get("HTTP_X_FORWARDED_FOR", "")), proxies))
        elif proxies:
            for name in _FORWARDED:
                meta.pop(name, None)
        return get_response(request)

    return middleware


def _client(peer: Address, forwarded: str, proxies: list[Network]) -> Address:
    """The last address in the header that is no proxy of ours; those before it anybody may have written."""
    client = peer
    for text in reversed(forwarded.split(",")):
        found = read_address(text)
        if found is None:
            return client
        client = found
        if not _is_within(client, proxies):
            return client
    return client


def _is_within(address: Address, networks: list[Network]) -> bool:
    return any(address in network for network in networks)


def read_address(text: str) -> Address | None:
    """An address as headers have it, perhaps with a port; an IPv4 address in IPv6 clothes is IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def api_faults(get_response: Answer) -> Answer:
    """Rewords any error under /api that is not JSON yet into the one error shape."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/"):
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        fault = fault_response(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                fault[name] = response.headers[name]
        return fault

    return middleware


def fault_response(status: int, sentence: str = "", code: str = "") -> HttpResponse:
    """The error shape for a status that has nothing more to say."""
    words, word = _SENTENCES.get(status, ("something went wrong inside HAT", "internal"))
    return JsonResponse(
        {
            "ok": False,
            "error": sentence or words,
            "code": code or word,
            "errors": [],
            "status": status,
            "request_id": current_request_id(),
        },
        status=status,
    )


def size_limit(get_response: Answer) -> Answer:
    """Refuses what is too large before anything of it is read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > settings.HAT_MAX_UPLOAD:
            return fault_response(413)
        return get_response(request)

    return middleware


def security_headers(get_response: Answer) -> Answer:
    """A strict content policy on every answer that does not bring its own."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.path.startswith(_BY_LINK):
            response.headers["Referrer-Policy"] = "no-referrer"
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
