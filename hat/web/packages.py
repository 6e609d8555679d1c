"""Packages that functions may import: those of a list, installed in a folder of their own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from hat.error import UsageError
from hat.web.folder import data_folder

_PIN: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9][A-Za-z0-9._+!-]*)")
_TOLD: Final = 1500


def installed_packages() -> str:
    """The folder functions import from; empty where nothing is installed."""
    folder = _home() / "current"
    return os.path.realpath(folder) if folder.is_dir() else ""


def pins_of(folder: str | Path) -> list[str]:
    """What is installed there, as lines of a list."""
    found = importlib.metadata.distributions(path=[str(folder)])
    return sorted(f"{_plain(one.name)}=={one.version}" for one in found)


def install_packages(listed: Path, source: str = "") -> list[str]:
    """Install what the list names and nothing else; runs that begin from now on import from there.

    `source` is a folder with wheels to take instead of the package index.
    """
    pins = _read(listed)
    folder = _home() / hashlib.sha256("\n".join(pins).encode()).hexdigest()[:16]
    if not folder.is_dir():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _install(pins, partial, source)
            _refuse_unlisted(pins, pins_of(partial))
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    _point_at(folder)
    return pins


def _read(listed: Path) -> list[str]:
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{listed}: cannot be read: {problem}") from None
    pins = []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        pin = _PIN.fullmatch(text)
        if pin is None:
            hint = "one package a line, with its version: requests==2.32.5"
            raise UsageError(f"{listed}:{number}: '{text}' is not NAME==VERSION", hint=hint)
        pins.append(f"{_plain(pin[1])}=={pin[2]}")
    return sorted(pins)


def _install(pins: list[str], folder: Path, source: str) -> None:
    """By pip, from wheels alone: no code of a package runs while it is installed."""
    folder.mkdir(parents=True)
    if not pins:
        return
    where = ["--no-index", f"--find-links={Path(source).resolve()}"] if source else []
    options = ["--only-binary=:all:", "--no-compile", "--disable-pip-version-check", "--quiet", "--no-input"]
    command = [sys.executable, "-m", "pip", "install", f"--target={folder}", *options, *where, *pins]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = done.stderr.strip()[-_TOLD:]
        hint = "python -m ensurepip" if "No module named pip" in told else ""
        raise UsageError(f"the packages cannot be installed:\n{told}", hint=hint)


def _refuse_unlisted(pins: list[str], found: list[str]) -> None:
    """What others need has to be on the list as well, so that nothing comes that nobody chose."""
    more = sorted(set(found) - set(pins))
    if more:
        hint = f"add to the list: {', '.join(more)}"
        raise UsageError(f"packages of the list need {len(more)} that are not on it", hint=hint)


def _point_at(folder: Path) -> None:
    link = _home() / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(_home() / "current")


def _home() -> Path:
    return data_folder() / "packages"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
