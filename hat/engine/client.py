"""Send a request and follow its redirects: one Exchange per hop."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from hat.engine.authorization import basic, digest
from hat.engine.cookies import CookieJar
from hat.engine.decode import response
from hat.engine.outgoing import MAX_REDIRECTS, Auth, Outgoing, TransportError
from hat.engine.redirect import next_hop
from hat.engine.targets import Targets
from hat.engine.transfer import Transfers
from hat.result import Exchange, Response, SentRequest

__all__ = ["Auth", "Client", "CookieJar", "Outgoing", "TransportError"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Client:
    """Connections shared by the cases of a run; one per run, on the running loop."""

    def __init__(self, targets: Targets | None = None) -> None:
        self._transfers = Transfers(targets)

    async def send(self, request: Outgoing, jar: CookieJar) -> list[Exchange]:
        """Send and follow; the last exchange is the answer. Raises TransportError."""
        exchanges: list[Exchange] = []
        hop = request
        while len(exchanges) <= MAX_REDIRECTS:
            answer = await self._exchange(hop, jar, exchanges)
            following = _after(hop, answer, exchanges)
            if following is None:
                return exchanges
            hop = following
        message = f"{request.method} {request.url}: more than {MAX_REDIRECTS} redirects"
        raise TransportError("protocol", message, tuple(exchanges), name="TooManyRedirects")

    def new_jar(self) -> CookieJar:
        """An empty jar: one per top-level case, shared with the cases it calls."""
        return CookieJar()

    def close(self) -> None:
        """Close every connection."""
        self._transfers.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _exchange(self, hop: Outgoing, jar: CookieJar, exchanges: list[Exchange]) -> Response:
        """One hop; a digest challenge makes it two exchanges."""
        auth = hop.auth
        if auth is None or auth.kind == "basic":
            return await self._hop(hop, jar, exchanges, basic(auth) if auth else "")
        first = await self._hop(hop, jar, exchanges, "")
        if first.status_code == 401:
            for challenge in _values(first, "www-authenticate"):
                authorization = digest(auth, challenge, hop.method, hop.url)
                if authorization:
                    return await self._hop(hop, jar, exchanges, authorization)
        return first

    async def _hop(
        self, hop: Outgoing, jar: CookieJar, exchanges: list[Exchange], authorization: str
    ) -> Response:
        headers = _headers(hop, jar, authorization)
        received = await self._transfers.move(hop, headers)
        answer = response(received, hop.max_body)
        sent = SentRequest(hop.method, hop.url, _as_sent(hop, headers), hop.body or b"")
        exchanges.append(Exchange(sent, answer, received.timing, hop.verify is not False))
        if received.failure:
            kind, text = received.failure
            message = f"{hop.method} {hop.url}: {text}"
            raise TransportError(kind, message, tuple(exchanges), hint=received.hint)
        if answer is None:
            message = f"{hop.method} {hop.url}: the response has no status line"
            raise TransportError("protocol", message, tuple(exchanges))
        jar.store(hop.url, answer.headers)
        return answer


def _headers(hop: Outgoing, jar: CookieJar, authorization: str) -> list[tuple[str, str]]:
    """The headers to send: the request's own, then cookies and credentials."""
    headers = hop.headers
    names = {name.lower() for name, _ in headers}
    if "content-length" in names or "transfer-encoding" in names:
        headers = [pair for pair in headers if pair[0].lower() not in ("content-length", "transfer-encoding")]
    if "cookie" not in names:
        cookies = jar.header(hop.url, hop.cookies)
        if cookies:
            headers = [*headers, ("Cookie", cookies)]
    if authorization:
        headers = [pair for pair in headers if pair[0].lower() != "authorization"]
        headers.append(("Authorization", authorization))
    if "host" not in names:
        return [("Host", _place(hop.url)), *headers]
    return sorted(headers, key=lambda pair: pair[0].lower() != "host")


def _place(url: str) -> str:
    """Host and port as the Host header says them: no credentials, no usual port."""
    scheme, _, rest = url.partition("://")
    place = rest.partition("/")[0].partition("?")[0].partition("#")[0].rpartition("@")[2]
    usual = ":443" if scheme == "https" else ":80"
    return place.removesuffix(usual)


def _as_sent(hop: Outgoing, headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """All headers in the order they went out: the length comes last, if there is one."""
    if hop.body is None and hop.method in ("GET", "HEAD"):
        return tuple(headers)
    return (*headers, ("Content-Length", str(len(hop.body or b""))))


def _values(answer: Response, name: str) -> list[str]:
    return [value for known, value in answer.headers if known.lower() == name]


def _after(hop: Outgoing, answer: Response, exchanges: list[Exchange]) -> Outgoing | None:
    """The request a redirect leads to; None when this is the answer."""
    if answer.status_code not in _REDIRECTS or not hop.allow_redirects:
        return None
    locations = _values(answer, "location")
    if not locations:
        return None
    try:
        return next_hop(hop, answer.status_code, locations[0])
    except TransportError as error:
        message = f"{hop.method} {hop.url}: the redirect leads nowhere: {error.message}"
        raise TransportError("protocol", message, tuple(exchanges), name=error.name) from None
