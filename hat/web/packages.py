"""Packages that functions may import: those of a list, installed in a folder of their own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hat.error import UsageError
from hat.web.folder import data_folder
from hat.web.lock import lock_file

_PIN: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9][A-Za-z0-9._+!-]*)")
_TOLD: Final = 1500
_PATIENCE_S: Final = 600.0

Told = Callable[[str], object]


def installed_packages() -> str:
    """The folder functions import from; empty where nothing is installed."""
    folder = packages_home() / "current"
    return os.path.realpath(folder) if folder.is_dir() else ""


def listed_packages() -> str:
    """The list as it was written for what is installed now."""
    try:
        return (packages_home() / "list.txt").read_text(encoding="utf-8")
    except OSError:
        return ""


def pins_of(folder: str | Path) -> list[str]:
    """What is installed there, as lines of a list."""
    found = importlib.metadata.distributions(path=[str(folder)])
    return sorted(f"{_plain(one.name)}=={one.version}" for one in found)


def packages_home() -> Path:
    """The folder of all that has to do with packages."""
    return data_folder() / "packages"


@contextmanager
def installing() -> Iterator[None]:
    """One at a time on a machine; UsageError while somebody else installs."""
    packages_home().mkdir(parents=True, exist_ok=True)
    with (packages_home() / "lock").open("a+", encoding="utf-8") as file:
        if not lock_file(file):
            raise UsageError("packages are being installed already", hint="wait for the end of that")
        yield


def install_packages(text: str, source: str = "", *, place: str = "", told: Told = str) -> list[str]:
    """Install what the list names and nothing else; runs that begin from now on import from there.

    `source` is a folder with wheels to take instead of the package index, `place` what a message calls
    the list; `told` hears how far it is. Inside `installing()`.
    """
    pins = pins_in(text, place)
    folder = packages_home() / hashlib.sha256("\n".join(pins).encode()).hexdigest()[:16]
    if not folder.is_dir():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _install(pins, partial, source, told)
            _refuse_unlisted(pins, pins_of(partial))
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    _point_at(folder)
    (packages_home() / "list.txt").write_text(text, encoding="utf-8")
    return pins


def pins_in(text: str, place: str = "") -> list[str]:
    """The packages of a list; UsageError names the line that is none."""
    pins = []
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        pin = _PIN.fullmatch(entry)
        if pin is None:
            hint = "one package a line, with its version: requests==2.32.5"
            where = f"{place}:{number}" if place else f"line {number}"
            raise UsageError(f"{where}: '{entry}' is not NAME==VERSION", hint=hint)
        pins.append(f"{_plain(pin[1])}=={pin[2]}")
    return sorted(set(pins))


def _install(pins: list[str], folder: Path, source: str, told: Told) -> None:
    """By pip, from wheels alone: no code of a package runs while it is installed."""
    folder.mkdir(parents=True)
    if not pins:
        return
    where = ["--no-index", f"--find-links={Path(source).resolve()}"] if source else []
    options = ["--only-binary=:all:", "--no-compile", "--disable-pip-version-check", "--no-input"]
    quiet = ["--progress-bar=off", "--no-color"]
    command = [sys.executable, "-m", "pip", "install", f"--target={folder}", *options, *quiet, *where, *pins]
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as pip:
        limit = threading.Timer(_PATIENCE_S, pip.kill)
        limit.start()
        for line in pip.stdout or ():
            lines.append(line)
            told(line.strip())
        limit.cancel()
    if pip.returncode:
        problems = [line for line in lines if line.startswith(("ERROR", "error"))] or lines
        said = "".join(problems).strip()[-_TOLD:] or f"pip was stopped after {_PATIENCE_S:g} s"
        hint = "python -m ensurepip" if "No module named pip" in said else ""
        raise UsageError(f"the packages cannot be installed:\n{said}", hint=hint)


def _refuse_unlisted(pins: list[str], found: list[str]) -> None:
    """What others need has to be on the list as well, so that nothing comes that nobody chose."""
    more = sorted(set(found) - set(pins))
    if more:
        hint = f"add to the list: {', '.join(more)}"
        raise UsageError(f"packages of the list need {len(more)} that are not on it", hint=hint)


def _point_at(folder: Path) -> None:
    link = packages_home() / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(packages_home() / "current")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
