"""The door every connection goes through: its real address is judged when it is opened, not its URL."""

from __future__ import annotations

import socket
from typing import Any, Final
from urllib.parse import urlsplit

import pycurl

from hat.engine.outgoing import Outgoing
from hat.engine.targets import Targets
from hat.engine.waiting import in_thread

_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080, "socks4a": 1080}


class Door:
    """The door of one curl handle; `url` is what is asked for now, `refused` why nothing was opened."""

    __slots__ = ("_opened", "_targets", "refused", "url")

    def __init__(self, targets: Targets, opened: list[socket.socket]) -> None:
        """`opened` takes what is opened: to be closed when curl has had its turn."""
        self._targets = targets
        self._opened = opened
        self.url = ""
        self.refused: tuple[str, str] | None = None

    def hang(self, easy: pycurl.Curl) -> None:
        """Let curl open its connections through it."""
        easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def _open(self, purpose: int, address: Any) -> Any:
        """Curl has resolved a name and wants to connect: this address and no other is used then."""
        family, kind, protocol, where = address
        if family not in (socket.AF_INET, socket.AF_INET6):
            self.refused = "only internet addresses are connected to", ""
            return pycurl.SOCKET_BAD
        why = self._targets.refusal(urlsplit(self.url).hostname or "", where[0], where[1])
        if why is not None:
            self.refused = why
            return pycurl.SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
        self._opened.append(opened)  # curl works on a copy of it
        return opened

    def shut(self, easy: pycurl.Curl | None = None) -> None:
        """Forget what the last request was refused; a handle that was reset gets its door again."""
        self.refused = None
        if easy is not None:
            self.hang(easy)

    async def ask_ahead(self, request: Outgoing) -> tuple[str, str] | None:
        """Through a proxy only the proxy's address is seen: judge its target by name and addresses here."""
        proxy = proxy_of(request)
        self.url = proxy or request.url
        if not proxy:
            return None
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)
        try:
            answers = await in_thread(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
        except OSError:
            answers = []  # only the proxy knows the name
        for _, _, _, _, where in answers:
            why = self._targets.refusal(host, str(where[0]), port)
            if why is not None:
                return why
        return None if answers else self._targets.refusal(host, "192.0.2.1", port)


def proxy_of(request: Outgoing) -> str:
    """The proxy a request goes through; empty for none."""
    if not request.proxies:
        return ""
    scheme = request.url.partition(":")[0].lower()
    proxy = request.proxies.get(scheme) or request.proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"
