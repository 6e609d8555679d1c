"""Frames on a socket: a length of four bytes, then JSON."""

from __future__ import annotations

import json
import socket
from typing import Any, Final

HEAD: Final = 4


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def packed(message: Any) -> bytes:
    """One message as the bytes of its frame."""
    body = _encode(message).encode()
    return len(body).to_bytes(HEAD, "big") + body


def write(sock: socket.socket, message: Any) -> None:
    """Send one message."""
    sock.sendall(packed(message))


def read_first(sock: socket.socket) -> tuple[Any, list[int]]:
    """The first message, and the descriptors that came with it."""
    head, fds, _, _ = socket.recv_fds(sock, HEAD, 1)
    if not head:
        raise EOFError
    head += _exactly(sock, HEAD - len(head))
    return json.loads(_exactly(sock, int.from_bytes(head, "big"))), fds


def read(sock: socket.socket) -> Any:
    """Wait for one message; EOFError when the other side is gone."""
    length = int.from_bytes(_exactly(sock, HEAD), "big")
    return json.loads(_exactly(sock, length))


def _exactly(sock: socket.socket, length: int) -> bytes:
    pieces = []
    while length:
        piece = sock.recv(min(length, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
