"""Send requests to a small server and look at what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hat.engine.client import Outgoing, TransportError
from hat.result import Exchange
from tests.target.guest import Client
from tests.target.wire import Heard, Target


def ask(
    answer: Callable[[Heard], Any] | bytes, *paths: str, method: str = "GET", **fields: Any
) -> tuple[list[list[Exchange]], Target]:
    """Send one request for each path to a server that answers so, all with one client and jar."""

    async def talk() -> tuple[list[list[Exchange]], Target]:
        async with Target(answer) as target, Client() as client:
            jar = client.new_jar()
            requests = [Outgoing(method, target.url + path, **{"timeout_s": 20, **fields}) for path in paths]
            return [await client.send(request, jar) for request in requests], target

    return asyncio.run(talk())


def refusal(answer: Callable[[Heard], Any] | bytes, path: str = "/", **fields: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        ask(answer, path, **fields)
    return caught.value


async def never(_: Heard) -> bytes:
    await asyncio.Event().wait()
    return b""
