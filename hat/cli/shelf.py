"""The OAuth2 tokens of a run in several processes: the parent keeps them, no file ever does."""

from __future__ import annotations

import socket
from contextlib import suppress
from time import monotonic

import msgspec
from msgspec import Struct

from hat.engine.options import Shelved

_HEAD = 4  # bytes in front of each message: its length
_PATIENCE_S = 5.0  # the parent answers at once, or it is gone


class Ask(Struct, tag=True):
    """Which token somebody needs, and the one that was refused or has ended."""

    key: str
    instead_of: str = ""


class Put(Struct, tag=True):
    """A token that was fetched; None: it could not be had."""

    key: str
    shelved: Shelved | None


class _Place(Struct):
    """One token, and who fetches it now."""

    shelved: Shelved = Shelved()
    fetched_by: socket.socket | None = None


class Shelf:
    """The tokens of a run, in the parent: each is fetched by the process that asked first."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    def serve(self, line: socket.socket) -> bool:
        """Answer one message of a process; false when it has ended."""
        message = _receive(line)
        if message is None:
            for place in self._places.values():
                if place.fetched_by is line:
                    place.fetched_by = None
            line.close()
            return False
        request = _DECODER.decode(message)
        if isinstance(request, Put):
            place = self._places[request.key]
            place.fetched_by = None
            place.shelved = request.shelved or place.shelved
        else:
            with suppress(OSError):  # it has ended meanwhile, which the next look finds
                _send(line, self._answer(request, line))
        return True

    def _answer(self, request: Ask, line: socket.socket) -> Shelved:
        place = self._places.setdefault(request.key, _Place())
        known = place.shelved
        if place.fetched_by is not None:
            return Shelved(refresh=known.refresh)
        if known.token and known.token != request.instead_of and monotonic() < known.until:
            return known
        place.fetched_by = line
        return Shelved(refresh=known.refresh, is_mine=True)


class Line:
    """The way of one process to the shelf; without an answer each process has tokens of its own."""

    def __init__(self, line: socket.socket) -> None:
        self._line: socket.socket | None = line
        line.settimeout(_PATIENCE_S)

    def ask(self, key: str, instead_of: str) -> Shelved:
        """The token; without one, whether to fetch it or to ask again."""
        answer = self._say(Ask(key, instead_of), answered=True)
        return msgspec.msgpack.decode(answer, type=Shelved) if answer else Shelved(is_mine=True)

    def put(self, key: str, shelved: Shelved | None) -> None:
        """Hand over what was fetched, None if nothing came."""
        self._say(Put(key, shelved), answered=False)

    def _say(self, message: Ask | Put, *, answered: bool) -> bytes | None:
        if self._line is None:
            return None
        try:
            _send(self._line, message)
            if not answered:
                return None
            answer = _receive(self._line)
        except OSError:
            answer = None
        if answer is None:
            self.close()
        return answer

    def close(self) -> None:
        """Ask no more."""
        if self._line is not None:
            self._line.close()
        self._line = None


def _send(line: socket.socket, message: Struct) -> None:
    packed = msgspec.msgpack.encode(message)
    line.sendall(len(packed).to_bytes(_HEAD, "big") + packed)


def _receive(line: socket.socket) -> bytes | None:
    """One message; None when nobody is there any more."""
    head = _read(line, _HEAD)
    return _read(line, int.from_bytes(head, "big")) if head else None


def _read(line: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        try:
            chunk = line.recv(size - len(found))
        except ConnectionError:
            return None
        if not chunk:
            return None
        found += chunk
    return bytes(found)


_DECODER = msgspec.msgpack.Decoder(Ask | Put)
