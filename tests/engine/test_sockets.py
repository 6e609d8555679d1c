from __future__ import annotations

import select
import socket
from collections.abc import Callable

import pytest

from hat.engine.sockets import READ, WRITE, PolledSockets, SelectedSockets, Sockets

KINDS = [SelectedSockets, *([PolledSockets] if hasattr(select, "epoll") else [])]


@pytest.mark.parametrize("kind", KINDS)
def test_a_socket_is_reported_for_what_it_is_watched_for(kind: Callable[[], Sockets]) -> None:
    watched = kind()
    near, far = socket.socketpair()
    with near, far:
        watched.watch(near.fileno(), WRITE)
        assert list(watched.wait(None)) == [(near.fileno(), WRITE)]
        watched.watch(near.fileno(), READ)
        assert list(watched.wait(0)) == []
        far.send(b"x")
        assert list(watched.wait(None)) == [(near.fileno(), READ)]
        watched.watch(near.fileno(), READ | WRITE)
        assert list(watched.wait(None)) == [(near.fileno(), READ | WRITE)]
        watched.watch(near.fileno(), 0)
        assert list(watched.wait(0)) == []
        watched.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_a_closed_socket_may_come_back(kind: Callable[[], Sockets]) -> None:
    watched = kind()
    near, far = socket.socketpair()
    number = near.fileno()
    watched.watch(number, READ)
    near.close()
    far.close()
    other, far = socket.socketpair()
    with other, far:
        assert number in (other.fileno(), far.fileno())
        watched.watch(number, WRITE)
        assert list(watched.wait(None)) == [(number, WRITE)]
        watched.watch(number, 0)
        watched.watch(number, 0)
        watched.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_socket_that_rests_is_not_reported_until_it_is_watched_again(kind: Callable[[], Sockets]) -> None:
    watched = kind()
    near, far = socket.socketpair()
    with near, far:
        watched.watch(near.fileno(), READ)
        watched.rest(near.fileno())
        far.send(b"x")
        assert list(watched.wait(0)) == []
        assert list(watched.wait(0)) == []
        watched.watch(near.fileno(), READ)
        assert list(watched.wait(None)) == [(near.fileno(), READ)]
        watched.close()


@pytest.mark.parametrize("kind", KINDS)
def test_others_are_reported_while_one_rests(kind: Callable[[], Sockets]) -> None:
    watched = kind()
    near, far = socket.socketpair()
    with near, far:
        watched.watch(near.fileno(), WRITE)
        watched.watch(far.fileno(), WRITE)
        watched.rest(near.fileno())
        assert list(watched.wait(None)) == [(far.fileno(), WRITE)]
        watched.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_a_socket_that_was_closed_at_rest_may_come_back(kind: Callable[[], Sockets]) -> None:
    watched = kind()
    near, far = socket.socketpair()
    number = near.fileno()
    watched.watch(number, READ)
    watched.rest(number)
    near.close()
    far.close()
    other, far = socket.socketpair()
    with other, far:
        assert number in (other.fileno(), far.fileno())
        watched.watch(number, WRITE)
        assert list(watched.wait(None)) == [(number, WRITE)]
        watched.close()
