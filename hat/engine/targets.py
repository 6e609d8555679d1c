"""Where requests may go: the address a connection is really opened to, judged by rules."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Final

from msgspec import Struct

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Services of clouds that hand out credentials to whoever asks from the machine.
_METADATA: Final = tuple(
    ipaddress.ip_network(one)
    for one in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
)
_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_INNER: Final = "is an address of this machine or a private network"
_COMPATIBLE: Final = ipaddress.ip_network("::/96")


class Policy(Struct, frozen=True, kw_only=True):
    """One voice on targets: `allow` makes exceptions to what is refused, `deny` refuses more, `*` all else.

    `private` says whether loopback and private networks may be reached; `whose` is named in a refusal,
    and `hint` is what it advises instead of an exception for a private address.
    """

    private: bool = True
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    whose: str = ""
    hint: str = ""


class Rule(Struct, frozen=True):
    """A host (`api.example.org`, `*.example.org`, `*`) or a network, and a port if only that one is meant."""

    text: str
    host: str = ""
    network: Network | None = None
    port: int | None = None

    def covers(self, host: str, addresses: Iterable[Address], port: int) -> bool:
        """Whether a target falls under it."""
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return any(one in self.network for one in addresses if one.version == self.network.version)
        if self.host.startswith("*."):
            return host.endswith(self.host[1:])
        return self.host in ("*", host)


@lru_cache(maxsize=1024)
def rule(text: str) -> Rule:
    """Read a rule; ValueError says what is wrong with it."""
    word = text.strip()
    place, port = word, None
    if word.startswith("[") and "]" in word:
        place, _, rest = word[1:].partition("]")
        port = _port(rest[1:], text) if rest.startswith(":") else None
    elif word.count(":") == 1:
        place, _, number = word.partition(":")
        port = _port(number, text)
    try:
        return Rule(word, network=ipaddress.ip_network(place, strict=False), port=port)
    except ValueError:
        if "/" in place or not _is_name(place):
            raise ValueError(f"'{text}' is neither a host, a network nor one of them with a port") from None
    return Rule(word, host=plain_host(place), port=port)


def _port(text: str, whole: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"'{whole}': '{text}' is not a port")
    return int(text)


def _is_name(text: str) -> bool:
    name = text.removeprefix("*.") if text.startswith("*.") else text
    return text == "*" or (bool(name) and "*" not in name and all(c.isalnum() or c in "-._" for c in name))


def plain_host(host: str) -> str:
    """A host as rules compare it: lower case, no dot at the end, international names in ASCII."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return name.encode("ascii").decode("ascii")
    except UnicodeEncodeError:
        try:
            return name.encode("idna").decode("ascii")
        except UnicodeError:
            return name


class Targets:
    """The judgement on targets: every policy must agree, and HAT's own services are refused always."""

    def __init__(self, policies: Sequence[Policy] = (), own: Sequence[str] = ()) -> None:
        self._policies = [
            (policy, [rule(one) for one in policy.deny], [rule(one) for one in policy.allow])
            for policy in policies or (Policy(),)
        ]
        self._own = [rule(one) for one in own]

    def refusal(
        self, host: str, address: str, port: int, mapped: Sequence[str] = ()
    ) -> tuple[str, str] | None:
        """Why a connection must not be opened and what would help; None when it may.

        `mapped` are names that a request itself gave the host: what is an exception must be so by each.
        """
        found = ipaddress.ip_address(address.partition("%")[0])
        addresses = meanings(found)
        names = tuple(dict.fromkeys(map(plain_host, (host, *mapped))))
        place = f"{address}:{port}" if found.version == 4 else f"[{address}]:{port}"
        for one in self._own:
            if _any(one, names, addresses, port) or (one.port == port and _is_here(one, found)):
                return f"{place} is a service of HAT itself", ""
        for policy, deny, allow in self._policies:
            why = _judged(policy, deny, allow, names, addresses, port)
            if why:
                whose = f"{policy.whose}: " if policy.whose else ""
                exception = f"add '{found}' to the allowed targets to permit it"
                hint = policy.hint if why == _INNER and policy.hint else exception
                return f"{whose}{place} {why}", "" if "is denied" in why else hint
        return None


def _any(one: Rule, names: Sequence[str], addresses: list[Address], port: int) -> bool:
    return any(one.covers(name, addresses, port) for name in names)


def _judged(
    policy: Policy,
    deny: list[Rule],
    allow: list[Rule],
    names: Sequence[str],
    addresses: list[Address],
    port: int,
) -> str:
    for one in deny:
        if one.text != "*" and _any(one, names, addresses, port):
            return f"is denied by the rule '{one.text}'"
    if all(any(one.covers(name, addresses, port) for one in allow) for name in names):
        return ""
    if any(one in network for one in addresses for network in _METADATA if one.version == network.version):
        return "is where a cloud keeps the credentials of its machines"
    if any(one.is_link_local for one in addresses):
        return "is a link-local address"
    if not policy.private and any(_is_inner(one) for one in addresses):
        return _INNER
    return "is denied by the rule '*'" if any(one.text == "*" for one in deny) else ""


def _is_inner(address: Address) -> bool:
    return not address.is_global or address.is_multicast or address.is_unspecified


def meanings(address: Address) -> list[Address]:
    """An address and those it stands for: IPv4 inside IPv6 by mapping, 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64):
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _COMPATIBLE and int(address) > 1:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    found = [one for one in inner if one is not None]
    # A mapped address is the IPv4 one and nothing else; what IPv6 says of its prefix does not count.
    return found if address.ipv4_mapped else [address, *found]


def _is_here(own: Rule, address: Address) -> bool:
    """Whether an address is this machine, where the service listens on this machine as well."""
    if own.network is None or not own.network.network_address.is_loopback:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True


def places(host: str, port: int) -> list[str]:
    """A service as rules of its own: by name and by every address the name has now."""
    found = [f"{host}:{port}" if ":" not in host else f"[{host}]:{port}"]
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return found
    for family, _, _, _, where in answers:
        address = str(where[0]).partition("%")[0]
        found.append(f"[{address}]:{port}" if family == socket.AF_INET6 else f"{address}:{port}")
    return list(dict.fromkeys(found))
