"""The OAuth2 tokens of a run: each fetched once, shared by its cases, renewed when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hat.engine.address import fit
from hat.engine.client import Client, TransportError
from hat.engine.loop import Task, spawn
from hat.engine.options import Shelf, Shelved
from hat.engine.outgoing import Auth, Outgoing
from hat.engine.waiting import all_ended, sleep
from hat.result import Exchange

_EARLY_S: Final = 10.0  # a token that ends while its request travels helps nobody
_LEAST_S: Final = 1.0
_LOOK_S: Final = 0.02  # between two looks whether another process has its token
_GRANTS: Final = ("client_credentials", "password", "refresh_token")


class _Held(Struct):
    """A token and when it ends; `task` fetches it, and everybody waits for the same one."""

    task: Task[str] | None = None
    until: float = float("inf")
    refresh: str = ""
    last: str = ""

    def is_over(self, refused: str) -> bool:
        """Whether the token was refused, has ended, or never came."""
        task = self.task
        if task is None:
            return True
        if not task.is_done:
            return False
        return task.error is not None or monotonic() >= self.until or task.result() == refused


class Tokens(Struct):
    """The tokens by what they were asked with; `hide` is told every secret that comes."""

    client: Client
    hide: Callable[[Iterable[str]], None]
    shelf: Shelf | None = None
    held: dict[str, _Held] = {}

    async def get(self, given: Mapping[str, Any], like: Outgoing, *, instead_of: str = "") -> str:
        """The token for these credentials; a new one when `instead_of` is the one at hand.

        `like` is the request that needs it: its timeout, proxies and TLS settings serve here, too.
        """
        key = json.dumps(given, sort_keys=True, default=str)
        held = self.held.get(key)
        if held is None:
            held = self.held[key] = _Held(refresh=str(given.get("refresh_token") or ""))
        if held.task is None or held.is_over(instead_of):
            held.task = spawn(self._obtain(key, given, like, held, instead_of or held.last))
        return await held.task

    async def close(self) -> None:
        """End what is still being fetched."""
        tasks = [held.task for held in self.held.values() if held.task is not None]
        for task in tasks:
            task.cancel()
        await all_ended(tasks)

    async def _obtain(
        self, key: str, given: Mapping[str, Any], like: Outgoing, held: _Held, instead_of: str
    ) -> str:
        """Fetch a token, or take the one that another process of the run has fetched."""
        if self.shelf is None:
            return await self._fetch(given, like, held)
        while not (found := self.shelf.ask(key, instead_of)).is_mine:
            if found.token:
                held.until, held.refresh, held.last = found.until, found.refresh, found.token
                self.hide([found.token, found.refresh])
                return found.token
            await sleep(_LOOK_S)
        held.refresh = found.refresh or held.refresh
        fetched = None
        try:
            held.last = await self._fetch(given, like, held)
            fetched = Shelved(held.last, held.until, held.refresh)
        finally:
            self.shelf.put(key, fetched)
        return held.last

    async def _fetch(self, given: Mapping[str, Any], like: Outgoing, held: _Held) -> str:
        """Ask for a token: by the refresh token if there is one, else as the grant says."""
        grant = str(given.get("grant") or "client_credentials")
        if grant not in _GRANTS:
            message = f"auth.grant: expected one of {', '.join(_GRANTS)}, got '{grant}'"
            raise TransportError("request", message)
        if held.refresh or grant == "refresh_token":
            fields = {"grant_type": "refresh_token", "refresh_token": held.refresh}
            try:
                return await self._ask(given, fields, like, held)
            except TransportError:
                if grant == "refresh_token":
                    raise
        fields = {"grant_type": grant}
        if grant == "password":
            fields |= {name: str(given.get(name) or "") for name in ("username", "password")}
        return await self._ask(given, fields, like, held)

    async def _ask(
        self, given: Mapping[str, Any], fields: dict[str, str], like: Outgoing, held: _Held
    ) -> str:
        for name in ("scope", "audience"):
            if given.get(name):
                fields[name] = str(given[name])
        request, shown = _request(given, fields, like)
        exchanges: list[Exchange] = []
        try:
            exchanges = await self.client.send(request, self.client.new_jar())
        except TransportError as error:
            told = f"no token from {shown}: {error.message}"
            raise TransportError("request", told, error.exchanges) from None
        answer = exchanges[-1].response
        body, status = _read(answer.body if answer else b""), answer.status_code if answer else 0
        token = body.get("access_token")
        if status >= 400 or not isinstance(token, str) or not token:
            raise TransportError("request", _refusal(shown, status, body), tuple(exchanges))
        held.refresh = str(body.get("refresh_token") or held.refresh)
        held.until = _end(body.get("expires_in"))
        self.hide([token, held.refresh])
        return token


def _request(given: Mapping[str, Any], fields: dict[str, str], like: Outgoing) -> tuple[Outgoing, str]:
    """The request for a token, and its address as messages show it."""
    address = str(given.get("token_url") or "")
    url = fit(address)
    user, secret = str(given.get("client_id") or ""), str(given.get("client_secret") or "")
    auth = None
    if user and str(given.get("client_auth") or "header") == "header" and secret:
        auth = Auth("basic", quote(user, safe=""), quote(secret, safe=""))  # RFC 6749 section 2.3.1
    elif user:
        fields["client_id"] = user
        if secret:
            fields["client_secret"] = secret
    headers = [
        ("User-Agent", "HAT/0.1"),
        ("Accept", "application/json"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ]
    body = urlencode(fields).encode()
    return replace(
        like, method="POST", url=url, headers=headers, body=body, cookies={}, auth=auth, private=()
    ), address


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _end(seconds: Any) -> float:
    try:
        return monotonic() + max(float(seconds) - _EARLY_S, _LEAST_S) if seconds is not None else float("inf")
    except (TypeError, ValueError):
        return float("inf")


def _refusal(address: str, status: int, body: Mapping[str, Any]) -> str:
    why = ": ".join(str(body[name]) for name in ("error", "error_description") if body.get(name))
    expected = "expected an access_token" if status < 400 else "expected 200"
    return f"no token from {address}: {expected}, got {status}" + (f": {why}" if why else "")
