"""How values that are written once and read rarely are kept: JSON, compressed."""

from __future__ import annotations

import zlib
from typing import Any

from hat.number import json_writer, read_json

_write = json_writer(separators=(",", ":"))


def pack(value: Any) -> bytes:
    """A JSON value as compressed bytes."""
    return pack_text(_write(value).encode("ascii"))


def pack_text(text: bytes) -> bytes:
    """JSON text as compressed bytes; the fastest level, because responses repeat themselves anyway."""
    return zlib.compress(text, level=1)


def unpack(packed: bytes | memoryview) -> Any:
    """The value behind packed bytes."""
    return read_json(unpack_text(packed))


def unpack_text(packed: bytes | memoryview) -> bytes:
    """The JSON text behind packed bytes."""
    return zlib.decompress(packed)
