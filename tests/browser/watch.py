"""What a page may not do: complain in its console, throw, ask another host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

_REFUSED = re.compile(r"the server responded with a status of (\d+)")


class Watch:
    """Collects complaints of the pages it follows."""

    def __init__(self, host: str) -> None:
        self.hosts = {host}
        self.expected: set[int] = set()
        self.complaints: list[str] = []

    def expect(self, *statuses: int) -> None:
        """These refusals of the server belong to the story."""
        self.expected.update(statuses)

    def allow(self, address: str) -> None:
        """A page of another host belongs to the story."""
        self.hosts.add(urlsplit(address).netloc)

    def follow(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", self._catch)
        page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        refused = _REFUSED.search(message.text)
        if refused and int(refused[1]) in self.expected:
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _catch(self, error: Error) -> None:
        self.complaints.append(f"page error: {error}")

    def _see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.hosts:
            self.complaints.append(f"request to another host: {request.url}")
