"""Turn rendered request fields into the bytes that go out, as the `requests` library would send them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from hat.engine.address import credentials, fit
from hat.engine.body import Pairs, body, items, query, word
from hat.engine.multipart import find_file
from hat.engine.outgoing import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT_S, Auth, Outgoing, TransportError

USER_AGENT: Final = "HAT/0.1"
_REQUESTS_AGENT: Final = "python-requests/2.32.5"
_OF_REQUESTS: Final = frozenset(
    "method url params data json headers cookies files auth timeout "  # noqa: SIM905 - one word each
    "allow_redirects proxies hooks stream verify cert group".split()
)
_FIELDS: Final = {"httprunner2": _OF_REQUESTS}  # a field more is an error; the others take files, too
_WITH_UPLOAD: Final = _OF_REQUESTS | {"upload", "body"}
_NAME: Final = re.compile(r"[^:\s][^:\r\n]*\Z")


def prepare(
    fields: Mapping[str, Any], dialect: str, root: Path | None = None, *, confined: bool = False
) -> Outgoing:
    """The request as it will go out; raises TransportError of kind `request` when that is impossible.

    `fields` are those of a step's `request` after rendering, `url` absolute; `root` is where files are
    found (`upload`, `cert`, `verify`), and `confined` keeps it from looking anywhere else.
    """
    own = dialect == "hat"
    if not own:
        known = _FIELDS.get(dialect, _WITH_UPLOAD)
        for name in fields:
            if name not in known:
                raise TransportError("request", f"request.{name}: not a field of a request", name="TypeError")
    headers = _headers(fields.get("headers"), own)
    content, content_type = body(fields, headers, own, root, confined)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    timeout_s, connect_timeout_s = _timeouts(fields.get("timeout"), fields.get("connect_timeout"))
    params = fields.get("params")
    url = str(fields.get("url") or "")
    url = fit(url, query(params, own)) if params else fit(url)
    verify = fields.get("verify", True)
    redirects = fields.get("allow_redirects")
    own_file = partial(_own_file, root) if confined else _any_file
    return Outgoing(
        method=str(fields.get("method") or "GET").upper(),
        url=url,
        headers=headers,
        body=content,
        cookies=_cookies(fields.get("cookies"), own),
        timeout_s=timeout_s,
        connect_timeout_s=connect_timeout_s,
        allow_redirects=redirects is None or bool(redirects),
        verify=own_file("verify", verify) if isinstance(verify, str) else verify is None or bool(verify),
        proxies=fields.get("proxies") or {},
        hosts=fields.get("hosts") or {},
        cert=_certificate(fields.get("cert"), own_file),
        auth=_auth(fields.get("auth"), url, headers, own),
        max_body=int(fields.get("max_body") or DEFAULT_MAX_BODY),
        http2=bool(fields.get("http2")),
    )


def _defaults(agent: str) -> Pairs:
    return [
        ("User-Agent", agent),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
    ]


_OWN_DEFAULTS: Final = _defaults(USER_AGENT)[:3]
_REQUESTS_DEFAULTS: Final = _defaults(_REQUESTS_AGENT)


def _headers(given: Any, own: bool) -> Pairs:
    """The usual headers, replaced in place or taken out (null) by the request's own."""
    headers = list(_OWN_DEFAULTS if own else _REQUESTS_DEFAULTS)
    if not given:
        return headers
    usual = {name.lower(): position for position, (name, _) in enumerate(headers)}
    gone = set()
    for name, value in items(given, "headers"):
        position = usual.get(str(name).lower())
        if value is None:
            if position is not None:
                gone.add(position)
            continue
        pair = _header(name, value, own)
        if position is None:
            headers.append(pair)
        else:
            headers[position] = pair
            gone.discard(position)
    return [pair for position, pair in enumerate(headers) if position not in gone] if gone else headers


def _header(name: Any, value: Any, own: bool) -> tuple[str, str]:
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    elif not isinstance(value, str):
        if not own or isinstance(value, (Mapping, list, tuple)):
            raise _bad_header(name, f"expected text, got {value!r}")
        value = word(value, own)
    name = str(name)
    if not _NAME.match(name):
        raise _bad_header(name, "not a header's name")
    if "\r" in value or "\n" in value or "\x00" in value:
        raise _bad_header(name, f"a line break cannot be part of a value: {value!r}")
    if value != value.strip():
        if not own and value[0].isspace():
            raise _bad_header(name, f"the value begins with a blank: {value!r}")
        value = value.strip()
    return name, value


def _bad_header(name: Any, why: str) -> TransportError:
    return TransportError("request", f"request.headers.{name}: {why}", name="InvalidHeader")


def _cookies(given: Any, own: bool) -> dict[str, str]:
    if not given:
        return {}
    found = {str(name): word(value, own) for name, value in items(given, "cookies") if value is not None}
    for name, value in found.items():
        if "\r" in value or "\n" in value or "\r" in name or "\n" in name:
            raise TransportError(
                "request", f"request.cookies.{name}: a line break cannot be part of a cookie"
            )
    return found


def _timeouts(total: Any, connect: Any) -> tuple[float, float | None]:
    """Seconds for the whole exchange and for connecting; a pair is (connect, read) as in requests."""
    try:
        connect_s = float(connect) if connect is not None else None
        if isinstance(total, (list, tuple)) and len(total) == 2:
            connect_s = float(total[0]) if total[0] is not None else None
            return (
                float(total[1]) + (connect_s or 0.0) if total[1] is not None else DEFAULT_TIMEOUT_S
            ), connect_s
        total_s = float(total) if total is not None else DEFAULT_TIMEOUT_S
    except (TypeError, ValueError):
        raise TransportError(
            "request", f"request.timeout: {total!r} is not seconds", name="ValueError"
        ) from None
    if not total_s > 0:
        raise TransportError("request", f"request.timeout: {total!r} is not above zero", name="ValueError")
    return min(total_s, 1e6), connect_s


def _auth(given: Any, url: str, headers: Pairs, own: bool) -> Auth | None:
    """Credentials, those inside the URL if no others; a bearer token becomes its header at once."""
    if not given:
        inside = credentials(url) if "@" in url else None
        return Auth("basic", *inside) if inside else None
    if isinstance(given, tuple) and len(given) == 2:
        return Auth("basic", str(given[0]), str(given[1]))
    if own and isinstance(given, list) and len(given) == 2:
        return Auth("basic", str(given[0]), str(given[1]))
    if own and isinstance(given, Mapping):
        kind = str(given.get("type") or given.get("kind") or "basic").lower()
        if kind == "bearer":
            headers.append(_header("Authorization", f"Bearer {given.get('token', '')}", own))
            return None
        if kind in ("basic", "digest"):
            user = given.get("username", given.get("user", ""))
            return Auth("digest" if kind == "digest" else "basic", str(user), str(given.get("password", "")))
    raise TransportError(
        "request", f"request.auth: expected user and password, got {type(given).__name__}", name="TypeError"
    )


def _certificate(given: Any, own_file: Callable[[str, str], str]) -> str | tuple[str, str] | None:
    if not given:
        return None
    if isinstance(given, (list, tuple)) and len(given) == 2:
        return own_file("cert", str(given[0])), own_file("cert", str(given[1]))
    return own_file("cert", str(given))


def _any_file(_field: str, text: str) -> str:
    return text


def _own_file(root: Path | None, field: str, text: str) -> str:
    """The file of the project a text names: libcurl would read any file of the machine."""
    path = find_file(text, root, confined=True)
    if path is None:
        raise TransportError("request", f"request.{field}: the project has no file '{text}'")
    return str(path)
