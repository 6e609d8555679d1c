"""The engine as the guest of an asyncio loop: a run goes on in a thread, its events come as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from hat.engine.thread import LoopThread
from hat.event import Event


async def heard(found: AsyncGenerator[list[Event], None]) -> AsyncGenerator[list[Event], None]:
    """Batches of events that the engine makes on a loop of its own."""
    host = asyncio.get_running_loop()
    queue: asyncio.Queue[list[Event] | None] = asyncio.Queue()
    errors: list[BaseException] = []

    def tell(batch: list[Event] | None) -> None:
        with suppress(RuntimeError):  # the host's loop is closed: nobody listens any more
            host.call_soon_threadsafe(queue.put_nowait, batch)

    async def pump() -> None:
        async with aclosing(found):
            async for batch in found:
                tell(batch)

    def ended(error: BaseException | None) -> None:
        if error is not None:
            errors.append(error)
        tell(None)

    thread = LoopThread()
    thread.begin(pump, ended)
    try:
        while (batch := await queue.get()) is not None:
            yield batch
        if errors:
            raise errors[0]
    finally:
        await asyncio.to_thread(thread.close)
