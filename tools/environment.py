"""Make `.venv` as the pin files say, and the pages; what is current stays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.console import StartError, Step, say, wait_for_all

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINS = ROOT / "requirements"
PACKAGE_JSON = ROOT / "frontend/package.json"
BUILT = (ROOT / "hat/web/dist/app/index.html", ROOT / "hat/reports/dist/report.html")
NEEDED_MB = 1500  # environment, npm packages and caches of a development installation

DISK_FULL = "the disk is full: HAT needs about 1.5 GB for its environment."
WRONG_HASH = (
    "a downloaded package is not the one this version of HAT was tested with: its hash differs.\n"
    "  hint: a proxy or mirror may have changed it; try another network and run the same command again"
)
NO_NETWORK = (
    "no package server could be reached.\n"
    "  hint: check the network; behind a mirror or a proxy, set it for pip (PIP_INDEX_URL, HTTPS_PROXY)\n"
    "        and for npm (npm_config_registry), then run the same command again"
)
NO_VENV = (
    "this Python cannot make virtual environments: its venv module is not complete.\n"
    "  hint: on Debian and Ubuntu: sudo apt install python{version}-venv"
)
CAUSES = {
    r"No space left on device|Errno 28|ENOSPC|Disk quota exceeded": DISK_FULL,
    r"DO NOT MATCH THE HASHES|EINTEGRITY": WRONG_HASH,
    r"Max retries exceeded|NewConnectionError|ConnectionError|ConnectTimeout|Read timed out": NO_NETWORK,
    r"getaddrinfo|Temporary failure in name|Name or service not known": NO_NETWORK,
    r"Network is unreachable|ProxyError|SSLError": NO_NETWORK,
    r"ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|No matching distribution found": NO_NETWORK,
    r"ensurepip|No module named venv": NO_VENV.format(version=f"{sys.version_info[0]}.{sys.version_info[1]}"),
}


def prepare(*, development: bool = False, pages: bool = True) -> None:
    """Bring `.venv` and the built pages up to date; does nothing, quickly, when they are."""
    pages = pages and PACKAGE_JSON.is_file() and not os.environ.get("HAT_SKIP_FRONTEND")
    if is_current(development=development, pages=pages):
        return
    say("Preparing HAT, about a minute the first time")
    with one_at_a_time():
        make_environment()
        install_build_tools()
        install_packages(development=development, pages=pages)
        install_hat()


def is_current(*, development: bool, pages: bool) -> bool:
    """Say whether a start has nothing to prepare."""
    kinds = ["environment", "dev" if development else "run", "package"]
    made = PYTHON.exists() and all(stamp_is_current(kind) for kind in kinds)
    return made and (not pages or pages_are_current(development=development))


def make_environment() -> None:
    """Make `.venv`, or make it anew when it is of another Python or was moved here."""
    if PYTHON.exists() and stamp_is_current("environment"):
        return
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDED_MB:
        raise StartError(f"the disk is full: HAT needs {NEEDED_MB} MB in {ROOT}, {free_mb} MB are free.")
    ours = (VENV / ".hat-environment").exists() or not PYTHON.exists()
    command = [sys.executable, "-m", "venv", *(["--clear"] if ours else []), str(VENV)]
    say(f"  Environment {VENV.name} for Python {sys.version_info[0]}.{sys.version_info[1]} ...")
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise StartError(explain(made.stdout + made.stderr))
    write_stamp("environment")


def install_build_tools() -> None:
    """Install what builds the pages first, so that pages and packages can be made at the same time."""
    if not stamp_is_current("build"):
        begin("Build tools", install_command("build")).wait(explain)
        write_stamp("build")


def install_packages(*, development: bool, pages: bool) -> None:
    """Install the pinned Python packages and build the pages, both at once."""
    kind = "dev" if development else "run"
    steps = []
    if not stamp_is_current(kind):
        steps.append(begin("Python packages", install_command(kind)))
    if pages and not pages_are_current(development=development):
        command = [str(PYTHON), str(ROOT / "hatch_build.py"), *(["--development"] if development else [])]
        steps.append(begin("Pages", command))
    wait_for_all(steps, explain)
    write_stamp(kind)
    if pages:
        (VENV / ".hat-pages").write_text(pages_digest(development=development))


def install_hat() -> None:
    """Install this checkout itself, editable: the command `hat` exists, and changes of code count at once."""
    if not stamp_is_current("package"):
        command = pip("install", "--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT))
        begin("HAT itself", command, HAT_SKIP_FRONTEND="1").wait(explain)
        write_stamp("package")


def install_command(kind: str) -> list[str]:
    """Build the command that installs one pin file, each package checked by its hash."""
    return pip("install", "--require-hashes", "--no-deps", "--requirement", str(PINS / f"{kind}.txt"))


def pip(*arguments: str) -> list[str]:
    """Build a pip command of the environment."""
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2"]
    return [str(PYTHON), "-m", "pip", arguments[0], *quiet, *arguments[1:]]


def begin(title: str, command: list[str], **environment: str) -> Step:
    """Begin one step of the preparation, its output in a log inside `.venv`."""
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return Step(title, command, log=VENV / f"hat-{name}.log", env={**os.environ, **environment})


def explain(log: str) -> str:
    """Turn the output of pip, npm or venv into a sentence about the cause."""
    for pattern, sentence in CAUSES.items():
        if re.search(pattern, log):
            return sentence
    return "preparing did not work. The last lines were:\n\n" + "\n".join(log.strip().splitlines()[-15:])


def stamp_is_current(kind: str) -> bool:
    """Say whether a part of the environment was made from the files as they are now."""
    stamp = VENV / f".hat-{kind}"
    return stamp.is_file() and stamp.read_text() == digest(kind)


def write_stamp(kind: str) -> None:
    """Note that a part of the environment is current; the development pins hold those for running."""
    for name in ("dev", "run") if kind == "dev" else (kind,):
        (VENV / f".hat-{name}").write_text(digest(name))


def digest(kind: str) -> str:
    """Hash what a part of the environment is made from."""
    sources = {
        "environment": [],
        "package": ["pyproject.toml", "hatch_build.py"],
        "dev": ["requirements/dev.txt", "requirements/run.txt"],
    }
    text = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}\n".encode())
    for name in sources.get(kind, [f"requirements/{kind}.txt"]):
        text.update((ROOT / name).read_bytes())
    return text.hexdigest()


def pages_are_current(*, development: bool) -> bool:
    """Say whether nothing in frontend/ was touched since the pages were built."""
    stamp = VENV / ".hat-pages"
    if development and not (ROOT / "frontend/node_modules/.hat-lock").is_file():
        return False
    there = all(page.is_file() for page in BUILT) and stamp.is_file()
    kinds = [True] if development else [True, False]
    return there and stamp.read_text() in [pages_digest(development=kind) for kind in kinds]


def pages_digest(*, development: bool) -> str:
    """Hash names, sizes and times of the front-end sources: quick, and any touch counts."""
    facts = [f"development {development}"]
    for folder, folders, files in os.walk(ROOT / "frontend"):
        folders[:] = sorted(name for name in folders if name not in {"node_modules", "test", "dist"})
        for name in sorted(files):
            status = Path(folder, name).stat()
            facts.append(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start in the same checkout wait until the first one has prepared."""
    if sys.platform == "win32":  # there is no waiting lock there: two first starts at once are not guarded
        yield
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    with (ROOT / ".start.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another start is preparing HAT here, waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
