"""The data folder: where it is, and the secret key kept in it."""

from __future__ import annotations

import os
import secrets
from functools import cache
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


def private_text(name: str) -> str:
    """The text of a file only we can read, of 48 random bytes; complete from the moment others see it."""
    file = data_folder() / name
    if not file.exists():
        draft = file.with_name(f"{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()


@cache
def secret_key() -> str:
    """HAT_SECRET_KEY, else the key in the data folder; signs sessions and encrypts secrets."""
    return os.environ.get("HAT_SECRET_KEY") or private_text("secret.key")


def demo_folder() -> Path | None:
    """The cases of the demo, beside the package in a checkout; None where HAT was installed without them."""
    folder = Path(__file__).parents[2] / "demo" / "cases"
    return folder if folder.is_dir() else None


def demo_marker() -> Path:
    """The file with the address of the demo API; it is there once the demo project was loaded."""
    return data_folder() / "demo.api"
