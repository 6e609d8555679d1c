"""What goes out: a request ready to send, its credentials, and why a transfer may fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from hat.result import Exchange

DEFAULT_TIMEOUT_S: Final = 120.0
DEFAULT_MAX_BODY: Final = 10 * 1024 * 1024
MAX_REDIRECTS: Final = 30

TransportKind = Literal["connect", "timeout", "protocol", "request"]


_USUAL_NAME: Final = {
    "connect": "ConnectionError",
    "timeout": "ReadTimeout",
    "protocol": "ConnectionError",
    "request": "InvalidURL",
}


class TransportError(Exception):
    """Raised when a request cannot be made or gets no usable answer; `exchanges` are the hops up to there.

    Kind `request` means that nothing was sent, because the request itself is impossible. `name` is the
    exception `requests` raises there, for dialects whose verdict depends on it.
    """

    def __init__(
        self,
        kind: TransportKind,
        message: str,
        exchanges: tuple[Exchange, ...] = (),
        *,
        name: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.exchanges = exchanges
        self.hint = hint
        self.name = name or _USUAL_NAME[kind]


class Auth(Struct, frozen=True):
    """Credentials the client turns into an Authorization header; kind is `basic` or `digest`."""

    kind: Literal["basic", "digest"]
    user: str
    password: str


class Outgoing(Struct, frozen=True):
    """A request ready to send: absolute URL, headers in order, body bytes.

    The client adds Host, Cookie, Authorization and Content-Length; `cookies` go with this request only.
    `timeout_s` bounds the whole exchange of one hop. `verify` may be the path of a CA bundle or folder,
    `cert` a PEM file or (certificate, key) or (certificate, key, password). `proxies` maps a scheme, or
    `all`, to a proxy URL; `hosts` maps a name (or name:port) to the address to connect to.
    """

    method: str
    url: str
    headers: list[tuple[str, str]] = []
    body: bytes | None = None
    cookies: Mapping[str, str] = {}
    timeout_s: float = DEFAULT_TIMEOUT_S
    connect_timeout_s: float | None = None
    allow_redirects: bool = True
    verify: bool | str = True
    proxies: Mapping[str, str] = {}
    hosts: Mapping[str, str] = {}
    cert: str | tuple[str, ...] | None = None
    auth: Auth | None = None
    max_body: int = DEFAULT_MAX_BODY
    http2: bool = False
    private: tuple[str, ...] = ()  # headers (lower case) that only the first host may see

    @property
    def proxy(self) -> str:
        """The URL of the proxy it goes through; empty for none."""
        if not self.proxies:
            return ""
        scheme = self.url.partition(":")[0].lower()
        proxy = self.proxies.get(scheme) or self.proxies.get("all") or ""
        return proxy if "://" in proxy or not proxy else f"http://{proxy}"
