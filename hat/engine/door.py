"""The door every connection goes through: its real address is judged when it is opened, not its URL."""

from __future__ import annotations

import socket
from typing import Any, Final
from urllib.parse import urlsplit

import pycurl

from hat.engine.outgoing import Outgoing
from hat.engine.targets import Targets, plain_host
from hat.engine.waiting import in_thread

_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080, "socks4a": 1080}


class Door:
    """The door of one curl handle; `request` is what is asked for now, `refused` why nothing was opened."""

    __slots__ = ("_opened", "_proxy", "_targets", "refused", "request")

    def __init__(self, targets: Targets, opened: list[socket.socket]) -> None:
        """`opened` takes what is opened: to be closed when curl has had its turn."""
        self._targets = targets
        self._opened = opened
        self._proxy: set[tuple[str, int]] = set()
        self.request = Outgoing("GET", "")
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
        host, *mapped = self._names(where[0], where[1])
        why = self._targets.refusal(host, where[0], where[1], mapped)
        if why is not None:
            self.refused = why
            return pycurl.SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
        self._opened.append(opened)  # curl works on a copy of it
        return opened

    def _names(self, address: str, port: int) -> list[str]:
        """What is connected to, by its name: the proxy, or the host of the URL and what it is mapped to."""
        proxy = self.request.proxy
        if proxy and (not self.request.proxies.get("no_proxy") or (address, port) in self._proxy):
            return [urlsplit(proxy).hostname or ""]
        host = urlsplit(self.request.url).hostname or ""
        return [host, *(name for name, _ in _mapped(self.request, host, port))]

    def shut(self, easy: pycurl.Curl | None = None) -> None:
        """Forget what the last request was refused; a handle that was reset gets its door again."""
        self.refused = None
        if easy is not None:
            self.hang(easy)

    async def ask_ahead(self, request: Outgoing) -> tuple[str, str] | None:
        """Through a proxy only the proxy's address is seen: judge its target by name and addresses here."""
        proxy = request.proxy
        if not proxy:
            return None
        if request.proxies.get("no_proxy"):
            self._proxy = {(address, port) for address, port in await _places(*_place(proxy))}
        host, port = _place(request.url)
        targets = [(host, port), *_mapped(request, host, port)]
        names = [name for name, _ in targets]
        for name, at in targets:
            answers = await _places(name, at)  # none: only the proxy knows the name
            for address, _ in answers or [("192.0.2.1", at)]:
                why = self._targets.refusal(name, address, at, names)
                if why is not None:
                    return why
        return None


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


async def _places(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses a name has now; none when nobody knows it."""
    try:
        answers = await in_thread(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(str(where[0]), port) for _, _, _, _, where in answers]


def _mapped(request: Outgoing, host: str, port: int) -> list[tuple[str, int]]:
    """Where the table of a request may lead a host; whether curl finds the port fits does not matter here."""
    found = []
    for name, address in request.hosts.items():
        known, target = str(name).partition(":")[0], str(address).rpartition(":")
        if not known or plain_host(known) == plain_host(host):
            is_port = bool(target[1]) and target[2].isdecimal()
            found.append((target[0], int(target[2])) if is_port else (str(address), port))
    return found
