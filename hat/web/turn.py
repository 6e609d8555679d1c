"""One at a time: a lock named by words, held until the transaction ends."""

from __future__ import annotations

import hashlib

from django.db import connection


def take_turn(*words: object) -> None:
    """Waits for whoever took the same turn; SQLite's write transactions exclude each other anyway."""
    if connection.vendor != "postgresql":
        return
    name = " ".join(map(str, words)).encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
