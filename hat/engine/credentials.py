"""The credentials of a request: the nearest `auth` of step, case and environment, put where its type says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from hat.case import AUTH_TYPES, SECRET_AUTH_FIELDS
from hat.engine.client import Auth, Client, TransportError
from hat.engine.multipart import find_file
from hat.engine.options import Shelf
from hat.engine.outgoing import Outgoing
from hat.engine.tokens import Tokens
from hat.result import Exchange

Send = Callable[[Outgoing], Any]
_NONE: Final = ("", "none", "None")


class Keyring(Struct):
    """What puts credentials on the requests of a run; `hide` is told every secret it sees."""

    tokens: Tokens
    hide: Callable[[Iterable[str]], None]

    @classmethod
    def of(cls, client: Client, hide: Callable[[Iterable[str]], None], shelf: Shelf | None = None) -> Self:
        """A new one; its tokens come through the client, and from the shelf of several processes."""
        return cls(Tokens(client, hide, shelf), hide)

    async def close(self) -> None:
        """End what it still asks for."""
        await self.tokens.close()

    async def dress(
        self, request: Outgoing, given: Any, root: Path | None = None, *, confined: bool = False
    ) -> tuple[Outgoing, Mapping[str, Any] | None]:
        """The request with its credentials, and what OAuth2 was asked with; TransportError if impossible.

        Certificates are files of the folder `root`, and of no other when `confined`.
        """
        oauth = None
        for one in _several(given):
            kind = _kind(one)
            self.hide(str(one[name]) for name in SECRET_AUTH_FIELDS if one.get(name))
            if kind == "oauth2":
                oauth = one
                request = with_bearer(request, await self.tokens.get(one, request))
            elif kind == "certificate":
                request = replace(request, cert=_certificate(one, root, confined))
            elif kind != "none":
                request = _DRESS[kind](request, one)
        return request, oauth

    async def renewed(self, request: Outgoing, oauth: Mapping[str, Any]) -> Outgoing:
        """The request with a new token in place of the one that was refused."""
        refused = next((value for name, value in request.headers if name == "Authorization"), "")
        token = await self.tokens.get(oauth, request, instead_of=refused.removeprefix("Bearer "))
        return with_bearer(request, token)


def _certificate(given: Mapping[str, Any], root: Path | None, confined: bool) -> tuple[str, str, str]:
    found = []
    for name in ("cert", "key"):
        text = str(given.get(name) or given["cert"])
        path = find_file(text, root, confined=confined)
        if path is None:
            raise TransportError("request", f"auth.{name}: no such file: '{text}'")
        found.append(str(path))
    return found[0], found[1], str(given.get("password") or "")


def is_refused(exchanges: list[Exchange]) -> bool:
    """Whether the answer says that the credentials are not good."""
    answer = exchanges[-1].response
    return answer is not None and answer.status_code == 401


def _several(given: Any) -> list[Mapping[str, Any]]:
    """Each `auth` as a mapping; user and password alone are basic."""
    if given is None or given is False or (isinstance(given, str) and given in _NONE):
        return []
    if isinstance(given, Mapping):
        return [given]
    if isinstance(given, (list, tuple)):
        if len(given) == 2 and not any(isinstance(one, Mapping) for one in given):
            return [{"type": "basic", "username": given[0], "password": given[1]}]
        if all(isinstance(one, Mapping) for one in given):
            return list(given)
    raise TransportError(
        "request", f"auth: expected type and its fields, or user and password, got {type(given).__name__}",
        name="TypeError",
    )  # fmt: skip


def _kind(given: Mapping[str, Any]) -> str:
    """The type of an `auth` whose needed fields are there."""
    kind = str(given.get("type") or given.get("kind") or "basic").lower()
    fields = AUTH_TYPES.get(kind)
    if fields is None:
        raise TransportError("request", f"auth.type: expected one of {', '.join(AUTH_TYPES)}, got '{kind}'")
    for name in fields.needed:
        if given.get(name) is None:
            raise TransportError("request", f"auth.{name}: {kind} needs it")
    return kind


def with_bearer(request: Outgoing, token: str) -> Outgoing:
    """The request with a bearer token in place of any other."""
    return _with_header(request, "Authorization", f"Bearer {token}")


def _with_header(request: Outgoing, name: str, value: str) -> Outgoing:
    if "\r" in value or "\n" in value or "\r" in name or "\n" in name:
        raise TransportError("request", f"auth: a line break cannot be part of the header {name!r}")
    headers = [pair for pair in request.headers if pair[0].lower() != name.lower()]
    return replace(request, headers=[*headers, (name, value)], private=(*request.private, name.lower()))


def _user(request: Outgoing, given: Mapping[str, Any]) -> Outgoing:
    kind: Literal["basic", "digest"] = "digest" if str(given.get("type")).lower() == "digest" else "basic"
    user = given.get("username", given.get("user", ""))
    return replace(request, auth=Auth(kind, str(user), str(given.get("password") or "")))


def _bearer(request: Outgoing, given: Mapping[str, Any]) -> Outgoing:
    return with_bearer(request, str(given["token"]))


def _api_key(request: Outgoing, given: Mapping[str, Any]) -> Outgoing:
    name, value, place = str(given["name"]), str(given["value"]), str(given.get("in") or "header")
    if place == "query":
        url, mark, fragment = request.url.partition("#")
        pair = f"{quote(name, safe='')}={quote(value, safe='')}"
        url = f"{url}{'&' if '?' in url else '?'}{pair}"
        return replace(request, url=url + mark + fragment)
    if place == "cookie":
        return replace(request, cookies={**request.cookies, name: value})
    if place == "header":
        return _with_header(request, name, value)
    raise TransportError("request", f"auth.in: expected header, query or cookie, got '{place}'")


_DRESS: Final = {"basic": _user, "digest": _user, "bearer": _bearer, "api_key": _api_key}
