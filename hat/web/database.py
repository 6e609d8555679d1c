"""Read HAT_DATABASE_URL into what Django wants to know about a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hat.error import UsageError

# Full durability: a run that was accepted survives a power cut (RELIABILITY of the platform rests on it).
# What retention frees can be given back to the disk bit by bit; said before the first table is made.
_SQLITE_START = (
    "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
)


# So that a cut wire is noticed before a lease ends; what the URL says counts more.
_POSTGRES = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


def database(url: str, *, folder: Path) -> dict[str, Any]:
    """The settings of one database; without a URL a SQLite file in the data folder."""
    if not url:
        return _sqlite(folder / "hat.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(
            Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path.lstrip("/")))
        )
    if parts.scheme in ("postgres", "postgresql"):
        return _postgres(url)
    raise UsageError(
        f"HAT_DATABASE_URL: unknown database '{parts.scheme}'",
        hint="sqlite:////path/hat.sqlite3 or postgresql://user:password@host:5432/name",
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_START},
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as reason:
        raise UsageError(f"HAT_DATABASE_URL: {reason}") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_POSTGRES, **dict(parse_qsl(parts.query))},
    }
