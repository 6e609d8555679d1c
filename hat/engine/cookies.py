"""Cookies a case keeps between its requests, by the rules of RFC 6265."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import time
from urllib.parse import urlsplit

from msgspec import Struct

from hat.engine.date import unix_time


class Cookie(Struct, frozen=True):
    """One cookie as a server set it; `expires` is a Unix time, None until the case ends."""

    name: str
    value: str
    domain: str
    path: str
    host_only: bool = True
    secure: bool = False
    expires: float | None = None

    def matches(self, host: str, path: str, secure: bool) -> bool:
        """Whether a request to that place carries the cookie."""
        if self.secure and not secure:
            return False
        if host != self.domain and (self.host_only or not _within(host, self.domain)):
            return False
        return path == self.path or (
            path.startswith(self.path) and (self.path.endswith("/") or path[len(self.path)] == "/")
        )


class CookieJar:
    """The cookies of one case."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def __iter__(self) -> Iterator[Cookie]:
        return iter(self._cookies.values())

    def __len__(self) -> int:
        return len(self._cookies)

    def store(self, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Keep what the Set-Cookie headers of an answer from that URL say."""
        for name, value in headers:
            if name.lower() == "set-cookie":
                cookie = read_cookie(value, url)
                if cookie:
                    self._keep(cookie)

    def take(self, other: CookieJar) -> None:
        """Keep the cookies of another jar, too."""
        self._cookies.update(other._cookies)

    def header(self, url: str, extra: Mapping[str, str]) -> str:
        """The Cookie header for a request to that URL, longest path first; `extra` go with it only."""
        if not self._cookies and not extra:
            return ""
        pairs = self._pairs(url)
        pairs.update(extra)
        return "; ".join(f"{name}={value}" for name, value in pairs.items())

    def _pairs(self, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        host, path = (parts.hostname or "").lower(), parts.path or "/"
        secure = parts.scheme.lower() == "https"
        now = time()
        found = [
            cookie
            for cookie in self._cookies.values()
            if (cookie.expires is None or cookie.expires > now) and cookie.matches(host, path, secure)
        ]
        found.sort(key=lambda cookie: -len(cookie.path))
        pairs: dict[str, str] = {}
        for cookie in found:
            pairs.setdefault(cookie.name, cookie.value)
        return pairs

    def _keep(self, cookie: Cookie) -> None:
        key = (cookie.domain, cookie.path, cookie.name)
        if cookie.expires is not None and cookie.expires <= time():
            self._cookies.pop(key, None)
        else:
            self._cookies[key] = cookie


def read_cookie(line: str, url: str) -> Cookie | None:
    """The cookie of one Set-Cookie value; None when it has no name or is not for that host."""
    first, _, rest = line.partition(";")
    name, found, value = first.partition("=")
    if not found or not name.strip():
        return None
    given = _attributes(rest)
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    domain = given.get("domain", "").lstrip(".").lower()
    if domain and domain != host and not ("." in domain and _within(host, domain)):
        return None
    path = given.get("path", "")
    return Cookie(
        name=name.strip(),
        value=value.strip(),
        domain=domain or host,
        path=path if path.startswith("/") else _folder(parts.path),
        host_only=not domain,
        secure="secure" in given,
        expires=_expires(given),
    )


def _attributes(text: str) -> dict[str, str]:
    given = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        given[name.strip().lower()] = value.strip()
    return given


def _expires(given: Mapping[str, str]) -> float | None:
    age = given.get("max-age")
    if age is not None:
        try:
            return time() + int(age)
        except ValueError:
            pass
    return unix_time(given.get("expires", ""))


def _folder(path: str) -> str:
    """The path a cookie without one belongs to: that of the request up to its last slash."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def _within(host: str, domain: str) -> bool:
    """Whether the host is below the domain; an address has nothing below it."""
    return host.endswith("." + domain) and ":" not in host and not host.rpartition(".")[2].isdigit()
