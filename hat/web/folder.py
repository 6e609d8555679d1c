"""The data folder: where it is, and the secret key kept in it."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from hat.error import UsageError

_KEY = "secret.key"
_OLD_KEY = "secret.key.old"
# What a key has at least: characters, and different ones among them.
_SHORTEST, _FEWEST = 32, 8
# Beginnings of keys that stand in documents.
_EXAMPLES = ("the-same-fifty-random-characters", "django-insecure-", "change-me", "changeme")


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
        draft = _draft(file)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise UsageError(f"'{file}' can be read by others", hint=f"chmod 600 '{file}'")
    return file.read_text(encoding="ascii").strip()


def _draft(file: Path) -> Path:
    """A file beside it with 48 random bytes, which only we can read."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secrets.token_urlsafe(48))
    return draft


@cache
def secret_key() -> str:
    """HAT_SECRET_KEY, else the key in the data folder; signs sessions and encrypts secrets."""
    given = os.environ.get("HAT_SECRET_KEY")
    if given and (len(given) < _SHORTEST or len(set(given)) < _FEWEST or given.startswith(_EXAMPLES)):
        raise UsageError(
            "HAT_SECRET_KEY: others can guess this key, so sessions and secrets would be open to them",
            hint="python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one",
        )
    return given or private_text(_KEY)


def old_secret_keys() -> list[str]:
    """The key before, while it is changed: HAT_SECRET_KEY_OLD, else what a change of the file left."""
    if given := os.environ.get("HAT_SECRET_KEY_OLD"):
        return [given]
    left = not os.environ.get("HAT_SECRET_KEY") and (data_folder() / _OLD_KEY).exists()
    return [private_text(_OLD_KEY)] if left else []


def change_secret_key() -> None:
    """A new key in the file, the one before beside it; only what an earlier change left is gone on with."""
    if os.environ.get("HAT_SECRET_KEY"):
        if not os.environ.get("HAT_SECRET_KEY_OLD"):
            raise UsageError(
                "HAT_SECRET_KEY is set, so the key is changed there",
                hint="put the new key into HAT_SECRET_KEY and the one before into HAT_SECRET_KEY_OLD",
            )
        return
    folder = data_folder()
    if (folder / _OLD_KEY).exists():
        return
    private_text(_KEY)
    os.link(folder / _KEY, folder / _OLD_KEY)
    draft = _draft(folder / _KEY)
    draft.replace(folder / _KEY)


def forget_old_secret_key() -> None:
    """The key before opens nothing any more."""
    (data_folder() / _OLD_KEY).unlink(missing_ok=True)


def demo_folder() -> Path | None:
    """The cases of the demo, beside the package in a checkout; None where HAT was installed without them."""
    folder = Path(__file__).parents[2] / "demo" / "cases"
    return folder if folder.is_dir() else None


def demo_marker() -> Path:
    """The file with the address of the demo API; it is there once the demo project was loaded."""
    return data_folder() / "demo.api"
