"""Make a URL fit to be sent, by the rules the `requests` library made usual."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from hat.engine.outgoing import TransportError

_PARTS: Final = r"(?s)([A-Za-z][A-Za-z0-9+.-]*):(?://([^\\/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?\Z"
_ESCAPE: Final = r"%([0-9a-fA-F]{2})"
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_SAFE_WITHOUT_PERCENT: Final = "!#$&'()*+,/:;=?@[]~"
_IN_PART: Final = "!$&'()*+,/:;=?@~"
_PLAIN: Final = re.compile(
    r"https?://[a-z0-9._-]+(:[1-5]?[0-9]{1,4})?(/[A-Za-z0-9_~-]+)*/?(\?[A-Za-z0-9_~=&-]+)?\Z"
)


@lru_cache(maxsize=1024)
def fit(url: str, query: str = "") -> str:
    """The absolute URL with the query added and every part escaped; raises TransportError (`request`)."""
    url = url.lstrip()
    if not query and _PLAIN.match(url) and url.count("/") > 2:
        return url
    match = re.match(_PARTS, url)
    scheme = match[1].lower() if match else ""
    if match is None or not scheme:
        raise TransportError(
            "request", f"{url!r} is not a URL: no scheme such as http://", name="MissingSchema"
        )
    if scheme not in ("http", "https"):
        raise TransportError(
            "request", f"{url!r} is not a URL for HTTP: the scheme is {scheme!r}", name="InvalidSchema"
        )
    _, place, path, own_query, fragment = match.groups()
    if not place:
        raise TransportError("request", f"{url!r} is not a URL: no host")
    joined = "&".join(part for part in (own_query, query) if part)
    whole = f"{scheme}://{_place(url, place)}{_without_dots(_escaped(path)) or '/'}"
    if joined:
        whole += "?" + _escaped(joined)
    if fragment:
        whole += "#" + _escaped(fragment)
    return requote(whole)


def follow(url: str, location: str) -> str:
    """Where a Location header leads from that URL; the fragment is inherited."""
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        pass
    old = urlsplit(url)
    if location.startswith("//"):
        location = f"{old.scheme}:{location}"
    target = location if urlsplit(location).netloc else urljoin(url, requote(location))
    if old.fragment and not urlsplit(target).fragment:
        target = f"{target.partition('#')[0]}#{old.fragment}"
    return fit(target)


def credentials(url: str) -> tuple[str, str] | None:
    """User and password written inside a URL."""
    place = url.partition("://")[2].partition("/")[0]
    if "@" not in place:
        return None
    user, _, password = place.rpartition("@")[0].partition(":")
    return unquote(user), unquote(password)


def requote(text: str) -> str:
    """Every byte that may not stand in a URL escaped, every escape of a letter or digit undone."""
    pieces = text.split("%")
    if all(len(piece) >= 2 and re.match(_ESCAPE, "%" + piece) for piece in pieces[1:]):
        return quote(re.sub(_ESCAPE, _unescaped, text), safe=_SAFE)
    return quote(text, safe=_SAFE_WITHOUT_PERCENT)


def _unescaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else match[0]


def _escaped(text: str) -> str:
    """Escapes in upper case; a percent sign that is none is kept only when all others are escapes."""
    text, escapes = re.subn(_ESCAPE, lambda match: match[0].upper(), text)
    return quote(text, safe=_IN_PART + "%" if escapes == text.count("%") else _IN_PART)


def _place(url: str, place: str) -> str:
    """Credentials, host in lower case (international names as xn--), port without leading zeros."""
    user, at, host_port = place.rpartition("@")
    if host_port.startswith("["):
        host, closed, port = host_port.partition("]")
        if not closed:
            raise TransportError("request", f"{url!r} is not a URL: the host is {host!r}")
        host, port = host + "]", port.removeprefix(":")
    else:
        host, _, port = host_port.partition(":")
    if port and not (port.isdigit() and int(port) <= 65535):
        raise TransportError("request", f"{url!r} is not a URL: the port is {port!r}")
    if not host or host[0] in "*.":
        raise TransportError("request", f"{url!r} is not a URL: the host is {host!r}")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise TransportError("request", f"{url!r} is not a URL: the host is {host!r}") from None
    if any(letter in ' "<>\\^`{|}' or letter < " " for letter in host):
        raise TransportError("request", f"{url!r} is not a URL: the host is {host!r}")
    return f"{_escaped(user) + at if at else ''}{host.lower()}{':' + port if port else ''}"


def _without_dots(path: str) -> str:
    """The path with `.` and `..` carried out (RFC 3986, 5.2.4)."""
    if "." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".":
            continue
        if part != "..":
            kept.append(part)
        elif kept:
            kept.pop()
    if path.startswith("/") and (not kept or kept[0]):
        kept.insert(0, "")
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)
