"""A server that keeps every request as it came over the wire and answers with given bytes."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        """The value of a header, None if it was not sent."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)


Answer = Callable[[Heard], bytes | Awaitable[bytes] | None]


def reply(status: str = "200 OK", body: bytes = b"", *headers: str) -> bytes:
    """An answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Target:
    """The server; `answer` makes the bytes for a request, None closes the connection."""

    def __init__(self, answer: Answer | bytes, secure: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self._answer = answer
        self._secure = secure
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._secure)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if self._secure else ''}://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        tasks = [task for task in self._open.values() if task]
        for writer in self._open:
            writer.transport.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self._open[writer] = asyncio.current_task()
        try:
            while await self._one(reader, writer, number):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            del self._open[writer]
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head[:-4].split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = tuple((line.partition(":")[0], line.partition(":")[2].strip()) for line in lines)
        length = re.search(r"(?im)^content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        heard = Heard(method, target, headers, body, number)
        self.heard.append(heard)
        made = self._answer if isinstance(self._answer, bytes) else self._answer(heard)
        if isinstance(made, Awaitable):
            made = await made
        if made is None:
            return False
        writer.write(made)
        await writer.drain()
        return True
