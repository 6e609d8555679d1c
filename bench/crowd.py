"""People who look on: each asks for one page again and again over a connection of its own, as browsers do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Page:
    """What is asked for, how long a page waits between two answers, and how long the answers took."""

    name: str
    paths: Sequence[str]
    pause_s: float
    took_ms: list[float] = field(default_factory=list)
    refused: int = 0

    def late_ms(self, share: float = 0.95) -> float:
        """How long the slow ones took: so many of all were faster."""
        ordered = sorted(self.took_ms)
        return ordered[int(len(ordered) * share)] if ordered else 0.0


def look_on(url: str, cookie: str, pages: Sequence[Page], people: int, seconds: float) -> None:
    """Let so many people look at the pages in turn for a time."""
    asyncio.run(_look_on(url, cookie, pages, people, seconds))


async def _look_on(url: str, cookie: str, pages: Sequence[Page], people: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(people):
            page = pages[number % len(pages)]
            path = page.paths[number // len(pages) % len(page.paths)]
            # They did not all open their page in the same moment.
            late = page.pause_s * number / people
            group.create_task(_person(urlsplit(url).netloc, cookie, page, path, late, until))


async def _person(host: str, cookie: str, page: Page, path: str, late: float, until: float) -> None:
    await asyncio.sleep(late)
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    question = f"GET /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
    while time.monotonic() < until:
        begun = time.perf_counter()
        writer.write(question)
        page.refused += await _answer(reader) != 200
        page.took_ms.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(page.pause_s)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """The status of the next answer, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])
