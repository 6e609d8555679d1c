"""Send a request and follow its redirects: one Exchange per hop."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from hat.engine.cookies import CookieJar
from hat.engine.outgoing import Auth, Outgoing, TransportError
from hat.result import Exchange

__all__ = ["Auth", "Client", "CookieJar", "Outgoing", "TransportError"]


class Client:
    """Connections shared by the cases of a run; one per run, on the running loop."""

    async def send(self, request: Outgoing, jar: CookieJar) -> list[Exchange]:
        """Send and follow; the last exchange is the answer. Raises TransportError."""
        raise NotImplementedError

    def new_jar(self) -> CookieJar:
        """An empty jar: one per top-level case, shared with the cases it calls."""
        return CookieJar()

    def close(self) -> None:
        """Close every connection."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
