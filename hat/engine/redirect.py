"""What a redirect makes of a request, by the rules the `requests` library made usual."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from hat.engine.address import follow
from hat.engine.outgoing import Outgoing

_OF_BODY: Final = frozenset({"content-length", "content-type", "transfer-encoding"})
_PORTS: Final = {"http": 80, "https": 443}


def next_hop(hop: Outgoing, status_code: int, location: str) -> Outgoing:
    """The request after a redirect; raises TransportError when the location is no URL."""
    url = follow(hop.url, location)
    method = _method(hop.method, status_code)
    body = hop.body
    dropped = {"cookie"}
    if status_code not in (307, 308):
        dropped |= _OF_BODY
        body = None
    old, new = urlsplit(hop.url), urlsplit(url)
    moved = old.hostname != new.hostname
    auth, cookies = hop.auth, hop.cookies
    if moved:
        cookies = {}
        dropped.add("host")
    if moved or _leaves_origin(hop.url, url):
        dropped |= {"authorization", *hop.private}
        auth = None
    headers = [(name, value) for name, value in hop.headers if name.lower() not in dropped]
    return replace(hop, method=method, url=url, headers=headers, body=body, cookies=cookies, auth=auth)


def _method(method: str, status_code: int) -> str:
    """Browsers turn a POST answered by 301, and anything answered by 302 or 303, into a GET."""
    if status_code in (302, 303) and method != "HEAD":
        return "GET"
    if status_code == 301 and method == "POST":
        return "GET"
    return method


def _leaves_origin(old_url: str, new_url: str) -> bool:
    """Whether scheme or port changes; from http to https on the usual ports credentials stay."""
    old, new = urlsplit(old_url), urlsplit(new_url)
    old_port = old.port or _PORTS.get(old.scheme)
    new_port = new.port or _PORTS.get(new.scheme)
    if (old.scheme, old_port, new.scheme, new_port) == ("http", 80, "https", 443):
        return False
    return (old.scheme, old_port) != (new.scheme, new_port)
