"""A client for tests whose server runs on asyncio: it sends from the engine's loop, in a thread beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self, TypeVar

from hat.engine import client
from hat.engine.thread import LoopThread
from hat.result import Exchange

Given = TypeVar("Given")


class Client:
    """The engine's client, to be awaited by asyncio."""

    async def __aenter__(self) -> Self:
        self._thread = LoopThread()

        async def begin() -> client.Client:
            return client.Client()

        self._client = await self._ask(begin)
        return self

    async def __aexit__(self, *_: object) -> None:
        async def end() -> None:
            self._client.close()

        await self._ask(end)
        await asyncio.to_thread(self._thread.close)

    async def send(self, request: client.Outgoing, jar: client.CookieJar) -> list[Exchange]:
        return await self._ask(lambda: self._client.send(request, jar))

    def new_jar(self) -> client.CookieJar:
        return self._client.new_jar()

    async def _ask(self, work: Callable[[], Awaitable[Given]]) -> Given:
        host = asyncio.get_running_loop()
        over = asyncio.Event()
        found: list[Given] = []
        errors: list[BaseException] = []

        async def carry_out() -> None:
            found.append(await work())

        def ended(error: BaseException | None) -> None:
            if error is not None:
                errors.append(error)
            host.call_soon_threadsafe(over.set)

        give_up = self._thread.begin(carry_out, ended)
        try:
            await over.wait()
        except asyncio.CancelledError:
            give_up()
            raise
        for error in errors:
            raise error
        return found[0]
