"""Find or install the tools HAT is compared with, each in a folder of its own outside the project."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import venv
from pathlib import Path


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "hat-bench"


def httprunner(*, install: bool) -> Path | None:
    """The `hrun` of HttpRunner 2.2.2."""
    home = _folder() / "httprunner-2.2.2"
    program = home / "bin" / "hrun"
    if not program.exists() and install:
        print("installing HttpRunner 2.2.2 ...", flush=True)
        venv.create(home, with_pip=True, clear=True)
        _quietly([str(home / "bin" / "pip"), "install", "--quiet", "httprunner==2.2.2", "Jinja2<3.1"])
        # It was written for Pythons that kept these names in `collections`.
        for packages in home.glob("lib/python*/site-packages"):
            (packages / "sitecustomize.py").write_text(
                "import collections, collections.abc\n"
                "for name in ('Iterable', 'Mapping', 'MutableMapping', 'Callable'):\n"
                "    setattr(collections, name, getattr(collections.abc, name))\n"
            )
    return program if program.exists() else None


def httprunner3(*, install: bool) -> Path | None:
    """The `hrun` of HttpRunner 3.1.11, which needs a Python of its time: 3.7 to 3.9."""
    home = _folder() / "httprunner-3.1.11"
    program = home / "bin" / "hrun"
    if not program.exists() and install:
        python = next((found for minor in (9, 8, 7) if (found := shutil.which(f"python3.{minor}"))), None)
        if python is None:
            print("HttpRunner 3.1.11 is not compared: it needs Python 3.7, 3.8 or 3.9")
            return None
        print("installing HttpRunner 3.1.11 ...", flush=True)
        _quietly([python, "-m", "venv", "--clear", str(home)])
        _quietly([str(home / "bin" / "pip"), "install", "--quiet", "httprunner==3.1.11"])
    return program if program.exists() else None


def newman(*, install: bool) -> list[str] | None:
    """Newman, from the PATH or from npm."""
    found = shutil.which("newman")
    if found:
        return [found]
    home = _folder() / "newman"
    program = home / "node_modules" / ".bin" / "newman"
    npm = shutil.which("npm")
    if not program.exists() and install and npm:
        print("installing Newman ...", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        _quietly([npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(home), "newman@6"])
    return [str(program)] if program.exists() else None


def hurl() -> list[str] | None:
    """Hurl, as HAT_HURL says or from the PATH."""
    said = shlex.split(os.environ.get("HAT_HURL", ""))
    found = shutil.which("hurl")
    return said or ([found] if found else None)


def _quietly(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"not installed: {(done.stderr or done.stdout).strip()[-500:]}")
