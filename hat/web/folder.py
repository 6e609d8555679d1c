"""The data folder: where it is, and the secret key kept in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hat.error import UsageError


def data_folder() -> Path:
    """HAT_DATA, else `~/.local/share/hat`; made when it is missing, private."""
    folder = Path(os.environ.get("HAT_DATA") or Path.home() / ".local" / "share" / "hat")
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise UsageError(
            f"the data folder '{folder}' cannot be made: {problem.strerror}",
            hint="give another folder with --data",
        ) from problem
    return folder


def secret_key() -> str:
    """HAT_SECRET_KEY, else the key in the data folder, made at the first start and readable by us alone."""
    given = os.environ.get("HAT_SECRET_KEY", "")
    if given:
        return given
    file = data_folder() / "secret.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    key = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(key)
    return key
