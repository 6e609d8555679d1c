from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable, Iterable

import pytest

from hat.engine.sockets import READ, WRITE, LoopSockets, PolledSockets, Sockets

KINDS = [LoopSockets, *([PolledSockets] if hasattr(select, "epoll") else [])]


@pytest.mark.parametrize("kind", KINDS)
def test_a_socket_is_reported_for_what_it_is_watched_for(kind: Callable[..., Sockets]) -> None:
    async def talk() -> list[int]:
        seen: list[int] = []
        happened = asyncio.Event()

        def report(events: Iterable[tuple[int, int]]) -> None:
            for fd, what in events:
                seen.append(what)
                watched.watch(fd, 0)
            happened.set()

        watched = kind(report)
        near, far = socket.socketpair()
        with near, far:
            for what in (WRITE, READ):
                if what == READ:
                    far.send(b"x")
                happened.clear()
                watched.watch(near.fileno(), what)
                await happened.wait()
            happened.clear()
            watched.watch(near.fileno(), READ)
            watched.watch(near.fileno(), READ | WRITE)
            await happened.wait()
            watched.close()
        return seen

    first, second, *both = asyncio.run(talk())

    assert (first, second) == (WRITE, READ)
    assert both


@pytest.mark.parametrize("kind", KINDS)
def test_after_the_end_nothing_is_reported(kind: Callable[..., Sockets]) -> None:
    async def talk() -> list[object]:
        seen: list[object] = []
        watched = kind(seen.append)
        near, far = socket.socketpair()
        with near, far:
            watched.watch(near.fileno(), READ | WRITE)
            watched.close()
            for _ in range(3):
                await asyncio.sleep(0)
        return seen

    assert asyncio.run(talk()) == []
