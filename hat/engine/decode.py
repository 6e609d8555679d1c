"""Turn the bytes that came into a Response."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from time import time

from hat.engine.charset import label
from hat.engine.coding import CodingError, plain
from hat.engine.curl import Received
from hat.engine.date import unix_time
from hat.result import Response


def response(received: Received, limit: int) -> Response | None:
    """The answer as it came, its body decoded and cut at the limit; None when no status line came."""
    lines = received.header_lines
    start = _last_status(lines)
    if start < 0:
        return None
    version, _, rest = lines[start].decode("latin-1").strip().partition(" ")
    code, _, reason = rest.strip().partition(" ")
    if not code.isdigit():
        return None
    headers = _headers(lines[start + 1 :])
    chunks = received.chunks
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    encoding, kind = _coding_and_kind(headers)
    truncated = received.truncated or received.failure is not None
    if encoding and body:
        try:
            body, cut = plain(body, encoding, limit)
        except CodingError:
            received.failure = received.failure or ("protocol", f"the body is not {encoding} as it says")
            cut = True
        truncated = truncated or cut
    if len(body) > limit:
        body, truncated = body[:limit], True
    return Response(
        status_code=int(code),
        reason=reason,
        headers=headers,
        body=body,
        size=received.size,
        encoding=label(body, kind),
        http_version=version.removeprefix("HTTP/"),
        truncated=truncated,
        certificate_days_left=_days_left(received.certificate_end),
        remote_address=received.remote_address,
    )


def _coding_and_kind(headers: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """All Content-Encodings, and the first Content-Type."""
    codings: list[str] = []
    kinds: list[str] = []
    for name, value in headers:
        lower = name.lower()
        if lower == "content-encoding":
            codings.append(value)
        elif lower == "content-type":
            kinds.append(value)
    return ", ".join(codings), kinds[0] if kinds else ""


def _last_status(lines: list[bytes]) -> int:
    """Where the final answer begins: interim answers (1xx) and that of a proxy come before it."""
    for position in range(len(lines) - 1, -1, -1):
        if lines[position].startswith(b"HTTP/"):
            return position
    return -1


def _headers(lines: Iterable[bytes]) -> tuple[tuple[str, str], ...]:
    """Names and values up to the empty line; what follows the body (trailers) is left out."""
    found: list[tuple[str, str]] = []
    for line in lines:
        name, value = _pair(line)
        if name:
            found.append((name, value))
        elif not value:
            break
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {value}")
    return tuple(found)


@lru_cache(maxsize=1024)
def _pair(line: bytes) -> tuple[str, str]:
    """Name and value of a header line; no name for a line that goes on with the one before."""
    text = line.decode("latin-1")
    if text[:1] in " \t\r\n":
        return "", text.strip()
    name, _, value = text.partition(":")
    return name.rstrip(), value.strip()


def _days_left(end: str) -> int | None:
    """Whole days until a certificate ends, by curl's text `Nov 22 16:50:00 2027 GMT`."""
    moment = unix_time(end) if end else None
    return None if moment is None else int((moment - time()) // 86400)
