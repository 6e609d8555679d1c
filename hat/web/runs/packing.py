"""How values that are written once and read rarely are kept: JSON, compressed."""

from __future__ import annotations

import json
import zlib
from typing import Any


def pack(value: Any) -> bytes:
    """A JSON value as compressed bytes; the fastest level, because responses repeat themselves anyway."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), level=1)


def unpack(packed: bytes | memoryview) -> Any:
    """The value behind packed bytes."""
    return json.loads(zlib.decompress(packed))
